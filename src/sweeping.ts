import type { Clock } from './clock.ts';
import type { PaintedMasks } from './inputs/painted-masks.ts';
import type { Logger } from './log.ts';
import { createLoop, type Loop } from './loop.ts';
import type { Relay } from './relay.ts';
import type { Storage } from './storage/storage.ts';

const sweepEveryMs = 60 * 60_000;

export interface SweepingDependencies {
  readonly relay: Pick<Relay, 'drafts' | 'retention'>;
  readonly storage: Pick<Storage, 'pictures' | 'emptyLogs'>;
  readonly paintedMasks: Pick<PaintedMasks, 'sweep'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Removes what is too old, or too much: at the start, and every hour. */
export function createSweeping({ relay, storage, paintedMasks, clock, log }: SweepingDependencies): Loop {
  const noting = (sentence: string) => (error: unknown) => log.warn({ error }, sentence);
  async function removeOldPrompts(): Promise<void> {
    await relay.drafts.sweep().catch(noting('old drafts could not be removed'));
    await paintedMasks.sweep().catch(noting('old masks could not be removed'));
    await relay.retention.sweep();
    await storage.emptyLogs(); // again each time: while somebody reads a file, its log stays
  }
  return createLoop({
    clock,
    async round() {
      await Promise.all([
        storage.pictures.sweep().catch(noting('old pictures could not be removed')),
        removeOldPrompts().catch(noting('old prompts could not be removed')),
      ]);
      return clock.now() + sweepEveryMs;
    },
    onError: () => clock.now() + sweepEveryMs,
    longestSleepMs: sweepEveryMs,
  });
}
