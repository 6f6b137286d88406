import { UserError } from '../errors.ts';
import type { Policies } from '../points/policies.ts';
import { limitsOf } from '../points/server-rules.ts';
import type { Tasks } from '../storage/tasks.ts';
import { type Person, personKey } from '../storage/waiting.ts';

/** Seeds being asked for: each counts as one of the tasks that a person may have at the providers at a time. */
export interface SeedSlots {
  /** Returns how many the person is asking for. */
  countOf(person: Person): number;
  /** Throws a `UserError` if the person already has as much at the providers as they may. */
  run<Result>(person: Person, work: () => Promise<Result>): Promise<Result>;
}

export function createSeedSlots({
  tasks,
  policies,
  now,
}: {
  tasks: Pick<Tasks, 'countInFlightByPerson'>;
  policies: Pick<Policies, 'read'>;
  now: () => number;
}): SeedSlots {
  const counts = new Map<string, number>();
  const countOf = (person: Person) => counts.get(personKey(person)) ?? 0;

  function add(person: Person, more: 1 | -1): number {
    const count = countOf(person) + more;
    if (count === 0) counts.delete(personKey(person));
    else counts.set(personKey(person), count);
    return count;
  }

  return {
    countOf,
    async run(person, work) {
      const { personRunning: running } = limitsOf((await policies.read(person.book)).book);
      if (countOf(person) >= running) throw new UserError('seed-too-many', { running });
      // Counted before the next wait, so that simultaneous presses see each other.
      const seeds = add(person, 1);
      try {
        const inFlight = await tasks.countInFlightByPerson([person], now());
        if ((inFlight.get(personKey(person)) ?? 0) + seeds > running)
          throw new UserError('seed-too-many', { running });
        return await work();
      } finally {
        add(person, -1);
      }
    },
  };
}
