import { PermissionFlagsBits } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import type { Interaction, Message, Person } from '../../sandbox/discord/index.ts';
import { quarters } from '../helpers/files.ts';
import { labelsOf, quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();
const discord = () => whole.sandbox.discord;
const people = () => discord().world.people;
const inGeneral = () => discord().messages(discord().world.channels.general.id);
const privately = (prompt = 'a fox') => whole.imagine(prompt, { private: true });

async function says(interaction: Interaction, text: string): Promise<Message> {
  const message = await whole.reply(interaction, text);
  expect(message.visibleTo).toBe(interaction.person);
  return message;
}

/** The message in that person's channel with the bot, once it has a picture. */
function directPicture(person: Person): Promise<Message> {
  const read = () =>
    discord()
      .world.everyChannel()
      .filter(({ guild, recipients }) => guild === undefined && recipients.includes(person))
      .flatMap(({ id }) => discord().messages(id))
      .find(({ attachments }) => attachments.length > 0);
  return discord().until(read, { what: 'a direct message with a picture', timeoutMs: 20_000 });
}

describe('Publish', () => {
  it('shows a private result to everybody, with its owner and working buttons, once and for free', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await privately());
    const shown = await whole.picture(await whole.press(grid, 'Publish'));
    expect(inGeneral()).toEqual([shown]);
    expect(shown.content).toBe(`**a fox** - <@${people().member.id}> (Fast)`);
    expect(shown.attachments[0]?.bytes).toEqual(grid.attachments[0]?.bytes);
    expect(labelsOf(shown)).not.toContain('Publish');
    expect(textOf(shown)).not.toContain(grid.id);
    await says(await whole.press(grid, 'Publish'), `${shown.id}`);
    const { otherMember } = people();
    const others = await whole.picture(await whole.press(shown, 'V1', otherMember));
    expect(others.visibleTo).toBeUndefined();
    expect(await whole.points()).toBe('1,900 points');
    expect(await whole.points(otherMember)).toBe('1,900 points');
    expect(inGeneral()).toHaveLength(2);
    expect(grid.visibleTo).toBe(people().member);
  });

  it('happens once for two presses at once, and survives a crash in between', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await privately());
    const presses = await Promise.all([whole.press(grid, 'Publish'), whole.press(grid, 'Publish')]);
    await Promise.all(presses.map(({ acknowledged }) => acknowledged));
    await bot.end('SIGKILL');
    await whole.sandbox.startBot(quick);
    await discord().until(() => inGeneral().some(({ attachments }) => attachments.length > 0), {
      what: 'a published picture',
      timeoutMs: 20_000,
    });
    expect(inGeneral()).toHaveLength(1);
    await says(await whole.press(grid, 'Publish'), 'You already published this');
  });

  it('publishes one picture of a set, and what a description found', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await privately());
    const single = await whole.picture(await whole.press(grid, 'U3'));
    const shown = await whole.picture(await whole.press(single, 'Publish'));
    expect(shown.attachments[0]?.bytes).toEqual(single.attachments[0]?.bytes);
    expect(shown.content).toContain('Image #3');
    const image = { name: 'photo.png', bytes: await (await quarters(64, 48)).png().toBuffer() };
    const described = await whole.reply(await whole.run('describe', { image, private: true }), '**4.**');
    expect(described.visibleTo).toBe(people().member);
    const opened = await whole.reply(await whole.press(described, 'Publish'), '**4.**');
    expect(labelsOf(opened)).toEqual(expect.arrayContaining(['1', '2', '3', '4']));
    expect(inGeneral()).toEqual([shown, opened]);
  });

  it('keeps the pictures to itself that its owner had given to what came before', async () => {
    await whole.sandbox.startBot(quick);
    const image1 = { name: 'secret.png', bytes: await (await quarters(64, 48)).png().toBuffer() };
    const grid = await whole.picture(await whole.imagine('a fox', { image1, private: true }));
    const varied = await whole.picture(await whole.press(grid, 'V2'));
    const shown = await whole.picture(await whole.press(varied, 'Publish'));
    expect(textOf(shown)).not.toContain('secret.png');
    const again = { person: people().otherMember, message: shown, command: 'Imagine again' };
    const opener = await discord().runOnMessage(again);
    await opener.acknowledged;
    expect(JSON.stringify(opener.modal)).toContain('a fox');
    expect(JSON.stringify(opener.modal)).not.toContain('reference');
    await whole.picture(await whole.send(opener, { prompt: 'a fox in winter' }));
    const { body } = whole.sandbox.provider.submits.at(-1) ?? {};
    expect(JSON.stringify(body)).toContain('a fox in winter');
    expect(JSON.stringify(body)).not.toContain(image1.bytes.toString('base64').slice(0, 40));
  });

  it('is refused where the bot may not write', async () => {
    await whole.sandbox.startBot(quick);
    const { general } = discord().world.channels;
    const grid = await whole.picture(await privately());
    general.botPermissions &= ~PermissionFlagsBits.SendMessages;
    await says(await whole.press(grid, 'Publish'), "can't be published here");
    expect(inGeneral()).toEqual([]);
    general.botPermissions |= PermissionFlagsBits.SendMessages;
    await whole.picture(await whole.press(grid, 'Publish'));
  });

  it('works by the token where only its owner installed the bot, if they may show it there', async () => {
    const { administrator } = people();
    administrator.hasApp = true;
    const elsewhere = discord().world.addGuild({
      name: 'Elsewhere',
      owner: people().otherMember,
      hasApp: false,
    });
    discord().world.join(administrator, elsewhere);
    const channel = discord().world.addChannel({ name: 'lobby', guild: elsewhere });
    await whole.sandbox.startBot({ ...quick, ALLOW_DIRECT: 'on', OPERATOR_IDS: administrator.id });
    const options = { prompt: 'a fox', private: true };
    const grid = await whole.picture(
      await discord().run({ person: administrator, channel, command: 'imagine', options }),
    );
    const [everyone] = elsewhere.roles;
    if (everyone !== undefined) everyone.permissions &= ~PermissionFlagsBits.UseExternalApps;
    await says(await whole.press(grid, 'Publish', administrator), "can't be published here");
    if (everyone !== undefined) everyone.permissions |= PermissionFlagsBits.UseExternalApps;
    const shown = await whole.picture(await whole.press(grid, 'Publish', administrator));
    expect(discord().messages(channel.id)).toEqual([shown]);
  });
});

describe('Send to me', () => {
  it('sends the picture as a direct message, with buttons where they work', async () => {
    const { administrator } = people();
    await whole.sandbox.startBot({ ...quick, ALLOW_DIRECT: 'on', OPERATOR_IDS: administrator.id });
    const grid = await whole.picture(await whole.imagine('a fox', { private: true }, administrator));
    await says(await whole.press(grid, 'Send to me', administrator), 'Sent. Look in your direct messages.');
    const sent = await directPicture(administrator);
    expect(sent.attachments[0]?.bytes).toEqual(grid.attachments[0]?.bytes);
    expect(labelsOf(sent)).toContain('U1');
    const single = await whole.picture(await whole.press(sent, 'U1', administrator));
    expect(single.channel).toBe(sent.channel);
    expect(inGeneral()).toEqual([]);
  });

  it('sends it without buttons to people who may not use the bot there', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await privately());
    await says(await whole.press(grid, 'Send to me'), 'so it has no buttons');
    const sent = await directPicture(people().member);
    expect(labelsOf(sent)).toEqual([]);
  });

  it('sends it to nobody else: operators find it neither by its message nor by what comes of it', async () => {
    const { administrator, otherMember } = people();
    const operators = { ALLOW_DIRECT: 'on', OPERATOR_IDS: `${administrator.id},${otherMember.id}` };
    await whole.sandbox.startBot({ ...quick, ...operators });
    const grid = await whole.picture(await whole.imagine('a fox', { private: true }, administrator));
    await says(await whole.press(grid, 'Send to me', administrator), 'Sent.');
    const sent = await directPicture(administrator);
    const varied = await whole.picture(await whole.press(sent, 'V1', administrator));
    for (const { id } of [sent, varied]) {
      await says(await whole.run('task show', { id }, otherMember), "That isn't one of your tasks");
      await says(await whole.run('task show', { id }, administrator), 'a fox');
    }
  });

  it('says so if direct messages are closed, and sends nothing', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await privately());
    people().member.takesDirectMessages = false;
    await says(await whole.press(grid, 'Send to me'), "can't send you direct messages");
    people().member.takesDirectMessages = true;
    await says(await whole.press(grid, 'Send to me'), 'Sent.');
    await directPicture(people().member);
    expect(inGeneral()).toEqual([]);
  });
});

describe('Delete', () => {
  it('removes a private result, and nothing of what was published', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await privately());
    const shown = await whole.picture(await whole.press(grid, 'Publish'));
    const press = await whole.press(grid, '🗑️');
    const question = await discord().until(() => press.followUps[0], { what: 'a question' });
    await whole.press(question, 'Yes');
    await discord().until(() => grid.deleted, { what: 'a deleted message' });
    expect(shown.deleted).toBe(false);
    await whole.picture(await whole.press(shown, 'U1'));
  });
});

describe('a private task', () => {
  async function cardOf(id: string, person?: Person): Promise<Interaction> {
    return whole.run('task show', { id }, person);
  }

  async function idOf(prompt: string): Promise<string> {
    const listed = await whole.reply(await whole.run('task list'), prompt);
    const id = /`([A-Za-z0-9_-]{16})`/u.exec(listed.embeds[0]?.description ?? '')?.[1];
    return id ?? '';
  }

  it('is found again in the list and on its card, and tells others nothing', async () => {
    const { administrator, member } = people();
    await whole.sandbox.startBot({ ...quick, OPERATOR_IDS: administrator.id });
    const grid = await whole.picture(await privately('a secret fox'));
    const id = await idOf('a secret fox');
    expect(id).not.toBe('');
    for (const person of [administrator, people().otherMember])
      for (const named of [id, grid.id])
        await says(await cardOf(named, person), "That isn't one of your tasks");
    discord().remove(grid);
    const card = await says(await cardOf(id), 'a secret fox');
    const brought = await whole.picture(await whole.press(card, 'Show it here'));
    expect(brought.visibleTo).toBe(member);
    await whole.picture(await whole.press(brought, 'V1'));
    const list = await says(await whole.run('task list'), 'a secret fox');
    const chosen = await discord().choose({ person: member, message: list, values: [id] });
    expect((await whole.picture(chosen)).visibleTo).toBe(member);
    expect(inGeneral()).toEqual([]);
  });

  it("that somebody makes of a public one isn't among its relatives", async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox'));
    const { otherMember } = people();
    await (await whole.run('preferences set', { private: true }, otherMember)).acknowledged;
    const hidden = await whole.picture(await whole.press(grid, 'V1', otherMember));
    expect(hidden.visibleTo).toBe(otherMember);
    const listed = await whole.picture(await whole.press(grid, 'V2'));
    const shown = await whole.run('task show', { id: grid.id });
    const card = await says(shown, 'a fox');
    expect(textOf(card)).toContain(listed.id);
    expect(textOf(card)).not.toContain(hidden.id);
    expect(textOf(card).match(/Variation/giu)?.length).toBe(1);
  });

  it('is no more than a number in the queue', async () => {
    await whole.sandbox.startBot({ ...quick, PROVIDER_MAIN_MAX_IN_FLIGHT: '1' });
    whole.sandbox.provider.trouble.always('look', { do: 'refuse', as: 'server-error-text' });
    await (await whole.imagine('a hare', {}, people().otherMember)).acknowledged;
    const waiting = await privately();
    await whole.reply(waiting, 'Waiting for a free slot');
    const queue = await says(await whole.run('queue', {}, people().otherMember), 'A private task');
    expect(textOf(queue)).not.toContain(people().member.id);
    expect(textOf(queue)).not.toContain(waiting.message?.id);
    expect(textOf(await says(await whole.run('queue'), 'Waiting'))).toContain(people().member.id);
  });
});
