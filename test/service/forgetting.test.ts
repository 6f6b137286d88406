import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apply } from '../../src/apply.ts';
import { createPersonalData, type PersonalData } from '../../src/service/personal-data.ts';
import type { InputPicture } from '../../src/task.ts';
import { codeOf } from '../helpers/errors.ts';
import { allDone, aResult, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, anOrigin, aTask, unique } from '../helpers/tasks.ts';

let relay: Relay;
let data: PersonalData;
let warnings: string[];
beforeEach(async () => {
  relay = await createRelay();
  relay.provider.onLook = allDone;
  const pictures = { remove: async () => undefined };
  warnings = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) });
  data = createPersonalData({ ...relay, pictures, log });
});
afterEach(() => relay.remove());

const { userId, book } = anOrigin();
const another = () => aCaller({ userId: 'another' });
const picture: InputPicture = {
  url: 'https://cdn.example/zebracanary.png',
  name: 'zebracanary.png',
  bytes: 1,
};

/** Lets everything that was started end and be delivered. */
async function deliver(): Promise<void> {
  await relay.clock.pass(20_000);
  for (const owed of await relay.outbox.listDue(10)) await relay.outbox.settle(owed);
}

async function acknowledge({ task: { id } }: { task: { id: string } }): Promise<string> {
  await relay.service.acknowledged(id, `message-of-${id}`);
  return id;
}

async function delivered(prompt: string, person = userId): Promise<string> {
  const id = await relay.imagine(person, prompt);
  await deliver();
  return id;
}

const press = (taskId: string, offer: number) => ({ taskId, messageId: `message-of-${taskId}`, offer });

/** Every byte on disk. */
async function readFiles(): Promise<string> {
  const names = (await readdir(relay.path)).filter((name) => name.includes('.db'));
  return (await Promise.all(names.map((name) => readFile(join(relay.path, name), 'latin1')))).join('');
}

describe("what others have made with a person's words and pictures", () => {
  it.each([
    ['a copy', 0, undefined],
    ['a custom zoom, with a word of theirs left', 2, 'my zebracanary in the rain --zoom 2'],
  ])('keeps its result but loses the words: %s', async (_what, offer, prompt) => {
    const mine = await delivered('a zebracanary in the snow');
    const typed = prompt === undefined ? {} : { prompt };
    const theirs = await acknowledge(await relay.service.act({ ...press(mine, offer), ...typed }, another()));
    await deliver();
    await data.forget(userId);
    const task = await relay.read(theirs);
    expect(task).toMatchObject({ state: 'done', emptied: 'words', result: { media: [{}] } });
    expect(task.request).toMatchObject({ prompt: '', pictures: [] });
    expect(await data.export('another')).not.toContain('zebracanary');
  });

  it('keeps a custom zoom without any of their words', async () => {
    const mine = await delivered('a zebracanary --ar 16:9');
    const zoom = { ...press(mine, 2), prompt: 'my own sea --ar 16:9 --zoom 2' };
    const theirs = await acknowledge(await relay.service.act(zoom, another()));
    await deliver();
    await data.forget(userId);
    expect((await relay.read(theirs)).request.prompt).toBe('my own sea --ar 16:9 --zoom 2');
  });

  it('finds Chinese words, which have no spaces', async () => {
    const mine = await delivered('雪地里的狐狸');
    const zoom = { ...press(mine, 2), prompt: '森林里的狐狸 --zoom 2' };
    const theirs = await acknowledge(await relay.service.act(zoom, another()));
    await deliver();
    await data.forget(userId);
    expect((await relay.read(theirs)).request.prompt).toBe('');
  });

  it("loses a picture that came with Try again, and can't be tried again", async () => {
    relay.provider.onSubmit = () => ({
      ref: { id: 'remote' },
      update: { state: 'failed', kind: 'rejected' },
    });
    const request = { action: 'describe', prompt: '', speed: 'fast', pictures: [picture] } as const;
    const mine = await acknowledge(await relay.service.start(request, aCaller()));
    await deliver();
    const target = { taskId: mine, messageId: `message-of-${mine}` };
    const theirs = await acknowledge(await relay.service.again(target, another()));
    await deliver();
    expect((await relay.read(theirs)).request.pictures).toEqual([picture]);
    await data.forget(userId);
    expect((await relay.read(theirs)).request.pictures).toEqual([]);
    const again = relay.service.again({ taskId: theirs, messageId: `message-of-${theirs}` }, another());
    expect(await codeOf(again)).toBe('task-emptied');
  });

  it.each([
    ['a follow-up of theirs', (taskId: string) => taskId],
    [
      "a follow-up of somebody else's follow-up",
      async (taskId: string) => {
        const child = await acknowledge(
          await relay.service.act(press(taskId, 0), aCaller({ userId: 'a third' })),
        );
        await deliver();
        return child;
      },
    ],
  ])('is gone if it was begun and not agreed to or sent: %s', async (_what, toParent) => {
    const parent = await toParent(await delivered('a zebracanary in the snow'));
    const unrelated = await delivered('a fox', 'a fourth');
    await relay.policies.update(book, () => ({ points: 40 }));
    const zoom = { ...press(parent, 2), prompt: 'a zebracanary --zoom 9' };
    const presses = [press(parent, 1), zoom, press(unrelated, 1)];
    const codes = presses.map((one) => codeOf(relay.service.act(one, another())));
    expect(await Promise.all(codes)).toEqual(['price-unconfirmed', 'zoom-malformed', 'price-unconfirmed']);
    await data.forget(userId);
    expect(await relay.drafts.listOf('another')).toMatchObject([{ request: { prompt: 'a fox' } }]);
    expect(await readFiles()).not.toContain('zebracanary');
  });

  it('loses words that were found in their picture and used for another', async () => {
    const found = { ...aResult, text: ['a zebracanary on a hill'], weighed: '**zebracanary** ~~hill~~' };
    relay.provider.onLook = (refs) => new Map(refs.map((ref) => [ref['id'] ?? '', found]));
    const request = { action: 'describe', prompt: '', speed: 'fast', pictures: [picture] } as const;
    const mine = await acknowledge(await relay.service.start(request, aCaller()));
    await deliver();
    relay.provider.onLook = allDone;
    const proposal = { taskId: mine, messageId: `message-of-${mine}`, index: 0 };
    const { prompt } = await relay.proposals.read(proposal, another());
    const theirs = await acknowledge(await relay.proposals.imagine({ ...proposal, prompt }, another()));
    await deliver();
    const theirZoom = await acknowledge(await relay.service.act(press(theirs, 0), another()));
    await deliver();
    await data.forget(userId);
    for (const id of [theirs, theirZoom]) expect((await relay.read(id)).request.prompt).toBe('');
    expect(await codeOf(relay.proposals.read(proposal, another()))).toBe('task-emptied');
  });

  it('loses them at its end if it is running, and uses them until then', async () => {
    const mine = await delivered('a zebracanary in the snow');
    relay.provider.onLook = (refs) => new Map(refs.map((ref) => [ref['id'] ?? '', { state: 'running' }]));
    const theirs = await acknowledge(await relay.service.act(press(mine, 1), another()));
    await data.forget(userId);
    expect(await relay.read(theirs)).toMatchObject({ request: { prompt: 'a zebracanary in the snow' } });
    relay.provider.onLook = allDone;
    await deliver();
    expect(await relay.read(theirs)).toMatchObject({ state: 'done', request: { prompt: '' } });
  });
});

it('loses the words of a button, too, even if a gateway has translated them', async () => {
  const mine = await delivered('一只斑马');
  const theirs = await acknowledge(await relay.service.act(press(mine, 0), another()));
  await deliver();
  const { database } = relay;
  const before = await relay.read(theirs);
  const request = { ...before.request, prompt: 'a zebracanary' };
  await database.tasks.save({ ...before, request, revision: before.revision + 1 }, before);
  expect(await data.export('another')).toContain('zebracanary');
  await data.forget(userId);
  expect(await data.export('another')).not.toContain('zebracanary');
});

it('loses texts that were found in them', async () => {
  const media = [{ kind: 'picture', url: 'https://cdn.example/1.png' }] as const;
  const result = { media: [...media], text: ['a zebracanary'], weighed: '**zebracanary**', offers: [] };
  const done = aTask({ state: 'done', finishedAt: 1, result });
  const left = apply(done, { type: 'forgotten', isAll: false }, 2);
  expect(left).toMatchObject({ emptied: 'words', result: { media } });
  expect(JSON.stringify(left)).not.toContain('zebracanary');
});

describe('what was decided and written about a person', () => {
  const admin = { ...aCaller({ userId: 'admin' }).asker, isAdministrator: true };
  const named = { userId, isBot: false, roleIds: [] };
  const note = 'zebracanary won the contest';

  it('is deleted: extra points, and notes on grants', async () => {
    await relay.administration.setPerson(admin, named, 5_000);
    await relay.administration.grant(admin, named, 50, { interactionId: unique(), note });
    expect(JSON.parse(await data.export(userId))).toMatchObject({
      allowances: { [book]: 5_000 },
      ledger: [{ note }],
    });
    await data.forget(userId);
    const exported = JSON.parse(await data.export(userId));
    expect(exported).toMatchObject({ allowances: {}, ledger: [{ kind: 'grant', grantPart: 50 }] });
    expect(JSON.stringify(exported)).not.toContain('zebracanary');
    expect(await relay.left()).toBe(2_050);
  });

  it('is deleted, too, if the person has written it', async () => {
    const other = { userId: 'another', isBot: false, roleIds: [] };
    await relay.administration.grant(admin, other, 50, { interactionId: unique(), note });
    await data.forget('admin');
    expect(await data.export('another')).not.toContain('zebracanary');
  });

  it.each([
    ['less than everybody gets', {}, 500],
    ['less than a role gets', { roles: { artist: 9_000 } }, 5_000],
  ])('stays where it is a limit: %s', async (_what, settings, points) => {
    await relay.policies.update(book, (before) => ({ ...before, ...settings }));
    await relay.administration.setPerson(admin, named, points);
    await data.forget(userId);
    expect(await relay.left()).toBe(points);
  });
});

it('includes the token of a message that is removed before it is settled', async () => {
  const id = await relay.imagine(userId, 'a fox');
  await relay.clock.pass(20_000);
  expect((await relay.read(id)).origin.place.token).toBe('interaction-token');
  const target = { taskId: id, messageId: `message-of-${id}` };
  await relay.service.remove(target, { userId, canManageMessages: false });
  expect((await relay.read(id)).origin.place.token).toBeUndefined();
  expect(await relay.outbox.listDue(10)).toEqual([]);
});

it('leaves no trace in the files or their logs', async () => {
  const admin = { ...aCaller({ userId: 'admin' }).asker, isAdministrator: true };
  const mine = await delivered(`a zebracanary ${'in the snow '.repeat(300)}`);
  await delivered('a tigercanary', 'another');
  const zoom = { ...press(mine, 2), prompt: 'the zebracanary again --zoom 2' };
  await acknowledge(await relay.service.act(zoom, another()));
  const named = { userId, isBot: false, roleIds: [] };
  await relay.administration.grant(admin, named, 5, { interactionId: unique(), note: 'for a zebracanary' });
  await deliver();
  const person = `${'9'.repeat(18)}7`;
  await relay.policies.update(book, (settings) => ({ ...settings, people: { [person]: 5_000 } }));
  expect(await readFiles()).toContain('zebracanary');
  expect(await readFiles()).toContain(person);
  await data.forget(person);
  expect(await readFiles()).not.toContain(person);
  await data.forget(userId);
  const left = await readFiles();
  expect(left).not.toContain('zebracanary');
  expect(left).toContain('tigercanary');
});

it('says so if somebody is reading the file, and leaves no trace once it is run again', async () => {
  await delivered('a zebracanary');
  const { DatabaseSync } = await import('node:sqlite');
  const reader = new DatabaseSync(join(relay.path, 'relay.db'), { readOnly: true });
  reader.exec('begin');
  reader.prepare('select count(*) from tasks').get();
  await data.forget(userId);
  expect(warnings.join()).toContain('a database is being read, so its log will be emptied later');
  expect(await relay.database.emptyLog()).toBe(false);
  reader.close();
  expect(await relay.database.emptyLog()).toBe(true);
  expect(await readFiles()).not.toContain('zebracanary');
});
