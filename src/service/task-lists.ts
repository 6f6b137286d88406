import { cleanText, cutText } from '../clean-text.ts';
import { UserError } from '../errors.ts';
import type { Database } from '../storage/database.ts';
import type { Task } from '../task.ts';
import { listActionsOf, type ResultKind } from './result-kinds.ts';

export const listFilters = ['mine', 'favorites', 'running', 'failed'] as const;
export type ListFilter = (typeof listFilters)[number];

/** Nobody turns more pages, and each one that is skipped takes a moment. */
export const mostPage = 1_000;
/** How many characters of words to search for: they have to fit into the id of a button. */
export const longestSearch = 80;
const pageSize = 10;
/** How many suggestions Discord shows. */
const mostSuggested = 25;

/** A page of a list to show, or of what was found. */
export type Listing =
  | { readonly filter: ListFilter; readonly kind?: ResultKind | undefined; readonly page: number }
  | { readonly words: string; readonly page: number };

export interface TaskList {
  readonly listing: Listing;
  readonly tasks: readonly ListedTask[];
  readonly hasMore: boolean;
  /** Whether a search doesn't know all older tasks yet. */
  readonly isCatchingUp: boolean;
  /** How many days prompts and pictures are kept. */
  readonly keptDays: number;
}

export interface ListedTask {
  readonly task: Task;
  readonly isOwn: boolean;
  readonly isFavorite: boolean;
}

/** A person's own tasks, and what they marked as favorites. Nobody sees anybody else's list, not even operators. */
export interface TaskLists {
  /** Returns a page, newest first. Throws a `UserError` if there's no word to search for. */
  read(listing: Listing, userId: string): Promise<TaskList>;
  /** Returns prompts of the person that have the words they typed, each cut to what can be searched for. */
  suggest(userId: string, typed: string): Promise<string[]>;
}

export function createTaskLists({
  database,
  retentionDays,
}: {
  database: Pick<Database, 'tasks' | 'favorites' | 'taskWords'>;
  retentionDays: number;
}): TaskLists {
  const { tasks, favorites, taskWords } = database;

  async function readTasks(listing: Listing, userId: string): Promise<Task[]> {
    const page = { limit: pageSize + 1, offset: (listing.page - 1) * pageSize };
    if ('words' in listing) {
      const found = await taskWords.search(userId, listing.words, page);
      if (found === undefined) throw new UserError('search-empty');
      return found;
    }
    const { filter, kind } = listing;
    const ofKind = kind === undefined ? page : { ...page, actions: listActionsOf(kind) };
    if (filter === 'favorites') return favorites.listTasks(userId, ofKind);
    const states = filter === 'running' ? 'unfinished' : filter === 'failed' ? 'failed' : undefined;
    return tasks.listPage(userId, { ...ofKind, states });
  }

  return {
    async read(asked, userId) {
      const listing = toPossible(asked);
      const found = await readTasks(listing, userId);
      const shown = found.slice(0, pageSize);
      const ids = shown.map(({ id }) => id);
      const marked = new Set(await favorites.listAmong(userId, ids));
      return {
        listing,
        tasks: shown.map((task) => toListed(task, { userId, isFavorite: marked.has(task.id) })),
        hasMore: found.length > pageSize && listing.page < mostPage,
        isCatchingUp: 'words' in listing && (await taskWords.isBehind()),
        keptDays: retentionDays,
      };
    },
    async suggest(userId, typed) {
      const page = { limit: mostSuggested, offset: 0 };
      const found =
        (await taskWords.search(userId, typed, page)) ?? (await tasks.listPage(userId, { ...page }));
      const prompts = found.map(({ request }) => cutToWords(request.prompt)).filter((text) => text !== '');
      return [...new Set(prompts)];
    },
  };
}

/** A button could ask for any page, and an old list of commands for any number of words. */
function toPossible(listing: Listing): Listing {
  const page = Math.min(Math.max(1, Math.trunc(listing.page)), mostPage);
  return 'words' in listing
    ? { words: cutText(cleanText(listing.words), longestSearch).trim(), page }
    : { ...listing, page };
}

/** What somebody else has deleted isn't shown to others any longer. */
function toListed(task: Task, { userId, isFavorite }: { userId: string; isFavorite: boolean }): ListedTask {
  const isOwn = task.origin.userId === userId;
  const isHidden = !isOwn && task.removedAt !== undefined;
  const shown = isHidden ? { ...task, request: { ...task.request, prompt: '' } } : task;
  return { task: shown, isOwn, isFavorite };
}

function cutToWords(prompt: string): string {
  const text = cleanText(prompt);
  if (text.length <= longestSearch) return text;
  const cut = cutText(text, longestSearch);
  const end = cut.lastIndexOf(' ');
  return end > 0 ? cut.slice(0, end) : cut;
}
