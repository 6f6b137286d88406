import { afterEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import type { Action, InputPicture, Region, TaskRequest } from '../../src/task.ts';
import { settle } from '../helpers/clock.ts';
import { codeOf } from '../helpers/errors.ts';
import { createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

const pictures: readonly InputPicture[] = [
  { url: 'https://cdn.example/cat.png', name: 'cat.png' },
  { url: 'https://cdn.example/ink.png', name: 'ink.png', role: 'style' },
  { url: 'https://cdn.example/hat.png', name: 'hat.png' },
];
const region: Region = { cells: [], picture: { url: 'https://cdn.example/mask.png', name: 'mask.png' } };

let relay: Relay | undefined;
afterEach(async () => relay?.remove());

async function open(options: Parameters<typeof createRelay>[0]): Promise<Relay> {
  relay = await createRelay(options);
  (relay.provider.actions as Set<Action>).add('edit');
  return relay;
}

const ask = (from: Relay, request: Partial<Omit<TaskRequest, 'action'>> = {}) =>
  from.service.start(
    { action: 'edit', prompt: 'put the hat on --v 8.2', speed: 'fast', pictures, ...request },
    aCaller(),
  );

/** Nothing was charged, saved, or sent. */
async function expectNothing(from: Relay): Promise<void> {
  expect(await from.left()).toBe(2_000);
  expect([from.announced, from.provider.submits]).toEqual([[], []]);
}

describe('an edit with several pictures', () => {
  it('reaches an API in the order in which they were given, each with its role', async () => {
    const one = await open({ editModel: ['main'] });
    const { task } = await ask(one);
    await one.service.acknowledged(task.id, '1');
    await settle();
    expect(one.provider.submits).toHaveLength(1);
    expect(one.provider.submits[0]?.pictures.map(({ url, role }) => [url, role])).toEqual([
      ['https://cdn.example/cat.png', undefined],
      ['https://cdn.example/ink.png', 'style'],
      ['https://cdn.example/hat.png', undefined],
    ]);
  });

  it('is refused before the charge if every API edits a single one', async () => {
    const one = await open({});
    expect(await codeOf(ask(one))).toBe('too-many-pictures');
    await expectNothing(one);
    expect(await codeOf(ask(one, { pictures: pictures.slice(0, 1) }))).toBeUndefined();
  });

  it('goes to the account that takes several, and a single one to the first', async () => {
    const two = await open({ accounts: ['one', 'two'], editModel: ['two'] });
    expect((await ask(two)).task.account).toBe('two');
    expect((await ask(two, { pictures: pictures.slice(0, 1) })).task.account).toBe('one');
  });

  it('never goes on to an account that takes one', async () => {
    const two = await open({ accounts: ['one', 'two'], editModel: ['one'] });
    two.provider.onSubmit = () => {
      throw new ProviderError('busy', 'it is full', { definite: true });
    };
    const { task } = await ask(two);
    await two.service.acknowledged(task.id, '1');
    await settle();
    expect(await two.read(task.id)).toMatchObject({ state: 'queued', account: 'one' });
    expect(two.provider.submits).toHaveLength(1);
  });

  it.each<[string, Partial<Omit<TaskRequest, 'action'>>, string]>([
    ['five', { pictures: [...pictures, ...pictures].slice(0, 5) }, 'too-many-pictures'],
    ['a mask', { region }, 'mask-for-several'],
    ['another version', { prompt: 'a hat --v 7' }, 'edit-version'],
    ['two styles', { prompt: 'a hat --sref 1 --v 8.2' }, 'style-twice'],
    ['a tile', { prompt: 'a hat --tile --v 8.2' }, 'edit-tile'],
    ['a flag of their own', { prompt: 'a hat --edit https://e.org/1.png --v 8.2' }, 'unpriced'],
    [
      'a speed in a name',
      { pictures: [...pictures, { url: 'https://e.org/a--turbo.png', name: 'a' }] },
      'picture-name',
    ],
  ])('is refused before the charge with %s', async (_, request, code) => {
    const one = await open({ editModel: ['main'], masksEdits: ['main'] });
    expect(await codeOf(ask(one, request))).toBe(code);
    await expectNothing(one);
  });

  it('finds nothing wrong with the weight of a style that a picture has', async () => {
    const one = await open({ editModel: ['main'] });
    expect(await codeOf(ask(one, { prompt: 'a hat --sw 200 --v 8.2' }))).toBeUndefined();
  });
});
