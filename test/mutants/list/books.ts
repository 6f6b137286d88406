import type { Mutant } from '../mutant.ts';

const policy = { file: 'src/points/policy.ts', tests: ['test/points/policy.test.ts'] };
const period = { file: 'src/points/period.ts', tests: ['test/points/points.test.ts'] };
const charge = { file: 'src/points/charge.ts', tests: ['test/points/points.test.ts'] };
const bookFile = { file: 'src/points/bookings.ts', tests: ['test/points/refund-parts.test.ts'] };
const ledger = 'src/storage/ledger.ts';
const administration = {
  file: 'src/points/administration.ts',
  tests: ['test/points/administration.test.ts'],
};
const database = ['test/storage/database.test.ts'];

/** Who may spend how much, and what the books say. */
export const books: readonly Mutant[] = [
  {
    ...charge,
    name: 'charge: grants are taken first',
    find: 'Math.min(price, Math.max(0, purse.allowance - purse.spent))',
    replace: 'Math.max(0, price - purse.granted)',
    breaks: 'Points that never expire are spent before those that do.',
  },
  {
    ...charge,
    name: 'charge: the last point cannot be spent',
    find: 'grantPart > Math.max(0, purse.granted)',
    replace: 'grantPart >= Math.max(1, purse.granted)',
    breaks: 'A person with exactly enough points is refused.',
  },
  {
    ...charge,
    name: 'charge: what unfinished tasks hold is reset, too',
    find: 'purse.spent - heldByUnfinished',
    replace: 'purse.spent',
    breaks: 'A reset while a task runs gives its points back twice.',
  },
  {
    ...period,
    name: 'period: the month begins where the server is',
    find: "{ unit: 'month', timeZone: 'UTC' }",
    replace: "{ unit: 'month', timeZone: 'Asia/Shanghai' }",
    breaks: 'The operator’s budget begins eight hours early.',
  },
  {
    ...period,
    name: 'period: the week ends on Monday night',
    find: 'next: first.add({ weeks: 1 })',
    replace: 'next: first.add({ days: 8 })',
    breaks: 'Points come back a day late, under the key of the next week.',
  },
  {
    ...period,
    name: 'period: a moment before the latest period is in it',
    find: 'known.startsAt <= at && ',
    replace: '',
    breaks: 'A refund after midnight is booked into the new day.',
  },
  {
    ...period,
    name: 'period: at New Year the week has the year of its day',
    find: 'today.yearOfWeek',
    replace: 'today.year',
    breaks: 'The first days of January share a key with the last week of the year after.',
  },
  {
    ...policy,
    name: 'policy: one task more than a person may have',
    find: 'standing.unfinished + count > personRunning',
    replace: 'standing.unfinished + count > 1 + personRunning',
    breaks: 'Eleven tasks of one person wait.',
  },
  {
    ...policy,
    name: 'policy: the lowest role counts',
    find: 'Math.max(...byRole)',
    replace: 'Math.min(...byRole)',
    breaks: 'A second role takes points away.',
  },
  {
    ...policy,
    name: 'policy: the first role counts',
    find: 'Math.max(...byRole)',
    replace: '(byRole[0] ?? 0)',
    breaks: 'What somebody may spend depends on the order in which Discord lists their roles.',
  },
  {
    ...policy,
    name: 'policy: the higher of two limits counts',
    find: 'Math.min(ceiling, budget)',
    replace: 'Math.max(ceiling, budget)',
    breaks: 'Administrators raise what the operator has capped.',
  },
  {
    ...policy,
    name: 'policy: the last point of a server cannot be spent',
    find: 'if (price > left)',
    replace: 'if (price >= left)',
    breaks: 'A server that has exactly enough left is refused.',
  },
  {
    ...policy,
    name: 'policy: administrators decide for the operator',
    find: "to === 'operate' || asker.book === directBook",
    replace: 'asker.book === directBook',
    breaks: 'Administrators choose accounts and see balances.',
  },
  {
    ...policy,
    name: 'policy: everybody may use it directly',
    find: 'allowsDirect && isAdmitted',
    replace: 'allowsDirect',
    breaks: 'Strangers use the bot in direct messages.',
  },
  {
    ...policy,
    name: 'policy: what is free has no limits',
    find: 'if (price === 0) return refuseLimits(standing, count) ?? allowed();',
    replace: 'if (price === 0) return allowed();',
    breaks: 'A thousand presses on a free button wait in the queue.',
  },
  {
    ...bookFile,
    name: 'books: a refund gives everything to the allowance',
    find: 'grantPart: isPersons ? 0 - charged.grantPart : 0,',
    replace: 'grantPart: 0,',
    breaks: 'Granted points are lost when a task fails.',
  },
  {
    ...bookFile,
    name: 'books: a refund goes to the period of its day',
    find: '    ...charged,\n',
    replace: '    ...charged,\n    period: new Date(now).toISOString().slice(0, 10),\n',
    breaks: 'Yesterday’s failed task adds to today’s allowance.',
  },
  {
    name: 'ledger: a row is written twice',
    file: ledger,
    find: "conflict.column('id').doNothing()",
    replace: "conflict.column('id').doUpdateSet({ note: 'again' })",
    breaks: 'A command that Discord delivers twice says that it granted twice.',
    tests: database,
  },
  {
    name: 'ledger: a server’s month counts grants as spending',
    file: 'src/storage/migrations/0008-sums.ts',
    find: "where ${row}.kind in ('charge', 'refund')",
    replace: 'where true',
    breaks: 'Granting points to people gives the server room in its month.',
    tests: [...database, 'test/storage/audit.test.ts'],
  },
  {
    name: 'ledger: the second page is the first',
    file: ledger,
    find: '.offset(offset)',
    replace: '.offset(0)',
    breaks: 'Nobody sees a history’s older rows.',
    tests: ['test/points/administration.test.ts'],
  },
  {
    name: 'ledger: held points of other periods count',
    file: ledger,
    find: 'rows.filter((row) => row.period === period)',
    replace: 'rows',
    breaks: 'A reset keeps points that a task from last week holds.',
    tests: database,
  },
  {
    ...administration,
    name: 'administration: anybody reads others’ history',
    find: 'if (userId !== asker.userId) await administer(asker);',
    replace: '',
    breaks: 'A button id with another person’s id shows what they spent.',
  },
  {
    ...administration,
    name: 'administration: administrators raise what operators capped',
    find: 'points > ceiling)',
    replace: 'points > ceiling * 10)',
    breaks: 'A server spends more of the operator’s money than they allowed.',
  },
  {
    ...administration,
    name: 'administration: the cap itself cannot be set',
    find: 'points > ceiling)',
    replace: 'points >= ceiling)',
    breaks: 'A value that the sentence allows is refused.',
  },
  {
    ...administration,
    name: 'administration: a page beyond the last is empty',
    find: 'Math.min(pages, Math.max(1, Math.trunc(page) || 1))',
    replace: 'Math.max(1, Math.trunc(page) || 1)',
    breaks: 'A page of a shorter history shows nothing.',
  },
];
