import type { Mutant } from '../mutant.ts';

const runner = ['test/runner/limits.test.ts'];
const accounts = ['test/accounts/limits.test.ts'];
const limits = { file: 'src/accounts/limits.ts', tests: accounts };
const spending = { file: 'src/accounts/spending.ts', tests: accounts };
const lane = { file: 'src/runner/lane.ts', tests: runner };

/** What an operator lets an account do. */
export const accountLimits: readonly Mutant[] = [
  {
    ...limits,
    name: 'limits: the task at hand does not count',
    find: 'spent(now) + besides + price > dailyPoints',
    replace: 'spent(now) + besides >= dailyPoints',
    breaks: 'The last task of a day spends more than the account may.',
  },
  {
    ...spending,
    name: 'limits: a lost answer costs nothing',
    find: "refundOf(task) === 'person-and-month'",
    replace: 'true',
    breaks: 'A provider that loses answers is paid again and again, past the limit.',
  },
  {
    ...spending,
    name: 'limits: a task counts twice',
    find: 'if (before !== undefined) count(before, -1);',
    replace: '',
    breaks: 'Each look at a task uses up the day.',
  },
  {
    name: 'limits: a start forgets what was spent',
    file: 'src/relay.ts',
    find: 'await accounts.spending.recall(database, clock.now());',
    replace: '',
    breaks: 'Each crash opens the account for another day of points.',
    tests: runner,
  },
  {
    ...lane,
    name: 'limits: what is about to be submitted does not count',
    find: 'besides += task.price;',
    replace: '',
    breaks: 'Many who ask at once spend more than the account may.',
  },
  {
    ...lane,
    name: 'limits: what waits knows no limits',
    find: 'account.limits.closing({ price: task.price, besides }, now) !== undefined',
    replace: 'besides < 0',
    breaks: 'What was asked for in the same second is submitted past the limit.',
  },
  {
    name: 'limits: buttons know no limits',
    file: 'src/accounts/choose.ts',
    find: 'if (closing !== undefined) throw toClosed([closing]);',
    replace: '',
    breaks: 'A press is charged, and refunded a moment later.',
    tests: runner,
  },
  {
    name: 'limits: relax mode is never offered',
    file: 'src/service/relax-offer.ts',
    find: "request.speed === 'relax') return;",
    replace: "request.speed === 'relax' || true) return;",
    breaks: 'Nobody learns that relax mode still works.',
    tests: runner,
  },
  {
    name: 'limits: relax mode is offered for a price that nobody has published, without saying so',
    file: 'src/service/start.ts',
    find: 'guess: findGuessAt(account, used) }',
    replace: 'guess: undefined }',
    breaks: 'People agree to an estimate as if it were a price.',
    tests: runner,
  },
];
