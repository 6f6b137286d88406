import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../sandbox/discord/index.ts';
import { textOf } from '../helpers/whole.ts';
import { makeOldFolder, type OldTask } from './old-folder.ts';
import { useWorld } from './stage.ts';

/** Ids of tasks have 16 characters. */
const toId = (word: string) => `${word}-of-old-0000000`.slice(0, 16);

interface RemoteTask {
  readonly status: string;
  readonly imageUrl: string;
  readonly buttons: readonly { readonly customId: string }[];
}

/** As after an update: tasks of every state are in the folder, and their messages and the provider's tasks are there, too. */
describe('a data folder of an earlier version', () => {
  const whole = useWorld({ kinds: ['mjproxy'] });
  const messages = new Map<string, Message>();
  let directory: string;

  /** What its bot had sent. */
  async function post(word: string, content: string, buttons: object[] = []): Promise<string> {
    const { discord } = whole.sandbox;
    const response = await fetch(
      `${discord.url}/v10/channels/${discord.world.channels.general.id}/messages`,
      {
        method: 'POST',
        headers: { authorization: `Bot ${discord.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          content,
          allowed_mentions: { parse: [] },
          ...(buttons.length === 0 ? {} : { components: [{ type: 1, components: buttons }] }),
        }),
      },
    );
    const { id } = (await response.json()) as { id: string };
    const message = discord.message(id);
    if (message === undefined) throw new Error(`no message: ${response.status}`);
    messages.set(word, message);
    return id;
  }

  /** What its bot had submitted. */
  async function submit(prompt: string): Promise<string> {
    const { url, key } = whole.sandbox.provider;
    const response = await fetch(`${url}/mj/submit/imagine`, {
      method: 'POST',
      headers: { 'mj-api-secret': key, 'content-type': 'application/json' },
      body: JSON.stringify({ prompt }),
    });
    return ((await response.json()) as { result: string }).result;
  }

  async function finished(remoteId: string): Promise<RemoteTask> {
    const { url, key } = whole.sandbox.provider;
    for (;;) {
      const response = await fetch(`${url}/mj/task/${remoteId}/fetch`, { headers: { 'mj-api-secret': key } });
      const task = (await response.json()) as RemoteTask;
      if (task.status === 'SUCCESS') return task;
    }
  }

  async function aResult(remoteId: string) {
    const { imageUrl, buttons } = await finished(remoteId);
    const token = buttons.map(({ customId }) => customId).find((id) => id.includes('upsample::2')) ?? '';
    const offers = [{ action: 'upscale', index: 2, token }];
    return { media: [{ kind: 'picture', url: imageUrl }], offers };
  }

  beforeAll(async () => {
    const { discord } = whole.sandbox;
    directory = join(whole.sandbox.directory, 'data');
    const [fox, hare, wolf] = [await submit('a red fox'), await submit('a hare'), await submit('a wolf')];
    const u2 = { type: 2, style: 2, label: 'U2', custom_id: `offer:${toId('fox')}:0` };
    const tasks: OldTask[] = [
      {
        id: toId('fox'),
        prompt: 'a red fox',
        state: 'done',
        remoteId: fox,
        result: await aResult(fox),
        messageId: await post('fox', 'a red fox', [u2]),
      },
      {
        id: toId('wolf'),
        prompt: 'a wolf',
        state: 'done',
        remoteId: wolf,
        result: await aResult(wolf),
        isOwed: true,
        messageId: await post('wolf', 'Being made'),
      },
      {
        id: toId('hare'),
        prompt: 'a hare',
        state: 'running',
        remoteId: hare,
        messageId: await post('hare', 'Being made'),
      },
      { id: toId('owl'), prompt: 'an owl', state: 'queued', messageId: await post('owl', 'Waiting') },
      {
        id: toId('lynx'),
        prompt: 'a lynx',
        state: 'submitting',
        deadlineAt: Date.now() - 1,
        messageId: await post('lynx', 'Being submitted'),
      },
      {
        id: toId('crow'),
        prompt: 'a crow',
        state: 'failed',
        messageId: await post('crow', 'Banned prompt detected'),
      },
    ];
    await makeOldFolder({
      directory,
      account: 'mjproxy',
      applicationId: discord.applicationId,
      guildId: discord.world.guild.id,
      channelId: discord.world.channels.general.id,
      userId: discord.world.people.member.id,
      points: 3_000,
      tasks,
    });
    await whole.deploy();
    await whole.sandbox.startBot();
  });
  afterAll(() => messages.clear());

  const hasPicture = ({ attachments }: Message) => attachments.length > 0;
  const hasRefund = (message: Message) => textOf(message).includes('points are back');
  const messageOf = (word: string): Message => messages.get(word) ?? expect.fail(word);
  const until = (word: string, isRight: (message: Message) => boolean) =>
    whole.sandbox.discord.until(() => isRight(messageOf(word)), {
      what: `another message of the ${word} than ${textOf(messageOf(word))}`,
      timeoutMs: 25_000,
    });

  it.each([
    ['runs', 'hare'],
    ['waits', 'owl'],
    ['is done and was never shown', 'wolf'],
  ])('goes on: what %s is delivered', async (_what, word) => {
    await until(word, hasPicture);
  });

  it('goes on: what was being submitted is never sent again, and gives its points back', async () => {
    await until('lynx', hasRefund);
  });

  it('goes on: its buttons work, on the points and settings that were there', async () => {
    await until('owl', hasPicture);
    await until('lynx', hasRefund);
    expect(await whole.points()).toBe('2,600 points'); // of 3,000: six pictures, two of which were refunded
    await whole.picture(await whole.press(messageOf('fox'), 'U2'));
    const submitted = whole.sandbox.provider.submits.slice(3);
    expect(submitted.map(({ prompt, customId }) => prompt ?? customId)).toEqual([
      'an owl',
      expect.stringContaining('MJ::JOB::upsample::2::'),
    ]);
    expect(await whole.points()).toBe('2,590 points');
  });

  it('has everything that is new: its tasks are found and listed, favorites and preferences kept', async () => {
    const { discord } = whole.sandbox;
    const read = async (line: string, options: Parameters<typeof whole.run>[1]) =>
      textOf(await whole.reply(await whole.run(line, options), 'removed from the bot after'));
    // Old tasks are indexed in the background.
    while (!(await read('task search', { words: 'red fox' })).includes(messageOf('fox').id));
    expect(await read('task list', { filter: 'failed' })).toContain('a crow');
    await until('wolf', hasPicture);
    await whole.reply(await whole.press(messageOf('wolf'), '❤️'), 'Added to your favorites');
    expect(await read('task list', { filter: 'favorites' })).toContain('a wolf');
    await whole.reply(await whole.run('preferences set', { suffix: 'in oil' }), 'Saved');
    expect(discord.violations).toEqual([]);
  });

  it('has the books of today, in which the doctor finds nothing', async () => {
    await until('lynx', hasRefund);
    const { administrator } = whole.sandbox.discord.world.people;
    const shown = await whole.run('quota server', {}, administrator);
    expect(textOf(await whole.reply(shown, 'This month'))).toMatch(
      /5[01]0 points spent, with no limit\. 100/,
    );
    const program = whole.sandbox.launch('src/doctor.ts');
    await program.exited;
    expect(program.lines.map((line) => line.trim())).toContainEqual(
      expect.stringMatching(/^ok {4}ledger: the sums of [67] tasks are right$/),
    );
    const sqlite = new DatabaseSync(join(directory, 'relay.db'), { readOnly: true });
    const steps = sqlite.prepare('select count(*) as made from kysely_migration').get();
    sqlite.close();
    expect(steps?.['made']).toBeGreaterThan(3);
  });
});
