import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type ProviderKind, readConfig } from '../../src/config.ts';
import type { Http } from '../../src/providers/http.ts';
import { createProvider } from '../../src/providers/index.ts';
import type { Picture, Provider, ProviderRequest } from '../../src/providers/provider.ts';
import { followUpActions, startActions } from '../../src/task.ts';
import { anImagine } from '../helpers/requests.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readPages = (names: readonly string[]) =>
  names.map((name) => readFileSync(`${root}/docs/providers/${name}.md`, 'utf8')).join('\n');

/** Where the fields of each kind are described: what has one of its kin in common with another may be on that one's page. */
const pages: Readonly<Record<ProviderKind, readonly string[]>> = {
  '4allapi': ['4allapi', 'midjourney-proxy', 'mjproxy'],
  yutoai: ['yutoai', 'midjourney-proxy', 'mjproxy'],
  mjproxy: ['mjproxy', 'midjourney-proxy', '4allapi'],
  acedata: ['acedata'],
  apixo: ['apixo'],
  aigc2d: ['aigc2d'],
};
const kinds = Object.keys(pages) as ProviderKind[];

/** Everything that an operator can set to change what is sent. */
const variables: Readonly<Record<ProviderKind, readonly Record<string, string>[]>> = {
  '4allapi': [
    {
      FILTER:
        'channelId=1,instanceId=2,remark=3,remix=on,nijiRemix=on,remixAutoConsidered=on,chooseSameChannel=on',
      UPLOADS: 'on',
    },
  ],
  yutoai: [{ BASE_URL: 'https://api.example' }],
  mjproxy: [{ BASE_URL: 'https://api.example', FILTER: 'nijiRemix=on' }],
  acedata: [{}],
  apixo: [{ API_GENERATION: 'seed', WATERMARK: 'Acme', TRANSLATION: 'off' }, {}],
  aigc2d: [{}],
};

/** Every word in a page that is marked as code. */
function codeOf(page: string): ReadonlySet<string> {
  const spans = [...page.matchAll(/`([^`\n]+)`/gu)].map(([, span = '']) => span);
  return new Set(spans.flatMap((span) => span.match(/[\w-]+/gu) ?? []));
}

describe.each(kinds)('the page of %s', (kind) => {
  const named = codeOf(readPages(pages[kind]));

  it('names every field and every route that the bot sends', async () => {
    const sent = await recordAll(kind);
    expect([...sent.paths].filter((path) => !named.has(path))).toEqual([]);
    expect([...sent.fields].filter((field) => !named.has(field))).toEqual([]);
    expect(sent.fields.size).toBeGreaterThan(5);
  });
});

describe.each([
  ['acedata', ['acedata']],
  ['apixo', ['apixo']],
  ['aigc2d', ['aigc2d']],
  ['mj-proxy', ['midjourney-proxy', '4allapi', 'mjproxy', 'yutoai']],
] as const)('the pages of src/providers/%s', (folder, files) => {
  const named = codeOf(readPages(files));
  /** Other names for what the documents name, which gateways in front of an API use. */
  const others = new Set([
    ...['mjId', 'mj_id', 'data', 'msg', 'success', 'balance', 'taskId'],
    ...['url', 'videoUrl', 'video_url', 'src', 'total_available'],
  ]);

  it('name every field that the bot reads', () => {
    const fields = readFieldsOf(folder).filter((name) => !others.has(name));
    expect(fields.length).toBeGreaterThan(8);
    expect(fields.filter((name) => !named.has(name))).toEqual([]);
  });
});

/** The fields of all schemas of a folder, and those that are read one by one, by their names in the code. */
function readFieldsOf(folder: string): string[] {
  const text = globSync(`${root}/src/providers/${folder}/*.ts`)
    .map((file) => readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gmu, ''))
    .join('\n');
  const ofSchemas = [...text.matchAll(/z\s*\.object\(\{/gu)].flatMap(({ index, 0: start }) =>
    [...readBlock(text, index + start.length).matchAll(/(?<=[{,]\s*)(\w+)(?=\s*[:,}])/gu)].map(
      ([, name = '']) => name,
    ),
  );
  const oneByOne = [...text.matchAll(/\b(\w+)\['(\w+)'\]/gu)].flatMap(([, of = '', name = '']) =>
    /^(?:layer|layers|error|properties)$/u.test(of) ? [name] : [],
  );
  const searched = [
    ...text.matchAll(/(?:\bfindScalar\([^;]*?|\b\w*[nN]ames = )\[((?:'\w+'(?:,\s*)?)+)\]/gu),
  ].flatMap(([, list = '']) => list.match(/\w+/gu) ?? []);
  const taken = [...text.matchAll(/const \{([^{}]*)\} = findProperties/gu)].flatMap(([, list = '']) =>
    list.split(',').map((name) => name.trim()),
  );
  return [...new Set([...ofSchemas, ...oneByOne, ...searched, ...taken])];
}

/** From a brace to the one that closes it. */
function readBlock(text: string, start: number): string {
  let depth = 1;
  let end = start;
  while (depth > 0 && end < text.length) {
    if (text[end] === '{') depth += 1;
    if (text[end] === '}') depth -= 1;
    end += 1;
  }
  return `{${text.slice(start, end)}`;
}

/** Does everything that a kind can do, and returns the names of all fields and the last parts of all paths. */
async function recordAll(kind: ProviderKind): Promise<{ fields: Set<string>; paths: Set<string> }> {
  const [fields, paths] = [new Set<string>(), new Set<string>()];
  const http: Http = {
    async request({ url, body }) {
      const { pathname, searchParams } = new URL(url);
      paths.add(pathname.split('/').at(-1) ?? '');
      for (const name of [...searchParams.keys(), ...listFields(body)]) fields.add(name);
      const json = { code: 1, result: pathname.includes('/upload-') ? ['https://cdn.example/a.png'] : '1' };
      return { status: 200, retryAfterMs: undefined, text: JSON.stringify(json), json };
    },
  };
  for (const set of variables[kind]) await doEverything(open(kind, set, http));
  return { fields, paths };
}

function open(kind: ProviderKind, set: Readonly<Record<string, string>>, http: Http): Provider {
  const named = Object.entries(set).map(([name, value]) => [`PROVIDER_MAIN_${name}`, value] as const);
  const config = readConfig({
    DISCORD_TOKEN: 'token',
    ALLOWED_GUILDS: '*',
    PROVIDERS: `main=${kind}`,
    PROVIDER_MAIN_API_KEY: 'the-key',
    ...Object.fromEntries(named),
  });
  const [account] = config.providers;
  if (account === undefined) throw new Error('there is no account');
  return createProvider(account, http).provider;
}

const picture: Picture = { bytes: Buffer.from('x'), type: 'image/png', url: 'https://cdn.example/1.png' };
const mask: Picture = { ...picture, url: '' };
const full: ProviderRequest = {
  ...anImagine,
  callbackUrl: 'https://bot.example/hook',
  options: { isNiji: true, dimensions: 'portrait', motion: 'high', isLoop: true, resolution: '720p' },
};
/** With flags that become fields where an API has them; not all at once, since some refuse some. */
const prompts = [
  'a fox',
  'a fox --ar 3:2 --c 5 --s 50 --w 100 --v 7',
  'a fox --hd --q 2 --sref 1 --p abc --v 8',
];
/** A button's id, and the bot's own tokens. */
const tokens = ['MJ::JOB::x::1::u', 'change:UPSCALE:1', 'extend:high:0:a fox'];
const ref = { id: '1', image: '2', video: '3' };

async function doEverything(provider: Provider): Promise<void> {
  const signal = AbortSignal.timeout(30_000);
  const submit = (request: ProviderRequest) => provider.submit(request, signal);
  const starts = startActions.filter((action) => provider.actions.has(action));
  const follow = followUpActions.filter((action) => provider.actions.has(action));
  const sent = { action: 'imagine', prompt: 'a fox', speed: 'fast', since: 0, until: 1 } as const;
  const calls = [
    ...starts.flatMap((action) =>
      prompts.flatMap((prompt) =>
        [[], [picture], [picture, picture]].map(
          (pictures) => () => submit({ ...full, action, prompt, pictures, mask }),
        ),
      ),
    ),
    ...follow.flatMap((action) =>
      tokens.map(
        (token) => () =>
          submit({ ...full, action, mask, parent: { ref, offer: { action, token, index: 1 } } }),
      ),
    ),
    () => provider.look([ref], signal),
    () => provider.look([ref, { id: '4' }], signal),
    () => provider.answer?.(ref, { prompt: 'a fox', mask }, signal),
    () => provider.find?.('ours-1', signal),
    () => provider.findAlike?.(sent, signal),
    () => provider.cancel?.(ref, signal),
    () => provider.seed?.(ref, signal),
    () => provider.translate?.('一只狐狸', signal),
    () => provider.balance?.(signal),
  ];
  // Some are refused before anything is sent, and all are answered alike.
  for (const call of calls) await Promise.resolve(call()).catch(() => undefined);
}

function listFields(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(listFields);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => [name, ...listFields(field)]);
}
