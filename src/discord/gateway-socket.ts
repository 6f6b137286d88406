import http from 'node:http';
import https from 'node:https';
import type { Proxies } from '../config.ts';

type Send = typeof https.request;

/**
 * Sends the sockets of Discord's gateway through the operator's proxy. @discordjs/ws 1.2 doesn't give its `ws` an agent
 * (discordjs/discord.js#10716), so only the requests that `ws` opens sockets with get one here; Node's own agent knows
 * proxies (nodejs.org/api/http.html, `proxyEnv`).
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

/** `ws` passes its options as one object, with its own headers (ws 8, lib/websocket.js). */
function isUpgrade({ agent, headers }: https.RequestOptions): boolean {
  return agent === undefined && (headers as Record<string, unknown> | undefined)?.['Upgrade'] === 'websocket';
}
