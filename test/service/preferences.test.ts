import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderError } from '../../src/discord/render/error.ts';
import { english } from '../../src/locales/index.ts';
import { listPrices } from '../../src/points/prices.ts';
import { combinePrompt } from '../../src/prompt/combine.ts';
import type { OwnPreferences, SettingChanges } from '../../src/service/preferences.ts';
import { codeOf, detailsOf } from '../helpers/errors.ts';
import { createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

const me = '444444444444444444';
const empty: OwnPreferences = { presets: {}, codes: [] };

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

const filled = async (count: number, save: (index: number) => Promise<unknown>) => {
  for (let index = 0; index < count; index += 1) await save(index);
};

describe('preferences', () => {
  it('are empty until they are set, stay over a restart, and are nobody else’s', async () => {
    expect(await relay.preferences.read(me)).toEqual(empty);
    const set = { aspect: '16：9', version: '7', speed: 'relax', stylize: 250, raw: true } as const;
    await relay.preferences.set(me, { ...set, suffix: ' cinematic\n--no  text ', translate: true });
    await relay.preferences.savePreset(me, '--Ink', 'ink wash --s 50');
    await relay.preferences.saveCode(me, { name: 'Gold', value: '--sref 42 43' });
    const kept = {
      ...set,
      aspect: '16:9',
      suffix: 'cinematic --no text',
      translate: true,
      presets: { ink: 'ink wash --s 50' },
      codes: [{ name: 'Gold', kind: 'style', value: '42 43' }],
    };
    expect(await relay.preferences.read(me)).toEqual(kept);
    await relay.close();
    const reopened = await relay.reopen();
    expect(await reopened.preferences.read(me)).toEqual(kept);
    expect(await reopened.preferences.read('5')).toEqual(empty);
    await reopened.close();
  });

  it('are read from the disk once, and never go out of date', async () => {
    const { preferences } = relay.documents;
    await preferences.set(me, { aspect: '16:9' });
    const { get } = preferences;
    let reads = 0;
    preferences.get = async (key) => {
      reads += 1;
      return get(key);
    };
    for (let times = 0; times < 3; times += 1)
      expect(await relay.preferences.read(me)).toEqual({ ...empty, aspect: '16:9' });
    expect(reads).toBe(1);
    await relay.preferences.saveCode(me, { name: 'Gold', value: '42' });
    const before = reads;
    expect((await relay.preferences.read(me)).codes).toHaveLength(1);
    expect(reads).toBe(before);
    await relay.preferences.forget(me);
    expect(await relay.preferences.read(me)).toEqual(empty);
  });

  it('change one by one, and go one by one or all together', async () => {
    await relay.preferences.set(me, { aspect: '16:9', stylize: 0, raw: true, suffix: 'x' });
    await relay.preferences.set(me, { notify: 'off' });
    expect(await relay.preferences.read(me)).toMatchObject({ aspect: '16:9', raw: true, notify: 'off' });
    await relay.preferences.set(me, { raw: false, suffix: '  ', aspect: undefined, notify: undefined });
    expect(await relay.preferences.read(me)).toEqual({ ...empty, stylize: 0 });
    await relay.preferences.savePreset(me, 'ink', 'x');
    await relay.preferences.reset(me, ['stylize']);
    expect(await relay.preferences.read(me)).toEqual({ presets: { ink: 'x' }, codes: [] });
    await relay.preferences.reset(me, ['presets']);
    expect(await relay.preferences.read(me)).toEqual(empty);
  });

  it('that are changed at the same moment are all kept', async () => {
    await Promise.all(['one', 'two', 'three'].map((name) => relay.preferences.savePreset(me, name, 'a fox')));
    expect(Object.keys((await relay.preferences.read(me)).presets)).toEqual(['one', 'two', 'three']);
  });

  it.each([
    [{ aspect: 'wide' }, 'aspect-malformed'],
    [{ stylize: 5_000 }, 'stylize-malformed'],
    [{ stylize: 0.5 }, 'stylize-malformed'],
    [{ suffix: 'x'.repeat(1_001) }, 'suffix-too-long'],
    [{ suffix: '--edit' }, 'unpriced'],
    [{ suffix: '—repeat 4' }, 'several-jobs'],
    [{ suffix: '{red, blue}' }, 'several-jobs'],
    [{ suffix: '--fast --turbo' }, 'speed-twice'],
    [{ suffix: '--uhd' }, 'flag-unknown'],
    [{ suffix: '--stlize 50' }, 'flag-unknown'],
    [{ suffix: '--s 5000' }, 'preference-wrong'],
    [{ suffix: '--ar 16:9 cinematic' }, 'preference-wrong'],
    [{ suffix: '--ar 1:1 --ar 2:3' }, 'preference-wrong'],
    [{ suffix: '--v 7', version: '8.2' }, 'preferences-contradict'],
    [{ suffix: '--niji 6', version: '8.2' }, 'preferences-contradict'],
    [{ suffix: '--turbo', speed: 'relax' }, 'preferences-contradict'],
    [{ suffix: '--s 50', stylize: 250 }, 'preferences-contradict'],
    [{ suffix: '--q .5', version: '8.2' }, 'preference-wrong'],
    [{ suffix: '--sref 1', version: '5.2' }, 'preference-wrong'],
    [{ speed: 'turbo', version: '8.2' }, 'turbo-unavailable'],
    [{ suffix: '--v 8.1', speed: 'turbo' }, 'turbo-unavailable'],
    [{ suffix: '--v 8.1 --turbo' }, 'turbo-unavailable'],
  ] satisfies [SettingChanges, string][])(
    'that never work are refused, and nothing changes: %j',
    async (changes, code) => {
      await relay.preferences.set(me, { translate: true });
      expect(await codeOf(relay.preferences.set(me, changes))).toBe(code);
      expect(await relay.preferences.read(me)).toEqual({ ...empty, translate: true });
    },
  );

  it.each([
    { suffix: '--style raw' },
    { suffix: '--sw 300' },
    { suffix: '--iw 2' },
    { suffix: '--q .5' },
    { suffix: '--v 9' },
    { suffix: '--v 7 --s 250', raw: true },
    { suffix: '--v 7', version: '7' },
    { speed: 'turbo' },
    { speed: 'turbo', version: '7' },
    { speed: 'fast', version: '8.2' },
    { suffix: '--v 9', speed: 'turbo' },
    { suffix: 'https://e.org/a.png, in ink --relax' },
  ] satisfies SettingChanges[])('may need the rest of a prompt: %j', async (changes) => {
    await relay.preferences.set(me, changes);
    expect(await relay.preferences.read(me)).toEqual({ ...empty, ...changes });
  });

  it.each([
    ['translate', { translate: true }],
    ['speed', { speed: 'turbo' }],
  ] satisfies [string, SettingChanges][])(
    'that no account can do say where to change them: %s',
    async (_, changes) => {
      await relay.preferences.set(me, changes);
      const own = await relay.preferences.read(me);
      const wish = { action: 'imagine', ...combinePrompt({ text: 'a fox' }, own), pictures: [] } as const;
      const { request } = own.translate === true ? await relay.translations.plan(wish, aCaller()) : {};
      const error = await relay.service.start(request ?? wish, aCaller()).catch((thrown: unknown) => thrown);
      expect(renderError(error, english, 'id').content).toContain('`/preferences set`');
    },
  );

  it('may ask for turbo if an account has it for that version', async () => {
    await relay.remove();
    relay = await createRelay({ accounts: ['main', 'ace'], kinds: { ace: 'acedata' } });
    await relay.preferences.set(me, { speed: 'turbo', version: '8.2' });
    expect(await codeOf(relay.preferences.set(me, { version: '8.1' }))).toBe('turbo-unavailable');
    await relay.preferences.savePreset(me, 'quick', '--v 8.2 --turbo');
    expect(await relay.preferences.read(me)).toMatchObject({
      version: '8.2',
      presets: { quick: '--v 8.2 --turbo' },
    });
  });

  it('say what an imagine costs with them, and with a preset', async () => {
    const { asker } = aCaller();
    const price = (preset?: string) => relay.preferences.price(asker, preset);
    expect(await price()).toEqual({ own: 100, usual: 100 });
    await relay.preferences.savePreset(me, 'slow', '--relax');
    expect(await price('slow')).toEqual({ own: 40, usual: 100 });
    await relay.preferences.set(me, { speed: 'relax' });
    expect(await price()).toEqual({ own: 40, usual: 100 });
    expect(await price('slow')).toEqual({ own: 40, usual: 40 });
  });

  it('say what references cost where they cost more', async () => {
    await relay.remove();
    relay = await createRelay({ kinds: { main: 'acedata' }, prices: { main: listPrices('acedata') } });
    await relay.preferences.set(me, { suffix: '--v 8.2 --sref 42' });
    expect(await relay.preferences.price(aCaller().asker)).toEqual({ own: 400, usual: 100 });
  });
});

describe('presets', () => {
  it.each([
    ['v', 'preset-name-malformed'],
    ['raw', 'preset-name-taken'],
    ['--ar', 'preset-name-taken'],
    ['AR', 'preset-name-taken'],
    ['v7', 'preset-name-taken'],
    ['no-text', 'preset-name-taken'],
    ['turbo', 'preset-name-taken'],
    ['repeat', 'preset-name-taken'],
    ['my look', 'preset-name-malformed'],
    ['7up', 'preset-name-malformed'],
    ['墨', 'preset-name-malformed'],
    ['', 'preset-name-malformed'],
    ['x'.repeat(33), 'preset-name-malformed'],
  ])('cannot be named %j', async (name, code) => {
    expect(await codeOf(relay.preferences.savePreset(me, name, 'a fox'))).toBe(code);
    expect(await relay.preferences.read(me)).toEqual(empty);
  });

  it.each(['ink', 'rawhide', 'art', 'vivid', 'notes', 'constructor', 'a-b_c2'])(
    'can be named %j',
    async (name) => {
      expect(await relay.preferences.savePreset(me, name, 'a fox')).toBe(name);
      expect(await relay.preferences.read(me)).toEqual({ ...empty, presets: { [name]: 'a fox' } });
      expect(await relay.preferences.removePreset(me, `--${name.toUpperCase()}`)).toEqual({
        name,
        text: 'a fox',
      });
      expect(await relay.preferences.read(me)).toEqual(empty);
    },
  );

  it.each([
    ['  ', 'preset-malformed'],
    ['x'.repeat(1_001), 'preset-malformed'],
    ['--edit', 'unpriced'],
    ['a fox --s 5000', 'preference-wrong'],
    ['--v 8.2 --turbo', 'turbo-unavailable'],
  ])('cannot hold %j', async (text, code) => {
    expect(await codeOf(relay.preferences.savePreset(me, 'ink', text))).toBe(code);
  });

  it('are twenty at most; each of them can still be changed', async () => {
    await filled(20, (index) => relay.preferences.savePreset(me, `ink-${index}`, 'x'));
    expect(await codeOf(relay.preferences.savePreset(me, 'ink-20', 'x'))).toBe('presets-full');
    await relay.preferences.savePreset(me, 'ink-7', 'y');
    expect((await relay.preferences.read(me)).presets['ink-7']).toBe('y');
    await relay.preferences.removePreset(me, 'ink-7');
    await relay.preferences.savePreset(me, 'ink-20', 'x');
    expect(Object.keys((await relay.preferences.read(me)).presets)).toHaveLength(20);
  });

  it('that do not exist cannot be deleted', async () => {
    expect(await codeOf(relay.preferences.removePreset(me, 'ink'))).toBe('preset-unknown');
    expect(await codeOf(relay.preferences.removePreset(me, 'constructor'))).toBe('preset-unknown');
  });
});

describe('saved codes', () => {
  it.each([
    [{ value: '123456' }, 'style', '123456'],
    [{ value: '--sref 12 34::2' }, 'style', '12 34::2'],
    [{ value: 'https://e.org/a.png' }, 'style', 'https://e.org/a.png'],
    [{ value: 'random' }, 'style', 'random'],
    [{ value: 'm7301923841' }, 'profile', 'm7301923841'],
    [{ value: '--p abc12de' }, 'profile', 'abc12de'],
    [{ value: '--profile abc12de xyz' }, 'profile', 'abc12de xyz'],
    [{ value: '1234567', kind: 'profile' }, 'profile', '1234567'],
  ] as const)('know what they are for: %j', async (typed, kind, value) => {
    await relay.preferences.saveCode(me, { name: ' My  code ', ...typed });
    expect((await relay.preferences.read(me)).codes).toEqual([{ name: 'My code', kind, value }]);
  });

  it.each([
    [{ name: 'x', value: '9'.repeat(200) }, 'code-malformed'],
    [{ name: 'x', value: Array(30).fill('12345').join(' ') }, 'code-malformed'],
    [{ name: 'x', value: '--repeat 4' }, 'code-malformed'],
    [{ name: 'x', value: '--sref' }, 'code-malformed'],
    [{ name: 'x', value: '{1, 2}' }, 'code-malformed'],
    [{ name: 'x', value: 'abc', kind: 'style' }, 'code-malformed'],
    [{ name: 'x', value: 'http://e.org/a.png' }, 'code-malformed'],
    [{ name: 'x', value: 'https://e.org/a--turbo.png' }, 'speed-in-prompt'],
    [{ name: ' ', value: '1' }, 'code-name-malformed'],
    [{ name: 'x'.repeat(41), value: '1' }, 'code-name-malformed'],
    [{ name: 'Random', value: '1' }, 'code-name-taken'],
    [{ name: '1234567', value: '1' }, 'code-name-taken'],
    [{ name: '12 34', value: '1' }, 'code-name-taken'],
  ] as const)('cannot be anything: %j', async (code, error) => {
    expect(await codeOf(relay.preferences.saveCode(me, code))).toBe(error);
    expect(await relay.preferences.read(me)).toEqual(empty);
  });

  it('are 25 at most, and have one name in upper and lower case', async () => {
    await filled(25, (index) => relay.preferences.saveCode(me, { name: `Code ${index}`, value: `${index}` }));
    expect(await codeOf(relay.preferences.saveCode(me, { name: 'One more', value: '1' }))).toBe('codes-full');
    await relay.preferences.saveCode(me, { name: 'CODE 3', value: '99' });
    expect((await relay.preferences.read(me)).codes).toContainEqual({
      name: 'CODE 3',
      kind: 'style',
      value: '99',
    });
    expect(await relay.preferences.removeCode(me, 'code 3')).toMatchObject({ value: '99' });
    expect(await codeOf(relay.preferences.removeCode(me, 'code 3'))).toBe('code-unknown');
    expect((await relay.preferences.read(me)).codes).toHaveLength(24);
  });
});

describe('the window that changes a prompt', () => {
  it('may name presets, and leaves out whatever its person took out', async () => {
    await relay.preferences.set(me, { suffix: 'in ink' });
    await relay.preferences.savePreset(me, 'tall', '--ar 2:3 --relax');
    const own = await relay.preferences.read(me);
    const wish = combinePrompt({ text: 'a fox --v 8.2 --s 5000' }, own);
    const refused = relay.service.start({ action: 'imagine', ...wish, pictures: [] }, aCaller());
    const { draft = '' } = detailsOf(await refused.catch((error) => error), 'prompt-doubtful') ?? {};
    expect(await relay.resume.wordsOf(draft, aCaller())).toEqual({
      prompt: 'a fox in ink --v 8.2 --s 5000',
    });
    const { task } = await relay.resume.change(draft, 'a hare --v 8.2 --tall', aCaller());
    expect(task).toMatchObject({
      request: { prompt: 'a hare --v 8.2 --ar 2:3', speed: 'relax' },
      price: 40,
    });
  });
});

describe("a person's data", () => {
  it('has their preferences in it until they are forgotten, and nobody else’s go with them', async () => {
    await relay.preferences.set(me, { suffix: 'zebracanary' });
    await relay.preferences.set('5', { suffix: 'another' });
    expect(JSON.parse(await relay.personalData.export(me))).toMatchObject({
      preferences: { suffix: 'zebracanary' },
    });
    await relay.personalData.forget(me);
    expect(await relay.personalData.export(me)).not.toContain('zebracanary');
    expect(await relay.documents.preferences.listKeys()).toEqual(['5']);
    expect(await relay.preferences.read('5')).toEqual({ ...empty, suffix: 'another' });
  });
});
