import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();
const hourMs = 60 * 60_000;
const gone = "no longer has this task's prompt and images";

/** Every byte of the databases, as a person with a copy of the disk would read them. */
async function readFiles(): Promise<string> {
  const { dataDirectory } = whole.sandbox;
  const names = (await readdir(dataDirectory)).filter((name) => name.includes('.db'));
  return (await Promise.all(names.map((name) => readFile(join(dataDirectory, name), 'latin1')))).join('');
}

describe('/account forget', () => {
  it('leaves no words in the files, even if somebody else has used them', async () => {
    const { discord, startBot } = whole.sandbox;
    const { member, administrator: other } = discord.world.people;
    await startBot(quick);
    const mine = await whole.picture(await whole.imagine('a zebracanary on a hill', {}, member));
    const theirs = await whole.picture(await whole.press(mine, 'V1', other));
    const opener = await whole.run('account forget', {}, member);
    await opener.acknowledged;
    expect(await readFiles()).toContain('zebracanary');
    const question = opener.message;
    if (question === undefined) throw new Error('nothing was asked');
    await whole.press(question, 'Remove my data', member);
    const said = () => textOf(question).includes('The prompts and images of 1 task have been removed.');
    await discord.until(said, { what: 'that they are removed', timeoutMs: 25_000 });
    expect(await readFiles()).not.toContain('zebracanary');
    await whole.reply(await whole.press(mine, 'U1', other), gone);
    await whole.picture(await whole.press(theirs, 'U1', other));
  });
});

describe('RETENTION_DAYS', () => {
  it('empties older tasks at the next start, and says so on their buttons', async () => {
    const { discord, startBot, dataDirectory } = whole.sandbox;
    const first = await startBot(quick);
    const old = await whole.picture(await whole.imagine('an old zebracanary'));
    const young = await whole.picture(await whole.imagine('a young tigercanary'));
    const points = await whole.points();
    await first.end();
    const database = new DatabaseSync(join(dataDirectory, 'relay.db'));
    const age = database.prepare('update tasks set finished_at = finished_at - ? where message_id = ?');
    age.run(25 * hourMs, old.id);
    age.run(23 * hourMs, young.id);
    database.close();
    // A table of drafts that can't be read doesn't keep the tasks from being emptied.
    const documents = new DatabaseSync(join(dataDirectory, 'documents.db'));
    documents.exec('alter table drafts rename column key to lost');
    documents.close();
    const second = await startBot({ ...quick, RETENTION_DAYS: '1' });
    await second.line('prompts and pictures of old tasks are removed');
    await whole.reply(await whole.press(old, 'U1'), gone);
    await whole.picture(await whole.press(young, 'U1'));
    expect(await readFiles()).not.toContain('zebracanary');
    expect(await readFiles()).toContain('tigercanary');
    expect(points).toBe('1,800 points');
    expect(textOf(discord.messages(discord.world.channels.general.id)[0])).toContain('zebracanary');
  });
});
