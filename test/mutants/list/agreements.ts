import type { Mutant } from '../mutant.ts';

const tests = ['test/service/agreements.test.ts'];
const starts = { file: 'src/service/start.ts', tests };
const drafts = { file: 'src/service/drafts.ts', tests };

/** What is agreed to before it's paid, and what is kept of what people have begun. */
export const agreements: readonly Mutant[] = [
  {
    name: 'agreement: nobody is asked',
    file: 'src/points/agreement.ts',
    find: ') / share)',
    replace: '))',
    breaks: 'A video takes two fifths of an allowance without a word.',
    tests,
  },
  {
    name: 'agreement: grants stand for nothing',
    file: 'src/points/agreement.ts',
    find: 'allowance > 0 ? allowance : granted',
    replace: 'allowance',
    breaks: 'People without an allowance are asked about everything.',
    tests,
  },
  {
    ...starts,
    name: 'agreement: it covers any price',
    find: 'task.price <= agreement.price',
    replace: 'true',
    breaks: 'More is booked than what was told.',
  },
  {
    ...starts,
    name: 'agreement: a small price is booked, no matter what was told',
    find: ': task.price <= agreement.price',
    replace: ': task.price <= agreement.price || (await mayCharge(task, terms))',
    breaks: 'The button says 100 points, and 150 are booked.',
  },
  {
    ...starts,
    name: 'agreement: people are asked about what they cannot pay',
    find: 'if (!decision.isAllowed) throw decision.refusal;\n    const { left }',
    replace: 'const { left }',
    breaks: 'Somebody agrees, and is refused.',
  },
  {
    ...starts,
    name: 'agreement: what was adjusted is kept instead of what was asked for',
    find: 'await askForAgreement(task, { request, named }, terms)',
    replace: 'await askForAgreement(task, { request: used, named }, terms)',
    breaks: 'Nobody is told that it runs at another speed.',
    tests: ['test/service/prices.test.ts'],
  },
  {
    ...starts,
    name: 'agreement: each press pays',
    find: 'agreement?.id ?? randomBytes',
    replace: 'randomBytes',
    breaks: 'Two presses on Pay are two tasks.',
  },
  {
    name: 'agreement: a second press meets the database',
    file: 'src/tasks/changes.ts',
    find: 'if (isOnce) await refuseSecondTime(repositories, task);',
    replace: '',
    breaks: 'It says that something went wrong.',
    tests,
  },
  {
    ...drafts,
    name: 'drafts: they are anybody’s',
    find: '`${userId}:${id}`',
    replace: '`:${id}`',
    breaks: 'A stranger starts what somebody else has typed, or forgets it.',
  },
  {
    ...drafts,
    name: 'drafts: they never expire',
    find: 'draft?.kind !== kind || draft.expiresAt <= clock.now()',
    replace: 'draft?.kind !== kind',
    breaks: 'An old price is paid.',
  },
  {
    name: 'agreement: the answer is as private as the question',
    file: 'src/service/resume.ts',
    find: 'if (origin.place.channelId !== channelId) return caller;',
    replace: 'return caller;',
    breaks: 'A message that the bot may edit says that it cannot.',
    tests,
  },
  {
    name: 'forgetting: what was begun stays',
    file: 'src/service/personal-data.ts',
    find: 'await drafts.forget(userId);',
    replace: '',
    breaks: 'Words of a person stay that wanted them forgotten.',
    tests,
  },
  {
    name: 'forgetting: what others have begun with it stays',
    file: 'src/service/personal-data.ts',
    find: 'await drafts.forgetFollowUps(new Set(byId.keys()));',
    replace: '',
    breaks: 'Forgotten words are sent once somebody agrees to the price.',
    tests: ['test/service/forgetting.test.ts'],
  },
  {
    name: 'ranges: no number is too large',
    file: 'src/prompt/ranges.ts',
    find: 'range !== undefined && !isWithin(number, range)',
    replace: 'range === undefined && !isWithin(number, [0, 1])',
    breaks: 'Midjourney turns it down after the charge.',
    tests: ['test/prompt/ranges.test.ts'],
  },
  {
    name: 'early check: one person has any number of servers asked',
    file: 'src/inputs/early-check.ts',
    find: 'if (underWay.has(userId) || underWay.size >= mostAtOnce) return;',
    replace: '',
    breaks: 'One person has the bot ask any number of servers for nothing.',
    tests: ['test/inputs/early-check.test.ts'],
  },
];
