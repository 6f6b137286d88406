import type { Mutant } from '../mutant.ts';

const alerts = { file: 'src/alerts/alerts.ts', tests: ['test/alerts/alerts.test.ts'] };
const conditions = { file: 'src/alerts/conditions.ts', tests: ['test/alerts/conditions.test.ts'] };
const metrics = { file: 'src/metrics/metrics.ts', tests: ['test/metrics/metrics.test.ts'] };

/** What operators are told, and what they can count on. */
export const monitoring: readonly Mutant[] = [
  {
    ...alerts,
    name: 'alerts: a start says that everything is over',
    find: "condition.state === 'good' && isOpen",
    replace: "condition.state !== 'bad' && isOpen",
    breaks: 'Each restart says that an account without credit works again.',
  },
  {
    ...alerts,
    name: 'alerts: what could not be sent counts as told',
    find: '    if (!sent.isDone) {',
    replace: '    if (false) {',
    breaks: 'A webhook that was down for a minute hides an empty account.',
  },
  {
    ...alerts,
    name: 'alerts: an unsteady account fills the channel',
    find: 'sinceMs < quietMs ?',
    replace: 'sinceMs < 0 ?',
    breaks: 'The one alert that matters is lost among a hundred.',
  },
  {
    ...conditions,
    name: 'alerts: a short trouble is told at once',
    find: 'now - since >= patienceMs',
    replace: 'now - since >= 0',
    breaks: 'Operators are woken by what is over in a minute.',
  },
  {
    name: 'alerts: the webhook is written into the log',
    file: 'src/config.ts',
    find: '...passwordsOf(proxies), ...webhook]',
    replace: '...passwordsOf(proxies)]',
    breaks: 'Whoever reads the log can write into the channel of the operators.',
    tests: ['test/config.test.ts'],
  },
  {
    ...metrics,
    name: 'metrics: an account can be made up',
    find: 'account !== undefined && names.has(account) ? account : nobody',
    replace: 'account ?? nobody',
    breaks: 'Series without end fill the memory.',
  },
  {
    ...metrics,
    name: 'metrics: a task ends each time it is saved',
    find: 'if (ended.has(id)) return;',
    replace: '',
    breaks: 'There are more results than tasks.',
  },
  {
    name: 'metrics: the ledger is not read',
    file: 'src/storage/audit.ts',
    find: 'const { findings } = await auditBooks(kysely);',
    replace: 'const findings: Finding[] = [];',
    breaks: 'The drift is always 0.',
    tests: ['test/storage/books-check.test.ts'],
  },
];
