import { Agent, buildConnector, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { Config, ProviderConfig, Proxies } from '../config.ts';
import { createGuardedAgent } from './address-guard.ts';
import { createMarkingPool, maxHeaderSize, toProxyOptions } from './connections.ts';

const connectTimeoutMs = 5_000;

/** One dispatcher per purpose, since trust is given to a purpose and never to a host for all of them. */
export interface Agents {
  /** For Discord's API, whose address the operator sets. */
  readonly discord: Dispatcher;
  /** For files on Discord: people's attachments, and files in the bot's own messages. */
  readonly discordFiles: Dispatcher;
  /** For links that people typed, and media that providers keep elsewhere: nothing is trusted. */
  readonly links: Dispatcher;
  /**
   * For an account's API and its media. The origin of its base URL may be plain http or private if `TRUSTED_HOSTS`
   * names it.
   */
  account(account: Pick<ProviderConfig, 'baseUrl'>): Dispatcher;
  /** Aborts anything still under way. */
  close(): Promise<void>;
}

type Options = Pick<Config, 'trustedHosts' | 'proxies'> & { readonly discord: { readonly apiUrl: string } };

/** Agents that trust the same origin are one and the same, so that they share connections. */
export function createAgents({ discord, trustedHosts, proxies }: Options): Agents {
  const known = new Map<string | undefined, Dispatcher>();

  function agentFor(trustedOrigin: string | undefined): Dispatcher {
    const agent =
      known.get(trustedOrigin) ?? createGuardedAgent({ trustedOrigin, proxies, connectTimeoutMs });
    known.set(trustedOrigin, agent);
    return agent;
  }

  const open = createOpenAgent(proxies);
  return {
    discord: open,
    discordFiles: agentFor(new URL(discord.apiUrl).origin),
    links: agentFor(undefined),
    account: ({ baseUrl }) =>
      agentFor(baseUrl !== undefined && isNamed(baseUrl, trustedHosts) ? new URL(baseUrl).origin : undefined),
    async close() {
      await Promise.all([open, ...known.values()].map((agent) => agent.destroy()));
    },
  };
}

/** An agent without a guard, for addresses that only the operator sets. */
export function createOpenAgent(proxies?: Proxies): Dispatcher {
  const settings = {
    connect: buildConnector({ timeout: connectTimeoutMs }),
    maxHeaderSize,
    factory: createMarkingPool,
  };
  if (proxies === undefined) return new Agent(settings);
  return new EnvHttpProxyAgent({ ...settings, ...toProxyOptions(proxies, connectTimeoutMs) });
}

/** Whether the list has the host of an address, or its host and port. */
export function isNamed(address: string, hosts: ReadonlySet<string>): boolean {
  const { protocol, hostname, port } = new URL(address);
  return hosts.has(hostname) || hosts.has(`${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`);
}
