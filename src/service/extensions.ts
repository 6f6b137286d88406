import { UserError } from '../errors.ts';
import { takeVideoFlags, type VideoOptions } from '../prompt/video.ts';
import type { TaskOptions } from '../task.ts';
import type { MessageMap, Target } from '../tasks/message-map.ts';
import { toPressRequest } from './press-prices.ts';
import type { ChoosePressSpeed } from './press-speeds.ts';
import type { Presses } from './presses.ts';
import type { Opened, Starts, TaskCaller } from './start.ts';
import { isExtension, isStillOffered, longestSeconds } from './video-length.ts';

/** What to ask for before a video is extended with other words. */
export interface ExtensionWindow {
  /** The words that it was made with. */
  readonly prompt: string;
  /** The numbers of the clips to choose from; only one if there's no choice. */
  readonly clips: readonly number[];
}

/** What was sent with the window. It doesn't prove a right. */
export interface ExtensionWish {
  readonly prompt: string;
  readonly motion: NonNullable<TaskOptions['motion']>;
  /** The number of a clip; the only one if it's `undefined`. */
  readonly clip?: number;
}

/** How a video is extended with other words, as with Midjourney's own **Extend Manual**. */
export interface Extensions {
  /** Refuses what the person may not start before they type anything. */
  windowFor(target: Target, caller: TaskCaller): Promise<ExtensionWindow>;
  start(target: Target, wish: ExtensionWish, caller: TaskCaller): Promise<Opened>;
}

export function createExtensions({
  messageMap,
  presses,
  starts,
  choosePressSpeed,
}: {
  messageMap: Pick<MessageMap, 'require'>;
  presses: Pick<Presses, 'act'>;
  starts: Pick<Starts, 'requireAllowed'>;
  choosePressSpeed: ChoosePressSpeed;
}): Extensions {
  /** Returns the task, and its offers that take words, each with its number. */
  async function readOffers(target: Target, userId: string) {
    const task = await messageMap.require(target, userId);
    if (task.emptied === 'all') throw new UserError('task-emptied');
    const offers = (task.result?.offers ?? []).flatMap((offer, number) =>
      isExtension(offer.action) && offer.takesWords === true ? [{ offer, number }] : [],
    );
    const [first] = offers;
    if (first === undefined) throw new UserError('unknown-component');
    if (!isStillOffered(task, first.offer)) throw new UserError('video-longest', { seconds: longestSeconds });
    return { task, first, offers };
  }

  return {
    async windowFor(target, { asker }) {
      const { task, first, offers } = await readOffers(target, asker.userId);
      const lineage = { parentId: task.id, parentOffer: first.number };
      const speed = await choosePressSpeed(task, first.offer, asker.userId);
      await starts.requireAllowed(
        { ...toPressRequest(task, first.offer), speed },
        asker,
        task.account,
        lineage,
      );
      const clips = new Set(offers.map(({ offer }) => offer.index ?? 1));
      return { prompt: task.request.prompt, clips: [...clips] };
    },

    async start(target, { prompt, motion: chosen, clip }, caller) {
      const { first, offers } = await readOffers(target, caller.asker.userId);
      const { text, options } = takeVideoFlags<VideoOptions>(prompt, { motion: chosen });
      const { motion = chosen, isLoop = false, clips } = options;
      // It has as many as the video that it extends.
      if (clips !== undefined) throw new UserError('unpriced', { part: `--bs ${clips}` });
      const found = offers.find(
        ({ offer }) => offer.action === `extend-${motion}` && offer.index === (clip ?? first.offer.index),
      );
      if (found === undefined) throw new UserError('unknown-component');
      const words = isLoop ? `${text} --loop`.trim() : text;
      return presses.act({ ...target, offer: found.number, prompt: words }, caller);
    },
  };
}
