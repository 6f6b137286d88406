import { cleanText, cutText } from '../clean-text.ts';
import type { Clock } from '../clock.ts';
import { UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Named } from '../points/administration.ts';
import type { Policies } from '../points/policies.ts';
import { type Asker, directBook, type Settings } from '../points/policy.ts';
import type { Cancelling } from '../runner/cancelling.ts';
import type { Database } from '../storage/database.ts';
import type { Block } from '../storage/settings-document.ts';

/** In characters. */
export const longestReason = 100;
/** How many people can be blocked on a server: settings are read with each press. */
const mostBlocked = 500;

const minuteMs = 60_000;
const unitsMs = { m: minuteMs, h: 60 * minuteMs, d: 1_440 * minuteMs, w: 10_080 * minuteMs } as const;
const longestMs = 366 * unitsMs.d;

export interface BlockWish {
  readonly reason?: string | undefined;
  /** As it was typed, like `7d`; until somebody lifts it if absent. */
  readonly duration?: string | undefined;
  /** Whether to cancel what they have running and waiting here. */
  readonly cancelsTasks: boolean;
}

/** Somebody who is blocked. */
export interface BlockedPerson extends Block {
  readonly userId: string;
}

/** What a block did to the person's tasks, if they were to be canceled. */
export interface StoppedTasks {
  readonly stopped: number;
  /** How many are too far along, or are at an API that can't cancel. */
  readonly left: number;
}

/** What somebody did about a block. */
export interface BlockNews {
  readonly book: string;
  readonly actorId: string;
  readonly userId: string;
  /** Absent if it was lifted. */
  readonly block?: Block;
}

/** Who may not use the bot on a server. Each call checks the asker's right again, or throws a `UserError`. */
export interface Blocks {
  /** Blocks somebody; if they already are, this replaces how long and why. */
  add(
    asker: Asker,
    person: Named,
    wish: BlockWish,
  ): Promise<{ person: BlockedPerson; tasks: StoppedTasks | undefined }>;
  remove(asker: Asker, userId: string): Promise<void>;
  /** The last one comes first. */
  list(asker: Asker): Promise<readonly BlockedPerson[]>;
  /** Calls back after each block that was saved or lifted. */
  listen(listener: (news: BlockNews) => void): void;
}

export function createBlocks({
  policies,
  database,
  cancelling,
  clock,
  log,
}: {
  policies: Pick<Policies, 'requireRight' | 'update'>;
  database: Pick<Database, 'tasks'>;
  cancelling: Pick<Cancelling, 'cancel'>;
  clock: Pick<Clock, 'now'>;
  log: Logger;
}): Blocks {
  const listeners: ((news: BlockNews) => void)[] = [];

  async function requireRight(asker: Asker): Promise<Settings> {
    const settings = await policies.requireRight(asker, 'administer');
    if (asker.book === directBook) throw new UserError('servers-only');
    return settings;
  }

  function tell({ book, userId: actorId }: Asker, userId: string, block?: Block): void {
    log.info(
      { book, actorId, userId, until: block?.until },
      block ? 'somebody is blocked' : 'a block is lifted',
    );
    for (const listener of listeners)
      listener({ book, actorId, userId, ...(block === undefined ? {} : { block }) });
  }

  /** The points come back as they do when the person cancels. */
  async function stopTasks(book: string, userId: string): Promise<StoppedTasks> {
    let [stopped, left] = [0, 0];
    for (const task of await database.tasks.listUnfinished({ book, userId })) {
      try {
        await cancelling.cancel(task, true);
        stopped += 1;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        left += 1;
      }
    }
    return { stopped, left };
  }

  return {
    async add(asker, person, { reason, duration, cancelsTasks }) {
      const settings = await requireRight(asker);
      refuseUnblockable(settings, asker, person);
      const { userId } = person;
      const at = clock.now();
      const until = duration === undefined ? undefined : at + readDuration(duration);
      const said = cutText(cleanText(reason ?? ''), longestReason);
      const block: Block = {
        at,
        by: asker.userId,
        ...(until === undefined ? {} : { until }),
        ...(said === '' ? {} : { reason: said }),
      };
      const change = (book: Settings['book']) => {
        const blocked = { ...book.blocked, [userId]: block };
        if (Object.keys(blocked).length > mostBlocked)
          throw new UserError('blocks-full', { limit: mostBlocked });
        return { ...book, blocked };
      };
      await policies.update(asker.book, change, asker.userId);
      tell(asker, userId, block);
      const tasks = cancelsTasks ? await stopTasks(asker.book, userId) : undefined;
      return { person: { userId, ...block }, tasks };
    },
    async remove(asker, userId) {
      await requireRight(asker);
      const change = ({ blocked = {}, ...book }: Settings['book']) => {
        if (!Object.hasOwn(blocked, userId)) throw new UserError('not-blocked', { userId });
        const { [userId]: _lifted, ...others } = blocked;
        return Object.keys(others).length === 0 ? book : { ...book, blocked: others };
      };
      await policies.update(asker.book, change, asker.userId);
      tell(asker, userId);
    },
    async list(asker) {
      const { blocked = {} } = (await requireRight(asker)).book;
      const people = Object.entries(blocked).map(([userId, block]) => ({ userId, ...block }));
      return people.toSorted((one, other) => other.at - one.at);
    },
    listen: (listener) => void listeners.push(listener),
  };
}

function refuseUnblockable(settings: Settings, asker: Asker, person: Named): void {
  const who = findExempt(settings, asker, person);
  if (who !== undefined) throw new UserError('not-blockable', { who });
}

function findExempt(settings: Settings, asker: Asker, { userId, isBot, isAdministrator }: Named) {
  if (isBot) return 'bot';
  if (userId === asker.userId) return 'self';
  if (settings.operator.operatorIds.has(userId)) return 'operator';
  return isAdministrator === true ? 'administrator' : undefined;
}

/** Returns milliseconds. Throws a `UserError` if it isn't a whole number with a unit, or is too long. */
function readDuration(text: string): number {
  const [, count = '', unit = ''] = /^\s*(\d{1,6})\s*([mhdw])\s*$/iu.exec(text) ?? [];
  const ms = Number(count) * (unitsMs[unit.toLowerCase() as keyof typeof unitsMs] ?? 0);
  if (ms > 0 && ms <= longestMs) return ms;
  throw new UserError('duration-malformed', { value: text });
}
