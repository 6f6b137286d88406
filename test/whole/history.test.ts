import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { Message, Person } from '../../sandbox/discord/index.ts';
import { labelsOf, quick, textOf, useSandbox, useSharedSandbox, type Whole } from '../helpers/whole.ts';

function createActions(whole: Whole) {
  const world = () => whole.sandbox.discord.world;
  return {
    aPerson: (name: string): Person => world().addPerson({ name, guilds: [world().guild] }),
    link: ({ id, channel }: Message) =>
      `https://discord.com/channels/${world().guild.id}/${channel.id}/${id}`,
    async list(options: Parameters<Whole['run']>[1], person: Person): Promise<Message> {
      return whole.reply(await whole.run('task list', options, person), 'removed from the bot after');
    },
    async search(words: string, person: Person): Promise<Message> {
      return whole.reply(await whole.run('task search', { words }, person), 'removed from the bot after');
    },
    /** Presses ❤️ under a result; returns the answer. */
    async like(message: Message, person: Person): Promise<Message> {
      return whole.reply(await whole.press(message, '❤️', person), 'Added to your favorites');
    },
    /** Deletes a result with its own button. */
    async remove(message: Message, person: Person): Promise<void> {
      const { discord } = whole.sandbox;
      const press = await whole.press(message, '🗑️', person);
      await discord.until(() => press.followUps.length > 0, { what: 'a question' });
      await whole.press(press.followUps[0] as Message, 'Yes', person);
      await discord.until(() => message.deleted, { what: 'a deleted message' });
    },
  };
}

const textIn = (message: Message | undefined) => message?.embeds[0]?.description ?? '';

describe('/task list and /task search', () => {
  const whole = useSharedSandbox({ kind: 'mjproxy' });
  const { aPerson, link, list, search, like, remove } = createActions(whole);

  it("show one's own tasks to nobody else, with links, by kind and by words", async () => {
    const [ann, bob] = [aPerson('Ann'), aPerson('Bob')];
    const grid = await whole.picture(await whole.imagine('a purple heron in the mist', {}, ann));
    const single = await whole.picture(await whole.press(grid, 'U2', ann));
    const all = await list({}, ann);
    expect(all.visibleTo).toBe(ann);
    expect(textIn(all).indexOf(link(single))).toBeLessThan(textIn(all).indexOf(link(grid)));
    expect(textIn(all)).toContain('✅ Done');
    const grids = textIn(await list({ kind: 'image' }, ann));
    expect([grids.includes(link(grid)), grids.includes(link(single))]).toEqual([true, false]);
    const found = await search('MIST her', ann);
    expect(found.visibleTo).toBe(ann);
    expect(textIn(found)).toContain(link(grid));
    expect(textIn(await list({}, bob))).toBe('Nothing here yet. Start with `/imagine`.');
    expect(textIn(await search('heron', bob))).toBe('None of your prompts has all of these words.');
    const nothing = await whole.run('task search', { words: '🦊' }, ann);
    await whole.reply(nothing, 'Please type at least one word');
  });

  it('show what failed, and what runs', async () => {
    const person = aPerson('Cid');
    whole.sandbox.provider.trouble.next('task', { do: 'fail', reason: 'Banned prompt detected' });
    await whole.end(await whole.imagine('a banned heron', {}, person));
    await whole.picture(await whole.imagine('an allowed heron', {}, person));
    const failed = textIn(await list({ filter: 'failed' }, person));
    expect(failed).toContain('a banned heron');
    expect(failed).not.toContain('an allowed heron');
    expect(textIn(await list({ filter: 'running' }, person))).toBe('Nothing is running right now.');
  });

  it('suggest prompts of one’s own to search for', async () => {
    const [person, other] = [aPerson('Dee'), aPerson('Eve')];
    await whole.picture(await whole.imagine('a golden ibis', {}, person));
    const suggest = (who: Person) =>
      whole.sandbox.discord.autocomplete({
        person: who,
        channel: whole.sandbox.discord.world.channels.general,
        command: 'task',
        subcommand: 'search',
        options: { words: 'ibi' },
        focused: 'words',
      });
    expect(await suggest(person)).toEqual([{ name: 'a golden ibis', value: 'a golden ibis' }]);
    expect(await suggest(other)).toEqual([]);
  });

  it("mark what was deleted, and don't show it to others who had it as a favorite", async () => {
    const [owner, fan] = [aPerson('Fay'), aPerson('Gus')];
    const grid = await whole.picture(await whole.imagine('a vanished ibis', {}, owner));
    await like(grid, fan);
    expect(textIn(await list({ filter: 'favorites' }, fan))).toContain('a vanished ibis');
    await remove(grid, owner);
    const mine = textIn(await list({}, owner));
    expect(mine).toMatch(/a vanished ibis\n.* · message deleted · `.{16}`/u);
    expect(mine).not.toContain(link(grid));
    const favorites = await list({ filter: 'favorites' }, fan);
    expect(textIn(favorites)).toContain(`by <@${owner.id}> · message deleted`);
    expect(textIn(favorites)).not.toContain('ibis');
    // It can still be taken off the list.
    const [choice] = choicesOf(favorites);
    const chosen = await whole.sandbox.discord.choose({
      person: fan,
      message: favorites,
      values: [choice?.value ?? ''],
    });
    await chosen.acknowledged;
    await whole.sandbox.discord.until(() => textIn(favorites).includes('Press ❤️ under a result'), {
      what: 'an empty list',
    });
  });

  it('no longer find what a person wants forgotten', async () => {
    const person = aPerson('Hal');
    const grid = await whole.picture(await whole.imagine('a forgotten ibis', {}, person));
    await like(grid, person);
    const opener = await whole.run('account forget', {}, person);
    await opener.acknowledged;
    await whole.press(opener.message as Message, 'Remove my data', person);
    await whole.reply(opener, 'have been removed');
    expect(textIn(await search('forgotten', person))).toBe('None of your prompts has all of these words.');
    expect(textIn(await list({ filter: 'favorites' }, person))).toContain('Press ❤️ under a result');
    const all = textIn(await list({}, person));
    expect(all).toContain('prompt removed');
    expect(all).not.toContain('ibis');
  });

  it('show relatives in /task show, whose links go on where messages are deleted', async () => {
    const person = aPerson('Ida');
    const grid = await whole.picture(await whole.imagine('a family of storks', {}, person));
    const [first, second] = [
      await whole.picture(await whole.press(grid, 'U1', person)),
      await whole.picture(await whole.press(grid, 'U2', person)),
    ];
    const card = async (id: string) => whole.reply(await whole.run('task show', { id }, person), 'Account');
    const valuesOf = (message: Message) =>
      Object.fromEntries((message.embeds[0]?.fields ?? []).map(({ name, value }) => [name, value]));
    const before = valuesOf(await card(link(first)));
    expect(before['Made from']).toContain(link(grid));
    expect(before['Made from the same image']).toContain(link(second));
    expect(before['Made from the same image']).not.toContain(link(first));
    await remove(grid, person);
    await remove(second, person);
    const after = valuesOf(await card(link(first)));
    const [, parentId = ''] = /^Imagine · message deleted · `(.{16})`$/u.exec(after['Made from'] ?? '') ?? [];
    expect(after['Made from the same image']).toMatch(/^Image #2 · message deleted · `.{16}`$/u);
    expect(valuesOf(await card(parentId))['Made from this']).toContain(link(first));
  });
});

describe('favorites and pages', () => {
  const whole = useSandbox({ kind: 'mjproxy' });
  const { link, list, search, like } = createActions(whole);

  it('survive a kill and a restart', async () => {
    const { discord, startBot } = whole.sandbox;
    const { member, otherMember } = discord.world.people;
    const first = await startBot(quick);
    const grid = await whole.picture(await whole.imagine('a red fox', {}, member));
    const answer = await like(grid, otherMember);
    expect(answer.visibleTo).toBe(otherMember);
    await like(grid, otherMember); // twice is once
    const favorites = await list({ filter: 'favorites' }, otherMember);
    expect(textIn(favorites)).toContain(link(grid));
    await first.end('SIGKILL');
    await startBot(quick);
    expect(textIn(await list({ filter: 'favorites' }, otherMember))).toBe(textIn(favorites));
    expect(textIn(await list({ filter: 'favorites' }, member))).toContain('Press ❤️ under a result');
    await like(grid, member); // the button under the result goes on working, too
    // So does the one under the answer from before the restart.
    await whole.press(answer, 'Remove from favorites', otherMember);
    await discord.until(() => answer.content === 'Removed from your favorites.', {
      what: 'that it is removed',
    });
    expect(labelsOf(answer)).toEqual([]);
    expect(textIn(await list({ filter: 'favorites' }, otherMember))).toContain('Press ❤️ under a result');
    expect(textIn(await list({ filter: 'favorites' }, member))).toContain(link(grid));
  });

  it('show operators no more than others', async () => {
    const { discord, startBot } = whole.sandbox;
    const { member, administrator: operator } = discord.world.people;
    await startBot({ ...quick, OPERATOR_IDS: operator.id });
    await whole.picture(await whole.imagine('a private stork', {}, member));
    expect(textIn(await search('stork', operator))).toBe('None of your prompts has all of these words.');
    expect(textIn(await list({}, operator))).toBe('Nothing here yet. Start with `/imagine`.');
  });

  it('can be forged by nobody: a press counts where the result is shown', async () => {
    const { discord, startBot } = whole.sandbox;
    const { member, otherMember } = discord.world.people;
    await startBot(quick);
    const [mine, theirs] = [
      await whole.picture(await whole.imagine('a red fox', {}, otherMember)),
      await whole.picture(await whole.imagine('a secret hare', {}, member)),
    ];
    const id = JSON.stringify(theirs.components).match(/favorite:[\w-]{16}:0/)?.[0] ?? '';
    const forged = await discord.click({
      person: otherMember,
      message: mine,
      customId: id,
      forge: true,
    });
    await whole.reply(forged, 'This button no longer works');
    expect(textIn(await list({ filter: 'favorites' }, otherMember))).toContain('Press ❤️ under a result');
    // What replaces an answer to one person doesn't replace a message that others see.
    const before = textOf(theirs);
    for (const customId of ['search:1:fox', 'list:mine:any:1', id.replace('favorite', 'unfavorite')]) {
      const forgedPage = { person: otherMember, message: theirs, customId, forge: true };
      await whole.reply(await discord.click(forgedPage), 'This button no longer works');
    }
    const forgedMenu = {
      person: otherMember,
      message: theirs,
      customId: 'unfavorite-from:list:favorites:any:1',
    };
    const chosen = await discord.choose({ ...forgedMenu, values: ['x'], forge: true });
    await whole.reply(chosen, 'This button no longer works');
    expect(textOf(theirs)).toBe(before);
  });

  it('turn to older tasks after a restart, and a folder from before the index is found again', async () => {
    const { discord, startBot, dataDirectory } = whole.sandbox;
    const { member } = discord.world.people;
    const first = await startBot(quick);
    const grid = await whole.picture(await whole.imagine('a red fox', {}, member));
    await first.end();
    // Eleven older ones, and an index that knows nothing, as after an update.
    const database = new DatabaseSync(join(dataDirectory, 'relay.db'));
    const columns = database.prepare('select * from tasks').get() as Record<string, string | number | null>;
    for (let number = 0; number < 11; number += 1) {
      const row = {
        ...columns,
        id: `old-task-${String(number).padStart(7, '0')}`,
        interaction_id: `old ${number}`,
        message_id: null,
        created_at: number,
        details: String(columns['details']).replaceAll('a red fox', `an old fox ${number}`),
      };
      const names = Object.keys(row);
      database
        .prepare(`insert into tasks (${names.join()}) values (${names.map(() => '?').join()})`)
        .run(...(Object.values(row) as string[]));
    }
    database.exec(`delete from task_words; insert into word_backlog values (1, '')`);
    database.close();
    const isCaughtUp = () => {
      const file = new DatabaseSync(join(dataDirectory, 'relay.db'), { readOnly: true });
      const left = file.prepare('select count(*) as rows from word_backlog').get();
      file.close();
      return left?.['rows'] === 0;
    };
    const second = await startBot(quick);
    await discord.until(() => isCaughtUp(), { what: 'an index of all tasks' });
    const found = await search('fox', member);
    expect(textIn(found)).toContain('an old fox 10');
    expect(textIn(found)).toContain(link(grid));
    expect(textIn(found)).not.toContain('an old fox 1\n');
    await second.end('SIGKILL');
    await startBot(quick);
    await whole.press(found, 'Older', member);
    await discord.until(() => textIn(found).includes('an old fox 0'), { what: 'the second page' });
    expect(found.embeds[0]?.footer?.text).toMatch(/^Page 2 · /u);
    await whole.press(found, 'Newer', member);
    await discord.until(() => textIn(found).includes(link(grid)), { what: 'the first page' });
  });
});

function choicesOf(message: Message): { label: string; value: string }[] {
  const rows = message.components as unknown as {
    components: { options?: { label: string; value: string }[] }[];
  }[];
  return rows.flatMap(({ components }) => components.flatMap(({ options = [] }) => options));
}
