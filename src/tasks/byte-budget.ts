/** What one piece of work has in memory, all of which is given back at its end. */
export interface Share {
  /** Waits until there is room for so many bytes more. */
  take(bytes: number): Promise<void>;
  /** Takes them if there is room now. */
  tryTake(bytes: number): boolean;
  /** Gives so many back; all of them if not said otherwise. */
  giveBack(bytes?: number): void;
}

/** How many bytes of files are in memory at a time, for all work together. */
export interface ByteBudget {
  share<Value>(work: (share: Share) => Promise<Value>): Promise<Value>;
}

/** For work that is rare enough to need no budget. */
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
 * A budget that nobody waits for in vain: the oldest work always gets what it wants, so it ends, and the next is the oldest.
 * Whoever waits is served before all that began later; a large file is not overtaken for ever. What is in memory is thus
 * at most `mostBytes`, and what the oldest needs besides.
 */
export function createByteBudget(mostBytes: number): ByteBudget {
  /** Oldest first. */
  const holders: Holder[] = [];

  function hasRoom(holder: Holder, bytes: number): boolean {
    const place = holders.indexOf(holder);
    if (place === 0) return true;
    const isFirst = holders.slice(0, place).every(({ wanted }) => wanted === undefined);
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
