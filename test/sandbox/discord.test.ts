import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  ActionRowBuilder,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import { describe, expect, test } from 'vitest';
import { buttonsOf } from '../../sandbox/discord/index.ts';
import { createRest, drawPicture, register, send, startBot, startDiscord } from './discord-fixture.ts';

const upscale = new ActionRowBuilder<ButtonBuilder>().addComponents(
  new ButtonBuilder().setCustomId('upscale:1').setLabel('U1').setStyle(ButtonStyle.Primary),
);

describe('the discord.js client', () => {
  test("logs in, knows itself and has the bot's servers", async () => {
    const discord = await startDiscord();
    const { client } = await startBot(discord, async () => undefined);
    expect(client.user?.id).toBe(discord.applicationId);
    expect(client.guilds.cache.has(discord.world.guild.id)).toBe(true);
    expect((await client.application?.fetch())?.name).toBe('Midjourney Relay');
    expect(discord.violations).toEqual([]);
  });

  test('goes from a command through a picture and a button to a modal and its answer', async () => {
    const discord = await startDiscord();
    await register(discord);
    const picture = await drawPicture(30, 20);
    const { errors } = await startBot(discord, async (interaction) => {
      if (interaction.isChatInputCommand()) {
        await interaction.deferReply();
        await interaction.editReply({
          content: interaction.options.getString('prompt', true),
          files: [new AttachmentBuilder(picture, { name: 'cat.png' })],
          components: [upscale],
        });
      } else if (interaction.isButton()) {
        const input = new TextInputBuilder().setCustomId('zoom').setStyle(TextInputStyle.Short);
        const label = new LabelBuilder().setLabel('How far?').setTextInputComponent(input);
        await interaction.showModal(
          new ModalBuilder().setCustomId('zoom').setTitle('Zoom').addLabelComponents(label),
        );
      } else if (interaction.isModalSubmit()) {
        const content = interaction.fields.getTextInputValue('zoom');
        await interaction.reply({ content, flags: MessageFlags.Ephemeral });
      }
    });
    const { member, otherMember } = discord.world.people;
    const { general } = discord.world.channels;

    const options = { prompt: 'a cat' };
    const command = await discord.run({ person: member, channel: general, command: 'imagine', options });
    const message = await discord.until(() => command.message?.edits === 1 && command.message);
    expect(command.acknowledgement?.type).toBe(5);
    expect(message).toMatchObject({ content: 'a cat', flags: 0 });
    expect(message.attachments[0]).toMatchObject({ name: 'cat.png', width: 30, height: 20, bytes: picture });

    const click = await discord.click({ person: otherMember, message, label: 'U1' });
    await discord.until(() => click.modal);
    const submit = await discord.submit({ person: otherMember, interaction: click, values: { zoom: '1.5' } });
    const answer = await discord.until(() => submit.message);
    expect(answer.content).toBe('1.5');
    expect(discord.messages(general.id)).toEqual([message]);
    expect(discord.messages(general.id, otherMember)).toEqual([message, answer]);
    expect(errors).toEqual([]);
    expect(discord.violations).toEqual([]);
  });

  test('reads selects, autocomplete, files and context menus', async () => {
    const discord = await startDiscord();
    await register(
      discord,
      { name: 'Describe', type: 3 },
      {
        name: 'describe',
        description: 'Describes a picture',
        options: [
          { type: 11, name: 'picture', description: 'Which', required: true },
          { type: 3, name: 'language', description: 'In which', autocomplete: true },
        ],
      },
    );
    const seen: unknown[] = [];
    const menu = new StringSelectMenuBuilder()
      .setCustomId('style')
      .addOptions({ label: 'Raw', value: 'raw' }, { label: 'Cute', value: 'cute' });
    const { errors } = await startBot(discord, async (interaction) => {
      if (interaction.isAutocomplete()) {
        const name = interaction.options.getFocused();
        await interaction.respond([{ name: `${name}lish`, value: 'en' }]);
      } else if (interaction.isChatInputCommand()) {
        const { name, width, url } = interaction.options.getAttachment('picture', true);
        seen.push([name, width, (await fetch(url)).status]);
        const row = new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(menu);
        await interaction.reply({ components: [row], content: 'style?' });
      } else if (interaction.isStringSelectMenu()) {
        seen.push(interaction.values);
        await interaction.update({ content: 'thanks', components: [] });
      } else if (interaction.isMessageContextMenuCommand()) {
        seen.push(interaction.targetMessage.content);
        await interaction.reply('described');
      }
    });
    const person = discord.world.people.member;
    const channel = discord.world.channels.general;
    const place = { person, channel, command: 'describe' };
    const file = { name: 'photo.png', bytes: await drawPicture(8, 8) };

    const choices = await discord.autocomplete({
      ...place,
      focused: 'language',
      options: { language: 'Eng' },
    });
    expect(choices).toEqual([{ name: 'English', value: 'en' }]);
    const command = await discord.run({ ...place, options: { picture: file } });
    const message = await discord.until(() => command.message);
    const choice = await discord.choose({ person, message, values: ['Cute'] });
    await discord.until(() => message.content === 'thanks');
    expect(choice.message).toBe(message);
    const menuCommand = await discord.runOnMessage({ person, message, command: 'Describe' });
    await discord.until(() => menuCommand.message?.content === 'described');
    expect(seen).toEqual([['photo.png', 8, 200], ['cute'], 'thanks']);
    expect(errors).toEqual([]);
    expect(discord.violations).toEqual([]);
  });

  test("gets its reply's id and message when it asks for the response", async () => {
    const discord = await startDiscord();
    await register(discord);
    const ids: (string | undefined)[] = [];
    await startBot(discord, async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      const response = await interaction.deferReply({ withResponse: true });
      ids.push(response.interaction.responseMessageId ?? undefined, response.resource?.message?.id);
    });
    const command = await discord.run({
      person: discord.world.people.member,
      channel: discord.world.channels.general,
      command: 'imagine',
      options: { prompt: 'a cat' },
    });
    await discord.until(() => ids.length === 2);
    expect(ids).toEqual([command.message?.id, command.message?.id]);
    expect(command.message?.flags).toBe(MessageFlags.Loading);
  });
});

describe('an interaction', () => {
  async function startCommand(options = {}) {
    const discord = await startDiscord(options);
    await register(discord);
    const interaction = await discord.run({
      person: discord.world.people.member,
      channel: discord.world.channels.general,
      command: 'imagine',
      options: { prompt: 'a cat' },
    });
    const webhook = `/webhooks/${discord.applicationId}/${interaction.token}`;
    const callback = `/interactions/${interaction.id}/${interaction.token}/callback`;
    return { discord, interaction, webhook, original: `${webhook}/messages/@original`, callback };
  }
  const text = (content: string) => ({ content, allowed_mentions: { parse: [] } });

  test('carries everything that a bot reads', async () => {
    const { discord, interaction } = await startCommand();
    const { guild, channels, people } = discord.world;
    expect(interaction.payload).toMatchObject({
      application_id: discord.applicationId,
      type: 2,
      data: { name: 'imagine', type: 1, options: [{ name: 'prompt', type: 3, value: 'a cat' }] },
      guild_id: guild.id,
      channel_id: channels.general.id,
      channel: { id: channels.general.id, type: 0, nsfw: false, parent_id: null },
      member: { user: { id: people.member.id }, roles: [], permissions: expect.stringMatching(/^\d+$/) },
      app_permissions: expect.stringMatching(/^\d+$/),
      locale: 'en-US',
      guild_locale: 'en-US',
      entitlements: [],
      authorizing_integration_owners: { '0': guild.id },
      context: 0,
      attachment_size_limit: 10 * 1024 * 1024,
    });
  });

  test("can't be edited or followed up before it was acknowledged", async () => {
    const { discord, original, webhook } = await startCommand();
    expect(await send(discord, 'PATCH', original, text('hello'))).toMatchObject({
      status: 404,
      body: { code: 10015 },
    });
    expect(await send(discord, 'POST', webhook, text('hello'))).toMatchObject({
      status: 404,
      body: { code: 10015 },
    });
  });

  test('takes one acknowledgement', async () => {
    const { discord, callback } = await startCommand();
    expect(await send(discord, 'POST', callback, { type: 5 })).toMatchObject({ status: 204 });
    expect(await send(discord, 'POST', callback, { type: 5 })).toMatchObject({
      status: 400,
      body: { code: 40060 },
    });
  });

  test('expires without an acknowledgement in time', async () => {
    const { discord, interaction, callback } = await startCommand({ acknowledgeWithinMs: 20 });
    await expect(interaction.acknowledged).rejects.toThrow('was not acknowledged within 20 ms');
    expect(await send(discord, 'POST', callback, { type: 5 })).toMatchObject({
      status: 404,
      body: { code: 10062 },
    });
  });

  test('ends with its token', async () => {
    let now = Date.now();
    const { discord, callback, original } = await startCommand({ now: () => now });
    await send(discord, 'POST', callback, { type: 5 });
    now += 14 * 60_000;
    expect(await send(discord, 'PATCH', original, text('in time'))).toMatchObject({ status: 200 });
    now += 2 * 60_000;
    expect(await send(discord, 'PATCH', original, text('late'))).toMatchObject({
      status: 401,
      body: { code: 50027 },
    });
  });

  test('can be expired by hand', async () => {
    const { discord, interaction, callback, original } = await startCommand();
    await send(discord, 'POST', callback, { type: 5 });
    discord.expire(interaction);
    expect(await send(discord, 'PATCH', original, text('late'))).toMatchObject({
      status: 401,
      body: { code: 50027 },
    });
  });

  test('thinks until its first edit', async () => {
    const { discord, interaction, callback, original } = await startCommand();
    await send(discord, 'POST', callback, { type: 5 });
    expect(interaction.message?.flags).toBe(MessageFlags.Loading);
    await send(discord, 'PATCH', original, text('done'));
    expect(interaction.message?.flags).toBe(0);
  });

  test('keeps an ephemeral answer from everybody else and from the channel routes', async () => {
    const { discord, interaction, callback, original } = await startCommand();
    await send(discord, 'POST', callback, { type: 5, data: { flags: MessageFlags.Ephemeral } });
    await send(discord, 'PATCH', original, text('secret'));
    const { general } = discord.world.channels;
    const path = `/channels/${general.id}/messages/${interaction.message?.id}`;
    expect(await send(discord, 'PATCH', path, text('public'))).toMatchObject({
      status: 404,
      body: { code: 10008 },
    });
    expect(discord.messages(general.id)).toEqual([]);
    expect(discord.messages(general.id, discord.world.people.member)).toHaveLength(1);
    const message = interaction.message?.id ?? '';
    const { otherMember } = discord.world.people;
    await expect(discord.click({ person: otherMember, message, label: 'U1' })).rejects.toThrow('cannot see');
  });

  test('allows a modal only as the first answer, and never after a modal', async () => {
    const { discord, interaction, callback } = await startCommand();
    const part = { type: 18, label: 'Zoom', component: { type: 4, custom_id: 'zoom', style: 1 } };
    const modal = { type: 9, data: { custom_id: 'm', title: 'Zoom', components: [part] } };
    await send(discord, 'POST', callback, modal);
    const person = discord.world.people.member;
    const submit = await discord.submit({ person, interaction, values: { zoom: '2' } });
    const next = `/interactions/${submit.id}/${submit.token}/callback`;
    expect(await send(discord, 'POST', next, modal)).toMatchObject({ status: 400, body: { code: 50035 } });
    expect(await send(discord, 'POST', next, { type: 6 })).toMatchObject({
      status: 400,
      body: { code: 50035 },
    });
    await expect(discord.submit({ person, interaction })).rejects.toThrow('was sent already');
  });

  test('fills in the placeholder with the first follow-up and adds the others', async () => {
    const { discord, interaction, callback, webhook } = await startCommand();
    await send(discord, 'POST', callback, { type: 5 });
    const first = await send(discord, 'POST', webhook, text('first'));
    const second = await send(discord, 'POST', webhook, text('second'));
    expect(first.body.id).toBe(interaction.message?.id);
    expect(second.body.id).toBe(interaction.followUps[0]?.id);
    expect(await send(discord, 'DELETE', `${webhook}/messages/${second.body.id}`)).toMatchObject({
      status: 204,
    });
    expect(interaction.followUps[0]?.deleted).toBe(true);
  });

  test('of a bot that only the person installed has five follow-ups and no channel routes', async () => {
    const discord = await startDiscord();
    await register(discord);
    const { world } = discord;
    const owner = world.people.administrator;
    const guild = world.addGuild({ name: 'Elsewhere', owner, hasApp: false });
    const channel = world.addChannel({ name: 'lobby', guild });
    const person = world.addPerson({ name: 'tom', hasApp: true, guilds: [guild] });
    const options = { prompt: 'a cat' };
    const interaction = await discord.run({ person, channel, command: 'imagine', options });
    expect(interaction.payload).toMatchObject({ authorizing_integration_owners: { '1': person.id } });
    const callback = `/interactions/${interaction.id}/${interaction.token}/callback`;
    await send(discord, 'POST', callback, { type: 4, data: text('0') });
    const statuses: number[] = [];
    for (const count of [1, 2, 3, 4, 5, 6]) {
      const path = `/webhooks/${discord.applicationId}/${interaction.token}`;
      statuses.push((await send(discord, 'POST', path, text(String(count)))).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 400]);
    expect(discord.requests.at(-1)?.code).toBe(40094);
    const path = `/channels/${channel.id}/messages/${interaction.message?.id}`;
    expect(await send(discord, 'PATCH', path, text('x'))).toMatchObject({
      status: 403,
      body: { code: 50001 },
    });
    const silenced = guild.roles[0];
    if (silenced) silenced.permissions = 0n;
    const hidden = await discord.run({ person, channel, command: 'imagine', options });
    await send(discord, 'POST', `/interactions/${hidden.id}/${hidden.token}/callback`, {
      type: 4,
      data: text('x'),
    });
    expect(hidden.message?.visibleTo).toBe(person);
    const outsider = world.addPerson({ name: 'ann', guilds: [guild] });
    await expect(discord.run({ person: outsider, channel, command: 'imagine', options })).rejects.toThrow(
      'not installed',
    );
  });
});

describe('people', () => {
  const place = (discord: Awaited<ReturnType<typeof startDiscord>>) => ({
    person: discord.world.people.member,
    channel: discord.world.channels.general,
  });
  const number = { type: 4, name: 'count', description: 'How many', min_value: 1, max_value: 4 };
  const speed = {
    type: 3,
    name: 'speed',
    description: 'How fast',
    choices: [
      { name: 'Fast', value: 'fast' },
      { name: 'Relaxed', value: 'relax' },
    ],
  };
  const settings = {
    name: 'settings',
    description: 'Settings',
    default_member_permissions: '32',
    options: [{ type: 1, name: 'show', description: 'Shows them' }],
  };
  const prompt = 'a cat';

  test.for([
    ['an unknown command', { command: 'image' }, '"image" is not registered; registered are: imagine, more'],
    ['an unknown option', { options: { prompt, seed: 1 } }, 'has no option "seed"'],
    ['a missing option', { options: {} }, 'option "prompt" is required'],
    ['a long text', { options: { prompt: 'x'.repeat(51) } }, 'at most 50 characters'],
    ['a wrong type', { options: { prompt: 1 } }, 'takes text'],
    ['a number outside of its range', { command: 'more', options: { count: 5 } }, 'at most 4'],
    ['a fraction', { command: 'more', options: { count: 1.5 } }, 'whole number'],
    ['no choice of the list', { command: 'more', options: { speed: 'turbo' } }, 'takes one of fast, relax'],
    ['a command above their permissions', { command: 'settings', subcommand: 'show' }, 'permissions'],
  ] as const)("can't send %s", async ([_, input, reason]) => {
    const discord = await startDiscord();
    const more = { name: 'more', description: 'More', options: [number, speed] };
    await register(discord, more, settings);
    await expect(discord.run({ ...place(discord), command: 'imagine', ...input })).rejects.toThrow(reason);
    expect(discord.interactions).toEqual([]);
  });

  test('can be hostile, to show what a bot must check itself', async () => {
    const discord = await startDiscord();
    await register(discord);
    const forged = { command: 'imagine', options: { prompt: 'x'.repeat(9000) }, forge: true };
    const interaction = await discord.run({ ...place(discord), ...forged });
    expect(interaction.payload).toMatchObject({ data: { options: [{ value: 'x'.repeat(9000) }] } });
  });

  test('run commands on each other', async () => {
    const discord = await startDiscord();
    await register(discord, { name: 'Portrait', type: 2 });
    const target = discord.world.people.otherMember;
    const interaction = await discord.runOnPerson({ ...place(discord), target, command: 'Portrait' });
    expect(interaction.payload).toMatchObject({
      data: {
        type: 2,
        target_id: target.id,
        resolved: { users: { [target.id]: { username: target.name } } },
      },
    });
  });

  test('need the permissions for a subcommand', async () => {
    const discord = await startDiscord();
    await register(discord, settings);
    const person = discord.world.people.administrator;
    const channel = discord.world.channels.general;
    const shown = await discord.run({ person, channel, command: 'settings', subcommand: 'show' });
    expect(shown.payload).toMatchObject({ data: { options: [{ name: 'show', type: 1, options: [] }] } });
    await expect(discord.run({ person, channel, command: 'settings' })).rejects.toThrow('needs a subcommand');
  });

  test('use age-restricted commands in age-restricted channels, and direct messages with the bot', async () => {
    const discord = await startDiscord();
    await register(discord, { name: 'wild', description: 'Wild', nsfw: true });
    const { channels, people } = discord.world;
    const wild = { person: people.member, command: 'wild' };
    await expect(discord.run({ ...wild, channel: channels.general })).rejects.toThrow('age-restricted');
    const restricted = await discord.run({ ...wild, channel: channels.ageRestricted });
    expect(restricted.payload).toMatchObject({ channel: { nsfw: true } });
    const direct = await discord.run({ ...wild, channel: channels.direct });
    expect(direct.payload).toMatchObject({ user: { id: people.member.id }, context: 1 });
    expect(direct.payload).not.toHaveProperty('member');
  });

  test('can only click what a message has, unless the client is hostile', async () => {
    const discord = await startDiscord();
    const { member: person } = discord.world.people;
    const { general } = discord.world.channels;
    const disabled = { type: 2, style: 1, label: 'V1', custom_id: 'v1', disabled: true };
    const link = { type: 2, style: 5, label: 'Web', url: 'https://example.com' };
    const components = [
      { type: 1, components: [{ type: 2, style: 1, label: 'U1', custom_id: 'u1' }, disabled, link] },
    ];
    const body = { content: 'x', allowed_mentions: { parse: [] }, components };
    const { body: sent } = await send(discord, 'POST', `/channels/${general.id}/messages`, body);
    const message = discord.message(sent.id ?? '');
    if (!message) throw new Error('no message');
    expect(buttonsOf(message)).toHaveLength(3);
    await expect(discord.click({ person, message, label: 'U2' })).rejects.toThrow('it has U1, V1, Web');
    await expect(discord.click({ person, message, customId: 'v1' })).rejects.toThrow('disabled');
    await expect(discord.click({ person, message, label: 'Web' })).rejects.toThrow('tells the bot nothing');
    const forged = await discord.click({ person, message, customId: 'v9', forge: true });
    expect(forged.payload).toMatchObject({ data: { custom_id: 'v9' }, message: { id: message.id } });
  });
});

test('commands are replaced as a set and keep their ids', async () => {
  const discord = await startDiscord();
  await register(discord, { name: 'more', description: 'More' });
  const [before] = discord.commands();
  await register(discord);
  expect(discord.commands().map(({ name }) => name)).toEqual(['imagine']);
  expect(discord.commands()[0]?.id).toBe(before?.id);
  const rest = createRest(discord);
  const path = `/applications/${discord.applicationId}/guilds/${discord.world.guild.id}/commands` as const;
  await rest.put(path, { body: [{ name: 'local', description: 'Here only' }] });
  expect(await rest.get(path)).toMatchObject([{ name: 'local', guild_id: discord.world.guild.id }]);
});

test('several run side by side, and close without leaving anything open', async () => {
  const [one, other] = await Promise.all([startDiscord(), startDiscord()]);
  await register(one);
  expect(one.url).not.toBe(other.url);
  expect(other.commands()).toEqual([]);
  const module = new URL('../../sandbox/discord/index.ts', import.meta.url);
  const script = `
    const { createDiscord } = await import('${module}');
    const discord = await createDiscord();
    const socket = new WebSocket(discord.url.replace('http', 'ws'));
    await new Promise((resolve) => socket.addEventListener('message', resolve));
    await fetch(discord.url + '/v10/gateway');
    await discord.close();`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { timeout: 10_000 });
});

test('a wait that fails says what the bot did last', async () => {
  const discord = await startDiscord();
  await send(discord, 'GET', '/users/@me');
  const waiting = discord.until(() => false, { timeoutMs: 10, what: 'a picture' });
  await expect(waiting).rejects.toThrow(/vain for a picture within 10 ms.*GET \/users\/@me → 200/s);
});

test('unknown routes and wrong tokens are refused', async () => {
  const discord = await startDiscord();
  expect(await send(discord, 'GET', '/nowhere')).toMatchObject({ status: 404, body: { code: 0 } });
  expect(discord.violations).toEqual(['GET /nowhere: the sandbox has no such route']);
  await expect(createRest(discord, 'wrong').get('/users/@me')).rejects.toMatchObject({ status: 401 });
});
