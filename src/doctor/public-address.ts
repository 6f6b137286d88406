import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Config } from '../config.ts';
import { isBlocked } from '../providers/address-guard.ts';
import { callTimeoutMs, codeOf, explainCode } from './connection.ts';
import type { Line } from './line.ts';

type Callbacks = NonNullable<Config['callbacks']>;
type Finding = Pick<Line, 'verdict' | 'text'>;

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Who has the port: this check, for a moment, to count the calls that arrive; or another program. */
interface Port {
  /** Whether a call to the path with that token has arrived; `undefined` if another program has the port. */
  hasHeard?: () => boolean;
  close(): Promise<void>;
}

const what = 'public address';
const noProof = 'from outside it may still work: many routers do not let calls from inside back in';

/** Calls `PUBLIC_URL` and checks whether that gets to `HTTP_HOST:HTTP_PORT`. */
export async function checkPublicAddress(callbacks: Callbacks | undefined): Promise<Line> {
  if (callbacks === undefined) return { verdict: 'skip', what, text: 'PUBLIC_URL is not set' };
  const token = randomUUID();
  try {
    const port = await takePort(callbacks, token);
    try {
      const finding = await call(callbacks, { port, path: `/callbacks/${token}` });
      return { what, ...(await qualify(finding, callbacks.publicUrl)) };
    } finally {
      await port.close();
    }
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall !== 'listen' && syscall !== 'getaddrinfo') throw error;
    return { verdict: 'FAIL', what, text: `nothing can listen at HTTP_HOST and HTTP_PORT here (${code})` };
  }
}

async function takePort({ host, port }: Callbacks, token: string): Promise<Port> {
  let isHeard = false;
  const server = http.createServer(({ url = '' }, response) => {
    const isOurs = url.endsWith(token);
    isHeard ||= isOurs;
    response.writeHead(isOurs ? 200 : 404, { connection: 'close' }).end();
  });
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return { close: async () => undefined };
    throw error;
  }
  return {
    hasHeard: () => isHeard,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function call(callbacks: Callbacks, { port, path }: { port: Port; path: string }): Promise<Finding> {
  const answer = await get(callbacks.publicUrl + path);
  if (port.hasHeard?.() === true) return { verdict: 'ok', text: 'a call to PUBLIC_URL arrives at HTTP_PORT' };
  if ('code' in answer) {
    if (answer.code === 'ENOTFOUND')
      return { verdict: 'FAIL', text: `${explainCode(answer.code)}: look at PUBLIC_URL` };
    return { verdict: 'warn', text: `not reached from here: ${explainCode(answer.code)}; ${noProof}` };
  }
  if (port.hasHeard === undefined) {
    const within = await get(`http://${toLocalHost(callbacks.host)}:${callbacks.port}${path}`);
    if (!('code' in within) && within.status === answer.status && within.text === answer.text)
      return { verdict: 'ok', text: 'PUBLIC_URL gives the same answer as the program at HTTP_PORT' };
  }
  const { status } = answer;
  if (status >= 300 && status < 400)
    return {
      verdict: 'warn',
      text: `PUBLIC_URL answers ${status} and leads elsewhere; callbacks do not follow redirects`,
    };
  return {
    verdict: 'warn',
    text: `PUBLIC_URL answers ${status}, but the call did not arrive at HTTP_PORT; ${noProof}`,
  };
}

/** What else an operator should know about an address that works, or may work. */
async function qualify(finding: Finding, publicUrl: string): Promise<Finding> {
  if (finding.verdict === 'FAIL') return finding;
  const { protocol, hostname } = new URL(publicUrl);
  const doubts = [
    ...((await isPrivate(hostname))
      ? ['seen from here its host has a private address, which no provider outside can call']
      : []),
    ...(protocol === 'http:' ? ['it is plain http: put a certificate in front of it'] : []),
  ];
  if (doubts.length === 0) return finding;
  return { verdict: 'warn', text: [finding.text, ...doubts].join('; ') };
}

async function isPrivate(hostname: string): Promise<boolean> {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) return isBlocked(host);
  const addresses = await lookup(host, { all: true }).catch(() => []);
  return addresses.some(({ address }) => isBlocked(address));
}

/** Uses Node's own client: `fetch` refuses ports of other protocols (fetch.spec.whatwg.org, port blocking). */
async function get(url: string): Promise<Answer | { code: string }> {
  const { request } = url.startsWith('https:') ? https : http;
  const sent = request(url, { agent: false, signal: AbortSignal.timeout(callTimeoutMs) });
  try {
    sent.end();
    const [response] = (await once(sent, 'response')) as [http.IncomingMessage];
    return { status: response.statusCode ?? 0, text: await text(response) };
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    return { code };
  }
}

/** How to call a program that listens everywhere from this machine. */
function toLocalHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return isIP(host) === 6 ? `[${host}]` : host;
}
