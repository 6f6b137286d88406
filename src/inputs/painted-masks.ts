import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Documents } from '../storage/documents.ts';

/** A task ends within hours; **Try again** works a while longer. */
const keptForMs = 7 * 24 * 60 * 60_000;

/** Masks that people painted on the region editor's page. They outlive a restart, since what is paid for needs them. */
export interface PaintedMasks {
  /** Keeps a mask, and returns the name that it's kept under: a new one each time, so that no task's mask ever changes. */
  keep(userId: string, png: Buffer): Promise<string>;
  /** Returns `undefined` if it's no longer kept. */
  read(name: string): Promise<Buffer | undefined>;
  /** Removes one that no task has. */
  drop(name: string): Promise<void>;
  forget(userId: string): Promise<void>;
  /** Removes those that are too old. */
  sweep(): Promise<void>;
}

export function createPaintedMasks({
  documents: { masks },
  clock,
}: {
  documents: Pick<Documents, 'masks'>;
  clock: Pick<Clock, 'now'>;
}): PaintedMasks {
  return {
    async keep(userId, png) {
      const name = `${userId}:${randomBytes(12).toString('base64url')}`;
      await masks.set(name, { png: png.toString('base64'), keptUntil: clock.now() + keptForMs });
      return name;
    },
    async read(name) {
      const kept = await masks.get(name);
      if (kept === undefined || kept.keptUntil <= clock.now()) return undefined;
      return Buffer.from(kept.png, 'base64');
    },
    drop: (name) => masks.delete(name),
    async forget(userId) {
      for (const name of await masks.listKeys()) if (name.startsWith(`${userId}:`)) await masks.delete(name);
    },
    async sweep() {
      for (const name of await masks.listKeys()) {
        const kept = await masks.get(name);
        if (kept !== undefined && kept.keptUntil <= clock.now()) await masks.delete(name);
      }
    },
  };
}
