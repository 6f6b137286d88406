import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  ChannelType,
  ContainerBuilder,
  EmbedBuilder,
  FileUploadBuilder,
  InteractionContextType,
  LabelBuilder,
  MediaGalleryBuilder,
  MessageFlags,
  ModalBuilder,
  PermissionFlagsBits,
  SlashCommandBuilder,
  StringSelectMenuBuilder,
  TextDisplayBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import { describe, expect, test } from 'vitest';
import { createRest, drawPicture, register, send, startBot, startDiscord } from './discord-fixture.ts';

const mentions = { allowed_mentions: { parse: [] } };
const button = { type: 2, style: 1, label: 'U1', custom_id: 'u1' };
const row = (...components: object[]) => ({ type: 1, components });
const many = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));
const display = (content: string) => ({ type: 10, content });
const layout = (...components: object[]) => ({ ...mentions, flags: MessageFlags.IsComponentsV2, components });
const option = (value: string) => ({ label: value, value });
const select = { type: 3, custom_id: 's', options: [option('a'), option('b')] };

interface Case {
  /** What the violation says. */
  says: RegExp;
  body: object;
  /** Whether Discord answers 400; otherwise it's only our own rule. */
  refused?: boolean;
}

const messages: Record<string, Case> = {
  'text without allowed_mentions': { says: /allowed_mentions: text must be sent/, body: { content: 'x' } },
  'text that may ping': {
    says: /parse: \[\]/,
    body: { content: 'x', allowed_mentions: { parse: ['everyone'] } },
  },
  'mentions that exclude each other': {
    says: /mutually exclusive/,
    body: { embeds: [{ title: 'x' }], allowed_mentions: { parse: ['users'], users: ['123456789012345678'] } },
    refused: true,
  },
  'text that is too long': {
    says: /content: Must be 2000/,
    body: { ...mentions, content: 'x'.repeat(2001) },
    refused: true,
  },
  'a field of the wrong type': { says: /content: Must be of type/, body: { content: 5.5 }, refused: true },
  'a field that Discord does not know': {
    says: /contents: Discord knows no such field/,
    body: { ...mentions, content: 'x', contents: 'y' },
  },
  'a flag that cannot be set': { says: /flags: bits 64/, body: { ...mentions, content: 'x', flags: 64 } },
  'a button without custom_id': {
    says: /components\[0\]\.components\[0\]\.custom_id: This field is required/,
    body: { ...mentions, content: 'x', components: [row({ type: 2, style: 1, label: 'x' })] },
    refused: true,
  },
  'a button without label and emoji': {
    says: /label: This field is required/,
    body: { ...mentions, content: 'x', components: [row({ type: 2, style: 1, custom_id: 'x' })] },
    refused: true,
  },
  'a label that is too long': {
    says: /label: Must be 80 or fewer in length \(is 81\)/,
    body: { ...mentions, content: 'x', components: [row({ ...button, label: 'x'.repeat(81) })] },
    refused: true,
  },
  'an emoji that is none': {
    says: /Invalid emoji "U1"/,
    body: { ...mentions, content: 'x', components: [row({ ...button, emoji: { name: 'U1' } })] },
    refused: true,
  },
  'a link to nowhere': {
    says: /url: Not a well formed URL/,
    body: {
      ...mentions,
      content: 'x',
      components: [row({ type: 2, style: 5, label: 'x', url: 'ftp://example.com/x' })],
    },
    refused: true,
  },
  'a link with a custom_id': {
    says: /cannot both be specified/,
    body: {
      ...mentions,
      content: 'x',
      components: [row({ ...button, style: 5, url: 'https://example.com' })],
    },
    refused: true,
  },
  'a custom_id twice': {
    says: /custom id cannot be duplicated: u1/,
    body: { ...mentions, content: 'x', components: [row(button), row(button)] },
    refused: true,
  },
  'six rows': {
    says: /components: Must be 5/,
    body: {
      ...mentions,
      content: 'x',
      components: many(6, (index) => row({ ...button, custom_id: `${index}` })),
    },
    refused: true,
  },
  'six buttons in a row': {
    says: /components: Must be 5/,
    body: {
      ...mentions,
      content: 'x',
      components: [row(...many(6, (index) => ({ ...button, custom_id: `${index}` })))],
    },
    refused: true,
  },
  'a select beside a button': {
    says: /up to five buttons, or one other/,
    body: { ...mentions, content: 'x', components: [row(button, select)] },
    refused: true,
  },
  'a select option twice': {
    says: /already used/,
    body: {
      ...mentions,
      content: 'x',
      components: [row({ ...select, options: [option('a'), option('a')] })],
    },
    refused: true,
  },
  'a select that wants more than it allows': {
    says: /min_values is above/,
    body: { ...mentions, content: 'x', components: [row({ ...select, min_values: 2, max_values: 1 })] },
    refused: true,
  },
  'embeds that are too long together': {
    says: /Embed size exceeds maximum size of 6000 \(is 8000\)/,
    body: { embeds: [{ description: 'x'.repeat(4000) }, { description: 'x'.repeat(4000) }] },
    refused: true,
  },
  'an empty embed': {
    says: /embeds\[0\]\.description: This field is required/,
    body: { content: 'x', ...mentions, embeds: [{}] },
    refused: true,
  },
  'an empty field of an embed': {
    says: /fields\[0\]\.value: This field is required/,
    body: { embeds: [{ title: 'x', fields: [{ name: 'x', value: '' }] }] },
    refused: true,
  },
  'a picture of an unknown scheme': {
    says: /image\.url: Not a well formed URL/,
    body: { embeds: [{ image: { url: 'data://image' } }] },
    refused: true,
  },
  'a picture that was not sent': {
    says: /the message has no such file/,
    body: { embeds: [{ title: 'x', image: { url: 'attachment://cat.png' } }] },
  },
  'a layout without its flag': {
    says: /without the IS_COMPONENTS_V2 flag/,
    body: { content: 'x', ...mentions, components: [display('x')] },
    refused: true,
  },
  'text beside a layout': {
    says: /content cannot be used/,
    body: { ...layout(display('x')), content: 'x' },
    refused: true,
  },
  'embeds beside a layout': {
    says: /embeds cannot be used/,
    body: { ...layout(display('x')), embeds: [{ title: 'x' }] },
    refused: true,
  },
  'a layout that may ping': {
    says: /parse: \[\]/,
    body: { flags: MessageFlags.IsComponentsV2, components: [display('x')] },
  },
  'more than forty components': {
    says: /components: Must be 40/,
    body: layout(...many(3, () => ({ type: 17, components: many(14, () => display('x')) }))),
    refused: true,
  },
  'too much text in a layout': {
    says: /must be 4000 or fewer in length \(is 5000\)/,
    body: layout(display('x'.repeat(2500)), display('x'.repeat(2500))),
    refused: true,
  },
  'a picture of a layout that was not sent': {
    says: /"cat\.png" was not found/,
    body: layout({ type: 12, items: [{ media: { url: 'attachment://cat.png' } }] }),
    refused: true,
  },
  'a file of a layout from the web': {
    says: /Not a well formed URL with scheme attachment/,
    body: layout({ type: 13, file: { url: 'https://example.com/x.png' } }),
    refused: true,
  },
  'a secret': { says: /contains a secret/, body: { ...mentions, content: 'the key is open-sesame' } },
};

describe('a message with', () => {
  test.for(Object.entries(messages))('%s is a violation', async ([_, { says, body, refused }]) => {
    const discord = await startDiscord({ secrets: ['open-sesame'] });
    const path = `/channels/${discord.world.channels.general.id}/messages`;
    const answer = await send(discord, 'POST', path, body);
    expect(discord.violations).toEqual([expect.stringMatching(says)]);
    expect(answer.status).toBe(refused ? 400 : 200);
    if (refused) expect(answer.body).toMatchObject({ code: 50035, errors: expect.any(Object) });
  });
});

const input = (id: string) => ({ type: 18, label: id, component: { type: 4, custom_id: id, style: 1 } });
const modal = (...components: object[]) => ({ type: 9, data: { custom_id: 'm', title: 'M', components } });

const callbacks: Record<string, Case> = {
  'a deferral with a message': {
    says: /data\.content: a deferral carries no message/,
    body: { type: 5, data: { content: 'x' } },
  },
  'a deferral with other flags': { says: /EPHEMERAL flag only/, body: { type: 5, data: { flags: 1 << 15 } } },
  'an unknown type': { says: /type: This callback type/, body: { type: 99 }, refused: true },
  'an update to a command': {
    says: /does not fit an interaction of type 2/,
    body: { type: 6 },
    refused: true,
  },
  'choices to a command': { says: /does not fit/, body: { type: 8, data: { choices: [] } }, refused: true },
  'text that may ping': { says: /data\.allowed_mentions/, body: { type: 4, data: { content: 'x' } } },
  'a modal of six parts': {
    says: /Must be 5/,
    body: modal(...many(6, (index) => input(`${index}`))),
    refused: true,
  },
  'a modal with an input twice': {
    says: /duplicated: a/,
    body: modal(input('a'), input('a')),
    refused: true,
  },
  'a disabled input': {
    says: /cannot be disabled/,
    body: modal({ type: 18, label: 'x', component: { ...select, disabled: true } }),
    refused: true,
  },
  'a button in a modal': {
    says: /does not fit any of the possible types/,
    body: modal({ type: 18, label: 'x', component: button }),
    refused: true,
  },
  'a text input without a label in a row': {
    says: /label: This field is required/,
    body: modal(row({ type: 4, custom_id: 'x', style: 1 })),
    refused: true,
  },
  'a value that does not fit its input': {
    says: /must have 0 to 2 characters \(has 3\)/,
    body: modal({
      ...input('x'),
      component: { type: 4, custom_id: 'x', style: 1, max_length: 2, value: 'xxx' },
    }),
    refused: true,
  },
};

describe('a first response with', () => {
  test.for(Object.entries(callbacks))('%s is a violation', async ([_, { says, body, refused }]) => {
    const discord = await startDiscord();
    await register(discord);
    const { id, token } = await discord.run({
      person: discord.world.people.member,
      channel: discord.world.channels.general,
      command: 'imagine',
      options: { prompt: 'a cat' },
    });
    const answer = await send(discord, 'POST', `/interactions/${id}/${token}/callback`, body);
    expect(discord.violations).toEqual([expect.stringMatching(says)]);
    expect(discord.violations.join()).not.toContain(token);
    expect(answer.status).toBe(refused ? 400 : 204);
  });
});

const command = { name: 'imagine', description: 'Makes a picture' };
const text = (name: string, rest = {}) => ({ type: 3, name, description: 'x', ...rest });

const commands: Record<string, Case> = {
  'an upper-case name': {
    says: /name is invalid: Imagine/,
    body: [{ ...command, name: 'Imagine' }],
    refused: true,
  },
  'a blank in its name': { says: /name is invalid/, body: [{ ...command, name: 'a b' }], refused: true },
  'no description': { says: /\[0\]\.description: This field/, body: [{ name: 'imagine' }], refused: true },
  'a description in a context menu': {
    says: /cannot have description/,
    body: [{ ...command, type: 3 }],
    refused: true,
  },
  'the name of another': { says: /must be unique: imagine/, body: [command, command], refused: true },
  'a required option after an optional one': {
    says: /Required options must be placed before/,
    body: [{ ...command, options: [text('a'), text('b', { required: true })] }],
    refused: true,
  },
  'an option twice': {
    says: /Option names must be unique: a/,
    body: [{ ...command, options: [text('a'), text('a')] }],
    refused: true,
  },
  'an option beside a subcommand': {
    says: /mutually exclusive to all other types/,
    body: [{ ...command, options: [text('a'), { type: 1, name: 'b', description: 'x' }] }],
    refused: true,
  },
  'an unknown language': {
    says: /Unknown locale zh/,
    body: [{ ...command, name_localizations: { zh: 'x' } }],
    refused: true,
  },
  'choices and autocomplete': {
    says: /if choices are present/,
    body: [
      { ...command, options: [text('a', { autocomplete: true, choices: [{ name: 'x', value: 'x' }] })] },
    ],
    refused: true,
  },
  'twenty-six options': {
    says: /options: Must be 25/,
    body: [{ ...command, options: many(26, (index) => text(`o${index}`)) }],
    refused: true,
  },
  'more than 8000 characters': {
    says: /exceeds maximum size/,
    body: [
      {
        ...command,
        options: many(25, (index) =>
          text(`o${index}`, { choices: many(25, (n) => ({ name: `n${n}`, value: `${n}`.padStart(20) })) }),
        ),
      },
    ],
    refused: true,
  },
  'contexts on a server': { says: /global commands only/, body: [{ ...command, contexts: [0] }] },
};

describe('a command with', () => {
  test.for(Object.entries(commands))('%s is a violation', async ([name, { says, body, refused }]) => {
    const discord = await startDiscord();
    const folder = name.endsWith('server') ? `/guilds/${discord.world.guild.id}` : '';
    const path = `/applications/${discord.applicationId}${folder}/commands`;
    const answer = await send(discord, 'PUT', path, body);
    expect(discord.violations).toEqual([expect.stringMatching(says)]);
    expect(answer.status).toBe(refused ? 400 : 200);
  });
});

test('choices of the wrong type are a violation', async () => {
  const discord = await startDiscord();
  const options = [{ type: 4, name: 'seed', description: 'x', autocomplete: true }];
  await register(discord, { name: 'seed', description: 'x', options });
  const choices = discord.autocomplete({
    person: discord.world.people.member,
    channel: discord.world.channels.general,
    command: 'seed',
    focused: 'seed',
  });
  choices.catch(() => undefined);
  const interaction = await discord.until(() => discord.interactions[0]);
  const path = `/interactions/${interaction.id}/${interaction.token}/callback`;
  const wrong = { type: 8, data: { choices: [{ name: 'x', value: 'x' }] } };
  expect(await send(discord, 'POST', path, wrong)).toMatchObject({ status: 400 });
  await send(discord, 'POST', path, { type: 8, data: { choices: [{ name: 'x', value: 5 }] } });
  expect(await choices).toEqual([{ name: 'x', value: 5 }]);
});

test("what discord.js and its builders send isn't a violation", async () => {
  const discord = await startDiscord();
  const built = new SlashCommandBuilder()
    .setName('everything')
    .setNameLocalizations({ 'zh-CN': '全部' })
    .setDescription('Every kind of thing')
    .setDefaultMemberPermissions(PermissionFlagsBits.ManageGuild)
    .setContexts(InteractionContextType.Guild)
    .setNSFW(true)
    .addSubcommand((subcommand) =>
      subcommand
        .setName('one')
        .setDescription('One')
        .addStringOption((option) =>
          option.setName('text').setDescription('x').setRequired(true).setMaxLength(6000),
        )
        .addIntegerOption((option) => option.setName('count').setDescription('x').setMinValue(1))
        .addNumberOption((option) =>
          option.setName('ratio').setDescription('x').addChoices({ name: 'Half', value: 0.5 }),
        )
        .addAttachmentOption((option) => option.setName('picture').setDescription('x'))
        .addChannelOption((option) =>
          option.setName('channel').setDescription('x').addChannelTypes(ChannelType.GuildText),
        ),
    );
  await register(discord, built.toJSON());

  const buttons = new ActionRowBuilder<ButtonBuilder>().addComponents(
    new ButtonBuilder().setCustomId('again').setEmoji('🔄').setStyle(ButtonStyle.Secondary),
    new ButtonBuilder()
      .setCustomId('v')
      .setLabel('V1')
      .setEmoji('123456789012345678')
      .setStyle(ButtonStyle.Success),
    new ButtonBuilder().setURL('https://example.com').setLabel('Web').setStyle(ButtonStyle.Link),
  );
  const menu = new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(
    new StringSelectMenuBuilder().setCustomId('menu').addOptions({ label: 'A', value: 'a', emoji: '⭐' }),
  );
  const picture = { attachment: await drawPicture(4, 4), name: 'cat.png', description: 'A cat' };
  const embed = new EmbedBuilder()
    .setTitle('Title')
    .setDescription('Text')
    .setColor('Blurple')
    .setTimestamp()
    .setImage('attachment://cat.png')
    .setFooter({ text: 'foot' })
    .addFields({ name: 'Seed', value: '42', inline: true });
  const container = new ContainerBuilder()
    .setAccentColor(0x5865f2)
    .addTextDisplayComponents(new TextDisplayBuilder().setContent('# Done'))
    .addSectionComponents((section) =>
      section
        .addTextDisplayComponents((display) => display.setContent('Original'))
        .setButtonAccessory((accessory) =>
          accessory.setCustomId('o').setLabel('Open').setStyle(ButtonStyle.Primary),
        ),
    )
    .addSeparatorComponents((separator) => separator.setDivider(true))
    .addMediaGalleryComponents(
      new MediaGalleryBuilder().addItems((item) =>
        item.setURL('attachment://cat.png').setDescription('A cat'),
      ),
    );
  const form = new ModalBuilder()
    .setCustomId('form')
    .setTitle('Form')
    .addTextDisplayComponents((display) => display.setContent('Please'))
    .addLabelComponents(
      new LabelBuilder()
        .setLabel('Text')
        .setDescription('Some')
        .setTextInputComponent(
          new TextInputBuilder()
            .setCustomId('text')
            .setStyle(TextInputStyle.Paragraph)
            .setValue('x')
            .setRequired(false),
        ),
      new LabelBuilder()
        .setLabel('Files')
        .setFileUploadComponent(new FileUploadBuilder().setCustomId('files').setMaxValues(2)),
    );

  const { client, errors } = await startBot(discord, async (interaction) => {
    if (interaction.isButton()) return interaction.showModal(form);
    if (interaction.isModalSubmit()) {
      const names = interaction.fields.getUploadedFiles('files')?.map(({ name }) => name);
      return interaction.reply({ content: String(names), flags: [MessageFlags.Ephemeral] });
    }
    if (!interaction.isChatInputCommand()) return undefined;
    const { channelId } = interaction;
    await interaction.deferReply();
    await interaction.editReply({
      content: '',
      embeds: [embed],
      files: [picture],
      components: [buttons, menu],
    });
    await interaction.followUp({
      components: [container],
      files: [picture],
      flags: MessageFlags.IsComponentsV2,
    });
    const channel = await client.channels.fetch(channelId);
    if (!channel?.isSendable()) throw new Error('cannot send');
    const sent = await channel.send({ content: 'hello', nonce: '7', enforceNonce: true, files: [picture] });
    await sent.edit({ content: 'bye', attachments: [...sent.attachments.values()] });
    await sent.reply('reply');
    await sent.delete();
    return interaction.editReply({ content: 'end', embeds: [], files: [] });
  });
  const { member, administrator } = discord.world.people;
  const { general } = discord.world.channels;
  const run = await discord.run({
    person: member,
    channel: general,
    command: 'imagine',
    options: { prompt: 'x' },
  });
  const message = await discord.until(() => run.message?.content === 'end' && run.message);
  const click = await discord.click({ person: administrator, message, label: '🔄' });
  await discord.until(() => click.modal);
  const files = [{ name: 'a.png', bytes: await drawPicture(2, 2) }];
  const submit = await discord.submit({ person: administrator, interaction: click, values: { files } });
  const answer = await discord.until(() => submit.message);
  expect(answer.content).toBe('a.png');
  expect(errors).toEqual([]);
  expect(discord.violations).toEqual([]);
});

test('everything passes without rules', async () => {
  const discord = await startDiscord({ rules: false });
  const path = `/channels/${discord.world.channels.general.id}/messages`;
  await createRest(discord).post(path as `/${string}`, { body: { content: 'x' } });
  expect(discord.violations).toEqual([]);
});
