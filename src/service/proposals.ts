import { cutText } from '../clean-text.ts';
import { UserError } from '../errors.ts';
import { combinePrompt, type PromptDefaults } from '../prompt/combine.ts';
import { dropSpeeds, maxPromptLength } from '../prompt/compose.ts';
import type { Speed, Task } from '../task.ts';
import type { MessageMap, Target } from '../tasks/message-map.ts';
import type { Preferences } from './preferences.ts';
import type { Opened, Starts, TaskCaller } from './start.ts';

/** The provider's offers count up from 0; proposals count down from here. */
const firstProposal = -100;

/** A press on the button of one proposal. */
export interface ProposalPress extends Target {
  /** Which of the proposed prompts, from 0. */
  readonly index: number;
}

/**
 * Prompts that a describe or a shorten found, and pictures made from them. They don't need the provider that found them, so
 * any account that can imagine will do.
 */
export interface Proposals {
  /** Returns the prompt to edit, with what the person's preferences add. Refuses what the person may not start before they type anything. */
  read(press: ProposalPress, caller: TaskCaller): Promise<{ prompt: string }>;
  /** Starts an imagine with the edited prompt. */
  imagine(press: ProposalPress & { prompt: string }, caller: TaskCaller): Promise<Opened>;
}

export function createProposals({
  messageMap,
  preferences,
  starts,
}: {
  messageMap: MessageMap;
  preferences: Pick<Preferences, 'read'>;
  starts: Starts;
}): Proposals {
  async function find(
    { index, ...target }: ProposalPress,
    userId: string,
  ): Promise<{ task: Task; text: string }> {
    const task = await messageMap.require(target, userId);
    if (task.emptied !== undefined) throw new UserError('task-emptied');
    const text = task.result?.text?.[index];
    if (text === undefined) throw new UserError('unknown-component');
    return { task, text };
  }

  return {
    async read(press, { asker }) {
      const { task, text } = await find(press, asker.userId);
      const lineage = { parentId: task.id, parentOffer: firstProposal - press.index };
      const request = { action: 'imagine', speed: task.request.speed } as const;
      await starts.requireAllowed(request, asker, undefined, lineage);
      const own = await preferences.read(asker.userId);
      return { prompt: cutText(addDefaults(dropSpeeds(text), own, task.request.speed), maxPromptLength) };
    },
    async imagine(press, caller) {
      const { task } = await find(press, caller.asker.userId);
      // The window showed everything else that the person has set, so what they took out stays out.
      const { presets } = await preferences.read(caller.asker.userId);
      const defaults = { presets, speed: task.request.speed };
      const { prompt, speed } = combinePrompt({ text: press.prompt }, defaults);
      const request = { action: 'imagine', prompt, speed, pictures: [] } as const;
      return starts.open(request, undefined, caller, {
        parentId: task.id,
        parentOffer: firstProposal - press.index,
        parentMessageId: press.messageId,
      });
    },
  };
}

/** What was found may be too long for that, or may not be a prompt at all: then it's shown as it is. */
function addDefaults(text: string, own: PromptDefaults, usual: Speed): string {
  try {
    const { prompt, speed } = combinePrompt({ text }, { speed: usual, ...own });
    return speed === usual ? prompt : `${prompt} --${speed}`;
  } catch (error) {
    if (error instanceof UserError) return text;
    throw error;
  }
}
