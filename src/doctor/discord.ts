import {
  ApplicationCommandType,
  DiscordAPIError,
  HTTPError,
  PermissionFlagsBits,
  REST,
  type RESTOptions,
  Routes,
} from 'discord.js';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { callTimeoutMs, codeOf, explainCode } from './connection.ts';
import { count, enumerate, type Line } from './line.ts';

const applicationSchema = z.object({ id: z.string().regex(/^\d+$/), name: z.string() });
const commandsSchema = z.array(z.object({ name: z.string(), type: z.number().nullish() }));
const serversSchema = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    owner: z.boolean().nullish(),
    permissions: z.string().regex(/^\d+$/),
  }),
);
const gatewaySchema = z.object({
  session_start_limit: z.object({ total: z.number(), remaining: z.number(), reset_after: z.number() }),
});

type Servers = z.infer<typeof serversSchema>;

/** If fewer starts than this are left, something keeps restarting the bot. */
const fewStarts = 100;

/** The permissions in the bot's invitation (README, "Run it"), by the names that Discord shows. */
const permissions: Readonly<Record<string, bigint>> = {
  'View Channels': PermissionFlagsBits.ViewChannel,
  'Send Messages': PermissionFlagsBits.SendMessages,
  'Send Messages in Threads': PermissionFlagsBits.SendMessagesInThreads,
  'Embed Links': PermissionFlagsBits.EmbedLinks,
  'Attach Files': PermissionFlagsBits.AttachFiles,
  'Read Message History': PermissionFlagsBits.ReadMessageHistory,
};

const invite = 'invite the bot (README, "Run it")';

export interface DiscordCheck {
  readonly discord: Config['discord'];
  readonly makeRequest: RESTOptions['makeRequest'];
  /** The names of all commands. */
  readonly commandNames: readonly string[];
}

/** Whether the token is right, the commands are registered, and the bot may do its work in its servers. */
export async function checkDiscord({ discord, makeRequest, commandNames }: DiscordCheck): Promise<Line[]> {
  const { token, apiUrl: api } = discord;
  // Instead of waiting for a rate limit, the check reports it.
  const options = { api, makeRequest, timeout: callTimeoutMs, retries: 0, rejectOnRateLimit: () => true };
  const rest = new REST(options).setToken(token);
  let application: z.infer<typeof applicationSchema>;
  try {
    application = applicationSchema.parse(await rest.get(Routes.currentApplication()));
  } catch (error) {
    return [
      { what: 'Discord token', ...explain(error) },
      { verdict: 'skip', what: 'commands and servers', text: 'fix the token first' },
    ];
  }
  const isOf: Line = { verdict: 'ok', what: 'Discord token', text: `it belongs to ${application.name}` };
  const checks = [
    checkStarts(rest).catch((error: unknown): Line[] => [{ what: 'gateway', ...explain(error) }]),
    checkCommands(rest, { applicationId: application.id, guildId: discord.guildId, commandNames }).catch(
      (error: unknown): Line[] => [{ what: 'commands', ...explain(error) }],
    ),
    checkServers(rest, discord.allowedGuilds).catch((error: unknown): Line[] => [
      { what: 'servers', ...explain(error) },
    ]),
  ];
  return [isOf, ...(await Promise.all(checks)).flat()];
}

/** No line if there are enough. If none are left, the bot can't connect until they're back. */
async function checkStarts(rest: REST): Promise<Line[]> {
  const { session_start_limit: limit } = gatewaySchema.parse(await rest.get(Routes.gatewayBot()));
  if (limit.remaining >= Math.min(fewStarts, limit.total)) return [];
  const resetsAt = new Date(Date.now() + limit.reset_after).toISOString();
  const few = `${limit.remaining} of ${count(limit.total, 'session start')} left until ${resetsAt}`;
  const text = `${few}: each connection of the bot takes one; its log says why it connects so often`;
  return [{ verdict: 'warn', what: 'gateway', text }];
}

async function checkCommands(
  rest: REST,
  scope: { applicationId: string; guildId: string | undefined; commandNames: readonly string[] },
): Promise<Line[]> {
  const { applicationId, guildId, commandNames } = scope;
  const what = 'commands';
  const route =
    guildId === undefined
      ? Routes.applicationCommands(applicationId)
      : Routes.applicationGuildCommands(applicationId, guildId);
  // An entry point command, which starts an activity, is Discord's own, or its operator's.
  const registered = commandsSchema
    .parse(await rest.get(route))
    .filter(({ type }) => type !== ApplicationCommandType.PrimaryEntryPoint)
    .map(({ name }) => name);
  const missing = commandNames.filter((name) => !registered.includes(name));
  const left = registered.filter((name) => !commandNames.includes(name));
  const place = guildId === undefined ? 'all servers' : `server ${guildId}`;
  if (missing.length > 0) {
    const text = `not registered in ${place}: ${enumerate(missing, 20)}; run npm run deploy`;
    return [{ verdict: 'FAIL', what, text }];
  }
  if (left.length > 0) {
    const text = `registered in ${place}, but no longer used: ${enumerate(left, 20)}; run npm run deploy`;
    return [{ verdict: 'warn', what, text }];
  }
  return [{ verdict: 'ok', what, text: `${count(commandNames.length, 'command')} registered in ${place}` }];
}

async function checkServers(rest: REST, allowed: Config['discord']['allowedGuilds']): Promise<Line[]> {
  const what = 'servers';
  const servers = await listServers(rest);
  const ours = servers.filter(({ id }) => allowed === '*' || allowed.has(id));
  const absent = allowed === '*' ? [] : [...allowed].filter((id) => !servers.some((one) => one.id === id));
  const faults = [...absent.map(describeAbsence), ...ours.flatMap(describeLack)];
  if (faults.length > 0) return faults;
  if (ours.length === 0) return [{ verdict: 'warn', what, text: `the bot is not in any server: ${invite}` }];
  const names = enumerate(ours.map(({ name }) => name));
  const text = `in ${count(ours.length, 'server')} (${names}), with all permissions`;
  return [{ verdict: 'ok', what, text }];
}

function describeAbsence(id: string): Line {
  const text = `the bot is not in this server: ${invite}, or take it out of ALLOWED_GUILDS`;
  return { verdict: 'FAIL', what: `server ${id}`, text };
}

function describeLack(server: Servers[number]): Line[] {
  const missing = findMissing(server);
  if (missing.length === 0) return [];
  const text = `in ${server.name} the bot's roles lack ${enumerate(missing, 6)}`;
  return [{ verdict: 'FAIL', what: `server ${server.id}`, text }];
}

async function listServers(rest: REST): Promise<Servers> {
  const servers: Servers = [];
  for (let after: string | undefined = '0'; after !== undefined; ) {
    const query = new URLSearchParams({ limit: '200', after });
    const page = serversSchema.parse(await rest.get(Routes.userGuilds(), { query }));
    servers.push(...page);
    after = page.length < 200 ? undefined : page.at(-1)?.id;
  }
  return servers;
}

/**
 * `permissions` are those of all the bot's roles together, not counting channel overrides and what administrators get
 * implicitly (Discord docs, resources/guild, "Guild Structure"); bots get them, too (discord/discord-api-docs#5493).
 */
function findMissing(server: Servers[number]): string[] {
  const held = BigInt(server.permissions);
  if (server.owner === true || (held & PermissionFlagsBits.Administrator) !== 0n) return [];
  return Object.entries(permissions).flatMap(([name, bit]) => ((held & bit) === 0n ? [name] : []));
}

function explainForeign(status: number): Pick<Line, 'verdict' | 'text'> {
  const cure = 'check DISCORD_API_URL, and whether there is a firewall in between';
  return { verdict: 'FAIL', text: `the answer is ${status}, but not from Discord itself: ${cure}` };
}

function explain(error: unknown): Pick<Line, 'verdict' | 'text'> {
  // By its name, since this room doesn't import from that one.
  if (error instanceof Error && error.name === 'NotDiscordError' && 'status' in error)
    return explainForeign(Number(error.status));
  if (error instanceof DiscordAPIError || error instanceof HTTPError) {
    const { status } = error;
    if (status === 401) return { verdict: 'FAIL', text: 'Discord refuses the token: look at DISCORD_TOKEN' };
    // Refusals from Discord itself have a number.
    if (error instanceof DiscordAPIError && typeof error.code !== 'number') return explainForeign(status);
    const answered = `Discord answered ${status} (${error.message})`;
    const isElsewhere = status === 403 || status === 404;
    const cure = isElsewhere ? ': look at DISCORD_GUILD_ID and DISCORD_API_URL' : '';
    return { verdict: 'FAIL', text: `${answered}${cure}` };
  }
  if (error instanceof Error && error.name.startsWith('RateLimitError'))
    return { verdict: 'warn', text: 'Discord asks to wait; try again later' };
  const code = codeOf(error);
  if (code !== undefined) return { verdict: 'FAIL', text: `Discord cannot be reached: ${explainCode(code)}` };
  // A page, an empty answer, or JSON of another form: @discordjs/rest and the schemas throw all kinds of errors.
  return { verdict: 'FAIL', text: "this isn't an answer from Discord: look at DISCORD_API_URL" };
}
