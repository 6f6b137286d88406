import http from 'node:http';
import https from 'node:https';
import type { Proxies } from '../config.ts';

type Send = typeof https.request;

/**
 * Leads the sockets of Discord's gateway through the operator's proxy. @discordjs/ws 1.2 gives its `ws` no agent
 * (discordjs/discord.js#10716), so the requests by which `ws` opens sockets get one here, and no others do; Node's own
 * agent knows proxies (nodejs.org/api/http.html, `proxyEnv`).
 */
export function proxySockets({ https: forHttps, http: forHttp, except }: Proxies): void {
  const proxyEnv = { HTTPS_PROXY: forHttps, HTTP_PROXY: forHttp, NO_PROXY: except };
  giveAgent(https, new https.Agent({ proxyEnv }));
  giveAgent(http, new http.Agent({ proxyEnv }));
}

function giveAgent(module: { request: Send }, agent: http.Agent): void {
  const send = module.request;
  const request = (options: https.RequestOptions, ...rest: []) =>
    send(isUpgrade(options) ? { ...options, agent } : options, ...rest);
  module.request = request as Send;
}

/** `ws` hands over its options as one object, with headers of its own (ws 8, lib/websocket.js). */
function isUpgrade({ agent, headers }: https.RequestOptions): boolean {
  return agent === undefined && (headers as Record<string, unknown> | undefined)?.['Upgrade'] === 'websocket';
}
