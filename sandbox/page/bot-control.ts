import type { BotProcess, Environment, Sandbox } from '../index.ts';
import type { BotState } from './protocol.ts';

/** Starts and ends the bot, and tells how it is. */
export interface BotControl {
  readonly state: BotState;
  /** Registers the commands and starts it; nothing happens while it runs. */
  start(): void;
  /** SIGKILL, as a crash. */
  kill(): Promise<void>;
  /** Ends it cleanly and starts it again, with the current code and configuration. */
  restart(): Promise<void>;
  /** From now on nothing is started. */
  close(): void;
}

export interface BotControlParts {
  sandbox: Sandbox;
  /** Whether each start registers the commands as they are now. */
  registers: boolean;
  environment(): Environment;
  changed(state: BotState): void;
  tell(text: string, tone: 'plain' | 'bad'): void;
  log(line: string): void;
}

export function createBotControl(parts: BotControlParts): BotControl {
  const { sandbox, registers, environment, changed, tell, log } = parts;
  let state: BotState = { is: 'ended', says: 'not started yet' };
  let bot: BotProcess | undefined;
  let isClosed = false;

  function become(is: BotState['is'], says: string): void {
    state = { is, says };
    if (!isClosed) changed(state);
  }

  function register(): void {
    sandbox.deploy(environment()).catch((error: unknown) => {
      if (isClosed) return;
      tell('the commands could not be registered; the log says why', 'bad');
      log(error instanceof Error ? error.message : String(error));
    });
  }

  async function watch(started: BotProcess): Promise<void> {
    started.onLine(log);
    void started
      .line('"msg":"ready"')
      .then(() => {
        if (bot !== started || state.is !== 'starting') return;
        tell('the bot is ready', 'plain');
        become('ready', 'ready');
      })
      .catch(() => undefined); // its end is reported below
    const code = await started.exited;
    if (bot !== started) return;
    bot = undefined;
    const how = code === null ? 'was killed' : `ended with ${code}`;
    tell(`the bot ${how}`, code === 0 ? 'plain' : 'bad');
    become('ended', how);
  }

  function start(): void {
    if (bot !== undefined || isClosed) return;
    become('starting', 'starting');
    tell('the bot is started', 'plain');
    if (registers) register();
    bot = sandbox.launchBot(environment());
    void watch(bot);
  }

  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (bot === undefined) return;
    become('stopping', signal === 'SIGKILL' ? 'being killed' : 'stopping');
    await bot.end(signal);
    // `watch` hears of it in the same turn.
    await Promise.resolve();
  }

  return {
    get state() {
      return state;
    },
    start,
    kill: () => end('SIGKILL'),
    async restart() {
      await end('SIGTERM');
      start();
    },
    close() {
      isClosed = true;
    },
  };
}
