import { personKey, type Waiting } from '../storage/waiting.ts';

/**
 * The order of the queue: always the oldest task of whoever has the fewest in flight, so that nobody's tenth
 * task stands before another's first. `waiting` comes oldest first; `inFlight` counts by {@link personKey}.
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

/** Whether the same words are being made for somebody already. */
export function isTwin({ promptKey }: Waiting, prompts: ReadonlySet<string>): boolean {
  return promptKey !== undefined && prompts.has(promptKey);
}
