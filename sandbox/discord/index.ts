import type { AddressInfo } from 'node:net';
import { createAttachments } from './attachments.ts';
import type { RegisteredCommand } from './commands.ts';
import { createCommands } from './commands.ts';
import type { GatewayControl } from './gateway.ts';
import { createGateway } from './gateway.ts';
import { createInteractions } from './interactions.ts';
import { createMessages } from './messages.ts';
import type { People } from './people.ts';
import { createPeople } from './people.ts';
import type { Interaction, Message } from './records.ts';
import { createApplicationRoutes } from './routes/application-routes.ts';
import { createChannelRoutes } from './routes/channel-routes.ts';
import { createInteractionRoutes } from './routes/interaction-routes.ts';
import { createRouter } from './routes/route.ts';
import { createWebhookRoutes } from './routes/webhook-routes.ts';
import { createForms } from './rules/forms.ts';
import { createHttpServer } from './server.ts';
import type { SessionStarts } from './session-starts.ts';
import { createSessionStarts } from './session-starts.ts';
import type { DiscordOptions, Settings } from './settings.ts';
import { toSettings } from './settings.ts';
import { createSnowflakes } from './snowflakes.ts';
import type { State } from './state.ts';
import type { RecordedRequest, TrafficEvent, Until } from './traffic.ts';
import { createTraffic } from './traffic.ts';
import type { Trouble } from './trouble.ts';
import { createTrouble } from './trouble.ts';
import type { Person, World } from './world.ts';
import { createWorld } from './world.ts';

export type { Attachment, Upload } from './attachments.ts';
export type { OptionValues } from './command-input.ts';
export type { RegisteredCommand } from './commands.ts';
export { buttonsOf, flatten, selectsOf, textOf } from './components.ts';
export type { GatewayControl } from './gateway.ts';
export { toApiMessage } from './message-payload.ts';
export type { ModalValues } from './modal-input.ts';
export type { AutocompleteInput, ChooseInput, ClickInput, People, RunInput, SubmitInput } from './people.ts';
export type { Acknowledgement, Interaction, Message } from './records.ts';
export type { DiscordOptions, InteractionPayload, Settings } from './settings.ts';
export { fieldsThatExamplesLack, lacking } from './settings.ts';
export { toTimestamp } from './snowflakes.ts';
export type { RecordedRequest, TrafficEvent } from './traffic.ts';
export type { Act, FalseAnswer, Quota, Trouble, TroubleRule } from './trouble.ts';
export { brokenGateway, rateLimited, refusedWith, silent } from './trouble.ts';
export { isVisible } from './visibility.ts';
export type { Channel, Guild, Member, Person, Role, World } from './world.ts';
export { canSee } from './world.ts';

/** A local Discord: REST v10 and a gateway on loopback, and people who use it. */
export interface Discord extends People {
  /** For the client's `rest.api`, without the version: `http://127.0.0.1:PORT/api`. */
  readonly url: string;
  readonly token: string;
  readonly applicationId: string;
  readonly world: World;
  /** The limits in force; may be changed at any time. */
  readonly settings: Settings;
  readonly trouble: Trouble;
  readonly gateway: GatewayControl;
  /** How many sessions may be started; may be changed at any time. */
  readonly sessionStarts: SessionStarts;
  /** Oldest first. */
  readonly interactions: readonly Interaction[];
  readonly requests: readonly RecordedRequest[];
  /** Every rule that one of the bot's requests broke, in words. */
  readonly violations: readonly string[];
  /** What was registered globally, or for one server. */
  commands(guildId?: string): RegisteredCommand[];
  message(id: string): Message | undefined;
  /** Oldest first, ephemeral ones only for their person. */
  messages(channelId: string, viewer?: Person): Message[];
  /** Expires an interaction's token at once, as after 15 minutes. */
  expire(interaction: Interaction): void;
  /** Deletes what people uploaded with commands and modals, as Discord does after a while. */
  forgetUploads(): void;
  /** Looks again after every change; resolves with the first value that isn't undefined, null or false. */
  readonly until: Until;
  on(listener: (event: TrafficEvent) => void): () => void;
  close(): Promise<void>;
}

/** Starts listening on 127.0.0.1. Instances share nothing. */
export async function createDiscord(options: DiscordOptions = {}): Promise<Discord> {
  const now = options.now ?? Date.now;
  const nextId = createSnowflakes(now);
  const application = { id: nextId(), name: 'Midjourney Relay' };
  const settings = toSettings(options, application.id);
  const world = createWorld(nextId, application, now);
  const traffic = createTraffic(settings.remember, now);
  const trouble = createTrouble();
  let port = 0;
  const origin = () => `http://127.0.0.1:${port}`;
  const gatewayUrl = () => options.addresses?.gateway ?? `ws://127.0.0.1:${port}`;
  const attachments = createAttachments({
    origin: () => options.addresses?.files ?? origin(),
    nextId,
    now,
  });
  const forms = await createForms(settings, traffic);
  const state: State = {
    settings,
    world,
    traffic,
    attachments,
    messages: createMessages({ remember: settings.remember, attachments, traffic, nextId, now }),
    interactions: createInteractions(settings, traffic, nextId),
    commands: createCommands(application.id, nextId),
    forms,
    starts: createSessionStarts(now),
    nextId,
    gatewayUrl,
  };
  const gateway = createGateway({ world, settings, traffic, starts: state.starts, url: gatewayUrl });
  const findRoute = createRouter([
    ...createInteractionRoutes(state),
    ...createWebhookRoutes(state),
    ...createChannelRoutes(state),
    ...createApplicationRoutes(state),
  ]);
  const server = createHttpServer({ settings, traffic, trouble, attachments, forms, findRoute });
  gateway.attach(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  port = (server.address() as AddressInfo).port;

  return {
    ...createPeople(state, gateway.dispatch),
    url: `${origin()}/api`,
    token: settings.tokens[0] ?? '',
    applicationId: application.id,
    world,
    settings,
    trouble,
    gateway,
    sessionStarts: state.starts,
    interactions: state.interactions.list,
    requests: traffic.requests,
    violations: traffic.violations,
    commands: state.commands.list,
    message: state.messages.find,
    messages: state.messages.list,
    expire(interaction) {
      interaction.expired = true;
    },
    forgetUploads: attachments.removeEphemeral,
    until: traffic.until,
    on: traffic.on,
    close() {
      gateway.shutDown();
      state.interactions.close();
      traffic.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}
