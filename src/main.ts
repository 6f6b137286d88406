import { join, resolve } from 'node:path';
import { commands } from '../commands/index.ts';
import { createAccounts } from './accounts/accounts.ts';
import { systemClock as clock } from './clock.ts';
import { type Config, ConfigError, readConfig, secretsOf, variablesOf } from './config.ts';
import { createHandOver } from './discord/acknowledge.ts';
import { createBot } from './discord/bot.ts';
import { createEdits } from './discord/edits.ts';
import { proxySockets } from './discord/gateway-socket.ts';
import { createPublisher } from './discord/publisher.ts';
import { createResponder } from './discord/respond.ts';
import { createLoadResult } from './discord/result-files.ts';
import { createTransport } from './discord/transport.ts';
import { createHiding } from './hiding.ts';
import { createDownload } from './images/download.ts';
import { wordsFor } from './locales/index.ts';
import { createLog, type Logger } from './log.ts';
import { listPrices } from './points/prices.ts';
import { makePrivate } from './private-folder.ts';
import { createAgents } from './providers/agents.ts';
import { askAccount } from './providers/check.ts';
import { createHttp } from './providers/http.ts';
import { createProvider } from './providers/index.ts';
import { createRelay } from './relay.ts';
import { createLoadInput } from './runner/inputs.ts';
import { createLoadMask } from './runner/masks.ts';
import { LockedError, lockDirectory, openDatabase } from './storage/database.ts';
import { openDocuments } from './storage/documents.ts';
import { createPictures } from './storage/pictures.ts';
import { createByteBudget } from './tasks/byte-budget.ts';
import { createResults } from './tasks/results.ts';
import { createAdminServer } from './web/admin.ts';
import { createPublicServer } from './web/public.ts';

/** A dozen of usual results, or one that is large: fetching, keeping and uploading take several times as much for a moment. */
const resultsUnderWayBytes = 32 * 1024 * 1024;
const deliveryGraceMs = 5_000;
const leaveGraceMs = 1_500;
const sweepEveryMs = 60 * 60_000;
const exitAfterMs = 10_000;
const logInFirstMs = 2_000;

/** Builds the program from its configuration, in the order in which the parts need each other. */
async function build(config: Config, log: Logger) {
  const { token, apiUrl, allowedGuilds } = config.discord;
  const { allowsDirect, operatorIds, serverBudget, refundedCancels } = config;
  const random = Math.random;

  closeToOthers(config.dataDirectory, log);
  const unlock = lockDirectory(config.dataDirectory);
  const database = await openDatabase(config.dataDirectory);
  const documents = openDocuments(config.dataDirectory);

  const agents = createAgents(config);
  // Keys of other accounts, too: several may be at one gateway.
  const hiding = createHiding(secretsOf(config), {
    publicUrl: config.callbacks?.publicUrl,
    dataDirectory: resolve(config.dataDirectory),
  });
  if (config.proxies !== undefined) proxySockets(config.proxies);
  const downloads = new Map(
    config.providers.map((provider) => [provider.name, createDownload(agents.account(provider))]),
  );
  const downloadLink = createDownload(agents.links);
  const downloadOwn = createDownload(agents.discordFiles);
  const accounts = createAccounts(
    config.providers.map((provider) => ({
      ...createProvider(provider, createHttp({ dispatcher: agents.account(provider) }), hiding),
      name: provider.name,
      askFreely: (signal) =>
        askAccount(provider, { http: createHttp({ dispatcher: agents.account(provider) }), signal }),
      kind: provider.kind,
      prices: listPrices(provider.kind, provider.prices),
      maxInFlight: provider.maxInFlight,
      taskTimeoutMs: config.taskTimeoutMs,
      poll: config.poll,
    })),
    { clock, log },
  );

  const pictures = await createPictures({
    ...config.pictures,
    directory: join(config.dataDirectory, 'pictures'),
    clock,
  });
  const makeRequest = createTransport(agents.discord);
  const onUnauthorized = () => {
    log.fatal('Discord refuses the token: look at DISCORD_TOKEN');
    void end(1);
  };
  const edits = createEdits({ apiUrl, token, makeRequest, clock, onUnauthorized });
  const results = createResults({
    downloadOwn,
    // Pictures of an account that is no longer configured.
    downloadFrom: (account) => downloads.get(account) ?? downloadLink,
    pictures,
    database,
    readOwnFiles: edits.listFiles,
    log,
  });
  const loadResult = createLoadResult({ results, log });
  const relay = await createRelay({
    database,
    documents,
    pictures,
    accounts,
    operator: { allowedGuilds, allowsDirect, operatorIds, serverBudget, refundedCancels },
    publicUrl: config.callbacks?.publicUrl,
    retentionDays: config.retentionDays,
    loadInput: createLoadInput({ fromDiscord: downloadOwn, fromLink: downloadLink }),
    loadMask: createLoadMask({ results, database, download: downloadOwn }),
    isAvailable: results.isAvailable,
    clock,
    random,
    log,
  });
  const { changes, service, retention, tracker, lanes } = relay;
  const budget = createByteBudget(resultsUnderWayBytes);
  const publisher = createPublisher({
    outbox: relay.outbox,
    edits,
    loadResult,
    budget,
    locate: (taskId, messageId) => service.located(taskId, messageId),
    unshow: async (taskId, kind) => (await changes.change(taskId, { type: 'unshown', kind })) !== undefined,
    baseUrlVariableOf: (account) => `${variablesOf(account)}BASE_URL`,
    outlook: relay.outlook,
    words: wordsFor,
    random,
    clock,
    log,
  });

  changes.listen(publisher.announce);

  const responder = createResponder({ apiUrl, makeRequest });
  const handOver = createHandOver({ service, responder, clock, log });
  const bot = createBot({
    token,
    apiUrl,
    makeRequest,
    commands,
    rules: relay.rules,
    desk: relay.desk,
    responder,
    handOver,
    words: wordsFor,
    clock,
    log,
    onClosed: () => void end(1),
  });
  const publicServer = createPublicServer(relay.callbacks);
  const isReady = async () => bot.isReady() && (await database.isWritable());
  const admin = createAdminServer({ isReady }, clock);

  let ending: Promise<void> | undefined;
  let stopSweeping = () => {};

  /** What is too old, or too much, goes. */
  function sweep(): void {
    pictures.sweep().catch((error: unknown) => log.warn({ error }, 'old pictures could not be removed'));
    retention
      .sweep()
      // Somebody may have been reading when something was removed.
      .then(() => Promise.all([database.emptyLog(), documents.emptyLog()]))
      .catch((error: unknown) => log.warn({ error }, 'old prompts could not be removed'));
    stopSweeping = clock.after(sweepEveryMs, sweep);
  }

  async function start(): Promise<void> {
    if (config.admin.port !== 0) await admin.listen(config.admin);
    if (config.callbacks !== undefined) await publicServer.listen(config.callbacks);
    await relay.recall();
    await relay.recover();
    sweep();
    publisher.start();
    handOver.start();
    // With thousands of tasks to look at, people would wait for the log-in; a Discord that is down keeps no task waiting.
    const loggedIn = bot.start();
    await within(logInFirstMs, loggedIn);
    tracker.start();
    await loggedIn;
  }

  function end(exitCode: number): Promise<void> {
    ending ??= stop(exitCode);
    return ending;
  }

  /** Correctness never depends on this: whatever is cut off here is taken up at the next start. */
  async function stop(exitCode: number): Promise<void> {
    log.info('stopping');
    setTimeout(() => process.exit(exitCode), exitAfterMs).unref();
    bot.refuse();
    stopSweeping();
    // All at once: what a submit under way still brings is delivered while there is time.
    await Promise.all([
      within(deliveryGraceMs, handOver.stop()),
      within(deliveryGraceMs, lanes.stop()),
      within(deliveryGraceMs, tracker.stop()),
      publisher.stop(deliveryGraceMs),
    ]);
    await within(
      leaveGraceMs,
      Promise.all([bot.stop(), admin.close(), publicServer.close(), agents.close()]),
    );
    await within(leaveGraceMs, Promise.all([database.close(), documents.close()]));
    unlock();
    log.info('stopped');
    process.exit(exitCode);
  }

  return { start, end };
}

/** Prompts, tokens of interactions and the key of callbacks are in there. */
function closeToOthers(directory: string, log: Logger): void {
  const { isPrivate, wasOpen, isOurs } = makePrivate(directory);
  if (!isPrivate && isOurs)
    log.warn(
      "others on this machine can read DATA_DIR, and it can't be closed to them: use a folder of the bot's own",
    );
  else if (!isPrivate)
    log.warn(
      "others on this machine can read DATA_DIR, and the bot can't change that: the folder belongs to another user",
    );
  else if (wasOpen) log.warn("others on this machine could read DATA_DIR; it is its owner's alone now");
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const isOver = new Promise<void>((resolve) => setTimeout(resolve, milliseconds).unref());
  await Promise.race([work, isOver]);
}

/** A last line for the operator, before there is a log or when there is no use for one. */
function fail(lines: readonly string[]): never {
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
}

function readConfigOrFail(): Config {
  try {
    return readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return fail([
      `midjourney-relay cannot start: ${error.message}`,
      ...error.problems.map((line) => `  ${line}`),
    ]);
  }
}

/** SQLite's result codes for a folder or file that cannot be opened or written (sqlite.org/rescode.html). */
const sqliteCannot: ReadonlySet<unknown> = new Set([8, 13, 14]);

/** What keeps the program from starting, by the variable that mends it; `undefined` if no variable does. */
function toProblem(error: unknown, { admin, dataDirectory }: Config): string | undefined {
  if (error instanceof LockedError) return `DATA_DIR: ${error.message}`;
  const { syscall, code, path, port, errcode } = error as NodeJS.ErrnoException & {
    port?: number;
    errcode?: number;
  };
  if (syscall === 'listen' || syscall === 'getaddrinfo') {
    const name = port === admin.port ? 'ADMIN_HOST and ADMIN_PORT' : 'HTTP_HOST and HTTP_PORT';
    return `${name}: nothing can listen there (${code})`;
  }
  const isOfFolder =
    sqliteCannot.has(errcode) || (path !== undefined && resolve(path).startsWith(resolve(dataDirectory)));
  return isOfFolder
    ? `DATA_DIR: it cannot be written (${code}); look at who owns it, and whether there is room`
    : undefined;
}

async function main(): Promise<void> {
  process.umask(0o077); // whatever is written from now on is its owner's alone
  const config = readConfigOrFail();
  const { publicUrl } = config.callbacks ?? {};
  const log = createLog({ level: config.logLevel, secrets: secretsOf(config), publicUrl });
  const die = (error: unknown) => {
    log.fatal({ error }, 'the bot cannot go on');
    process.exit(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);

  if (config.discord.allowedGuilds === '*' && config.serverBudget === undefined)
    log.warn(
      'ALLOWED_GUILDS=* lets everybody who adds the bot spend without a limit: set SERVER_BUDGET_POINTS',
    );

  const explain = (error: unknown): never => {
    const problem = toProblem(error, config);
    if (problem === undefined) throw error;
    return fail([`midjourney-relay cannot start: ${problem}`]);
  };
  const program = await build(config, log).catch(explain);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void program.end(0));
  await program.start().catch(explain);
}

await main();
