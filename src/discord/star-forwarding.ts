import { MessageReferenceType } from 'discord.js';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { createLoop, type Loop } from '../loop.ts';
import { isForwardable, type OwedStar, type Stars } from '../service/stars.ts';
import { adviceFor, type EditResult, type Edits } from './edits.ts';
import type { RenderedForward } from './render/message.ts';
import { noMentions } from './respond.ts';

const longestSleepMs = 60_000;
const afterFailureMs = 5_000;
const mostAtOnce = 20;
/** For a channel that the bot may not write to; it's told once, and may be put right. */
const forbiddenEveryMs = 60 * 60_000;
const giveUpAfterMs = 24 * 60 * 60_000;

export interface StarForwardingDependencies {
  stars: Omit<Stars, 'consider' | 'expect'>;
  edits: Pick<Edits, 'post' | 'remove' | 'isAgeRestricted'>;
  /** Tells a server's administrators that the bot may not write to the star channel. */
  tellUnwritable: (book: string, channelId: string) => void;
  clock: Clock;
  log: Logger;
}

/** Forwards what people like to the star channels, and takes back what was deleted. */
export function createStarForwarding(dependencies: StarForwardingDependencies): Loop {
  const { stars, edits, tellUnwritable, clock, log } = dependencies;
  /** Channels whose trouble was told, until something arrives there. */
  const told = new Set<string>();
  const loop = createLoop({
    clock,
    async round() {
      for (const star of await stars.listDue(mostAtOnce)) await take(star);
      return stars.nextDueAt();
    },
    onError(error) {
      log.error({ error }, 'the star channels could not be looked after');
      return clock.now() + afterFailureMs;
    },
    longestSleepMs,
    shortestSleepMs: 100,
  });
  stars.listen(() => loop.wake());

  async function take(star: OwedStar): Promise<void> {
    if (star.state === 'withdrawn') return takeBack(star);
    const { task, channelId } = star;
    if (!isForwardable(task)) return stars.end(task.id);
    // Discord refuses it, too (160010); what adults see in their channel must not depend on that.
    const isForAdults = task.origin.isAgeRestricted === true;
    if (isForAdults && !(await edits.isAgeRestricted(channelId))) {
      log.info(
        { taskId: task.id },
        'a result of an age-restricted channel is not forwarded to one for everybody',
      );
      return stars.end(task.id);
    }
    await conclude(star, await edits.post(channelId, toForward(star)));
  }

  async function conclude(star: OwedStar, result: EditResult): Promise<void> {
    const { task, channelId, createdAt } = star;
    if (result.outcome === 'done') {
      told.delete(channelId);
      log.info({ taskId: task.id }, 'forwarded to the star channel');
      return stars.settle(task.id, result.messageId);
    }
    const facts = { taskId: task.id, channelId, error: result.error, outcome: result.outcome };
    const isFinal = result.outcome === 'refused' || result.outcome === 'gone';
    if (isFinal || clock.now() - createdAt >= giveUpAfterMs) {
      log.warn(facts, 'a result is not forwarded to the star channel, for good');
      return stars.end(task.id);
    }
    if (result.outcome === 'forbidden' && !told.has(channelId)) {
      told.add(channelId);
      log.warn({ ...facts, advice: adviceFor(result.error) }, 'the bot cannot write to a star channel');
      tellUnwritable(task.origin.book, channelId);
    }
    await stars.postpone(task.id, result.outcome === 'forbidden' ? forbiddenEveryMs : toPause(star, result));
  }

  /** Its result is gone, so its message in the star channel goes, too. */
  async function takeBack(star: OwedStar): Promise<void> {
    const { task, channelId, messageId, createdAt } = star;
    if (messageId === undefined) return stars.end(task.id);
    const result = await edits.remove({ channelId, messageId });
    const isOver = clock.now() - createdAt >= giveUpAfterMs && result.outcome === 'forbidden';
    if (result.outcome === 'done' || result.outcome === 'gone' || isOver) return stars.end(task.id);
    log.warn(
      { taskId: task.id, error: result.error },
      'a message in a star channel could not be removed yet',
    );
    await stars.postpone(task.id, toPause(star, result));
  }

  return loop;
}

function toForward({ task }: OwedStar): RenderedForward {
  const { guildId = '', channelId, messageId = '' } = task.origin.place;
  return {
    message_reference: {
      type: MessageReferenceType.Forward,
      guild_id: guildId,
      channel_id: channelId,
      message_id: messageId,
      fail_if_not_exists: true,
    },
    // Sent twice, because the bot died in between, it's one message (Discord docs, Create Message: `enforce_nonce`).
    nonce: `star-${task.id}`,
    enforce_nonce: true,
    allowed_mentions: noMentions as { parse: never[] },
  };
}

function toPause({ attempts }: OwedStar, { retryAfterMs }: EditResult): number {
  return retryAfterMs ?? Math.min(300_000, 2_000 * 2 ** Math.min(attempts, 8));
}
