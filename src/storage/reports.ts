import { execFile } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createGzip } from 'node:zlib';
import { UserError } from '../errors.ts';
import { type Ranking, readRanking, type Span, writeLedger } from './book-reports.ts';
import { databaseFile } from './files.ts';
import type { Schema } from './schema.ts';
import { createKysely } from './sqlite.ts';

/** Questions about a whole book, which may take seconds; each returns what the file said at one moment. */
export interface Reports {
  rank(question: { book: string; span: Span }): Promise<Ranking>;
  /**
   * Returns the ledger of a book as a CSV file: gzipped if it's too large otherwise, and `undefined` if it's too large even then.
   */
  exportLedger(question: {
    book: string;
    month?: string | undefined;
    mostBytes: number;
  }): Promise<ReportFile | undefined>;
  /** Ends what is under way. */
  close(): Promise<void>;
}

export interface ReportFile {
  readonly bytes: Buffer;
  readonly isCompressed: boolean;
}

type Question =
  | { readonly about: 'ranking'; readonly book: string; readonly span: Span }
  | {
      readonly about: 'ledger';
      readonly book: string;
      readonly month?: string | undefined;
      readonly mostBytes: number;
    };

/** More would only wait. */
const mostWaiting = 5;
/** Discord's answer can be edited for 15 minutes. */
const longestMs = 10 * 60_000;
/** Both forms of a file are in memory until it's clear which one fits. */
const mostFileBytes = 25 * 1024 * 1024;
const mostAnswerBytes = 64 * 1024 * 1024;

/**
 * Reads `relay.db` in a process of its own, one question after another: the bot answers everybody else in the meantime, and
 * the memory that a question takes is given back. Throws a `UserError` if too many are waiting.
 */
export function createReports(directory: string): Reports {
  const ending = new AbortController();
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function ask(question: Question): Promise<Buffer> {
    if (waiting >= mostWaiting) throw new UserError('overloaded');
    waiting += 1;
    const answer = last.then(() => run(directory, question, ending.signal));
    last = answer.catch(() => undefined);
    return answer.finally(() => {
      waiting -= 1;
    });
  }

  return {
    async rank(question) {
      return JSON.parse(String(await ask({ about: 'ranking', ...question }))) as Ranking;
    },
    async exportLedger({ mostBytes, ...question }) {
      const most = Math.min(mostBytes, mostFileBytes);
      const bytes = await ask({ about: 'ledger', ...question, mostBytes: most });
      if (bytes.length === 0) return undefined;
      return { bytes, isCompressed: bytes.subarray(0, 2).equals(gzipMark) };
    },
    async close() {
      ending.abort();
      await last;
    },
  };
}

/** How every gzip file begins (RFC 1952, 2.3.1); a text of ours begins with a byte order mark. */
const gzipMark = Buffer.from([0x1f, 0x8b]);

async function run(directory: string, question: Question, signal: AbortSignal): Promise<Buffer> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [fileURLToPath(import.meta.url), directory, JSON.stringify(question)],
    // It needs no secret, and an error must not show one.
    { signal, env: {}, timeout: longestMs, maxBuffer: mostAnswerBytes, encoding: 'buffer' },
  );
  return stdout;
}

async function answer(directory: string, question: Question): Promise<Buffer> {
  const sqlite = new DatabaseSync(join(directory, databaseFile), { readOnly: true, timeout: 5_000 });
  const database = createKysely<Schema>(sqlite);
  try {
    if (question.about === 'ranking')
      return Buffer.from(JSON.stringify(await readRanking(database, question)));
    return await toFile(writeLedger(database, question), question.mostBytes);
  } finally {
    await database.destroy();
  }
}

/** Returns the text, its gzipped form, or nothing, by what fits. Goes no further than what may still fit. */
async function toFile(pieces: AsyncGenerator<string>, mostBytes: number): Promise<Buffer> {
  let plain: Buffer[] | undefined = [];
  let plainBytes = 0;
  const gzipped: Buffer[] = [];
  let gzippedBytes = 0;
  const isTooLarge = () => gzippedBytes > mostBytes;
  async function* keep(): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      const bytes = Buffer.from(piece);
      plainBytes += bytes.length;
      if (plainBytes > mostBytes) plain = undefined;
      plain?.push(bytes);
      yield bytes;
      if (isTooLarge()) return;
    }
  }
  await pipeline(Readable.from(keep()), createGzip(), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      gzippedBytes += chunk.length;
      if (!isTooLarge()) gzipped.push(chunk);
    }
  });
  if (plain !== undefined) return Buffer.concat(plain);
  return isTooLarge() ? Buffer.alloc(0) : Buffer.concat(gzipped);
}

if (import.meta.main) {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL); // somebody waits for it
  const [directory = '', question = ''] = process.argv.slice(2);
  process.stdout.write(await answer(directory, JSON.parse(question) as Question));
}
