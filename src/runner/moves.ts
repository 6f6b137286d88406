import { type Account, isUsable } from '../accounts/accounts.ts';
import { isHopeless } from '../accounts/breaker.ts';
import type { Choice } from '../accounts/choose.ts';
import type { Logger } from '../log.ts';
import type { Database } from '../storage/database.ts';
import type { Task, TaskEvent } from '../task.ts';
import type { Change, Changes } from '../tasks/changes.ts';
import type { FreeSlots, Room } from './room.ts';

/** How many tasks are read at once to find out whether they can go elsewhere. */
const mostAtOnce = 50;

/** Takes waiting tasks from one account's queue to another's, so that nobody waits behind the one that can do the least. */
export interface Moves {
  /**
   * Moves fresh work away from an account that doesn't work, or that the operator's limits close. What has to stay fails if
   * there's nothing to wait for.
   */
  away(account: Account, ids: readonly string[], now: number): Promise<void>;
  /** Moves tasks that wait for a slot of an account that isn't their first choice to the first one that is free. */
  back(account: Account, ids: readonly string[], now: number): Promise<void>;
}

export interface MovesDependencies {
  database: Database;
  changes: Changes;
  choice: Choice;
  room: Room;
  log: Logger;
}

export function createMoves({ database, changes, choice, room, log }: MovesDependencies): Moves {
  type Decide = (task: Task, free: FreeSlots) => Promise<TaskEvent | undefined>;

  /** If the server's settings can't be read, a task stays, and the tasks of other servers are still moved. */
  async function move(
    account: Account,
    ids: readonly string[],
    { free, decide }: { free: FreeSlots; decide: Decide },
  ): Promise<void> {
    const moves: Change[] = [];
    for (const id of ids) {
      const task = await database.tasks.get(id);
      if (task === undefined || task.state !== 'queued' || task.account !== account.name) continue;
      try {
        const event = await decide(task, free);
        if (event === undefined) continue;
        moves.push({ id, event });
        if (event.type === 'moved') takeSlot(free, event.account);
      } catch (error) {
        log.error({ error, taskId: task.id }, 'another account could not be chosen');
      }
    }
    if (moves.length > 0)
      log.warn({ account: account.name, tasks: moves.length }, 'tasks no longer wait for the account');
    await changes.changeAll(moves);
  }

  return {
    async away(account, ids, now) {
      if (ids.length === 0) return;
      const decide: Decide = async (task, free) => {
        const outage = account.breaker.outage();
        const closing = account.limits.closing({ price: task.price }, now);
        const trouble = isHopeless(outage, now)
          ? outage.trouble
          : closing !== undefined && closing.until >= task.deadlineAt
            ? 'closed'
            : undefined;
        const next = await choice.next(task, { isLast: trouble !== undefined, free });
        if (next !== undefined) return { type: 'moved', account: next.name, deadlineAt: task.deadlineAt };
        if (trouble === undefined) return undefined;
        return { type: 'failed', failure: { kind: trouble, mayHaveCost: false } };
      };
      await move(account, ids, { free: await room.freeSlots(now), decide });
    },

    async back(account, ids, now) {
      const free = ids.length === 0 ? new Map<string, number>() : await room.freeSlots(now);
      if (free.size === 0) return;
      const decide: Decide = async (task) => {
        const ranked = await choice.rank(task);
        if (ranked[0] === account && isUsable(account, now)) return undefined;
        const next = ranked.find(({ name }) => free.has(name) && name !== account.name);
        return next && { type: 'moved', account: next.name, deadlineAt: task.deadlineAt };
      };
      await move(account, ids.slice(0, mostAtOnce), { free, decide });
    },
  };
}

function takeSlot(free: FreeSlots, name: string): void {
  const left = (free.get(name) ?? 0) - 1;
  if (left > 0) free.set(name, left);
  else free.delete(name);
}
