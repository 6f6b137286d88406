import { cutText } from '../clean-text.ts';
import { UserError } from '../errors.ts';
import { composePrompt, dropSpeeds, maxPromptLength, takeSpeed } from '../prompt/compose.ts';
import type { Task } from '../task.ts';
import type { MessageMap, Target } from '../tasks/message-map.ts';
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
  /** Returns the prompt to edit. Refuses what the person may not start before they type anything. */
  read(press: ProposalPress, caller: TaskCaller): Promise<{ prompt: string }>;
  /** Starts an imagine with the edited prompt. */
  imagine(press: ProposalPress & { prompt: string }, caller: TaskCaller): Promise<Opened>;
}

export function createProposals({
  messageMap,
  starts,
}: {
  messageMap: MessageMap;
  starts: Starts;
}): Proposals {
  async function find({ index, ...target }: ProposalPress): Promise<{ task: Task; text: string }> {
    const task = await messageMap.require(target);
    if (task.emptied !== undefined) throw new UserError('task-emptied');
    const text = task.result?.text?.[index];
    if (text === undefined) throw new UserError('unknown-component');
    return { task, text };
  }

  return {
    async read(press, { asker }) {
      const { task, text } = await find(press);
      await starts.requireAllowed({ action: 'imagine', speed: task.request.speed }, asker);
      return { prompt: cutText(dropSpeeds(text), maxPromptLength) };
    },
    async imagine(press, caller) {
      const { task } = await find(press);
      const { text, speed = task.request.speed } = takeSpeed(press.prompt, undefined);
      const request = { action: 'imagine', prompt: composePrompt(text), speed, pictures: [] } as const;
      return starts.open(request, undefined, caller, {
        parentId: task.id,
        parentOffer: firstProposal - press.index,
        parentMessageId: press.messageId,
      });
    },
  };
}
