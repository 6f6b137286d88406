import type { Mutant } from '../mutant.ts';

const tests = ['test/runner/all-busy.test.ts'];
const moves = { file: 'src/runner/moves.ts', tests };
const outcomes = { file: 'src/runner/outcomes.ts', tests };
const apply = { file: 'src/apply.ts', tests };
const lost = { file: 'src/tracker/lost.ts', tests: ['test/tracker/lost-answers.test.ts'] };

/** Where tasks wait if every account is busy. */
export const busy: readonly Mutant[] = [
  {
    ...outcomes,
    name: 'outcomes: a task waits at the last account that asked it to',
    find: 'rests.find(({ at }) => at <= soonest + shortPauseMs) ?? own',
    replace: 'own',
    breaks: 'Everybody waits behind the account that can do the least.',
  },
  {
    ...outcomes,
    name: 'outcomes: a task waits for the first account however long its pause is',
    find: 'at <= soonest + shortPauseMs',
    replace: 'at <= soonest + 1e9',
    breaks: 'A task waits ten minutes although another account takes it in one.',
  },
  {
    ...outcomes,
    name: 'outcomes: 503 counts as full',
    find: "error.kind === 'busy' && error.status !== 503",
    replace: "error.kind === 'busy'",
    breaks: 'A second 503 of the same gateway makes a lost task of one that another account would take.',
  },
  {
    ...outcomes,
    name: 'outcomes: a refusal is forgotten if no other account can be chosen',
    find: 'return readOr(task, reading, undefined);',
    replace: 'return reading;',
    breaks: 'A refused task waits for its deadline because the database failed for a moment.',
    tests: ['test/runner/failover.test.ts'],
  },
  {
    ...apply,
    name: 'apply: an account that said 503 is asked again once the task waits elsewhere',
    find: '...(status === 503 ? refusedBy(task, false) : {})',
    replace: '',
    breaks: 'A gateway that may have taken a task is asked again.',
  },
  {
    ...apply,
    name: 'apply: accounts count as full forever',
    find: "...waitingAt(without(task, 'saidFull'), event),",
    replace: '...waitingAt(task, event),',
    breaks: 'After a pause only one account is asked again.',
  },
  {
    ...moves,
    name: 'moves: a burst spreads although its first choice takes tasks',
    find: 'if (ranked[0] === account && isUsable(account, now)) return undefined;',
    replace: '',
    breaks: 'The account that the operator prefers is passed over as soon as its slots are taken.',
  },
  {
    ...moves,
    name: 'moves: all go to the same free slot',
    find: "if (event.type === 'moved') takeSlot(free, event.account);",
    replace: '',
    breaks: 'A burst queues up at one account while another has free slots.',
  },
];

/** What a task whose answer was lost may be taken for, and when its points come back. */
export const lostAnswers: readonly Mutant[] = [
  {
    ...lost,
    name: 'lost: it is guessed at between two',
    find: 'free.length === 1 &&',
    replace: 'free.length > 0 &&',
    breaks: 'Somebody gets a picture that may be a stranger’s.',
  },
  {
    ...lost,
    name: 'lost: a task that somebody else has counts as found',
    find: '!taken.has(refKey(ref))',
    replace: 'true',
    breaks: 'Two people pay for one picture.',
  },
  {
    ...lost,
    name: 'lost: of two who may have sent it, the first gets it',
    find: '!rivals.some((rival) => mayHaveSent(rival, since))',
    replace: 'true',
    breaks: 'The task of somebody whose answer is under way is given to somebody else.',
  },
  {
    ...lost,
    name: 'lost: pictures count for nothing',
    find: 'request.pictures.length === 0 &&',
    replace: '',
    breaks: 'A task with other pictures is taken for it.',
  },
  {
    ...lost,
    name: 'lost: points come back at the deadline only',
    find: 'Math.min(task.deadlineAt, Math.max(dueAt, now + leastWaitMs))',
    replace: 'task.deadlineAt',
    breaks: 'Points are gone for an hour.',
  },
  {
    ...lost,
    name: 'lost: points come back before it was searched for',
    find: 'Math.max(dueAt, now + leastWaitMs)',
    replace: 'dueAt',
    breaks: 'A task that the API lists is refunded at once.',
  },
  {
    ...lost,
    name: 'lost: the time counts from a restart',
    find: 'Math.min(task.submittedAt ?? now, now) + lostAfterMs',
    replace: 'now + lostAfterMs',
    breaks: 'Each restart puts off the points.',
  },
  {
    ...lost,
    name: 'lost: the search goes on forever',
    find: 'now - (task.finishedAt ?? now) > lateForMs ? undefined :',
    replace: '',
    breaks: 'Every lost task is searched for every five minutes, for good.',
  },
  {
    name: 'apply: a lost task is found although nobody wants it',
    file: 'src/apply.ts',
    find: 'isLost(task) && task.nextLookAt !== undefined',
    replace: 'isLost(task)',
    breaks: 'A message that its person removed comes back.',
    tests: ['test/task-steps.test.ts'],
  },
  {
    name: 'storage: a clock that was set back parks the points of lost tasks',
    file: 'src/storage/due-tasks.ts',
    find: '.set({ deadline_at: lost })',
    replace: '.set({ deadline_at: 1e15 })',
    breaks: 'Points come back a day late.',
    tests: ['test/tracker/lost-answers.test.ts'],
  },
  {
    name: 'storage: a finished task is nobody’s',
    file: 'src/storage/due-tasks.ts',
    find: '...(await readTasks(endedSince.where(isDone))),',
    replace: '',
    breaks: 'A picture that somebody already has is shown to somebody else, who pays for it.',
    tests: ['test/storage/database.test.ts'],
  },
  {
    name: 'an API without a turbo account is in trouble',
    file: 'src/providers/mj-proxy/refusals.ts',
    find: 'mayLieInRequest: needsOneOfSome,',
    replace: 'mayLieInRequest: false,',
    breaks: 'If two people ask for turbo where no account has it, nobody gets a fast picture for a while.',
    tests: ['test/providers/mj-proxy-others.test.ts'],
  },
];
