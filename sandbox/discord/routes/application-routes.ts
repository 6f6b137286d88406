import { ApplicationCommandType, ChannelType } from 'discord-api-types/v10';
import type { NewCommand } from '../commands.ts';
import { refuse } from '../refusal.ts';
import { toApiLimit } from '../session-starts.ts';
import type { State } from '../state.ts';
import { toBotPermissions } from '../world.ts';
import { isThread, toApiBot, toApiChannel, toApiGuild, toApiRole } from '../world-payload.ts';
import type { Call, Route } from './route.ts';
import { ok } from './route.ts';

/** Who the bot is, where it is, and its commands (Discord docs, resources/{application,user}, application-commands). */
export function createApplicationRoutes(state: State): Route[] {
  const { world, commands, forms, gatewayUrl } = state;

  function requireOwn(call: Call): void {
    if (call.params['application'] !== world.application.id) throw refuse.otherApplication();
  }

  function requireGuild(call: Call): string {
    const guild = world.findGuild(call.params['guild'] ?? '');
    if (!guild) throw refuse.unknownGuild();
    if (!guild.hasApp) throw refuse.missingAccess();
    return guild.id;
  }

  const toApplication = () => ({
    id: world.application.id,
    name: world.application.name,
    icon: null,
    description: '',
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags: 0,
    bot: toApiBot(world),
    owner: toApiBot(world),
    team: null,
    integration_types_config: { '0': {}, '1': {} },
    approximate_guild_count: world.everyGuild().filter((guild) => guild.hasApp).length,
  });

  return [
    { method: 'GET', path: '/gateway', handle: () => ok({ url: gatewayUrl() }) },
    {
      method: 'GET',
      path: '/gateway/bot',
      handle: () =>
        ok({
          url: gatewayUrl(),
          shards: 1,
          session_start_limit: toApiLimit(state.starts, state.settings.now()),
        }),
    },
    {
      method: 'GET',
      path: '/guilds/:guild/roles',
      handle: (call) => ok(world.findGuild(requireGuild(call))?.roles.map(toApiRole) ?? []),
    },
    {
      method: 'GET',
      path: '/guilds/:guild/channels',
      handle(call) {
        const id = requireGuild(call);
        // Without threads (Discord docs, resources/guild, "Get Guild Channels").
        const channels = world
          .everyChannel()
          .filter((channel) => channel.guild?.id === id && !isThread(channel));
        return ok(channels.map(toApiChannel));
      },
    },
    { method: 'GET', path: '/users/@me', handle: () => ok(toApiBot(world)) },
    {
      method: 'GET',
      path: '/users/@me/guilds',
      handle: () =>
        ok(
          world
            .everyGuild()
            .filter((guild) => guild.hasApp)
            .map((guild) => ({
              id: guild.id,
              name: guild.name,
              icon: null,
              banner: null,
              owner: false,
              permissions: String(toBotPermissions(guild)),
              features: [],
            })),
        ),
    },
    {
      method: 'POST',
      path: '/users/@me/channels',
      handle(call) {
        const { recipient_id: id } = (call.body ?? {}) as { recipient_id?: string };
        const person = world.findPerson(id ?? '');
        if (!person) throw refuse.unknownUser();
        const isWithThem = (channel: { withBot: boolean; recipients: readonly object[] }) =>
          channel.withBot && channel.recipients.length === 1 && channel.recipients[0] === person;
        const known = world.everyChannel().find(isWithThem);
        const created = () =>
          world.addChannel({ name: 'direct message', type: ChannelType.DM, recipients: [person] });
        return ok(toApiChannel(known ?? created()));
      },
    },
    {
      method: 'GET',
      path: '/guilds/:guild',
      handle(call) {
        const guild = world.findGuild(requireGuild(call));
        if (!guild) throw refuse.unknownGuild();
        return ok(toApiGuild(guild, world));
      },
    },
    { method: 'GET', path: '/applications/@me', handle: () => ok(toApplication()) },
    { method: 'GET', path: '/oauth2/applications/@me', handle: () => ok(toApplication()) },
    {
      method: 'GET',
      path: '/applications/:application/emojis',
      handle(call) {
        requireOwn(call);
        return ok({ items: [] });
      },
    },
    {
      method: 'GET',
      path: '/applications/:application/entitlements',
      handle(call) {
        requireOwn(call);
        return ok([]);
      },
    },
    {
      method: 'GET',
      path: '/applications/:application/commands',
      handle(call) {
        requireOwn(call);
        return ok(commands.list());
      },
    },
    {
      method: 'PUT',
      path: '/applications/:application/commands',
      handle(call) {
        requireOwn(call);
        const wanted = forms.read<NewCommand[]>('globalCommands', call, {});
        const isEntryPoint = ({ type }: NewCommand) => type === ApplicationCommandType.PrimaryEntryPoint;
        if (commands.list().some(isEntryPoint) && !wanted.some(isEntryPoint))
          throw refuse.entryPointMissing();
        return ok(commands.replace(wanted));
      },
    },
    {
      method: 'GET',
      path: '/applications/:application/guilds/:guild/commands',
      handle(call) {
        requireOwn(call);
        return ok(commands.list(requireGuild(call)));
      },
    },
    {
      method: 'PUT',
      path: '/applications/:application/guilds/:guild/commands',
      handle(call) {
        requireOwn(call);
        return ok(commands.replace(forms.read<NewCommand[]>('guildCommands', call, {}), requireGuild(call)));
      },
    },
  ];
}
