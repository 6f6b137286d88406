import { UserError } from '../errors.ts';
import type { Policies } from '../points/policies.ts';
import { type Asker, isOperator } from '../points/policy.ts';
import { refKey } from '../providers/provider.ts';
import type { Database } from '../storage/database.ts';
import { isHiddenFrom, type Task } from '../task.ts';
import type { MessageMap } from '../tasks/message-map.ts';
import { findNamedTask, searchTasks } from './task-search.ts';

/** What is known about a task, as far as the person who asks may know it. */
export interface TaskCard {
  /** Without what it cost the operator, unless an operator asks. */
  readonly task: Task;
  /** What the provider calls it, so that its support can be asked; only for operators. */
  readonly providerId?: string;
  /** What it was made from. */
  readonly parent?: Task;
  /** What else was made from the same one, oldest first. */
  readonly siblings: readonly Task[];
  /** What was made from it, oldest first. */
  readonly children: readonly Task[];
  readonly isOwn: boolean;
  /** Whether it's a favorite of the person who asks. */
  readonly isFavorite: boolean;
}

/** Everything about one task. */
export interface TaskCards {
  /**
   * Returns the card of one of the person's tasks, named by its id or by the link or id of its message; operators may name
   * anybody's that isn't private. Throws a `UserError` for any other.
   */
  read(named: string, asker: Asker): Promise<TaskCard>;
  /** The same for the task that a message shows. */
  readShown(messageId: string, asker: Asker): Promise<TaskCard>;
  /** Returns the person's tasks that match what was typed, newest first. */
  suggest(userId: string, typed: string): Promise<Task[]>;
}

export function createTaskCards({
  database,
  messageMap,
  policies,
}: {
  database: Pick<Database, 'tasks' | 'taskWords' | 'favorites'>;
  messageMap: Pick<MessageMap, 'find'>;
  policies: Pick<Policies, 'read'>;
}): TaskCards {
  async function listChildrenOf(id: string | undefined): Promise<Task[]> {
    const children = id === undefined ? [] : await database.tasks.listChildren([id]);
    return children.toSorted((one, other) => one.createdAt - other.createdAt);
  }

  async function toCard(
    found: Task | undefined,
    asker: Asker,
    refusals: Readonly<Record<'missing' | 'foreign', 'task-unknown' | 'message-without-task' | 'not-yours'>>,
  ): Promise<TaskCard> {
    const isForOperator = isOperator(await policies.read(asker.book), asker);
    // Not even operators see what somebody wanted to see alone.
    if (found === undefined || isHiddenFrom(found, asker.userId)) throw new UserError(refusals.missing);
    if (!(isForOperator || found.origin.userId === asker.userId)) throw new UserError(refusals.foreign);
    const { id, parentId, ref } = found;
    const isShown = (task: Task) => !isHiddenFrom(task, asker.userId);
    const parent = parentId === undefined ? undefined : await database.tasks.get(parentId);
    const siblings = await listChildrenOf(parentId);
    const children = await listChildrenOf(id);
    const favorites = await database.favorites.listAmong(asker.userId, [id]);
    return {
      task: isForOperator ? found : withoutCost(found),
      ...(isForOperator && ref !== undefined ? { providerId: refKey(ref) } : {}),
      ...(parent === undefined || !isShown(parent) ? {} : { parent }),
      siblings: siblings.filter((sibling) => sibling.id !== id && isShown(sibling)),
      children: children.filter(isShown),
      isOwn: found.origin.userId === asker.userId,
      isFavorite: favorites.length > 0,
    };
  }

  return {
    async read(named, asker) {
      const found = await findNamedTask(named, { database, messageMap });
      return toCard(found, asker, { missing: 'task-unknown', foreign: 'task-unknown' });
    },
    async readShown(messageId, asker) {
      const found = await messageMap.find(messageId);
      return toCard(found, asker, { missing: 'message-without-task', foreign: 'not-yours' });
    },
    suggest: (userId, typed) => searchTasks(database, { userId, typed, isWanted: () => true }),
  };
}

function withoutCost({ facts, ...task }: Task): Task {
  if (facts === undefined) return task;
  const { cost: _, ...others } = facts;
  return { ...task, facts: others };
}
