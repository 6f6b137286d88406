import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { createLoop } from '../loop.ts';
import type { Documents, StoredAlert } from '../storage/documents.ts';
import type { Condition } from './conditions.ts';
import type { Ways } from './ways.ts';

/** Tells the operators what's wrong: once, with the cure, and once more when it's over. */
export interface Alerts {
  start(): void;
  /** Looks again now. Resolves once what was seen has been told, or couldn't be. */
  lookNow(): Promise<void>;
  stop(): Promise<void>;
}

export interface AlertsDependencies {
  /** Looks at everything that may be wrong. */
  readonly look: () => Promise<readonly Condition[]>;
  readonly ways: Ways;
  readonly documents: Pick<Documents, 'alerts'>;
  readonly clock: Clock;
  readonly log: Logger;
}

const everyMs = 10_000;
/** What was over a moment ago isn't told again before that, so that an unsteady account doesn't fill a channel. */
const quietMs = 10 * 60_000;
const longestPauseMs = 60 * 60_000;

export function createAlerts({ look, ways, documents, clock, log }: AlertsDependencies): Alerts {
  /** What the documents say, since only this process changes it. */
  const known = new Map<string, StoredAlert | undefined>();
  let pausedUntil = 0;
  let failures = 0;
  let turn: Promise<void> = Promise.resolve();
  const loop = createLoop({
    clock,
    async round() {
      await inTurn();
      return clock.now() + everyMs;
    },
    onError(error) {
      log.warn({ error }, 'the operators could not be told of something');
      return clock.now() + everyMs;
    },
    longestSleepMs: everyMs,
  });

  async function recall(id: string): Promise<StoredAlert | undefined> {
    if (!known.has(id)) known.set(id, await documents.alerts.get(id));
    return known.get(id);
  }

  async function remember(id: string, alert: StoredAlert): Promise<void> {
    known.set(id, alert); // even if it can't be saved: nobody needs the same message every ten seconds
    await documents.alerts.set(id, alert);
  }

  /** What is new about a condition; `undefined` if it's as it was told. */
  async function findNews(condition: Condition): Promise<News | undefined> {
    const told = await recall(condition.id);
    const isOpen = told?.isOpen === true;
    if (condition.state === 'bad' && !isOpen) {
      const sinceMs = clock.now() - (told?.at ?? Number.NEGATIVE_INFINITY);
      return sinceMs >= 0 && sinceMs < quietMs ? undefined : { condition, told };
    }
    return condition.state === 'good' && isOpen ? { condition, told } : undefined;
  }

  /** One message at a time says all that's new. It's saved after it was sent: after a crash in between it comes twice. */
  async function tellNews(): Promise<void> {
    const now = clock.now();
    if (now < pausedUntil && pausedUntil <= now + longestPauseMs) return;
    const news = (await Promise.all((await look()).map(findNews))).filter((one) => one !== undefined);
    if (news.length === 0) return;
    const sent = await ways.send(news.map(toLine).join('\n'));
    if (!sent.isDone) {
      failures += 1;
      const backoffMs = Math.min(longestPauseMs, everyMs * 2 ** Math.min(failures, 7));
      pausedUntil = clock.now() + Math.min(longestPauseMs, sent.retryAfterMs ?? backoffMs);
      log.warn({ reason: sent.reason, failures }, 'the operators could not be told of something');
      return;
    }
    failures = 0;
    for (const { condition, told } of news) {
      const isOpen = condition.state === 'bad';
      const what = isOpen ? condition.what : (told?.what ?? condition.what);
      await remember(condition.id, { isOpen, at: clock.now(), what });
      log.info({ alert: condition.id, isOpen }, 'the operators were told');
    }
  }

  function inTurn(): Promise<void> {
    turn = turn.then(tellNews, tellNews);
    return turn;
  }

  return {
    start: loop.start,
    lookNow: () =>
      inTurn().catch((error: unknown) => log.warn({ error }, 'the operators could not be told of something')),
    async stop() {
      await loop.stop();
    },
  };
}

interface News {
  readonly condition: Condition;
  readonly told: StoredAlert | undefined;
}

function toLine({ condition: { state, what, cure }, told }: News): string {
  return state === 'bad' ? `⚠️ ${what}. ${cure}` : `✅ Over: ${told?.what ?? what}.`;
}
