import type { AddressInfo } from 'node:net';
import type { Environment, Kind, Sandbox } from '../index.ts';
import { createActions } from './actions.ts';
import { blockMember } from './blocking.ts';
import { type BotControl, createBotControl } from './bot-control.ts';
import { readBundle } from './bundle.ts';
import { createEventStream } from './event-stream.ts';
import { createFeed } from './feed.ts';
import type { Action, Outcome } from './protocol.ts';
import { createPageServer } from './server.ts';
import { createPageState } from './state.ts';
import { createSwitches } from './switches.ts';

export interface PageOptions {
  sandbox: Sandbox;
  /** 0 takes any free one. */
  port: number;
  /** How many times as fast as Midjourney the providers work. */
  speed: number;
  /** Variables for the bot; they override the sandbox's. */
  environment?: Environment;
  /** `false` leaves registering the commands to the caller. */
  registers?: boolean;
}

/** The sandbox in a browser: a channel to try the bot in, and what goes on behind it. */
export interface Page {
  readonly url: string;
  readonly bot: BotControl;
  act(action: Action): Promise<Outcome>;
  close(): Promise<void>;
}

/** Serves the page on 127.0.0.1; the bot is started by `bot.start()`. Rejects with EADDRINUSE for a port in use. */
export async function createPage(options: PageOptions): Promise<Page> {
  const { sandbox, port, speed, environment = {}, registers = true } = options;
  const { discord, providers } = sandbox;
  addDirectMessages(sandbox);
  let preferred = sandbox.provider.kind;
  let hasBlocked = false;

  async function block(): Promise<void> {
    try {
      hasBlocked = await blockMember(discord);
    } catch (error) {
      feed.add({ who: 'sandbox', text: `nobody could be blocked: ${(error as Error).message}`, tone: 'bad' });
    }
  }

  const stream = createEventStream(() => state.read());
  const feed = createFeed((line) => stream.send({ type: 'traffic', line }));
  const bot = createBotControl({
    sandbox,
    registers,
    environment: () => ({
      // So that there is something to try in a direct message: the administrator is the operator too.
      ALLOW_DIRECT: 'on',
      OPERATOR_IDS: discord.world.people.administrator.id,
      ...environment,
      PROVIDERS: orderProviders(sandbox, preferred),
    }),
    changed(botState) {
      stream.send({ type: 'bot', state: botState });
      if (botState.is === 'ready' && !hasBlocked) void block();
    },
    tell: (text, tone) => feed.add({ who: 'sandbox', text, tone }),
    log: (line) => state.log(line),
  });
  const switches = createSwitches({
    discord,
    providers,
    speed,
    kinds: {
      get current() {
        return preferred;
      },
      choose(kind) {
        preferred = kind as Kind;
        if (bot.state.is !== 'ended') void bot.restart();
      },
    },
  });
  const state = createPageState({
    discord,
    send: stream.send,
    traffic: () => feed.lines,
    switches: switches.list,
    botState: () => bot.state,
  });
  const act = createActions({ discord, state, feed, switches, bot });
  const server = createPageServer({
    stream,
    act,
    filesOrigin: new URL(discord.url).origin,
    nameOf: (id) => discord.world.findPerson(id)?.name,
  });

  await server.listen({ host: '127.0.0.1', port });
  void readBundle();
  const stops = [
    discord.on((event) => {
      feed.hearDiscord(event);
      state.hear(event);
    }),
    ...providers.map((provider) => provider.on((event) => feed.hearProvider(provider.kind, event))),
  ];

  return {
    url: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    bot,
    act,
    async close() {
      bot.close();
      for (const stop of stops) stop();
      stream.close();
      await server.close();
    },
  };
}

/** `PROVIDERS` with that kind first: what is first takes fresh work. */
function orderProviders({ environment }: Sandbox, kind: string): string {
  const accounts = (environment['PROVIDERS'] ?? '').split(',');
  const isPreferred = (account: string) => account.endsWith(`=${kind}`);
  return [...accounts.filter(isPreferred), ...accounts.filter((account) => !isPreferred(account))].join(',');
}

/** Everybody can write to the bot alone. */
function addDirectMessages({ discord: { world } }: Sandbox): void {
  for (const person of world.everyPerson()) {
    const has = world.everyChannel().some((channel) => !channel.guild && channel.recipients.includes(person));
    if (!has) world.addChannel({ name: 'direct message', recipients: [person] });
  }
}
