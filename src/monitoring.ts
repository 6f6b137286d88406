import { statfs } from 'node:fs/promises';
import type { Accounts } from './accounts/accounts.ts';
import { type Alerts, createAlerts } from './alerts/alerts.ts';
import {
  listAccountConditions,
  type TokenState,
  toDiskCondition,
  toLedgerCondition,
  toTokenCondition,
} from './alerts/conditions.ts';
import { createWebhook, toOperators, type Ways } from './alerts/ways.ts';
import { createBooksWatch } from './books-watch.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { createDirectMessages } from './discord/direct-messages.ts';
import { createTransport, type OnAnswer } from './discord/transport.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { Agents } from './providers/agents.ts';
import { createHttp } from './providers/http.ts';
import { type BooksReport, checkBooks } from './storage/books-check.ts';
import type { Storage } from './storage/storage.ts';

/** Nobody waits longer than that for a bot that can't go on. */
const lastWordsMs = 3_000;

export interface MonitoringDependencies {
  readonly config: Config;
  readonly storage: Pick<Storage, 'database' | 'documents'>;
  readonly accounts: Accounts;
  readonly agents: Pick<Agents, 'account' | 'discord'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What watches the bot at work: figures for Prometheus, the check of the ledger, and alerts to the operators. */
export interface Monitoring {
  /** Absent without an admin port; nothing of it is loaded then. */
  readonly metrics: Metrics | undefined;
  start(isConnected: () => boolean): void;
  /** Discord doesn't let the bot in: says so while there is time. */
  refused(): Promise<void>;
  stop(): Promise<void>;
}

export async function createMonitoring(dependencies: MonitoringDependencies): Promise<Monitoring> {
  const { config, storage, accounts, clock, log } = dependencies;
  const { database, documents } = storage;
  const metrics =
    config.admin.port === 0
      ? undefined
      : (await import('./metrics/metrics.ts')).createMetrics({ accounts, database, clock });
  let books: BooksReport | undefined;
  let readToken = (): TokenState => 'unknown';

  async function look() {
    const now = clock.now();
    return [
      toTokenCondition(readToken()),
      toLedgerCondition(books),
      toDiskCondition(await readFreeBytes(config.dataDirectory)),
      ...accounts.all.flatMap((account) => listAccountConditions(account, now)),
    ];
  }

  const ways = chooseWay(dependencies, metrics?.onAnswer);
  const alerts: Alerts | undefined = ways && createAlerts({ look, ways, documents, clock, log });
  const watch = createBooksWatch({
    check: (signal) => checkBooks(config.dataDirectory, signal),
    onReport(report) {
      books = report;
      metrics?.onBooks(report);
      void alerts?.lookNow();
    },
    clock,
    log,
  });

  return {
    metrics,
    start(isConnected) {
      readToken = () => (isConnected() ? 'works' : 'unknown');
      watch.start();
      alerts?.start();
    },
    async refused() {
      readToken = () => 'refused';
      const isOver = new Promise<void>((resolve) => void clock.after(lastWordsMs, resolve));
      await Promise.race([alerts?.lookNow(), isOver]);
    },
    async stop() {
      metrics?.stop();
      await Promise.all([watch.stop(), alerts?.stop()]);
    },
  };
}

/** `undefined` if nobody is to be told: then it's only in the log. */
function chooseWay(
  { config, agents }: MonitoringDependencies,
  onAnswer: OnAnswer | undefined,
): Ways | undefined {
  const { alertWebhookUrl, operatorIds } = config;
  if (alertWebhookUrl !== undefined) {
    const dispatcher = agents.account({ baseUrl: alertWebhookUrl });
    return createWebhook(alertWebhookUrl, createHttp({ dispatcher }));
  }
  if (operatorIds.size === 0) return undefined;
  const { token, apiUrl } = config.discord;
  const makeRequest = createTransport(agents.discord, onAnswer);
  return toOperators([...operatorIds], createDirectMessages({ token, apiUrl, makeRequest }));
}

/** `undefined` if the system doesn't say. */
async function readFreeBytes(directory: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  } catch {
    return undefined; // it's writing that fails then, and that is reported
  }
}
