import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';

/** Why a connection is away: the code it was closed with, what kept it from being made, or what did not come of it. */
export type Loss = { readonly code: number } | { readonly error: unknown } | { readonly reason: string };

/** Tells the log of lost connections: the first loss, that it goes on every few minutes, and each return. */
export interface ConnectionLog {
  lost(shardId: number, loss: Loss): void;
  back(shardId: number): void;
  stop(): void;
}

const tellEveryMs = 5 * 60_000;

export function createConnectionLog({ clock, log }: { clock: Clock; log: Logger }): ConnectionLog {
  const away = new Map<number, { since: number; losses: number; latest: Loss; cancel: () => void }>();

  /** A connection may wait as long as the gateway lets nobody in, and say nothing. */
  function tellLater(shardId: number): () => void {
    return clock.after(tellEveryMs, () => {
      const one = away.get(shardId);
      if (one === undefined) return;
      const awayMs = clock.now() - one.since;
      log.warn(
        { shardId, ...one.latest, losses: one.losses, awayMs },
        'there is still no gateway connection',
      );
      one.cancel = tellLater(shardId);
    });
  }

  return {
    lost(shardId, loss) {
      const one = away.get(shardId);
      if (one !== undefined) {
        one.losses += 1;
        one.latest = loss;
        return;
      }
      log.warn({ shardId, ...loss }, 'the gateway connection was lost, and is made again');
      away.set(shardId, { since: clock.now(), losses: 1, latest: loss, cancel: tellLater(shardId) });
    },
    back(shardId) {
      const one = away.get(shardId);
      if (one === undefined) return;
      one.cancel();
      away.delete(shardId);
      const awayMs = clock.now() - one.since;
      log.info({ shardId, losses: one.losses, awayMs }, 'the gateway connection is back');
    },
    stop() {
      for (const { cancel } of away.values()) cancel();
      away.clear();
    },
  };
}
