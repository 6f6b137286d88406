import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';

/** Why a connection is down: the code it was closed with, what kept it from being made, or what went wrong with it. */
export type Loss = { readonly code: number } | { readonly error: unknown } | { readonly reason: string };

/** Logs lost connections: the first loss, then every few minutes while it lasts, and each return. */
export interface ConnectionLog {
  lost(shardId: number, loss: Loss): void;
  back(shardId: number): void;
  stop(): void;
}

const tellEveryMs = 5 * 60_000;

export function createConnectionLog({ clock, log }: { clock: Clock; log: Logger }): ConnectionLog {
  const away = new Map<number, { since: number; losses: number; latest: Loss; cancel: () => void }>();

  /** A connection may wait silently for as long as the gateway lets nobody in. */
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
      log.warn({ shardId, ...loss }, 'the gateway connection was lost; reconnecting');
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

/** Events of @discordjs/ws. discord.js exports a different enum under the same name. */
export interface ConnectionEvents {
  on(event: 'closed', listener: (connection: { shardId: number; code: number }) => void): unknown;
  on(event: 'hello' | 'ready' | 'resumed', listener: (connection: { shardId: number }) => void): unknown;
}

/**
 * Reports what happens to connections: discord.js doesn't say why one was closed, and @discordjs/ws doesn't mention a
 * refused IDENTIFY (op 9).
 */
export function watchConnections(
  manager: ConnectionEvents,
  { lost, back }: ConnectionLog,
  isEnding: () => boolean,
): void {
  const open = new Set<number>();
  manager.on('hello', ({ shardId }) => {
    if (open.has(shardId)) lost(shardId, { reason: 'Discord refused the session' });
    open.add(shardId);
  });
  manager.on('closed', ({ code, shardId }) => {
    open.delete(shardId);
    if (!isEnding()) lost(shardId, { code });
  });
  manager.on('ready', ({ shardId }) => back(shardId));
  manager.on('resumed', ({ shardId }) => back(shardId));
}
