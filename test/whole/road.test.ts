import { beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../sandbox/discord/index.ts';
import { labelsOf, quick, textOf, useSandbox } from '../helpers/whole.ts';

/**
 * The whole bot as a child process, between the sandbox's Discord and the sandbox's API: people run commands and press
 * buttons, and read what the bot writes. Everybody starts with 2,000 points.
 */
const whole = useSandbox();
const { run, press, titled, picture, reply, points } = whole;

/** What the API was asked to do, oldest first. */
const submits = () => whole.sandbox.provider.submits;
const startBot = (environment: Record<string, string> = {}) =>
  whole.sandbox.startBot({ ...quick, ...environment });

let max: Person;
let mei: Person;
beforeEach(() => {
  ({ member: max, otherMember: mei } = whole.sandbox.discord.world.people);
});

describe('the road', () => {
  it('goes from /imagine to a picture with buttons, and from U2 to a single picture', async () => {
    await startBot();

    // Max types a command. The bot answers at once ("thinking"), and only then asks the API.
    const asked = await run('imagine', { prompt: 'a red fox in the snow', aspect: '16:9', stylize: 250 });
    expect((await asked.acknowledged).type).toBe(5);
    const grid = await titled('Imagine');
    expect(submits()[0]?.prompt).toBe('a red fox in the snow --ar 16:9 --s 250');

    // That same message becomes the result: four pictures in one file, and what the API offers next as buttons.
    expect(grid.id).toBe(asked.message?.id);
    expect(grid.content).toContain('**a red fox in the snow --ar 16\\:9 --s 250** - <@');
    expect(grid.attachments.map(({ name }) => name)).toEqual(['relay-a-red-fox-in-the-snow.png']);
    expect(grid.embeds[0]?.footer?.text).toMatch(/ · 100 points · U\s50 · V\s100 · 🔄\s100$/u);
    expect(labelsOf(grid)).toEqual(['U1', 'U2', 'U3', 'U4', '🔄', 'V1', 'V2', 'V3', 'V4', '❤️', '🗑️']);

    // A button sends the API its own token back, and brings a message of its own.
    await press(grid, 'U2');
    const single = await titled('Image #2');
    expect(submits()[1]).toMatchObject({ parentId: submits()[0]?.taskId });
    expect(submits()[1]?.customId).toContain('upsample::2');
    expect(single.id).not.toBe(grid.id);
    expect(labelsOf(single)).toContain('Strong');

    // 100 points for the grid, 50 for the single picture.
    expect(await points(max)).toBe('1,850 points');
  });

  it('sends reference pictures along', async () => {
    await startBot();
    await run('imagine', { prompt: 'a fox' });
    const [file] = (await titled('Imagine')).attachments;
    if (file === undefined) throw new Error('the message carries no file');
    const image1 = { name: 'fox.png', bytes: file.bytes, contentType: 'image/png' };
    await picture(await run('imagine', { prompt: 'the same fox', image1, image_weight: 2 }));
    expect(submits()[1]?.body).toMatchObject({
      base64Array: [`data:image/png;base64,${Buffer.from(file.bytes).toString('base64')}`],
    });
  });

  it('says why a task failed, and returns the points', async () => {
    await startBot();
    whole.sandbox.provider.trouble.next('task', { do: 'fail', reason: 'Banned prompt detected' });
    const message = await reply(await run('imagine', { prompt: 'a fox' }), 'Banned prompt detected');
    expect(textOf(message)).toContain('Your 100 points are back.');
    expect(labelsOf(message)).toEqual(['Try again', '🗑️']);
    expect(await points(max)).toBe('2,000 points');
  });

  it('lets another person press, who then pays', async () => {
    await startBot();
    await run('imagine', { prompt: 'a fox' });
    await press(await titled('Imagine'), 'U1', mei);
    expect(textOf(await titled('Image #1'))).toContain(mei.id);
    expect(await points(max)).toBe('1,900 points');
    expect(await points(mei)).toBe('1,950 points');
  });

  it('starts one task when a person presses twice at once', async () => {
    await startBot();
    await run('imagine', { prompt: 'a fox' });
    const grid = await titled('Imagine');
    const presses = await Promise.all([press(grid, 'V3'), press(grid, 'V3')]);
    await Promise.all(presses.map(({ acknowledged }) => acknowledged));
    const [refused, ...others] = presses.filter(({ acknowledgement }) => acknowledgement?.type === 4);
    expect(refused?.message?.visibleTo).toBe(max);
    expect(others).toEqual([]);
    await titled('Variations · image #3');
    expect(submits()).toHaveLength(2);
    expect(await points(max)).toBe('1,800 points');
  });

  it('keeps buttons working after a restart', async () => {
    const bot = await startBot();
    await run('imagine', { prompt: 'a fox' });
    const grid = await titled('Imagine');
    expect(await bot.end('SIGTERM')).toBe(0);
    await startBot();
    await press(grid, 'U4');
    await titled('Image #4');
  });

  it('takes up a running task after a crash', async () => {
    const bot = await startBot();
    whole.sandbox.provider.trouble.always('look', { do: 'refuse', as: 'server-error-text' });
    await run('imagine', { prompt: 'a fox' });
    await bot.line('accepted by the provider');
    await bot.end('SIGKILL');
    whole.sandbox.provider.trouble.clear();
    await startBot();
    await titled('Imagine');
    expect(submits()).toHaveLength(1);
    expect(await points(max)).toBe('1,900 points');
  });

  it('brings fifty tasks at once to their pictures', async () => {
    await startBot({ PROVIDER_MAIN_MAX_IN_FLIGHT: '10' });
    const { guild } = whole.sandbox.discord.world;
    const people = Array.from({ length: 10 }, (_, index) =>
      whole.sandbox.discord.world.addPerson({ name: `person-${index}`, guilds: [guild] }),
    );
    const asked = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        run('imagine', { prompt: `fox number ${index}` }, people[index % 10]),
      ),
    );
    await Promise.all(asked.map(picture));
    expect(new Set(submits().map(({ prompt }) => prompt)).size).toBe(50);
    expect(submits()).toHaveLength(50);
  });
});
