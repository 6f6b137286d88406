import type { Mutant } from '../mutant.ts';

const tracker = { file: 'src/runner/tracker.ts', tests: ['test/runner/tracker.test.ts'] };
const relay = ['test/tasks/relay.test.ts'];
const service = 'src/service/presses.ts';
const recovery = { file: 'src/runner/recovery.ts', tests: ['test/runner/recovery.test.ts'] };
const callbacks = { file: 'src/runner/callbacks.ts', tests: ['test/runner/callbacks.test.ts'] };

/** What is learned of tasks that run, and what a restart finds. */
export const looking: readonly Mutant[] = [
  {
    ...tracker,
    name: 'tracker: a look has no limit',
    find: 'AbortSignal.any([stopping.signal, AbortSignal.timeout(lookTimeoutMs)])',
    replace: 'stopping.signal',
    breaks: 'A provider that never answers keeps its tasks from their deadline.',
  },
  {
    ...tracker,
    name: 'tracker: a stop does not end a look',
    find: 'AbortSignal.any([stopping.signal, AbortSignal.timeout(lookTimeoutMs)])',
    replace: 'AbortSignal.timeout(lookTimeoutMs)',
    breaks: 'The bot stops a minute late.',
  },
  {
    ...tracker,
    name: 'tracker: a task counts as forgotten at once',
    find: 'now - task.missingSince >= forgottenAfterMs',
    replace: 'now - task.missingSince >= 0',
    breaks: 'A gateway that forgets a task for a moment costs its result.',
    tests: relay,
  },
  {
    ...tracker,
    name: 'tracker: failures are counted for ever',
    find: 'account.failures = 0;',
    replace: '',
    breaks: 'After a few single failures over days, an account is asked once a minute.',
  },
  {
    ...tracker,
    name: 'tracker: a late result is looked for without an end',
    find: '> lateForMs ||',
    replace: '> lateForMs * 1_000 ||',
    breaks: 'What was given up is asked about for years.',
  },
  {
    ...tracker,
    name: 'tracker: only the first fifty are looked at',
    find: 'start < tasks.length; start += account',
    replace: 'start < 1; start += account',
    breaks: 'The 51st task is looked at a moment later.',
    tests: relay,
    meansNothing: 'the others are still due, and the next round, a fifth of a second later, takes them',
  },
  {
    ...tracker,
    name: 'tracker: a question that nobody answers has failed',
    find: "if (task.state === 'asking') return { type: 'cancelled' };",
    replace: '',
    breaks: 'Who does not answer reads that their task may have cost the operator something.',
    tests: ['test/tasks/answers.test.ts'],
  },
  {
    ...tracker,
    name: 'tracker: news during a look are lost',
    find: 'hints.isNews(task.id) ? hints.give(task.id, now) :',
    replace: 'false ? hints.give(task.id, now) :',
    breaks: 'A callback that comes during a look brings no other one.',
    tests: callbacks.tests,
  },
  {
    ...callbacks,
    name: 'callbacks: a signature that has run out serves',
    find: 'Number.parseInt(deadline, 36) > now',
    replace: 'Number.parseInt(deadline, 36) > 0',
    breaks: 'An address that leaked from a log can be called for ever.',
  },
  {
    ...callbacks,
    name: 'callbacks: any signature of the right length serves',
    find: 'timingSafeEqual(given, right)',
    replace: 'true',
    breaks: 'Strangers make the bot ask its providers.',
  },
  {
    ...callbacks,
    name: 'callbacks: a signature holds for every task',
    find: "JSON.stringify(['callback', account, task, deadline])",
    replace: "JSON.stringify(['callback', account, deadline])",
    breaks: 'Who knows one address can make all others.',
  },
  {
    ...callbacks,
    name: 'callbacks: an account speaks of tasks that left it',
    find: 'account === undefined || task?.account !== account.name',
    replace: 'account === undefined || task === undefined',
    breaks: 'The account before brings its own result for a task that another one makes.',
  },
  {
    name: 'changes: a refund for what is done',
    file: 'src/tasks/changes.ts',
    find: "if (task.state !== 'done') await refund",
    replace: "if (task.state === 'failed') await refund",
    breaks: 'A cancelled task keeps its points.',
    tests: ['test/tasks/answers.test.ts'],
  },
  {
    name: 'changes: everybody is pinged',
    file: 'src/tasks/changes.ts',
    find: 'now - task.createdAt > mentionAfterMs',
    replace: 'now - task.createdAt > 0',
    breaks: 'Each result pings its owner.',
    tests: relay,
  },
  {
    ...recovery,
    name: 'recovery: a cancel is not asked for again',
    find: 'if (account !== undefined) cancelling.ask(task, account);',
    replace: '',
    breaks: 'A task that its owner cancelled right before a restart runs on.',
  },
  {
    ...recovery,
    name: 'recovery: submits that were under way are not lost',
    find: "await changes.change(task.id, canFind ? { type: 'lost', nextLookAt: clock.now() } : { type: 'lost' });",
    replace: 'void canFind;',
    breaks: 'After a crash an account’s places are taken until the deadlines.',
  },
  {
    ...recovery,
    name: 'recovery: looks are as far off as before',
    find: 'await clampDue(dependencies, 0);',
    replace: '',
    breaks: 'A result that is there is shown minutes after a restart.',
  },
  {
    ...recovery,
    name: 'recovery: messages are as far off as before',
    find: 'await database.deliveries.clampDue(clock.now());',
    replace: '',
    breaks: 'What a new configuration lets through waits for an hour.',
  },
  {
    ...recovery,
    name: 'recovery: nothing that waits is taken up',
    find: 'for (const account of accounts.all) lanes.wake(account.name);',
    replace: '',
    breaks: 'What waited before a restart waits until somebody starts another task.',
  },
  {
    ...recovery,
    name: 'recovery: a question is forgotten',
    find: "for (const task of await database.tasks.listByState('asking')) changes.announce(task);",
    replace: '',
    breaks: 'An answer that was given before is never sent.',
    tests: ['test/tasks/answers.test.ts'],
  },
];
