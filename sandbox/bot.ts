import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once, setMaxListeners } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The bot in a separate process, as an operator would run it. */
export interface BotProcess {
  /** Every line it wrote, to standard output and standard error. */
  readonly lines: readonly string[];
  readonly process: ChildProcess;
  /** Calls a listener with every line from now on. */
  onLine(listener: (line: string) => void): void;
  /** Resolves at the line that contains `text`; rejects if the process ends first. */
  line(text: string): Promise<string>;
  /** Resolves with the exit code, `null` after a signal. */
  readonly exited: Promise<number | null>;
  /** Ends it: SIGTERM is a stop, SIGKILL a crash. */
  end(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

export type Environment = Readonly<Record<string, string>>;

/** Each of many programs listens for the end of this process. */
setMaxListeners(0, process);

const root = fileURLToPath(new URL('..', import.meta.url));

export interface ProgramOptions {
  /** Arguments before the file: `['--import', './probe.ts']`. */
  nodeArguments?: readonly string[];
  /** Arguments after the file. */
  words?: readonly string[];
  /** A command that runs it: `['nice']`. */
  by?: readonly string[];
  /** The folder it runs in; by default this repository. */
  directory?: string;
  /** Opens a channel to the program, and receives what it sends with `process.send`. */
  onMessage?: (message: unknown) => void;
}

/** Starts a program of this repository with just that environment. */
export function startProgram(
  file: string,
  environment: Environment,
  { by = [], nodeArguments = [], words = [], directory = root, onMessage }: ProgramOptions = {},
): BotProcess {
  const [command = '', ...rest] = [...by, process.execPath, ...nodeArguments, join(root, file), ...words];
  const child = spawn(command, rest, {
    cwd: directory,
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe', ...(onMessage === undefined ? [] : ['ipc' as const])],
  }) as ChildProcessByStdio<null, Readable, Readable>;
  if (onMessage !== undefined) child.on('message', onMessage);
  const lines: string[] = [];
  const watchers = new Set<() => void>();
  const listeners: ((line: string) => void)[] = [];
  const notify = () => {
    for (const watch of [...watchers]) watch();
  };
  const exited = once(child, 'close').then(([code]) => code as number | null);
  // No matter how we end, no program of ours stays behind.
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  void exited.then(() => process.off('exit', kill));
  const collect = (line: string) => {
    lines.push(line);
    for (const listen of listeners) listen(line);
  };
  for (const stream of [child.stdout, child.stderr]) collectLines(stream, collect, notify);
  void exited.then(notify);

  return {
    lines,
    process: child,
    exited,
    onLine: (listener) => void listeners.push(listener),
    line(text) {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const watch = () => {
        const found = lines.find((line) => line.includes(text));
        if (found === undefined && child.exitCode === null && child.signalCode === null) return;
        watchers.delete(watch);
        if (found === undefined) reject(new Error(`the bot ended without "${text}":\n${lines.join('\n')}`));
        else resolve(found);
      };
      watchers.add(watch);
      watch();
      return promise;
    },
    async end(signal = 'SIGTERM') {
      child.kill(signal);
      return exited;
    },
  };
}

function collectLines(
  stream: NodeJS.ReadableStream,
  collect: (line: string) => void,
  notify: () => void,
): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) collect(line);
    if (parts.length > 0) notify();
  });
}
