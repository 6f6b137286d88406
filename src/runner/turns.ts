import { personKey, type Waiting } from '../storage/waiting.ts';

/**
 * Puts the queue in order: next is always the oldest task of the person with the fewest in flight, so that nobody's tenth task
 * comes before somebody else's first. `waiting` is oldest first; `inFlight` counts by {@link personKey}.
 */
export function takeTurns(waiting: readonly Waiting[], inFlight: ReadonlyMap<string, number>): Waiting[] {
  const turns = new Map(inFlight);
  const withTurn = waiting.map((task) => {
    const turn = turns.get(personKey(task)) ?? 0;
    turns.set(personKey(task), turn + 1);
    return { task, turn };
  });
  return withTurn.sort((a, b) => a.turn - b.turn).map(({ task }) => task);
}

/** Whether the account is already working on the same words. */
export function isTwin({ promptKey }: Waiting, prompts: ReadonlySet<string>): boolean {
  return promptKey !== undefined && prompts.has(promptKey);
}
