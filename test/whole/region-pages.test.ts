import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { Interaction } from '../../sandbox/discord/index.ts';
import { drawMask, linkOf, maskFor, send, useRegionPages } from '../helpers/region-page.ts';
import { quick, textOf } from '../helpers/whole.ts';

describe('a link to the region editor', () => {
  const pages = useRegionPages();
  const { whole } = pages;

  async function open(): Promise<{ pressed: Interaction; link: string }> {
    const pressed = await pages.ask(await pages.single('a fox'));
    return { pressed, link: linkOf(pressed) };
  }

  it('outlives a crash, works once, and is answered in the channel', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const source = await pages.single('a fox');
    const pressed = await pages.ask(source);
    const link = linkOf(pressed);
    expect(pressed.message?.visibleTo?.id).toBe(pressed.person.id);
    await bot.end('SIGKILL');
    const next = await whole.sandbox.startBot(quick);
    const page = await (await fetch(link)).text();
    expect(page).toContain('costs 100 points');
    const answers = await Promise.all([send(link), send(link), send(link)]);
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['over', 'over', 'started']);
    const painted = await pages.painted();
    expect(painted.replyTo?.id).toBe(source.id);
    expect(painted.visibleTo).toBeUndefined();
    expect(painted.content).toContain('**a red door** - Vary (Region) by');
    expect(answers.find(({ kind }) => kind === 'started')?.address).toContain(painted.id);
    expect(await whole.points()).toBe('1,750 points');
    expect(await pages.masks()).toHaveLength(1);
    await next.end('SIGKILL');
    const last = await whole.sandbox.startBot(quick);
    expect((await fetch(link)).status).toBe(410);
    expect(await send(link, { mask: 'AAAA' })).toMatchObject({ status: 410, kind: 'over' });
    expect(await whole.points()).toBe('1,750 points');
    // Its buttons work, as those of any other result.
    await whole.picture(await whole.press(painted, 'U1'));
    const secret = link.slice(-59);
    for (const one of [bot, next, last])
      expect(one.lines.filter((line) => line.includes(secret) || line.includes(secret.slice(27)))).toEqual(
        [],
      );
  });

  it('is shown and submitted once if the bot dies right after the charge', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const { link } = await open();
    const channel = whole.sandbox.discord.world.channels.general.id;
    const before = whole.sandbox.discord.messages(channel).length;
    const died = send(link).catch(() => undefined);
    await bot.line('"action":"vary-region"');
    await bot.end('SIGKILL');
    await died;
    await whole.sandbox.startBot(quick);
    await pages.painted();
    expect(whole.sandbox.discord.messages(channel).length).toBe(before + 1);
    expect(await whole.points()).toBe('1,750 points');
    expect(whole.sandbox.provider.submits.every(({ repeats }) => repeats === 0)).toBe(true);
    expect(await pages.masks()).toHaveLength(1);
  });

  it('is refused with a sentence, and nothing is charged', async () => {
    await whole.sandbox.startBot(quick);
    const { link } = await open();
    const size = { width: 10, height: 10 };
    for (const [changes, sentence] of [
      [{ mask: await drawMask(size, 0.5) }, 'The mask was painted for an image of another size.'],
      [{ mask: await maskFor(link, 0) }, 'nothing to repaint'],
      [{ mask: await maskFor(link, 1) }, 'Leave part of it black'],
      [{ mask: Buffer.from('no picture').toString('base64') }, "isn't an image that the bot can read"],
      [{ price: 50 }, 'This costs 100 points now. Nothing was charged.'],
      [{ prompt: 'a door --turbo' }, 'would change the speed but not the price. Nothing was charged.'],
    ] as const) {
      const answer = await send(link, changes);
      expect(answer.sentence).toContain(sentence);
      expect(answer.sentence).toContain('Nothing was charged.');
    }
    expect((await fetch(link, { method: 'POST', body: '{' })).status).toBe(400);
    expect(await whole.points()).toBe('1,850 points');
    expect(await send(link)).toMatchObject({ kind: 'started' });
  });

  it('is refused once it has expired, or to somebody who changes it', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const { link } = await open();
    const mask = await maskFor(link);
    const forged = `${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`;
    expect((await fetch(forged)).status).toBe(404);
    expect(await send(forged, { mask })).toMatchObject({ status: 410, kind: 'over' });
    await bot.end();
    expire(whole.sandbox.dataDirectory);
    await whole.sandbox.startBot(quick);
    const gone = await fetch(link);
    expect(gone.status).toBe(404);
    const page = await gone.text();
    expect(page).toContain('It has expired, or it&#39;s incomplete.');
    expect((await fetch(`${link}/picture`)).status).toBe(404);
    expect(await send(link, { mask })).toMatchObject({ status: 410, kind: 'over' });
    expect(await whole.points()).toBe('1,850 points');
  });

  it('gives the points back if the bot may not write to the channel', async () => {
    await whole.sandbox.startBot(quick);
    const { link } = await open();
    const { general } = whole.sandbox.discord.world.channels;
    general.botPermissions = 0n;
    const answer = await send(link);
    expect(answer).toMatchObject({ kind: 'over' });
    expect(answer.sentence).toContain("couldn't write to the channel");
    expect(await whole.points()).toBe('1,850 points');
    expect(await pages.masks()).toEqual([]);
  });

  it('of a private image is answered where only its person sees it', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox', { private: true }));
    const single = await whole.picture(await whole.press(grid, 'U1'));
    const pressed = await pages.ask(single);
    const answer = await send(linkOf(pressed));
    expect(answer).toMatchObject({ kind: 'started' });
    expect(answer.sentence).toContain('only you can see it');
    const painted = await whole.picture(pressed);
    expect(painted.visibleTo?.id).toBe(pressed.person.id);
    expect(painted.content).toContain('**a red door** - Vary (Region) by');
    const { general } = whole.sandbox.discord.world.channels;
    const seen = whole.sandbox.discord
      .messages(general.id)
      .filter(({ visibleTo }) => visibleTo === undefined);
    expect(seen).toEqual([]);
    expect(await whole.points()).toBe('1,750 points');
  });

  it('has the parts to choose from next to it', async () => {
    await whole.sandbox.startBot(quick);
    const { pressed } = await open();
    const message = pressed.message;
    if (message === undefined) throw new Error('there is no message');
    const parts = await whole.press(message, 'Choose parts instead');
    await whole.reply(pressed, 'Choose the numbers of the parts to repaint.');
    const opener = await whole.choose(pressed, ['24', '25']);
    expect((await parts.acknowledged).type).toBe(6);
    const painted = await whole.picture(await whole.send(opener, { prompt: 'a red door' }));
    expect(textOf(painted)).toContain('**a red door** - Vary (Region) by');
  });
});

/** As if a quarter of an hour had passed. */
function expire(directory: string): void {
  const database = new DatabaseSync(join(directory, 'documents.db'));
  const rows = database.prepare('select key, value from drafts').all() as { key: string; value: string }[];
  const update = database.prepare('update drafts set value = ? where key = ?');
  for (const { key, value } of rows) {
    const stored = JSON.parse(value) as { value: { expiresAt: number } };
    stored.value.expiresAt -= 15 * 60_000;
    update.run(JSON.stringify(stored), key);
  }
  database.close();
}
