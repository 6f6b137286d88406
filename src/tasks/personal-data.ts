import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Database } from '../storage/database.ts';
import type { LedgerEntry } from '../storage/ledger.ts';
import type { Pictures } from '../storage/pictures.ts';
import { isEnded, type Task } from '../task.ts';
import type { Changes } from './changes.ts';

const pageSize = 200;

/** What is known of a person, in whichever server. */
export interface PersonalData {
  /** All of it, as text in JSON. */
  export(userId: string): Promise<string>;
  /** Removes their prompts and pictures; rows of the ledger stay, since the books have to stay right. */
  forget(userId: string): Promise<Forgotten>;
}

export interface Forgotten {
  readonly tasks: number;
  /** Tasks that are not forgotten, since they run or their message is still owed. */
  readonly left: number;
}

export interface PersonalDataDependencies {
  database: Database;
  changes: Changes;
  pictures: Pick<Pictures, 'remove'>;
  clock: Clock;
  log: Logger;
}

export function createPersonalData(dependencies: PersonalDataDependencies): PersonalData {
  const { database, changes, pictures, clock, log } = dependencies;

  /** In pages, so that a person with very many tasks keeps nobody else waiting. */
  async function* pagesOf(userId: string): AsyncGenerator<Task[]> {
    let before: Task | undefined;
    do {
      const page = await database.tasks.listByPerson(userId, { limit: pageSize, before });
      if (page.length > 0) yield page;
      before = page.length === pageSize ? page.at(-1) : undefined;
    } while (before !== undefined);
  }

  /** A follow-up remembers the prompt of its parent, unless somebody has typed another for it. */
  async function forgetInChildren(parents: readonly Task[], userId: string): Promise<void> {
    const children = await database.tasks.listChildren(parents.map(({ id }) => id));
    const heirs = children.filter(
      (task) => task.request.offer !== undefined && task.request.answer === undefined && isEnded(task),
    );
    if (heirs.length === 0) return;
    const others = heirs.filter(({ origin }) => origin.userId !== userId);
    await changes.changeAll(others.map(({ id }) => ({ id, event: { type: 'forgotten', isAll: false } })));
    await forgetInChildren(heirs, userId);
  }

  async function isForgettable(task: Task): Promise<boolean> {
    return isEnded(task) && !(await database.deliveries.isOwed(task.id));
  }

  return {
    async export(userId) {
      const tasks: object[] = [];
      for await (const page of pagesOf(userId)) tasks.push(...page.map(toRecord));
      const ledger = (await database.ledger.listAll(userId)).map(toLedgerRecord);
      return JSON.stringify({ exportedAt: toTime(clock.now()), userId, tasks, ledger }, undefined, 2);
    },

    async forget(userId) {
      let [tasks, left] = [0, 0];
      for await (const page of pagesOf(userId)) {
        const forgettable: Task[] = [];
        for (const task of page) if (await isForgettable(task)) forgettable.push(task);
        await changes.changeAll(
          forgettable.map(({ id }) => ({ id, event: { type: 'forgotten', isAll: true } })),
        );
        await forgetInChildren(forgettable, userId);
        for (const { id } of forgettable) await pictures.remove(id);
        tasks += forgettable.length;
        left += page.length - forgettable.length;
      }
      log.info({ userId, tasks, left }, "a person's prompts and pictures are removed");
      return { tasks, left };
    },
  };
}

function toRecord(task: Task) {
  const { request, origin, result } = task;
  return {
    id: task.id,
    action: request.action,
    state: task.state,
    prompt: request.prompt,
    speed: request.speed,
    points: task.price,
    createdAt: toTime(task.createdAt),
    finishedAt: task.finishedAt === undefined ? undefined : toTime(task.finishedAt),
    server: origin.place.guildId,
    channel: origin.place.channelId,
    message: origin.place.messageId,
    pictures: request.pictures.map(({ name }) => name),
    texts: result?.text,
  };
}

function toLedgerRecord({
  kind,
  book,
  taskId,
  allowancePart,
  grantPart,
  period,
  createdAt,
  note,
}: LedgerEntry) {
  return { kind, server: book, taskId, allowancePart, grantPart, period, at: toTime(createdAt), note };
}

function toTime(at: number): string {
  return new Date(at).toISOString();
}
