import type { Clock } from '../clock.ts';
import type { PaintedMasks } from '../inputs/painted-masks.ts';
import type { Logger } from '../log.ts';
import type { Policies } from '../points/policies.ts';
import { refKey } from '../providers/provider.ts';
import type { Database } from '../storage/database.ts';
import type { Documents } from '../storage/documents.ts';
import type { LedgerEntry } from '../storage/ledger.ts';
import type { Pictures } from '../storage/pictures.ts';
import type { Block } from '../storage/settings-document.ts';
import { type Facts, isData, isEnded, type Task, type TaskRequest } from '../task.ts';
import type { Changes } from '../tasks/changes.ts';
import type { Draft, Drafts } from './drafts.ts';
import { inherits, wordsOf } from './inherited-words.ts';
import type { Preferences } from './preferences.ts';

const pageSize = 200;

/** What the bot stores about a person, in all servers. */
export interface PersonalData {
  /** Returns all of it as JSON. */
  export(userId: string): Promise<string>;
  /**
   * Removes their prompts and pictures, even from what others made of them; their preferences and
   * favorites; notes about them and by them; and their own allowances, unless those are limits. Ledger rows stay, so that the books add up.
   */
  forget(userId: string): Promise<Forgotten>;
}

export interface Forgotten {
  readonly tasks: number;
  /** How many tasks aren't forgotten, because they're unfinished or their message is still owed. */
  readonly left: number;
}

export interface PersonalDataDependencies {
  database: Database;
  documents: Pick<Documents, 'emptyLog'>;
  changes: Changes;
  policies: Pick<Policies, 'listAllowances' | 'listBlocks' | 'forgetAllowances'>;
  pictures: Pick<Pictures, 'remove'>;
  drafts: Pick<Drafts, 'listOf' | 'forget' | 'forgetFollowUps'>;
  paintedMasks: Pick<PaintedMasks, 'forget'>;
  preferences: Pick<Preferences, 'read' | 'forget'>;
  clock: Clock;
  log: Logger;
}

/** A task, and its forgotten words that follow-ups may contain. */
interface Source {
  readonly task: Task;
  readonly words: ReadonlySet<string>;
}

export function createPersonalData(dependencies: PersonalDataDependencies): PersonalData {
  const { database, documents, changes, policies, pictures, drafts, paintedMasks } = dependencies;
  const { preferences, clock, log } = dependencies;

  /** Reads in pages, so that a person with a great many tasks doesn't keep others waiting. */
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

  /** What others made from these tasks keeps its own pictures, but loses the words and pictures that weren't theirs. */
  async function forgetInFollowUps(sources: readonly Source[], userId: string): Promise<void> {
    const byId = new Map(sources.map((source) => [source.task.id, source]));
    await drafts.forgetFollowUps(new Set(byId.keys()));
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

  /** What was overwritten in the databases is still in their logs. */
  async function emptyLogs(userId: string): Promise<void> {
    const areEmpty = [await database.emptyLog(), await documents.emptyLog()];
    if (areEmpty.includes(false))
      log.warn({ userId }, 'a database is being read, so its log will be emptied later, within the hour');
  }

  return {
    async export(userId) {
      const tasks: object[] = [];
      for await (const page of pagesOf(userId)) tasks.push(...page.map(toRecord));
      const allowances = await policies.listAllowances(userId);
      const blocks = Object.entries(await policies.listBlocks(userId)).map(toBlockRecord);
      const ledger = await listBookings(userId);
      const unfinished = (await drafts.listOf(userId)).map(toDraftRecord);
      const favorites = (await database.favorites.listAll(userId)).map(toFavoriteRecord);
      const own = await preferences.read(userId);
      const exportedAt = toTime(clock.now());
      const about = { exportedAt, userId, preferences: own, allowances, blocks, favorites };
      const data = { ...about, tasks, ledger, unfinished };
      return JSON.stringify(data, undefined, 2);
    },

    async forget(userId) {
      let [tasks, left] = [0, 0];
      for await (const page of pagesOf(userId)) {
        const forgettable: Task[] = [];
        for (const task of page) if (await isForgettable(task)) forgettable.push(task);
        // Follow-ups first, while the words that they're recognized by are still there.
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
      await paintedMasks.forget(userId);
      await database.favorites.forget(userId);
      await preferences.forget(userId);
      await database.ledger.forgetNotes(userId);
      await policies.forgetAllowances(userId);
      await emptyLogs(userId);
      log.info({ userId, tasks, left }, "a person's prompts and pictures are removed");
      return { tasks, left };
    },
  };
}

function toRecord(task: Task) {
  const { request, origin, result, failure, facts, ref } = task;
  return {
    id: task.id,
    state: task.state,
    ...toRequestRecord(request),
    account: task.account,
    providerId: ref === undefined ? undefined : refKey(ref),
    points: task.price,
    createdAt: toTime(task.createdAt),
    finishedAt: task.finishedAt === undefined ? undefined : toTime(task.finishedAt),
    server: origin.place.guildId,
    channel: origin.place.channelId,
    message: origin.place.messageId,
    private: origin.place.isPrivate,
    results: result?.media
      .filter(({ url, isPrivate }) => !isData(url) && isPrivate !== true)
      .map(({ url }) => url),
    texts: result?.text,
    weighed: result?.weighed,
    told: facts && toFactsRecord(facts, request),
    failure: failure && { kind: failure.kind, reason: failure.reason, refusal: failure.refusal },
  };
}

/** What it cost the operator isn't about the person, and what an API translated may have a server's hidden suffix in it. */
function toFactsRecord(
  { cost: _, promptEnglish, submittedAt, startedAt, finishedAt, ...told }: Facts,
  { hidden }: TaskRequest,
) {
  const english = hidden === undefined ? { promptEnglish } : {};
  const times = Object.entries({ submittedAt, startedAt, finishedAt });
  return {
    ...english,
    ...told,
    ...Object.fromEntries(times.flatMap(([name, at]) => (at === undefined ? [] : [[name, toTime(at)]]))),
  };
}

function toRequestRecord({ action, prompt, typed, answer, speed, options, region, pictures }: TaskRequest) {
  return {
    action,
    prompt,
    typed,
    answer,
    speed,
    options,
    region: region && {
      cells: region.cells,
      cellsPerSide: region.cellsPerSide,
      mask: region.picture?.name,
      painted: region.painted === undefined ? undefined : true,
    },
    pictures: pictures.map(({ name }) => name),
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

/** Who decided it is about somebody else. */
function toBlockRecord([server, { at, until, reason }]: [string, Block]) {
  return { server, at: toTime(at), until: until === undefined ? undefined : toTime(until), reason };
}

function toFavoriteRecord({ taskId, at }: { taskId: string; at: number }) {
  return { taskId, at: toTime(at) };
}

/** What a person began and didn't start. */
function toDraftRecord(draft: Draft) {
  const facts = { channel: draft.channelId, expiresAt: toTime(draft.expiresAt) };
  if (draft.kind === 'menu')
    return { action: draft.action, pictures: draft.pictures.map(({ name }) => name), ...facts };
  if (draft.kind === 'window' || draft.kind === 'page') return { prompt: draft.prompt, ...facts };
  const corrected = draft.kind === 'words' ? { corrected: draft.corrected.prompt } : {};
  return { ...toRequestRecord(draft.request), ...corrected, points: draft.price, ...facts };
}

function toTime(at: number): string {
  return new Date(at).toISOString();
}
