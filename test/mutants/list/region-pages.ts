import type { Mutant } from '../mutant.ts';

const pages = { file: 'src/service/region-pages.ts', tests: ['test/service/region-pages.test.ts'] };
const edits = { file: 'src/service/painted-edits.ts', tests: ['test/service/painted-edits.test.ts'] };
const routes = { file: 'src/web/region-routes.ts', tests: ['test/web/region-routes.test.ts'] };
const acknowledging = { file: 'src/discord/acknowledge.ts', tests: ['test/discord/acknowledge.test.ts'] };

/** The region editor: whose link it is, what it costs, where its answer goes. */
export const regionPages: readonly Mutant[] = [
  {
    ...pages,
    name: 'region page: any secret opens it',
    find: 'page !== undefined && isRight(secret, page.secretHash)',
    replace: 'page !== undefined && secret.length > 0',
    breaks: 'Who sees the id of a task can submit an edit as its person.',
  },
  {
    ...pages,
    name: 'region page: the secret is kept',
    find: "secretHash: hash(secret).toString('base64url')",
    replace: 'secretHash: secret',
    breaks: 'Who reads the database can submit edits as others.',
  },
  {
    ...pages,
    name: 'region page: another price is charged than the page showed',
    find: 'price !== undefined && price !== painted.price',
    replace: 'price === undefined && price !== painted.price',
    breaks: 'Somebody agrees to a price, and pays another one.',
  },
  {
    ...pages,
    name: 'region page: a mask may be for another picture',
    find: "      if (!isSame(await readFacts(mask), maskSize)) throw new UserError('mask-size');\n",
    replace: '',
    breaks: 'Something else is repainted than what was painted.',
  },
  {
    ...pages,
    name: 'region page: what is private is answered in the channel',
    find: 'if (place.isPrivate === true || !place.isOpenToBot)',
    replace: 'if (!place.isOpenToBot)',
    breaks: 'Everybody sees what only one person was to see.',
  },
  {
    ...pages,
    name: 'region page: an answer that nobody will see is paid for',
    find: "    if (isTooLate(page.origin.place, clock.now())) throw new UserError('page-late');\n",
    replace: '',
    breaks: 'The token ends before the answer is there.',
  },
  {
    ...pages,
    name: 'region page: it can be opened after it was submitted',
    find: 'return started === undefined ? found :',
    replace: 'return started === undefined || true ? found :',
    breaks: 'People paint a second time for nothing.',
  },
  {
    ...pages,
    name: 'region page: masks of refused tasks stay',
    find: '      if (opened?.isNew !== true) await paintedMasks.drop(name);\n',
    replace: '',
    breaks: 'Sending a mask again and again fills the disk.',
  },
  {
    ...pages,
    tests: edits.tests,
    name: 'region page: an edit has the price of an account that takes no mask',
    find: 'starts.quote(toPaintedEdit(work, prompt, anyMask), book)',
    replace: 'starts.quote({ ...work.request, prompt }, book)',
    breaks: 'The page shows another price than is charged, and nobody can submit it.',
  },
  {
    ...edits,
    name: 'painted edits: the points for another account are needed',
    find: 'asker, account.name,',
    replace: 'asker, undefined,',
    breaks: 'Who has the points for the account that takes a mask is refused.',
  },
  {
    ...edits,
    name: 'painted edits: people paint before they are refused',
    find: '    const { account } = await choice.choose(wordless, asker.book);\n',
    replace:
      '    const { account } = await choice.choose({ ...wordless, pictures: [], region: undefined }, asker.book);\n',
    breaks: 'Somebody paints for minutes what no API takes.',
  },
  {
    ...edits,
    name: 'painted edits: a corrected prompt loses its speed',
    find: 'return speed === request.speed ? prompt :',
    replace: 'return speed !== undefined ? prompt :',
    breaks: 'Somebody who asked for the cheap speed pays for the usual one.',
  },
  {
    file: 'src/service/menu-edits.ts',
    tests: ['test/service/menu-work.test.ts'],
    name: 'painted edits: a mask file is dropped without a word',
    find: "    if (mask !== undefined) throw new UserError('mask-twice');\n",
    replace: '',
    breaks: 'Something that somebody sent is left out.',
  },
  {
    file: 'src/inputs/region-originals.ts',
    tests: ['test/inputs/region-originals.test.ts'],
    name: 'region originals: one quarter is taken for another',
    find: 'return `${quarter} of ${url}`;',
    replace: 'return quarter === undefined ? "" : url;',
    breaks: 'Two people who paint on one grid at once see the same picture.',
  },
  {
    ...acknowledging,
    name: 'posted: it is tried for as long as it takes',
    find: 'clock.now() >= task.createdAt + postForMs',
    replace: 'false && clock.now() >= task.createdAt + postForMs',
    breaks: 'Discord has forgotten the nonce, and shows the task twice.',
  },
  {
    file: 'src/discord/post-task.ts',
    tests: ['test/discord/post-task.test.ts'],
    name: 'posted: the mention has the same nonce',
    find: 'nonce: `${id}-page`',
    replace: 'nonce: id',
    breaks: 'The mention of a task that ends soon is swallowed.',
  },
  {
    ...routes,
    name: 'region routes: browsers keep the page',
    find: "'cache-control': 'no-store'",
    replace: "'cache-control': 'private'",
    breaks: 'The next person at that computer can go back to the picture.',
  },
  {
    ...routes,
    name: 'region routes: the link is passed on',
    find: "'referrer-policy': 'no-referrer'",
    replace: "'referrer-policy': 'unsafe-url'",
    breaks: 'The site that a person goes to next has the link.',
  },
  {
    ...routes,
    name: 'region routes: a mask may be of any size',
    find: 'bodyLimit: maskLimitBytes',
    replace: 'bodyLimit: 10 * maskLimitBytes',
    breaks: 'The holder of one link can fill the memory.',
  },
  {
    ...routes,
    name: 'region routes: anybody may send a mask',
    find: 'const over = await desk.findOver(params.token);',
    replace: 'const over = undefined as never;',
    breaks: 'Anybody can fill the memory.',
  },
];
