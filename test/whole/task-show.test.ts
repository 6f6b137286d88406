import { describe, expect, it } from 'vitest';
import type { Message, Person } from '../../sandbox/discord/index.ts';
import { kinds } from '../../sandbox/index.ts';
import { quick, textOf, useSandbox, useSharedSandbox } from '../helpers/whole.ts';

/** Which kinds have their own name for Midjourney's job, in the ids of their buttons. */
const naming = new Set(['4allapi', 'yutoai', 'mjproxy']);

function linkTo({ id, channel }: Message, guildId: string): string {
  return `https://discord.com/channels/${guildId}/${channel.id}/${id}`;
}

function valuesOf(message: Message | undefined): Record<string, string> {
  return Object.fromEntries(
    (message?.embeds[0]?.fields ?? []).map(({ name, value }) => [name, value] as const),
  );
}

describe.each(kinds)('/task show of a task at %s', (kind) => {
  const whole = useSandbox({ kind });

  it('shows it to its owner, and to operators what the provider calls it', async () => {
    const { discord, provider } = whole.sandbox;
    const { member, administrator: operator } = discord.world.people;
    const bot = await whole.sandbox.startBot({ ...quick, OPERATOR_IDS: operator.id });
    const grid = await whole.picture(await whole.imagine('a red fox', { aspect: '3:2' }, member));
    const single = await whole.picture(await whole.press(grid, 'U2', member));
    const show = async (message: Message, person: Person) => {
      const id = linkTo(message, discord.world.guild.id);
      return whole.reply(await whole.run('task show', { id }, person), 'Account');
    };
    const mine = await show(grid, member);
    expect(mine.visibleTo).toBe(member);
    expect(mine.embeds[0]).toMatchObject({ title: 'Imagine' });
    expect(mine.embeds[0]?.description).toMatch(/^```\na red fox --ar 3:2\n```/u);
    const values = valuesOf(mine);
    expect(values).toMatchObject({
      Speed: 'Fast',
      Points: '100 points',
      Account: '`main`',
      Parameters: '`--ar 3:2`',
    });
    expect(values['Times']).toMatch(/^Requested: <t:\d+:d> <t:\d+:T>\nAccepted: .*\nFinished: /u);
    expect(values['Made from this']).toContain(linkTo(single, discord.world.guild.id));
    expect(values).not.toHaveProperty('ID at the provider');
    expect(values).not.toHaveProperty('Cost at the provider');
    if (naming.has(kind)) expect(values["Midjourney's job ID"]).toMatch(/^`[0-9a-f-]{36}`$/u);

    const forOperator = valuesOf(await show(grid, operator));
    const [, providerId = ''] = /^`(.+)`$/u.exec(forOperator['ID at the provider'] ?? '') ?? [];
    expect(
      provider.requests.some(({ path, body }) => `${path} ${JSON.stringify(body)}`.includes(providerId)),
    ).toBe(true);
    expect(JSON.parse(await bot.line('accepted by the provider'))).toMatchObject({ providerId });
    if (kind === 'aigc2d') expect(forOperator['Cost at the provider']).toBe('100 points');
    expect(valuesOf(await show(single, member))['Made from']).toContain(linkTo(grid, discord.world.guild.id));
  });
});

describe('/task show', () => {
  const whole = useSharedSandbox({ kind: 'mjproxy' });
  const aPerson = (name: string): Person => {
    const { world } = whole.sandbox.discord;
    return world.addPerson({ name, guilds: [world.guild] });
  };
  const suggest = async (person: Person, typed: string) => {
    const { discord } = whole.sandbox;
    const input = { person, channel: discord.world.channels.general, command: 'task', subcommand: 'show' };
    return discord.autocomplete({ ...input, options: { id: typed }, focused: 'id' });
  };

  it('suggests what one has started, and nothing that others have', async () => {
    const [ann, bob] = [aPerson('Ann'), aPerson('Bob')];
    await whole.picture(await whole.imagine('a purple heron', {}, ann));
    const [choice] = await suggest(ann, 'heron');
    expect(choice?.name).toBe('Imagine: a purple heron');
    expect(await suggest(bob, 'heron')).toEqual([]);
    await whole.reply(await whole.run('task show', { id: String(choice?.value) }, ann), 'a purple heron');
    const refused = await whole.reply(
      await whole.run('task show', { id: String(choice?.value) }, bob),
      "That isn't one of your tasks.",
    );
    expect(textOf(refused)).not.toContain('heron');
  });

  it('says why a task failed, and that its points are back', async () => {
    const person = aPerson('Cid');
    whole.sandbox.provider.trouble.next('task', { do: 'fail', reason: 'Banned prompt detected' });
    await whole.end(await whole.imagine('a banned fox', {}, person));
    const [choice] = await suggest(person, 'banned');
    const card = await whole.reply(
      await whole.run('task show', { id: String(choice?.value) }, person),
      'Your 100 points are back.',
    );
    expect(valuesOf(card)['Points']).toBe('100 points, refunded');
  });

  it('sends a prompt that is too long for the card as a file, as it was sent', async () => {
    const person = aPerson('Dee');
    const prompt = `${'ein Fuchs im Schnee, '.repeat(185)}--ar 3:2`;
    await whole.picture(await whole.imagine(prompt, {}, person));
    const [choice] = await suggest(person, 'Fuchs');
    const card = await whole.picture(await whole.run('task show', { id: String(choice?.value) }, person));
    expect(card.attachments.map(({ name, bytes }) => [name, String(bytes)])).toEqual([
      ['prompt.txt', `${prompt}\n`],
    ]);
  });

  it('still works once the message, and that of its parent, are deleted', async () => {
    const { discord } = whole.sandbox;
    const person = aPerson('Eli');
    const grid = await whole.picture(await whole.imagine('a lost fox', {}, person));
    const single = await whole.picture(await whole.press(grid, 'U1', person));
    for (const message of [grid, single]) {
      const press = await whole.press(message, '🗑️', person);
      await discord.until(() => press.followUps.length > 0, { what: 'a question' });
      await whole.press(press.followUps[0] as Message, 'Yes', person);
      await discord.until(() => message.deleted, { what: 'a deleted message' });
    }
    const [made, choice] = await suggest(person, 'lost fox');
    expect([made?.name, choice?.name]).toEqual(['Image #1: a lost fox', 'Imagine: a lost fox']);
    const card = await whole.reply(
      await whole.run('task show', { id: String(choice?.value) }, person),
      'a lost fox',
    );
    expect(valuesOf(card)['Made from this']).toMatch(/^Image #1 · message deleted · `.{16}`$/u);
  });

  it('shows what is left of a task whose words were removed', async () => {
    const person = aPerson('Fay');
    await whole.picture(await whole.imagine('a forgotten fox', {}, person));
    const [choice] = await suggest(person, 'forgotten');
    const opener = await whole.run('account forget', {}, person);
    await opener.acknowledged;
    if (opener.message === undefined) throw new Error('nothing was asked');
    await whole.press(opener.message, 'Remove my data', person);
    await whole.reply(opener, 'have been removed');
    const card = await whole.reply(
      await whole.run('task show', { id: String(choice?.value) }, person),
      'Its prompt and images have been removed',
    );
    expect(textOf(card)).not.toContain('forgotten fox');
    expect(valuesOf(card)).toMatchObject({ Points: '100 points', Speed: 'Fast' });
  });
});
