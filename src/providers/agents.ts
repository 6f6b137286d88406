import { Agent, buildConnector, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { Config, ProviderConfig, Proxies } from '../config.ts';
import { createGuardedAgent } from './address-guard.ts';
import { createMarkingPool, maxHeaderSize, toProxyOptions } from './connections.ts';

const connectTimeoutMs = 5_000;

/** The dispatchers of the program, one a purpose, since trust is given to a purpose and never to a host for everybody. */
export interface Agents {
  /** Discord's API, which the operator has named. */
  readonly discord: Dispatcher;
  /** What Discord serves: files that people handed in, and files of the bot's own messages. */
  readonly discordFiles: Dispatcher;
  /** Addresses that people typed, and media of providers that are kept elsewhere: nothing is trusted. */
  readonly links: Dispatcher;
  /**
   * The API of an account, and its media. The origin of its base URL may be plain http or private if `TRUSTED_HOSTS`
   * names it.
   */
  account(account: Pick<ProviderConfig, 'baseUrl'>): Dispatcher;
  /** Cuts what is still under way. */
  close(): Promise<void>;
}

type Options = Pick<Config, 'trustedHosts' | 'proxies'> & { readonly discord: { readonly apiUrl: string } };

/** Makes the agents. Agents that trust the same are the same, so that they share their connections. */
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

/** An agent that goes wherever it is told, for addresses that only the operator sets. */
export function createOpenAgent(proxies?: Proxies): Dispatcher {
  const settings = {
    connect: buildConnector({ timeout: connectTimeoutMs }),
    maxHeaderSize,
    factory: createMarkingPool,
  };
  if (proxies === undefined) return new Agent(settings);
  return new EnvHttpProxyAgent({ ...settings, ...toProxyOptions(proxies, connectTimeoutMs) });
}

/** Whether the list names the host of an address, or its host and port. */
function isNamed(address: string, hosts: ReadonlySet<string>): boolean {
  const { protocol, hostname, port } = new URL(address);
  return hosts.has(hostname) || hosts.has(`${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`);
}
