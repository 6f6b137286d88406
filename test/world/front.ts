import { readFileSync } from 'node:fs';
import http, { type IncomingMessage, type RequestListener } from 'node:http';
import https from 'node:https';
import net, { type Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Name } from './names.ts';

/** Listens on port 443 of every public address, and leads each name to one of the test's servers. */
export interface Front {
  /** Where a name leads: to a port of this machine, or to a listener that answers by itself. */
  readonly routes: Map<Name, number | RequestListener>;
  /** `GET name/path` for every request that arrived, by the address that was called. */
  readonly calls: string[];
  /** The requests that came without TLS. */
  readonly plainCalls: string[];
  close(): Promise<void>;
}

/** Opens the front at all addresses of the namespace, in both families. */
export async function openFront(): Promise<Front> {
  const folder = process.env['WORLD_FOLDER'] ?? '';
  const tls = { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem')) };
  const routes: Front['routes'] = new Map();
  const calls: string[] = [];
  const plainCalls: string[] = [];

  function note(incoming: IncomingMessage): number | RequestListener | undefined {
    const name = (incoming.headers.host ?? '').replace(/:\d+$/, '');
    const call = `${incoming.method} ${name}${(incoming.url ?? '').split('?')[0]}`;
    calls.push(call);
    if (!(incoming.socket instanceof TLSSocket)) plainCalls.push(call);
    return routes.get(name as Name);
  }

  const serve: RequestListener = (incoming, outgoing) => {
    const target = note(incoming);
    if (target === undefined) return void outgoing.writeHead(421).end();
    if (typeof target !== 'number') return target(incoming, outgoing);
    const { method, url: path, headers } = incoming;
    const inner = http.request({ host: '127.0.0.1', port: target, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    inner.on('error', () => outgoing.destroy());
    outgoing.on('close', () => inner.destroy());
    incoming.pipe(inner);
  };

  /** A WebSocket: the request as it came, then bytes in both directions. */
  function upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    const target = note(incoming);
    if (typeof target !== 'number') return void socket.destroy();
    const inner = net.connect(target, '127.0.0.1', () => {
      const lines = incoming.rawHeaders.flatMap((text, index, all) =>
        index % 2 === 0 ? [`${text}: ${all[index + 1]}`] : [],
      );
      inner.write(`${[`GET ${incoming.url} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`);
      inner.write(head);
      socket.pipe(inner).pipe(socket);
    });
    for (const end of [socket, inner]) end.on('error', () => [socket, inner].map((one) => one.destroy()));
  }

  const sockets = new Set<Socket>();
  const servers = [
    ...['0.0.0.0', '::'].map((host) => ({ server: https.createServer(tls, serve), host, port: 443 })),
    { server: http.createServer(serve), host: '0.0.0.0', port: 80 },
  ];
  for (const { server, host, port } of servers) {
    server.on('upgrade', upgrade);
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen({ host, port, ipv6Only: host === '::' }, resolve));
  }

  return {
    routes,
    calls,
    plainCalls,
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map(({ server }) => new Promise((resolve) => server.close(resolve))));
    },
  };
}
