import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { UserError } from '../errors.ts';
import type { Documents, StoredDraft } from '../storage/documents.ts';
import type { Place } from '../task.ts';

const minute = 60_000;
/**
 * How long somebody can come back to what they have begun: Discord serves the files of an interaction for longer. A prompt is
 * corrected at once, or not at all.
 */
const draftLifeMs: Readonly<Record<StoredDraft['kind'], number>> = {
  price: 60 * minute,
  window: 60 * minute,
  menu: 60 * minute,
  words: 15 * minute,
  page: 15 * minute,
};

export type Draft = StoredDraft;
type Kept<Kind extends Draft['kind']> = Extract<Draft, { kind: Kind }>;
type New<One> = One extends Draft ? Omit<One, 'expiresAt'> : never;

/** Where somebody was when they began it. */
export function toDraftPlace(place: Place): Pick<Draft, 'channelId' | 'isOpenToBot' | 'isPrivate'> {
  const { channelId, isOpenToBot, isPrivate = false } = place;
  return { channelId, isOpenToBot, isPrivate };
}

/** What people have begun and not decided yet; it costs nothing, and outlives a restart. */
export interface Drafts {
  /** Returns the id of the draft. Only that person ever gets it back. */
  keep(userId: string, draft: New<Draft>): Promise<string>;
  /** Throws a `UserError` if there's no such draft of theirs any more. */
  require<Kind extends Draft['kind']>(id: string, userId: string, kind: Kind): Promise<Kept<Kind>>;
  /** The same; `undefined` if there's none. */
  find<Kind extends Draft['kind']>(id: string, userId: string, kind: Kind): Promise<Kept<Kind> | undefined>;
  /** What the person has begun. */
  listOf(userId: string): Promise<Draft[]>;
  forget(userId: string): Promise<void>;
  /** Deletes what anybody has begun with the buttons of these tasks: it has their words. */
  forgetFollowUps(taskIds: ReadonlySet<string>): Promise<void>;
  /** Deletes those that are too old. */
  sweep(): Promise<void>;
}

export function createDrafts({
  documents: { drafts },
  clock,
}: {
  documents: Pick<Documents, 'drafts'>;
  clock: Pick<Clock, 'now'>;
}): Drafts {
  const keyOf = (userId: string, id: string) => `${userId}:${id}`;

  async function find<Kind extends Draft['kind']>(id: string, userId: string, kind: Kind) {
    const draft = await drafts.get(keyOf(userId, id));
    if (draft?.kind !== kind || draft.expiresAt <= clock.now()) return undefined;
    return draft as Kept<Kind>;
  }

  async function listKeysOf(userId: string): Promise<string[]> {
    return (await drafts.listKeys()).filter((key) => key.startsWith(keyOf(userId, '')));
  }

  async function deleteIf(isUnwanted: (draft: Draft | undefined) => boolean): Promise<void> {
    for (const key of await drafts.listKeys())
      if (isUnwanted(await drafts.get(key))) await drafts.delete(key);
  }

  return {
    async keep(userId, draft) {
      const id = randomBytes(12).toString('base64url');
      await drafts.set(keyOf(userId, id), {
        ...draft,
        expiresAt: clock.now() + draftLifeMs[draft.kind],
      } as Draft);
      return id;
    },
    async require(id, userId, kind) {
      const draft = await find(id, userId, kind);
      if (draft === undefined) throw new UserError('draft-gone');
      return draft;
    },
    find,
    async listOf(userId) {
      const keys = await listKeysOf(userId);
      const found = await Promise.all(keys.map((key) => drafts.get(key)));
      return found.filter((draft) => draft !== undefined);
    },
    async forget(userId) {
      for (const key of await listKeysOf(userId)) await drafts.delete(key);
    },
    forgetFollowUps: (taskIds) =>
      deleteIf((draft) => draft !== undefined && taskIds.has(sourceOf(draft) ?? '')),
    sweep: () => deleteIf((draft) => draft === undefined || draft.expiresAt <= clock.now()),
  };
}

/** Returns the task whose button was pressed, if one was. */
function sourceOf(draft: Draft): string | undefined {
  if (draft.kind === 'page') return draft.work.kind === 'offer' ? draft.work.taskId : draft.work.parentId;
  return draft.kind === 'window' ? draft.taskId : draft.parentId;
}
