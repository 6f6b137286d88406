import { describe, expect, it } from 'vitest';
import { labelsOf, quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();

describe('the road', () => {
  it('goes from /imagine to a picture with buttons, and from U2 to a single picture', async () => {
    await whole.sandbox.startBot(quick);
    const asked = await whole.imagine('a red fox in the snow', { aspect: '16:9', stylize: 250 });
    expect((await asked.acknowledged).type).toBe(5);
    const grid = await whole.picture(asked);
    expect(labelsOf(grid)).toEqual(['U1', 'U2', 'U3', 'U4', '🔄', 'V1', 'V2', 'V3', 'V4', '🗑️']);
    expect(whole.sandbox.provider.submits[0]?.prompt).toBe('a red fox in the snow --ar 16:9 --s 250');
    expect(grid.embeds[0]?.image?.url).toContain(grid.attachments[0]?.name);

    const pressed = await whole.sandbox.discord.click({
      person: whole.sandbox.discord.world.people.member,
      message: grid,
      label: 'U2',
    });
    const single = await whole.picture(pressed);
    expect(single.id).not.toBe(grid.id);
    expect(whole.sandbox.provider.submits[1]).toMatchObject({
      parentId: whole.sandbox.provider.submits[0]?.taskId,
    });
    expect(whole.sandbox.provider.submits[1]?.customId).toContain('upsample::2');
    expect(labelsOf(single)).toContain('Vary (Strong)');
    expect(await whole.points()).toBe('1,850 points');
  });

  it('sends reference pictures along', async () => {
    await whole.sandbox.startBot(quick);
    const [first] = await Promise.all([whole.imagine('a fox').then((one) => whole.picture(one))]);
    const { bytes } = first.attachments[0] ?? { bytes: Buffer.alloc(0) };
    const { member: person } = whole.sandbox.discord.world.people;
    const image1 = { name: 'fox.png', bytes, contentType: 'image/png' };
    const options = { prompt: 'the same fox', image1, image_weight: 2 };
    await whole.picture(
      await whole.sandbox.discord.run({
        person,
        channel: whole.sandbox.discord.world.channels.general,
        command: 'imagine',
        options,
      }),
    );
    expect(whole.sandbox.provider.submits[1]?.body).toMatchObject({
      base64Array: [`data:image/png;base64,${Buffer.from(bytes).toString('base64')}`],
    });
  });

  it('tells why a task failed and gives the points back', async () => {
    await whole.sandbox.startBot(quick);
    whole.sandbox.provider.trouble.next('task', { do: 'fail', reason: 'Banned prompt detected' });
    const message = await whole.reply(await whole.imagine('a fox'), 'Banned prompt detected');
    expect(textOf(message)).toContain('Your 100 points are back.');
    expect(labelsOf(message)).toEqual(['Try again', '🗑️']);
    expect(await whole.points()).toBe('2,000 points');
  });

  it('lets another person press, who then pays', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox'));
    const { otherMember } = whole.sandbox.discord.world.people;
    const single = await whole.picture(
      await whole.sandbox.discord.click({ person: otherMember, message: grid, label: 'U1' }),
    );
    expect(textOf(single)).toContain(otherMember.id);
    expect(await whole.points()).toBe('1,900 points');
    expect(await whole.points(otherMember)).toBe('1,950 points');
  });

  it('makes two presses at once one task', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox'));
    const { member: person } = whole.sandbox.discord.world.people;
    const presses = await Promise.all(
      [1, 2].map(() => whole.sandbox.discord.click({ person, message: grid, label: 'V3' })),
    );
    await Promise.all(presses.map((press) => press.acknowledged));
    const refused = presses.filter(({ acknowledgement }) => acknowledgement?.type === 4);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.message?.visibleTo).toBe(person);
    await Promise.all(presses.filter((press) => !refused.includes(press)).map((one) => whole.picture(one)));
    expect(whole.sandbox.provider.submits).toHaveLength(2);
    expect(await whole.points()).toBe('1,800 points');
  });

  it('keeps buttons alive over a restart', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox'));
    expect(await bot.end('SIGTERM')).toBe(0);
    await whole.sandbox.startBot(quick);
    await whole.picture(
      await whole.sandbox.discord.click({
        person: whole.sandbox.discord.world.people.member,
        message: grid,
        label: 'U4',
      }),
    );
  });

  it('takes up a running task after a crash', async () => {
    const bot = await whole.sandbox.startBot(quick);
    whole.sandbox.provider.trouble.always('look', { do: 'refuse', as: 'server-error-text' });
    const asked = await whole.imagine('a fox');
    await bot.line('accepted by the provider');
    await bot.end('SIGKILL');
    whole.sandbox.provider.trouble.clear();
    await whole.sandbox.startBot(quick);
    await whole.picture(asked);
    expect(whole.sandbox.provider.submits).toHaveLength(1);
    expect(await whole.points()).toBe('1,900 points');
  });

  it('brings fifty tasks at once to their pictures', async () => {
    await whole.sandbox.startBot({ ...quick, PROVIDER_MAIN_MAX_IN_FLIGHT: '10' });
    const { guild } = whole.sandbox.discord.world;
    const people = Array.from({ length: 10 }, (_, index) =>
      whole.sandbox.discord.world.addPerson({ name: `person-${index}`, guilds: [guild] }),
    );
    const asked = await Promise.all(
      Array.from({ length: 50 }, (_, index) => whole.imagine(`fox number ${index}`, {}, people[index % 10])),
    );
    await Promise.all(asked.map((one) => whole.picture(one)));
    expect(new Set(whole.sandbox.provider.submits.map(({ prompt }) => prompt)).size).toBe(50);
    expect(whole.sandbox.provider.submits).toHaveLength(50);
  });
});
