import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that systems use for outgoing connections (Linux from 32768, RFC 6335 from 49152), or one of those could
 * have the port just when a program wants it back. Above the ports that `fetch` refuses (WHATWG Fetch, "bad port").
 */
const first = 20_000;
const afterLast = 32_768;
const tries = 50;

/** A free port of 127.0.0.1, for a program that starts later, and may restart. */
export async function findFreePort(): Promise<number> {
  for (let tried = 0; tried < tries; tried += 1) {
    const port = randomInt(first, afterLast);
    if (await isFree(port)) return port;
  }
  throw new Error(`None of ${tries} ports of 127.0.0.1 was free`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false; // in use, or reserved
  }
  await new Promise((resolve) => server.close(resolve));
  return true;
}
