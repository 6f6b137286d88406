/** The bytes that one piece of work has in memory. It gives all of them back when it ends. */
export interface Share {
  /** Waits until there's room for that many more bytes. */
  take(bytes: number): Promise<void>;
  /** Takes them if there's room now; returns whether there was. */
  tryTake(bytes: number): boolean;
  /** Gives bytes back; all of them by default. */
  giveBack(bytes?: number): void;
}

/** Limits how many bytes of files are in memory at a time, for all work together. */
export interface ByteBudget {
  share<Value>(work: (share: Share) => Promise<Value>): Promise<Value>;
}

/** For work that is rare enough not to need a budget. */
export const unlimited: Share = {
  take: async () => undefined,
  tryTake: () => true,
  giveBack: () => undefined,
};

interface Holder {
  held: number;
  wanted?: { readonly bytes: number; readonly grant: () => void };
}

/**
 * Creates a budget that can't get stuck: the oldest work always gets what it wants, so it ends, and then the next one is the
 * oldest. Work that waits is served before any that began later, so a large file is never overtaken forever. At most
 * `mostBytes` are in memory, plus what the oldest work needs on top of that.
 */
export function createByteBudget(mostBytes: number): ByteBudget {
  /** Oldest first. */
  const holders: Holder[] = [];

  function hasRoom(holder: Holder, bytes: number): boolean {
    const position = holders.indexOf(holder);
    if (position === 0) return true;
    const isFirst = holders.slice(0, position).every(({ wanted }) => wanted === undefined);
    return isFirst && holders.reduce((sum, { held }) => sum + held, bytes) <= mostBytes;
  }

  function tryTake(holder: Holder, bytes: number): boolean {
    if (!hasRoom(holder, bytes)) return false;
    holder.held += bytes;
    return true;
  }

  function serve(): void {
    for (const holder of holders) {
      const { wanted } = holder;
      if (wanted === undefined || !tryTake(holder, wanted.bytes)) continue;
      delete holder.wanted;
      wanted.grant();
    }
  }

  function toShare(holder: Holder): Share {
    return {
      tryTake: (bytes) => tryTake(holder, bytes),
      async take(bytes) {
        if (tryTake(holder, bytes)) return;
        await new Promise<void>((grant) => {
          holder.wanted = { bytes, grant };
        });
      },
      giveBack(bytes = holder.held) {
        holder.held -= bytes;
        serve();
      },
    };
  }

  return {
    async share(work) {
      const holder: Holder = { held: 0 };
      holders.push(holder);
      try {
        return await work(toShare(holder));
      } finally {
        holders.splice(holders.indexOf(holder), 1);
        serve();
      }
    },
  };
}
