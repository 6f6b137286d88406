import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Policies } from '../points/policies.ts';
import type { Database } from '../storage/database.ts';
import type { Documents } from '../storage/documents.ts';
import type { LedgerEntry } from '../storage/ledger.ts';
import type { Pictures } from '../storage/pictures.ts';
import { isData, isEnded, type Task } from '../task.ts';
import type { Changes } from '../tasks/changes.ts';
import type { Draft, Drafts } from './drafts.ts';
import { inherits, wordsOf } from './inherited-words.ts';

const pageSize = 200;

/** What is known of a person, in whichever server. */
export interface PersonalData {
  /** All of it, as text in JSON. */
  export(userId: string): Promise<string>;
  /**
   * Removes their prompts and pictures, also where others have made something of them, notes about them and by them, and
   * allowances that are no limit. Rows of the ledger stay, since the books have to stay right.
   */
  forget(userId: string): Promise<Forgotten>;
}

export interface Forgotten {
  readonly tasks: number;
  /** Tasks that are not forgotten, since they run or their message is still owed. */
  readonly left: number;
}

export interface PersonalDataDependencies {
  database: Database;
  documents: Pick<Documents, 'emptyLog'>;
  changes: Changes;
  policies: Pick<Policies, 'listAllowances' | 'forgetAllowances'>;
  pictures: Pick<Pictures, 'remove'>;
  drafts: Pick<Drafts, 'listOf' | 'forget'>;
  clock: Clock;
  log: Logger;
}

/** A task with the forgotten words that follow-ups may have of it. */
interface Source {
  readonly task: Task;
  readonly words: ReadonlySet<string>;
}

export function createPersonalData(dependencies: PersonalDataDependencies): PersonalData {
  const { database, documents, changes, policies, pictures, drafts, clock, log } = dependencies;

  /** In pages, so that a person with very many tasks keeps nobody else waiting. */
  async function* pagesOf(userId: string): AsyncGenerator<Task[]> {
    let before: Task | undefined;
    do {
      const page = await database.tasks.listByPerson(userId, { limit: pageSize, before });
      if (page.length > 0) yield page;
      before = page.length === pageSize ? page.at(-1) : undefined;
    } while (before !== undefined);
  }

  async function listBookings(userId: string): Promise<object[]> {
    const records: object[] = [];
    let after: LedgerEntry | undefined;
    do {
      const page = await database.ledger.listAll(userId, { limit: pageSize, after });
      records.push(...page.map(toLedgerRecord));
      after = page.length === pageSize ? page.at(-1) : undefined;
    } while (after !== undefined);
    return records;
  }

  /** What others have made of it keeps its pictures, and loses the words and pictures that were somebody else's. */
  async function forgetInFollowUps(sources: readonly Source[], userId: string): Promise<void> {
    const byId = new Map(sources.map((source) => [source.task.id, source]));
    const heirs = (await database.tasks.listChildren([...byId.keys()])).flatMap((task) => {
      const source = byId.get(task.parentId ?? '');
      return source !== undefined && inherits(task, source.task, source.words)
        ? [{ task, words: source.words }]
        : [];
    });
    if (heirs.length === 0) return;
    const others = heirs.filter(({ task }) => task.origin.userId !== userId);
    await changes.changeAll(
      others.map(({ task }) => ({ id: task.id, event: { type: 'forgotten', isAll: false } })),
    );
    await forgetInFollowUps(heirs, userId);
  }

  async function isForgettable(task: Task): Promise<boolean> {
    return isEnded(task) && !(await database.deliveries.isOwed(task.id));
  }

  /** What was overwritten in the files is still in their logs. */
  async function emptyLogs(userId: string): Promise<void> {
    const areEmpty = [await database.emptyLog(), await documents.emptyLog()];
    if (areEmpty.includes(false))
      log.warn({ userId }, 'a database is being read, so that its log is emptied later: within the hour');
  }

  return {
    async export(userId) {
      const tasks: object[] = [];
      for await (const page of pagesOf(userId)) tasks.push(...page.map(toRecord));
      const allowances = await policies.listAllowances(userId);
      const ledger = await listBookings(userId);
      const unfinished = (await drafts.listOf(userId)).map(toDraftRecord);
      const data = { exportedAt: toTime(clock.now()), userId, allowances, tasks, ledger, unfinished };
      return JSON.stringify(data, undefined, 2);
    },

    async forget(userId) {
      let [tasks, left] = [0, 0];
      for await (const page of pagesOf(userId)) {
        const forgettable: Task[] = [];
        for (const task of page) if (await isForgettable(task)) forgettable.push(task);
        // First, while the words are there by which they are known.
        await forgetInFollowUps(
          forgettable.map((task) => ({ task, words: wordsOf(task) })),
          userId,
        );
        await changes.changeAll(
          forgettable.map(({ id }) => ({ id, event: { type: 'forgotten', isAll: true } })),
        );
        for (const { id } of forgettable) await pictures.remove(id);
        tasks += forgettable.length;
        left += page.length - forgettable.length;
      }
      await drafts.forget(userId);
      await database.ledger.forgetNotes(userId);
      await policies.forgetAllowances(userId);
      await emptyLogs(userId);
      log.info({ userId, tasks, left }, "a person's prompts and pictures are removed");
      return { tasks, left };
    },
  };
}

function toRecord(task: Task) {
  const { request, origin, result, failure } = task;
  const { action, prompt, answer, speed, options, region } = request;
  return {
    id: task.id,
    action,
    state: task.state,
    prompt,
    answer,
    speed,
    options,
    region: region && { cells: region.cells, mask: region.picture?.name },
    points: task.price,
    createdAt: toTime(task.createdAt),
    finishedAt: task.finishedAt === undefined ? undefined : toTime(task.finishedAt),
    server: origin.place.guildId,
    channel: origin.place.channelId,
    message: origin.place.messageId,
    pictures: request.pictures.map(({ name }) => name),
    results: result?.media
      .filter(({ url, isPrivate }) => !isData(url) && isPrivate !== true)
      .map(({ url }) => url),
    texts: result?.text,
    failure: failure && { kind: failure.kind, reason: failure.reason, refusal: failure.refusal },
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

/** What a person began and didn't start. */
function toDraftRecord(draft: Draft) {
  const expiresAt = toTime(draft.expiresAt);
  if (draft.kind === 'window') return { prompt: draft.prompt, expiresAt };
  const { action, prompt, answer, pictures } = draft.request;
  return {
    action,
    prompt,
    answer,
    points: draft.price,
    pictures: pictures.map(({ name }) => name),
    expiresAt,
  };
}

function toTime(at: number): string {
  return new Date(at).toISOString();
}
