import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { createRandom, type Random } from '../pictures/random.ts';
import { type Accounts, createAccounts } from './accounts.ts';
import { type Caller, createCaller } from './caller.ts';
import { type Clock, createClock } from './clock.ts';
import type { ProviderOptions, StandIn, TaskView } from './stand-in.ts';
import { createTraffic, type Traffic } from './traffic.ts';
import { createTrouble, type Troubles } from './trouble.ts';

/** What every stand-in is built on, for any API. */
export interface Foundation {
  readonly clock: Clock;
  readonly random: Random;
  readonly trouble: Troubles;
  readonly traffic: Traffic;
  readonly accounts: Accounts;
  readonly caller: Caller;
  /** Height of a picture alone, in pixels. */
  readonly pictureHeight: number;
  readonly seed: number;
  /** The address of its API, as clients know it; empty until it's open. */
  apiOrigin(): string;
  /** The same for its pictures. */
  pictureOrigin(): string;
  /** The same for unfinished pictures. */
  previewOrigin(): string;
  /** A realistic time at the pace it was made with; a pace of 0 leaves it as it is. */
  atPace(realisticMs: number): number;
  /** Starts to listen; from then on it's a stand-in. */
  open(server: FastifyInstance, api: ApiView): Promise<StandIn>;
}

/** What a stand-in shows of its API. */
export interface ApiView {
  list(): TaskView[];
  find(id: string): TaskView | undefined;
  /** Makes a gateway ask its upstream now; does nothing unless given. */
  refresh?(): void;
  /** Whether it calls back at all; it does unless given. */
  callsBack?(): boolean;
}

export interface FoundationParts {
  kind: string;
  /** The key it lets in unless the options name one. */
  key: string;
  /** Names of the refusals that can be asked for. */
  refusals: readonly string[];
  options: ProviderOptions;
}

export function createFoundation({ kind, refusals, options, ...parts }: FoundationParts): Foundation {
  const { pace = 0, seed = 1, pictureHeight = 1024, key = parts.key, origins } = options;
  let origin = '';
  const clock = createClock(pace);
  const trouble = createTrouble(refusals);
  const traffic = createTraffic();
  const caller = createCaller({ clock, traffic });
  const keys = [key, ...(options.otherKeys ?? [])];
  const accounts = createAccounts(keys, options.creditUsd ?? Number.POSITIVE_INFINITY);

  return {
    clock,
    random: createRandom(seed),
    trouble,
    traffic,
    accounts,
    caller,
    pictureHeight,
    seed,
    apiOrigin: () => origins?.api ?? origin,
    pictureOrigin: () => origins?.pictures ?? origin,
    previewOrigin: () => withName(origins?.pictures ?? origin, options.previewName),
    atPace: (realisticMs) => (pace === 0 ? realisticMs : realisticMs * pace),
    async open(server, { list, find, refresh = () => undefined, callsBack = () => true }) {
      await server.listen({ host: '127.0.0.1', port: options.port ?? 0 });
      origin = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
      return {
        kind,
        key,
        url: origin,
        trouble,
        submits: traffic.submits,
        requests: traffic.requests,
        tasks: list,
        task: find,
        money(ofKey = key) {
          const account = accounts.find(ofKey);
          if (account === undefined) throw new Error('There is no account with that key');
          return accounts.money(account);
        },
        get callbacks() {
          return callsBack() ? caller.mode : undefined;
        },
        set callbacks(mode) {
          if (mode !== undefined) caller.mode = mode;
        },
        refresh,
        setPace: clock.setPace,
        on: traffic.on,
        next: traffic.next,
        until: traffic.until,
        async close() {
          clock.close();
          caller.close();
          await server.close();
        },
      };
    },
  };
}

function withName(origin: string, name: string | undefined): string {
  if (name === undefined) return origin;
  const url = new URL(origin);
  url.hostname = name;
  return url.origin;
}
