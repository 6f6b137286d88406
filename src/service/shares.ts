import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { UserError } from '../errors.ts';
import type { Policies } from '../points/policies.ts';
import { directBook } from '../points/policy.ts';
import type { Database } from '../storage/database.ts';
import { hasResult, type Origin, type Place, queueTimeoutMs, type Task } from '../task.ts';
import type { Changes } from '../tasks/changes.ts';
import type { MessageMap, Target } from '../tasks/message-map.ts';
import type { CanBeShown } from './shown-again.ts';
import type { Opened, TaskCaller } from './start.ts';

/** What may be done in the channel that somebody is in, next to answering them. */
export interface ChannelAccess {
  /** Whether the bot can edit an answer there that everybody sees, even without the token. */
  readonly isOpenToBot: boolean;
  /** Whether a new message may be sent there: by the bot or, if it isn't a member, for the person. */
  readonly takesMessages: boolean;
}

/** The owner of a private result, and where they are. */
export type Sharer = TaskCaller & { readonly channel: ChannelAccess };

/**
 * How private results leave their message: as copies, which are free, have messages and buttons of their own, and stay when the
 * private one is deleted. Only the owner of a result starts one.
 */
export interface Shares {
  /** Starts the copy that everybody in the channel sees, once. Throws a `UserError` if it may not be sent there. */
  publish(target: Target, sharer: Sharer): Promise<Opened>;
  /** Throws a `UserError` if there's nothing to share, or not for that person. */
  require(target: Target, userId: string): Promise<void>;
  /**
   * Starts the copy for that channel, which is between the bot and the owner. It has no buttons if the owner may not use the bot
   * in direct messages.
   */
  copyTo(target: Target, channelId: string, sharer: TaskCaller): Promise<Opened>;
  /** The same for a result that its owner wants to be told of directly, once. */
  copyOnce(source: Task, channelId: string): Promise<Opened>;
}

/** The numbers of these buttons among a task's offers. */
const publishOffer = -2;
const directOffer = -3;
/** What Discord takes where nobody has said that it takes more. */
const uploadLimitBytes = 10 * 1024 * 1024;

export function createShares({
  database,
  messageMap,
  policies,
  changes,
  canBeShown,
  clock,
}: {
  database: Pick<Database, 'tasks'>;
  messageMap: Pick<MessageMap, 'require'>;
  policies: Pick<Policies, 'read' | 'admit'>;
  changes: Pick<Changes, 'open'>;
  canBeShown: CanBeShown;
  clock: Pick<Clock, 'now'>;
}): Shares {
  async function read(target: Target, userId: string): Promise<Task> {
    const task = await messageMap.require(target, userId);
    if (task.origin.place.isPrivate !== true || !hasResult(task)) throw new UserError('unknown-component');
    if (task.emptied === 'all') throw new UserError('task-emptied');
    if (!(await canBeShown(task))) throw new UserError('result-gone');
    return task;
  }

  async function open(
    source: Task,
    { id, isOnce, offer }: { id: string; isOnce: boolean; offer: number },
    { asker, origin }: TaskCaller,
  ): Promise<Opened> {
    const now = clock.now();
    const copy: Task = {
      id,
      revision: 1,
      state: 'queued',
      request: toCopyRequest(source),
      account: source.account,
      origin,
      price: 0,
      createdAt: now,
      deadlineAt: now + queueTimeoutMs,
      ...(source.adjustments === undefined ? {} : { adjustments: source.adjustments }),
      parentId: source.id,
      parentOffer: offer,
    };
    return changes.open(copy, { settings: await policies.read(asker.book), asker }, { isOnce });
  }

  async function copyTo(source: Task, channelId: string, owner: TaskCaller): Promise<Opened> {
    const { applicationId, locale } = owner.origin.place;
    const isMute = !(await mayPressDirectly(owner));
    const place: Place = {
      applicationId,
      channelId,
      locale,
      uploadLimitBytes,
      tokenExpiresAt: 0, // it's sent by the bot itself
      isOpenToBot: true,
      isDirect: true,
      ...(isMute ? { hasNoButtons: true } : {}),
    };
    const id = randomBytes(12).toString('base64url');
    const origin: Origin = { ...owner.origin, place };
    return open(source, { id, isOnce: false, offer: directOffer }, { ...owner, origin });
  }

  async function mayPressDirectly({ asker }: TaskCaller): Promise<boolean> {
    try {
      await policies.admit({ ...asker, book: directBook, roleIds: [], isAdministrator: false });
      return true;
    } catch (error) {
      if (error instanceof UserError) return false;
      throw error;
    }
  }

  return {
    async publish(target, sharer) {
      const source = await read(target, sharer.origin.userId);
      if (!sharer.channel.takesMessages) throw new UserError('publish-forbidden');
      const children = await database.tasks.listChildren([source.id]);
      const published = children.filter(({ parentOffer }) => parentOffer === publishOffer);
      const shown = published.find(({ state }) => state !== 'failed' && state !== 'cancelled');
      if (shown !== undefined) throw new UserError('already-published', { place: shown.origin.place });
      const id = toOnceId(source.id, published.length);
      const place = toPublicPlace(sharer);
      const caller = { ...sharer, origin: { ...sharer.origin, place } };
      return open(source, { id, isOnce: true, offer: publishOffer }, caller);
    },
    async require(target, userId) {
      await read(target, userId);
    },
    async copyTo(target, channelId, sharer) {
      return copyTo(await read(target, sharer.origin.userId), channelId, sharer);
    },
    async copyOnce(source, channelId) {
      const { userId, book } = source.origin;
      const asker = { userId, book, roleIds: [], isAdministrator: false };
      // No interaction asks for it, so it has a name of its own, by which a second one is found.
      const origin = { ...source.origin, interactionId: `told:${source.id}` };
      return copyTo(source, channelId, { asker, origin });
    },
  };
}

/** A copy has all of the result, even if the result was one picture that was taken out of a set here. */
function toCopyRequest({ id, request: { offer, ...request } }: Task): Task['request'] {
  const { isLocal: _, ...pressed } = offer ?? { isLocal: false };
  return { ...request, ...(offer === undefined ? {} : { offer: pressed as typeof offer }), copyOf: id };
}

/** The answer to the press goes to the channel. It doesn't stand below the private message, which others don't see. */
function toPublicPlace({ origin, channel }: Sharer): Place {
  const { isPrivate: _, repliesTo: _repliesTo, ...place } = origin.place;
  return { ...place, isOpenToBot: channel.isOpenToBot };
}

/** The same for two presses at once, so that the second one finds the first; another one after a copy that came to nothing. */
function toOnceId(sourceId: string, failures: number): string {
  return createHash('sha256').update(`publish:${sourceId}:${failures}`).digest('base64url').slice(0, 16);
}
