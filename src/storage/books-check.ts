import { execFile } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { readBooks } from './audit.ts';

const report = z.object({
  findings: z.array(z.object({ what: z.string(), ids: z.array(z.string()) })),
  movements: z.array(z.object({ kind: z.string(), count: z.number(), points: z.number() })),
});

/** Whether the books are right, and what has been booked so far, by kind of row. */
export type BooksReport = z.infer<typeof report>;

/** A damaged disk could take forever. */
const longestMs = 10 * 60_000;
const mostBytes = 16 * 1024 * 1024;

/**
 * Reads all tasks and bookings in a process of its own, which may take seconds: nobody's answer waits for it, and the memory
 * that it takes is given back. Throws if the database can't be read.
 */
export async function checkBooks(directory: string, signal: AbortSignal): Promise<BooksReport> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [fileURLToPath(import.meta.url), directory],
    // It needs no secret, and an error must not show one.
    { signal, env: {}, timeout: longestMs, maxBuffer: mostBytes },
  );
  return report.parse(JSON.parse(stdout));
}

if (import.meta.main) {
  setPriority(constants.priority.PRIORITY_LOW);
  process.stdout.write(JSON.stringify(await readBooks(process.argv[2] ?? '')));
}
