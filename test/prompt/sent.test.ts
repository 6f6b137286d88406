import type { ChatInputCommandInteraction } from 'discord.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blend } from '../../commands/blend.ts';
import { edit } from '../../commands/edit.ts';
import { imagine } from '../../commands/imagine.ts';
import { video } from '../../commands/video.ts';
import type { Command, CommandContext } from '../../src/discord/command.ts';
import { UserError } from '../../src/errors.ts';
import { listPrices, priceOf } from '../../src/points/prices.ts';
import { requirePriced } from '../../src/prompt/scan.ts';
import { toSubmit } from '../../src/providers/mj-proxy/submits.ts';
import type { TaskRequest } from '../../src/task.ts';
import { reread } from './reread.ts';

/** 20,000 take about ten seconds: `SCAN_RUNS=20000 npm test -- test/prompt/sent.test.ts`. */
const numRuns = Number(process.env['SCAN_RUNS'] ?? 1_000);

type Values = Readonly<Record<string, unknown>>;

/** What a command makes of options, even those that Discord would refuse; nothing is checked before it. */
async function requestOf(command: Command, { own, ...values }: Values): Promise<TaskRequest> {
  const read = (name: string) => values[name] ?? null;
  const options = Object.fromEntries(
    ['String', 'Integer', 'Number', 'Boolean', 'Attachment'].map((type) => [`get${type}`, read]),
  );
  const started: TaskRequest[] = [];
  const context = {
    service: { start: async (request: TaskRequest) => started.push(request) },
    preferences: { read: async () => own },
    caller: { userId: '1' },
    acknowledge: async () => undefined,
  };
  const interaction = { options } as unknown as ChatInputCommandInteraction;
  await command.execute(interaction, context as unknown as CommandContext);
  const [request] = started;
  if (request === undefined) throw new Error('nothing was started');
  return request;
}

/** The prompt that a gateway gets, and the request that was charged; `undefined` if it was refused. */
async function send(command: Command, values: Values) {
  try {
    const request = await requestOf(command, values);
    requirePriced(request);
    const pictures = request.pictures.map(({ url, role }) => ({
      url,
      bytes: Buffer.alloc(0),
      type: 'image/png' as const,
      ...(role === undefined ? {} : { role }),
    }));
    const { body } = toSubmit(
      { ...request, pictures, options: request.options ?? {}, reference: 'ours' },
      { gateway: { extendIndexAs: 'number', hasLoopField: false }, isSpeedInPath: false, saysFast: true },
    );
    const urls = pictures.map(({ url }) => url);
    const prompt = String(body['prompt'] ?? '');
    // Other APIs put picture addresses in front of it.
    if (request.action === 'imagine') return { request, prompt: [...urls, prompt].join(' ') };
    if (request.action !== 'edit' || urls.length < 2) return { request, prompt };
    return { request, prompt: [...urls, withoutTail(prompt, pictures)].join(' ') };
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Several edited pictures are named behind the words; only there may it say so. */
function withoutTail(prompt: string, pictures: readonly { url: string; role?: string }[]): string {
  const named = (isStyle: boolean) =>
    pictures.filter(({ role }) => (role === 'style') === isStyle).map(({ url }) => ` ${url}`);
  const styles = named(true).join('');
  const tail = ` --edit${named(false).join('')}${styles === '' ? '' : ` --sref${styles}`}`;
  expect(prompt.split(tail)).toHaveLength(2);
  return prompt.replace(tail, () => '');
}

const quiet = [
  'fox',
  ' ',
  ' ',
  ' in snow',
  ', ',
  '，',
  '狐',
  'é',
  'ラーメン',
  '1',
  '4',
  '.5',
  '16:9',
  ' --ar 3:2 ',
  '\\',
];
const dashes = [
  '-',
  '--',
  '—',
  '–',
  '——',
  '－－',
  '−',
  '‐',
  '﹘',
  '﹣',
  '⸺',
  'ー',
  'ーー',
  '-\u200b-',
  '―-',
  ' --',
];
const names = 'fast relax turbo repeat r video bs hd oref edit draft q quality no ar v sref uhd tile'.split(
  ' ',
);
const spelled = [...names, 'Turbo', 'ＨＤ', 'faſt', 'ｔｕｒｂｏ', 're\u00adpeat', 'tu\u0301rbo', 'q4', 'r4'];
const hidden = [
  '\u200b',
  '\u200d',
  '\u00ad',
  '\ufe0f',
  '\u034f',
  '\u2060',
  '\u0301',
  '\u202e',
  '\u0000',
  '\n',
  '\u3000',
];
const braces = ['{', '}', '{a, b}', '｛', '｝', '{x}', ',', '\\,', '{1,2}', '{أ، ب}'];

const flag = fc
  .tuple(fc.constantFrom(...dashes), fc.constantFrom('', '', '', ...hidden), fc.constantFrom(...spelled))
  .map((parts) => parts.join(''));
const words = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...quiet) },
      { weight: 2, arbitrary: flag },
      { weight: 1, arbitrary: fc.constantFrom(...dashes, ...hidden, ...braces, ...spelled) },
    ),
    { maxLength: 10 },
  )
  .map((parts) => parts.join(''));
const maybe = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const raw = <Value extends string>(...choices: Value[]) =>
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...choices) }, { weight: 1, arbitrary: words });
const picture = fc
  .oneof({ weight: 9, arbitrary: fc.constant('fox') }, { weight: 1, arbitrary: words })
  .map((name) => ({
    name: `${name}.png`,
    url: `https://cdn.example/1/${name}.png?ex=1`,
    size: 1_000,
    contentType: 'image/png',
    width: 10,
    height: 10,
  }));

/** What somebody may have set earlier, even if it would be refused now. */
const own = fc.record(
  {
    presets: fc.record({ mine: raw('in ink --s 50', '--relax', '--ar 1:1') }),
    codes: fc.tuple(
      fc.record({ name: fc.constant('gold'), kind: fc.constant('style'), value: raw('42', '42 43::2') }),
    ),
    suffix: raw('in ink --s 50', '--turbo', '--no cats', '--oref https://e.org/1.png'),
    aspect: raw('16:9', '3:2'),
    version: fc.constantFrom('7', '8.2', 'niji 6'),
    speed: fc.constantFrom('fast', 'relax', 'turbo'),
    stylize: fc.nat(1_000),
    raw: fc.boolean(),
  },
  { requiredKeys: ['presets', 'codes'] },
);

const anything = fc.record({
  own,
  preset: maybe(fc.constantFrom('mine', 'Mine')),
  profile: maybe(raw('abc12', 'm123 xyz')),
  omni_reference: maybe(words.map((text) => `https://e.org/${text}`)),
  omni_weight: maybe(fc.nat(1_000)),
  prompt: fc
    .tuple(words, fc.constantFrom('', '', ' --mine', ' —MINE'))
    .map((parts) => `a fox ${parts.join('')}`),
  negative: maybe(words),
  style_reference: maybe(
    fc.oneof(
      fc.constantFrom('random', 'gold'),
      words,
      words.map((text) => `https://e.org/${text}`),
    ),
  ),
  aspect: maybe(raw('16:9', '3:2')),
  version: maybe(raw('7', '8.2', 'niji 6')),
  quality: maybe(raw('0.5', '1', '2', '4', '1 --turbo')),
  speed: maybe(raw('fast', 'relax', 'turbo')),
  stylize: maybe(fc.oneof(fc.nat(1_000), words)),
  raw: maybe(fc.boolean()),
  hd: maybe(fc.boolean()),
  image: picture,
  image1: picture,
  image2: maybe(picture),
  role2: maybe(raw('reference', 'style')),
  image_weight: maybe(fc.constant(1)),
  motion: maybe(raw('low', 'high')),
  resolution: maybe(raw('480p', '720p')),
  clips: maybe(raw('1', '2', '4')),
  loop: maybe(fc.boolean()),
  dimensions: maybe(raw('portrait')),
});

describe('any mixture of options and words', () => {
  it.each([
    ['imagine', imagine, numRuns],
    ['edit', edit, numRuns / 5],
    ['video', video, numRuns / 5],
    ['blend', blend, numRuns / 20],
  ] as const)("%s sends no speed, count or kind of job that wasn't priced", async (name, command, runs) => {
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(anything, async (values) => {
        const leaving = await send(command, values);
        if (leaving === undefined) return;
        sent += 1;
        const { prompt, request } = leaving;
        // A blend has no prompt, and gateways make no videos in turbo mode.
        const speed =
          name === 'blend' || (name === 'video' && request.speed === 'turbo') ? 'fast' : request.speed;
        const list = listPrices('mjproxy', { points: {}, percents: { 'omni-reference': 200, hd: 300 } });
        const times = priceOf(list, request) / priceOf(list, { ...request, prompt: '' });
        const paid = [...(times % 2 === 0 ? ['oref'] : []), ...(times % 3 === 0 ? ['hd'] : [])];
        expect(reread(prompt, { speed, isVideo: name === 'video', paid })).toEqual([]);
      }),
      { numRuns: runs },
    );
    expect(sent).toBeGreaterThan(runs / 10);
  });
});

describe('the suspicious reader', () => {
  it.each(['--turbo', '—fast', '{a, b}', '－－ｒ 4', 'x--q 4', '--video', '—oref x', '--HD'])(
    'sees %s',
    (prompt) => {
      expect(reread(prompt, { speed: 'fast', isVideo: false })).toHaveLength(1);
    },
  );

  it.each(['a fox --ar 3:2', 'a-fast fox', '{a}, {b}', '--q 1'])('sees nothing in %s', (prompt) => {
    expect(reread(prompt, { speed: 'fast', isVideo: false })).toEqual([]);
  });

  it('expects the priced speed once', () => {
    expect(reread('a fox --relax', { speed: 'relax', isVideo: false })).toEqual([]);
    expect(reread('a fox', { speed: 'relax', isVideo: false })).toHaveLength(1);
    expect(reread('a fox --relax --relax', { speed: 'relax', isVideo: false })).toHaveLength(1);
  });
});
