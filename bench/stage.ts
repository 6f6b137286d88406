import { mkdtempSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BotProcess, type Environment, startProgram } from '../sandbox/bot.ts';
import { createDiscord, type Discord } from '../sandbox/discord/index.ts';
import type { Figure } from './figures.ts';
import type { ProbeAnswer, ProbeRequest } from './probe.ts';
import { createProcessMeter, type Usage } from './process-meter.ts';
import type { Counts, ProviderKind, ProviderMessage, Spread, Visible } from './provider.ts';
import { sleep } from './schedule.ts';

/** Reports, profiles, and the data of running bots: on the repository's disk, not in memory. */
export const resultsDirectory = join(import.meta.dirname, '..', 'bench-results');

export interface StageOptions {
  kind?: ProviderKind;
  spread?: Spread;
  /** 1 is realistic. */
  pace?: number;
  /** The size of the one picture for all results: 128 makes 25 kB, 1024 makes 400 kB. */
  pictureHeight?: number;
  /** How many interactions, messages and requests the local Discord keeps. */
  remember?: number;
}

/** A local Discord in this process, a provider in another, and the configuration of a bot between them. */
export interface Stage {
  readonly discord: Discord;
  readonly provider: ProviderProcess;
  readonly environment: Environment;
  /** A folder for this measure's files; removed with the stage. */
  readonly directory: string;
  /** The bot's data, in that folder. */
  readonly dataDirectory: string;
  /** Starts the real bot with a probe inside, and resolves once it accepts interactions. */
  startBot(): Promise<MeasuredBot>;
  /** Starts a program between them, and resolves at its line "ready". */
  startProgram(file: string, environment?: Environment): Promise<BotProcess>;
  close(): Promise<void>;
}

export interface ProviderProcess {
  readonly url: string;
  readonly key: string;
  readonly pid: number;
  /** Listens to tasks whose ends become visible to clients. */
  onVisible(listener: (tasks: readonly Visible[]) => void): void;
  count(): Promise<Counts>;
}

export interface MeasuredBot {
  readonly process: BotProcess;
  /** Begins to measure; with a CPU profile if one is named. */
  begin(profile: string | undefined): void;
  /** What it used since `begin`. The profile is then in `bench-results/<profile>.cpuprofile`. */
  end(): Promise<Usage & ProbeAnswer>;
}

/** A bot that doesn't answer for longer than this has no figures. */
const patienceMs = 60_000;
const silence: ProbeAnswer = { eventLoopDelay: { p50: Number.NaN, p99: Number.NaN, max: Number.NaN } };

export async function createStage(options: StageOptions = {}): Promise<Stage> {
  await mkdir(resultsDirectory, { recursive: true });
  const discord = await createDiscord({ rules: false, remember: options.remember ?? 20_000 });
  const { provider, program } = await startProvider(options);
  const directory = mkdtempSync(join(resultsDirectory, 'running-'));
  const dataDirectory = join(directory, 'data');
  const programs = [program];
  const environment: Environment = {
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.url,
    ALLOWED_GUILDS: '*',
    PROVIDERS: `main=${options.kind ?? 'mjproxy'}`,
    PROVIDER_MAIN_API_KEY: provider.key,
    PROVIDER_MAIN_BASE_URL: provider.url,
    PROVIDER_MAIN_MAX_IN_FLIGHT: '100000',
    TRUSTED_HOSTS: [new URL(discord.url).host, new URL(provider.url).host].join(','),
    DATA_DIR: dataDirectory,
    ADMIN_PORT: '0',
  };
  const deployment = startProgram('deploy-commands.ts', environment);
  if ((await deployment.exited) !== 0) throw new Error(deployment.lines.join('\n'));

  return {
    discord,
    provider,
    environment,
    directory,
    dataDirectory,
    async startBot() {
      const bot = launchBot(environment);
      programs.push(bot.process);
      await bot.process.line('"msg":"ready"');
      return bot;
    },
    async startProgram(file, overrides = {}) {
      const started = startProgram(file, { ...environment, ...overrides });
      programs.push(started);
      await started.line('"msg":"ready"');
      return started;
    },
    async close() {
      await Promise.all(programs.map((one) => one.end('SIGKILL')));
      await discord.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function startProvider({ kind = 'mjproxy', spread = 'narrow', pace = 1, pictureHeight }: StageOptions) {
  const listeners: ((tasks: readonly Visible[]) => void)[] = [];
  const counting: ((counts: Counts) => void)[] = [];
  const address = Promise.withResolvers<{ url: string; key: string }>();
  const program = startProgram(
    'bench/provider.ts',
    { KIND: kind, SPREAD: spread, PACE: String(pace), PICTURE_HEIGHT: String(pictureHeight ?? 128) },
    {
      onMessage(received) {
        const message = received as ProviderMessage;
        if (message.is === 'address') address.resolve(message);
        if (message.is === 'counts') counting.shift()?.(message.counts);
        if (message.is === 'visible') for (const listener of listeners) listener(message.tasks);
      },
    },
  );
  void program.exited.then(() => address.reject(new Error(program.lines.join('\n'))));
  const provider: ProviderProcess = {
    ...(await address.promise),
    pid: program.process.pid ?? 0,
    onVisible: (listener) => void listeners.push(listener),
    count() {
      const { promise, resolve } = Promise.withResolvers<Counts>();
      counting.push(resolve);
      program.process.send('count');
      return promise;
    },
  };
  return { provider, program };
}

function launchBot(environment: Environment): MeasuredBot {
  let answered: (answer: ProbeAnswer) => void = () => {};
  let profilePath: string | undefined;
  const bot = startProgram('src/start.ts', environment, {
    // As in `npm start`.
    nodeArguments: ['--max-semi-space-size=4', '--import', './bench/probe.ts'],
    onMessage: (message) => answered(message as ProbeAnswer),
  });
  const meter = createProcessMeter(bot.process.pid ?? 0);
  const ask = (request: ProbeRequest) => bot.process.send(request);
  return {
    process: bot,
    begin(profile) {
      meter.start();
      profilePath = profile === undefined ? undefined : join(resultsDirectory, `${profile}.cpuprofile`);
      ask({ ask: 'begin', isProfiled: profile !== undefined });
    },
    async end() {
      const usage = meter.stop();
      const { promise, resolve } = Promise.withResolvers<ProbeAnswer>();
      answered = resolve;
      ask({ ask: 'end', ...(profilePath !== undefined && { profilePath }) });
      const isDeaf = sleep(patienceMs).then(() => silence);
      return { ...usage, ...(await Promise.race([promise, isDeaf])) };
    },
  };
}

export function toDelayFigures({ eventLoopDelay }: ProbeAnswer): Figure[] {
  return Object.entries(eventLoopDelay).map(([name, value]) => ({
    name: `bot: event-loop delay, ${name}`,
    value,
    unit: 'ms',
  }));
}
