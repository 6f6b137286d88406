import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Questions and answers, in a terminal or through a pipe. */
export interface Terminal {
  say(text: string): void;
  /** Resolves with the line that was typed, trimmed; `hidden` keeps it off the screen. Rejects with {@link NoAnswerError} at the end of the input. */
  ask(question: string, options?: { hidden?: boolean }): Promise<string>;
  close(): void;
}

/** Nobody is there to answer. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

type Streams = { input: NodeJS.ReadStream; output: NodeJS.WriteStream };

export function createTerminal({ input, output }: Streams): Terminal {
  let isHidden = false;
  const echo = new Writable({
    write(chunk, _encoding, done) {
      if (!isHidden) output.write(chunk);
      done();
    },
  });
  const lines: string[] = [];
  let waiting: { resolve: (line: string) => void; reject: (error: Error) => void } | undefined;
  let isOver = false;
  const reader = createInterface({ input, output: echo, terminal: input.isTTY === true, historySize: 0 });
  reader.on('line', (line) => {
    if (waiting === undefined) lines.push(line);
    else waiting.resolve(line);
    waiting = undefined;
  });
  // In a terminal, the reader gets Ctrl-C instead of the process, which would otherwise go on without answers.
  reader.on('SIGINT', () => {
    output.write('\n');
    reader.close();
    process.kill(process.pid, 'SIGINT');
  });
  reader.on('close', () => {
    isOver = true;
    waiting?.reject(new NoAnswerError('there was no answer'));
  });

  async function readLine(): Promise<string> {
    const line = lines.shift();
    if (line !== undefined) return line;
    if (isOver) throw new NoAnswerError('there was no answer');
    return new Promise((resolve, reject) => {
      waiting = { resolve, reject };
    });
  }

  return {
    say: (text) => void output.write(`${text}\n`),
    async ask(question, { hidden = false } = {}) {
      output.write(question);
      isHidden = hidden;
      try {
        return (await readLine()).trim();
      } finally {
        isHidden = false;
        if (hidden || input.isTTY !== true) output.write('\n');
      }
    },
    close: () => reader.close(),
  };
}
