import type { ButtonInteraction } from 'discord.js';
import type { Clock } from '../clock.ts';
import type { Target } from '../tasks/message-map.ts';
import type { PrivateMessage, Responder } from './respond.ts';

/** How long the token of a press works, with a minute to spare (Discord docs, receiving-and-responding: 15 minutes). */
const tokenLastsMs = 14 * 60_000;

/** A press on 🗑️ that was answered with a question. Its token removes the message, in places that the bot can't write to, too. */
export interface AskedRemoval {
  readonly target: Target;
  readonly interaction: Pick<ButtonInteraction, 'id' | 'token' | 'applicationId'>;
}

/** Questions whether a result is to be deleted. They're forgotten at a restart. */
export interface Removals {
  ask(
    interaction: ButtonInteraction,
    asked: { target: Target; userId: string },
    question: PrivateMessage,
  ): Promise<void>;
  /** What that person was asked about; `undefined` if it's too long ago. */
  find(taskId: string, userId: string): AskedRemoval | undefined;
}

export function createRemovals({ responder, clock }: { responder: Responder; clock: Clock }): Removals {
  const asked = new Map<string, AskedRemoval & { readonly until: number }>();

  function dropOld(): void {
    for (const [key, { until }] of asked) if (until <= clock.now()) asked.delete(key);
  }

  return {
    async ask(interaction, { target, userId }, question) {
      dropOld();
      await responder.deferUpdate(interaction);
      const { id, token, applicationId } = interaction;
      asked.set(keyOf(target.taskId, userId), {
        target,
        interaction: { id, token, applicationId },
        until: clock.now() + tokenLastsMs,
      });
      await responder.followUpPrivately(interaction, question);
    },
    find(taskId, userId) {
      dropOld();
      return asked.get(keyOf(taskId, userId));
    },
  };
}

function keyOf(taskId: string, userId: string): string {
  return `${taskId}:${userId}`;
}
