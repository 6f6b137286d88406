import { resolve } from 'node:path';
import { listBodies } from '../commands/index.ts';
import manifest from '../package.json' with { type: 'json' };
import { createAccounts } from './accounts/accounts.ts';
import { systemClock as clock } from './clock.ts';
import { type Config, secretsOf } from './config.ts';
import { proxySockets } from './discord/gateway-socket.ts';
import { createDiscord, createWriting } from './discord-wiring.ts';
import { createDownload } from './images/download.ts';
import { createEarlyCheck } from './inputs/early-check.ts';
import { createLoadMask } from './inputs/masks.ts';
import { createPaintedMasks } from './inputs/painted-masks.ts';
import { createLoadInput } from './inputs/pictures.ts';
import { createOpenOriginal } from './inputs/region-originals.ts';
import { createDrawCells } from './inputs/region-pictures.ts';
import { createLog, type Logger } from './log.ts';
import { createMonitoring } from './monitoring.ts';
import { createOutside } from './outside.ts';
import { toAccounts } from './provider-accounts.ts';
import { type Agents, createAgents } from './providers/agents.ts';
import { createRelay } from './relay.ts';
import { explainAndExit, readConfigOrExit } from './start-problems.ts';
import { reportStart } from './start-report.ts';
import { openStorage } from './storage/storage.ts';
import { createSweeping } from './sweeping.ts';
import { createByteBudget } from './tasks/byte-budget.ts';
import { createResults } from './tasks/results.ts';
import { createAdminServer } from './web/admin.ts';

/** For a moment each, when people choose a region or paint one. */
const drawnAtOnceBytes = 32 * 1024 * 1024;
const deliveryGraceMs = 5_000;
const leaveGraceMs = 1_500;
const exitAfterMs = 10_000;
const logInFirstMs = 2_000;

/** Builds the program from its configuration; `onClosed` is called if Discord refuses this bot from now on. */
async function build(config: Config, log: Logger, onClosed: () => void) {
  const { allowsDirect, operatorIds, serverBudget, refundedCancels } = config;
  const { allowedGuilds } = config.discord;
  const storage = await openStorage({
    directory: config.dataDirectory,
    pictures: config.pictures,
    clock,
    log,
  });
  const { database } = storage;

  const agents = createAgents(config);
  if (config.proxies !== undefined) proxySockets(config.proxies);
  const accounts = createAccounts(toAccounts(config, agents), {
    timeZone: config.timeZone,
    clock,
    log,
  });
  const download = createDownloads(config, agents);
  const monitoring = await createMonitoring({ config, storage, accounts, agents, clock, log });
  const { metrics } = monitoring;

  const writing = createWriting(config, { agents, metrics, log, onClosed });
  const results = createResults({
    downloadOwn: download.own,
    downloadFrom: download.from,
    pictures: storage.pictures,
    database,
    readOwnFiles: writing.edits.listFiles,
    log,
  });
  const sources = { fromDiscord: download.own, fromLink: download.link };
  const loadInput = createLoadInput(sources);
  const paintedMasks = createPaintedMasks({ documents: storage.documents, clock });
  const budget = createByteBudget(drawnAtOnceBytes);
  const relay = await createRelay({
    ...storage,
    accounts,
    operator: { allowedGuilds, allowsDirect, operatorIds, serverBudget, refundedCancels },
    publicUrl: config.callbacks?.publicUrl,
    retentionDays: config.retentionDays,
    pictureDays: config.pictures.maxBytes === 0 ? 0 : config.pictures.days,
    lostAfterMs: config.lostAfterMs,
    loadInput,
    loadFile: download.own,
    findPlaces: writing.findPlaces,
    paintedMasks,
    checkInputs: createEarlyCheck({ ...sources, paintedMasks }),
    loadMask: createLoadMask({ results, database, paintedMasks, ...sources }),
    drawCells: createDrawCells({ results, budget, log }),
    openOriginal: createOpenOriginal({ results, database, budget, ...sources, log }),
    isAvailable: results.isAvailable,
    clock,
    random: Math.random,
    log,
    listeners: metrics,
  });
  if (metrics !== undefined) relay.changes.listen(metrics.learn);
  const discord = createDiscord(config, { relay, results, loadInput, writing, metrics, log, onClosed });

  const isReady = async () => discord.bot.isReady() && (await database.isWritable());
  const open = createOutside(config, { relay, acknowledge: discord.acknowledge, clock, log });
  const web = { admin: createAdminServer({ isReady, metrics }, clock), open };
  const sweeping = createSweeping({ relay, storage, paintedMasks, clock, log });
  const priced = accounts.all.map(({ kind, provider: { actions }, prices }) => ({ kind, actions, prices }));
  const bodies = listBodies(priced);
  const ending = new AbortController();
  const about = { config, bodies, agents, makeRequest: writing.makeRequest, log };
  const report = () => reportStart({ ...about, ending: ending.signal });
  return { report, ending, storage, agents, monitoring, relay, discord, web, sweeping };
}

type Program = Awaited<ReturnType<typeof build>>;

/** Ways to get files: what people link to, what Discord holds, and what an account's provider made. */
function createDownloads({ providers }: Config, agents: Agents) {
  const link = createDownload(agents.links);
  const byAccount = new Map(
    providers.map((provider) => [provider.name, createDownload(agents.account(provider))]),
  );
  return {
    link,
    own: createDownload(agents.discordFiles),
    /** An account that is no longer configured is trusted no more than a link. */
    from: (account: string) => byAccount.get(account) ?? link,
  };
}

async function start(
  { report, monitoring, relay, discord, web, sweeping }: Program,
  config: Config,
): Promise<void> {
  if (config.admin.port !== 0) await web.admin.listen(config.admin);
  if (config.callbacks !== undefined) await web.open.listen(config.callbacks);
  await relay.recall();
  await relay.recover();
  sweeping.start();
  monitoring.start(discord.bot.isReady);
  discord.publisher.start();
  discord.starForwarding.start();
  discord.acknowledge.start();
  // With thousands of tasks to look at, people would wait for the log-in; but tasks don't wait for a Discord that's down.
  const loggedIn = discord.bot.start();
  await within(logInFirstMs, loggedIn);
  relay.tracker.start();
  relay.wordBacklog.start();
  void report();
  await loggedIn;
}

/** Correctness never depends on this: anything cut off here is taken up again at the next start. */
async function stop({
  ending,
  storage,
  agents,
  monitoring,
  relay,
  discord,
  web,
  sweeping,
}: Program): Promise<void> {
  ending.abort();
  discord.bot.refuse();
  void monitoring.stop();
  // All at once: what a submit under way still brings is delivered while there is time.
  await Promise.all([
    within(deliveryGraceMs, discord.acknowledge.stop()),
    within(deliveryGraceMs, discord.starForwarding.stop()),
    within(deliveryGraceMs, relay.lanes.stop()),
    within(deliveryGraceMs, relay.tracker.stop()),
    within(deliveryGraceMs, relay.wordBacklog.stop()),
    within(deliveryGraceMs, sweeping.stop()),
    discord.publisher.stop(deliveryGraceMs),
  ]);
  const connections = [discord.bot.stop(), web.admin.close(), web.open.close(), agents.close()];
  await within(leaveGraceMs, Promise.all(connections));
  await within(leaveGraceMs, storage.close());
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const isOver = new Promise<void>((resolve) => setTimeout(resolve, milliseconds).unref());
  await Promise.race([work, isOver]);
}

async function main(): Promise<void> {
  process.umask(0o077); // files written from now on are private
  const config = readConfigOrExit();
  const { publicUrl } = config.callbacks ?? {};
  const log = createLog({ level: config.logLevel, secrets: secretsOf(config), publicUrl });
  const die = (error: unknown) => {
    log.fatal({ error }, 'the bot cannot go on');
    process.exit(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);

  log.info(
    { version: manifest.version, node: process.version, dataDirectory: resolve(config.dataDirectory) },
    'starting',
  );
  for (const doubt of config.doubts) log.warn(doubt);

  let isEnding = false;
  async function end(exitCode: number): Promise<void> {
    if (isEnding) return;
    isEnding = true;
    log.info('stopping');
    setTimeout(() => process.exit(exitCode), exitAfterMs).unref();
    if (exitCode !== 0) await program.monitoring.refused();
    await stop(program);
    log.info('stopped');
    process.exit(exitCode);
  }

  const explain = (error: unknown) => explainAndExit(error, config);
  const program = await build(config, log, () => void end(1)).catch(explain);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(0));
  await start(program, config).catch(explain);
}

await main();
