import type { Media, Offer, Ref, Update } from '../../task.ts';
import { mostMedia } from '../foreign-words.ts';
import type { MjTask } from './task.ts';

/** How long one of several may wait for its turn once the others have ended. */
const longestTurnMs = 10 * 60_000;

/**
 * The ids behind a ref. "Imagine all" starts a task for each prompt, and trueai-org's answers with all of their ids, joined
 * by commas (TaskService.cs, `SubmitAction`); no midjourney-proxy has a comma in an id.
 */
export function idsOf(ref: Ref): string[] {
  const id = ref['id'] ?? '';
  const ids = id.split(',').filter((one) => one !== '');
  return ids.length > 1 ? ids : [id];
}

/** Whether a task is one of several that have our reference with their number: `ours::2` (same place). */
export function isPartOf(state: string | null | undefined, reference: string): boolean {
  return state?.startsWith(`${reference}::`) === true && /^\d{1,2}$/u.test(state.slice(reference.length + 2));
}

/**
 * What is known about tasks that count as one: they go on as long as any of them does, and what some have made is the result
 * even if others failed. `undefined` if none of them is known.
 */
export function mergeUpdates(all: readonly (Update | undefined)[]): Update | undefined {
  const [first] = all;
  if (all.length === 1) return first;
  const known = all.filter((update) => update !== undefined);
  const open = known.filter((update) => update.state === 'running' || update.state === 'asking');
  if (open.length > 0) return { state: 'running', progress: averageOf(all) };
  // A gateway without whole pictures has four for each prompt.
  const media = known.flatMap((update) => (update.state === 'done' ? update.media : [])).slice(0, mostMedia);
  if (media.length > 0) return { state: 'done', media, offers: toLocalOffers(media) };
  return known.find(({ state }) => state === 'failed') ?? known[0];
}

/** Finds tasks that nobody will begin. */
export interface Stranded {
  /** Returns their ids, of tasks that count as one under that key and were just read. */
  among(key: string, tasks: readonly MjTask[], read: ReadonlyMap<string, Update>): readonly string[];
}

/**
 * If its queue is full, trueai-org's names the task that it turned down among those that it began, and that one stays in its
 * list as `NOT_START` (TaskService.cs, `SubmitAction`; DiscordService.cs, `RedisEnqueue`). The queue keeps its order, so what
 * still waits long after the others have ended isn't in it. Without this, what they made would be lost at the deadline.
 */
export function createStranded(now: () => number): Stranded {
  const waitingSince = new Map<string, number>();
  return {
    among(key, tasks, read) {
      const waiting = tasks.filter(({ status }) => /^not_start$/iu.test(status ?? '')).map(({ id }) => id);
      const others = [...read].filter(([id]) => !waiting.includes(id)).map(([, { state }]) => state);
      const isLeft =
        waiting.length > 0 &&
        others.includes('done') &&
        others.every((state) => state === 'done' || state === 'failed');
      const since = isLeft ? (waitingSince.get(key) ?? now()) : undefined;
      if (since === undefined || now() - since >= longestTurnMs) waitingSince.delete(key);
      else waitingSince.set(key, since);
      return since !== undefined && !waitingSince.has(key) ? waiting : [];
    },
  };
}

/** Whole percents; what has ended counts as all of its part. */
function averageOf(all: readonly (Update | undefined)[]): number {
  const parts = all.map((update) => {
    if (update === undefined) return 0;
    return update.state === 'running' ? (update.progress ?? 0) : update.state === 'asking' ? 0 : 100;
  });
  return Math.floor(parts.reduce((sum, part) => sum + part, 0) / Math.max(1, all.length));
}

/** Each set on its own. Their buttons would be four times the same, and each is another task's. */
function toLocalOffers(media: readonly Media[]): Offer[] {
  return media.map((_, index) => ({ action: 'upscale', index: index + 1, token: '', isLocal: true }));
}
