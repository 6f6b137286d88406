import { ComponentType, type Interaction, MessageFlags } from 'discord.js';
import { expect, it } from 'vitest';
import { describeInBrowser, inTab, usePage } from '../helpers/page.ts';
import { drawPicture, register, send, startBot } from '../sandbox/discord-fixture.ts';

const page = usePage({ withBot: false });

/** A bot that shows every part that messages and modals can have. */
const selects = {
  content: 'Choose',
  components: [
    {
      type: 1,
      components: [
        {
          type: ComponentType.StringSelect,
          custom_id: 'fruit',
          placeholder: 'A fruit or two',
          max_values: 2,
          options: [
            { value: 'apple', label: 'Apple', description: 'Red or green', emoji: { name: '🍎' } },
            { value: 'pear', label: 'Pear' },
            { value: 'plum', label: 'Plum' },
          ],
        },
      ],
    },
    {
      type: 1,
      components: [{ type: ComponentType.UserSelect, custom_id: 'person', placeholder: 'A person' }],
    },
    {
      type: 1,
      components: [
        { type: 2, style: 1, custom_id: 'form', label: 'Open the form' },
        { type: 2, style: 3, custom_id: 'gone', label: 'Not now', disabled: true },
        { type: 2, style: 5, url: 'https://example.com/', label: 'A link' },
      ],
    },
  ],
};

const layout = (name: string) => ({
  allowed_mentions: { parse: [] },
  flags: MessageFlags.IsComponentsV2,
  components: [
    {
      type: ComponentType.Container,
      accent_color: 0x57f287,
      components: [
        {
          type: ComponentType.Section,
          components: [
            { type: ComponentType.TextDisplay, content: '## A layout\n> quoted\n- one\n- two `code`' },
          ],
          accessory: { type: 2, style: 2, custom_id: 'side', label: 'Aside' },
        },
        { type: ComponentType.Separator },
        {
          type: ComponentType.MediaGallery,
          items: [{ media: { url: `attachment://${name}` }, description: 'a teal field' }],
        },
      ],
    },
  ],
});

const label = (text: string, component: object, description?: string) => ({
  type: ComponentType.Label,
  label: text,
  component,
  ...(description !== undefined && { description }),
});
const options = [
  { value: 'a', label: 'First', description: 'the one before' },
  { value: 'b', label: 'Second' },
];
const forms = [
  {
    title: 'One form',
    custom_id: 'form-1',
    components: [
      { type: ComponentType.TextDisplay, content: 'Fill this in, **please**.' },
      label(
        'Words',
        { type: ComponentType.TextInput, custom_id: 'words', style: 1, max_length: 10 },
        'a few',
      ),
      label('Fruit', { type: ComponentType.StringSelect, custom_id: 'fruit', options }),
      label('Files', { type: ComponentType.FileUpload, custom_id: 'files', max_values: 2 }),
    ],
  },
  {
    title: 'Another form',
    custom_id: 'form-2',
    components: [
      label('One of them', { type: ComponentType.RadioGroup, custom_id: 'radio', options }),
      label('Some of them', { type: ComponentType.CheckboxGroup, custom_id: 'group', options }),
      label('Yes', { type: ComponentType.Checkbox, custom_id: 'yes' }),
      label('Channel', { type: ComponentType.ChannelSelect, custom_id: 'channel' }),
    ],
  },
];

const commands = [
  {
    name: 'parts',
    description: 'Every part',
    options: [{ type: 3, name: 'kind', description: 'Which', autocomplete: true }],
  },
  { name: 'Describe', type: 3 },
  { name: 'Greet', type: 2 },
];

/** Shows them, and records what comes back. */
function createShow(received: unknown[]) {
  return async (interaction: Interaction): Promise<unknown> => {
    if (interaction.isAutocomplete()) {
      const typed = interaction.options.getFocused();
      const names = ['selects', 'layout'].filter((name) => name.startsWith(typed));
      return interaction.respond(names.map((name) => ({ name: `The ${name}`, value: name })));
    }
    if (interaction.isChatInputCommand()) {
      if (interaction.options.getString('kind') !== 'layout') return interaction.reply(selects as never);
      await interaction.deferReply();
      const way = `/webhooks/${interaction.applicationId}/${interaction.token}/messages/@original`;
      const picture = new Blob([Uint8Array.from(await drawPicture(60, 40))], { type: 'image/png' });
      return send(page.sandbox.discord, 'PATCH', way, layout('picture.png'), { 'files[0]': picture });
    }
    if (interaction.isMessageContextMenuCommand()) {
      return interaction.reply({
        content: `It says: ${interaction.targetMessage.content}`,
        flags: MessageFlags.Ephemeral,
      });
    }
    if (interaction.isUserContextMenuCommand())
      return interaction.reply(`Hello ${interaction.targetUser.username}`);
    if (interaction.isButton() && interaction.customId === 'form')
      return interaction.showModal(forms[0] as never);
    if (interaction.isButton()) return interaction.showModal(forms[1] as never);
    if (interaction.isAnySelectMenu()) {
      received.push(interaction.values);
      return interaction.reply({
        content: `Chosen: ${interaction.values.length}`,
        flags: MessageFlags.Ephemeral,
      });
    }
    if (interaction.isModalSubmit()) {
      received.push(
        interaction.fields.fields.map((field) =>
          'values' in field ? field.values : Reflect.get(field, 'value'),
        ),
      );
      return interaction.reply({ content: `Got ${interaction.customId}`, flags: MessageFlags.Ephemeral });
    }
    return undefined;
  };
}

describeInBrowser('parts that the bot may use', () => {
  it('selects with several choices and with people; links and disabled buttons', async () => {
    const received: unknown[] = [];
    await register(page.sandbox.discord, ...commands);
    await startBot(page.sandbox.discord, createShow(received));
    const tab = await page.open();
    const { run, message } = inTab(tab);
    await run('/parts');
    await tab.getByRole('button', { name: 'A fruit or two' }).click();
    await tab.getByRole('option', { name: 'Apple' }).click();
    await tab.getByRole('option', { name: 'Plum' }).click();
    await tab.keyboard.press('Escape');
    await message('Chosen: 2').waitFor();
    await tab.getByRole('button', { name: 'A person' }).click();
    await tab.getByRole('option', { name: 'mei' }).press('Enter');
    await message('Chosen: 1').waitFor();
    expect(received).toEqual([['apple', 'plum'], [page.sandbox.discord.world.people.otherMember.id]]);
    expect(await tab.getByRole('link', { name: 'A link' }).getAttribute('href')).toBe('https://example.com/');
    await tab.getByRole('button', { name: 'Not now' }).click();
    expect(page.sandbox.discord.interactions).toHaveLength(3);
  });

  it('modals with every input', async () => {
    const received: unknown[] = [];
    await register(page.sandbox.discord, ...commands);
    await startBot(page.sandbox.discord, createShow(received));
    const tab = await page.open();
    const { run, message, option } = inTab(tab);
    await run('/parts');
    await tab.getByRole('button', { name: 'Open the form' }).click();
    const first = tab.getByRole('dialog', { name: 'One form' });
    await first.getByRole('textbox', { name: 'Words' }).fill('a few words');
    expect(await first.getByRole('textbox').inputValue()).toBe('a few word');
    await first.getByRole('button', { name: 'Fruit' }).click();
    await tab.getByRole('option', { name: 'Second' }).click();
    const buffer = await drawPicture(10, 10);
    const files = ['one.png', 'two.png'].map((name) => ({ name, mimeType: 'image/png', buffer }));
    await first.getByLabel('Files', { exact: true }).setInputFiles(files);
    await first.getByRole('button', { name: 'Submit' }).click();
    await message('Got form-1').waitFor();

    await inTab(tab).composer.fill('/parts ');
    await tab.getByRole('button', { name: 'More options' }).click();
    await tab.getByRole('option', { name: 'kind' }).click();
    await option('kind').fill('lay');
    await tab.getByRole('option', { name: 'The layout' }).click();
    await option('kind').press('Enter');
    await tab.getByRole('heading', { name: 'A layout' }).waitFor();
    await tab.locator('.container img.picture').waitFor();
    await tab.getByRole('button', { name: 'Aside' }).click();
    const second = tab.getByRole('dialog', { name: 'Another form' });
    await second.getByRole('radio', { name: 'Second' }).check();
    await second.getByRole('checkbox', { name: 'First' }).check();
    await second.getByRole('checkbox', { name: 'Yes' }).check();
    await second.getByRole('button', { name: 'Channel' }).click();
    await tab.getByRole('option', { name: 'general' }).click();
    await second.getByRole('button', { name: 'Submit' }).click();
    await message('Got form-2').waitFor();
    const [words, , uploaded] = received[0] as unknown[][];
    expect(words).toBe('a few word');
    expect(uploaded).toHaveLength(2);
    expect(received[1]).toEqual(['b', ['a'], true, [page.sandbox.discord.world.channels.general.id]]);
  });

  it("commands on a message and on a person, from a message's menu", async () => {
    await register(page.sandbox.discord, ...commands);
    await startBot(page.sandbox.discord, createShow([]));
    const tab = await page.open();
    const { composer, message } = inTab(tab);
    await composer.fill('look at this');
    await composer.press('Enter');
    await message('look at this').click({ button: 'right' });
    await tab.getByRole('menuitem', { name: 'Apps › Describe' }).click();
    await message('It says: look at this').waitFor();
    const own = tab.locator('.message').filter({ hasText: 'look at this' }).first();
    await own.hover();
    await own.getByRole('button', { name: 'More' }).click();
    await tab.getByRole('menuitem', { name: 'Apps › Greet (max)' }).click();
    await message('Hello max').waitFor();
    await own.click({ button: 'right' });
    await tab.getByRole('menuitem', { name: 'Delete message' }).click();
    await own.filter({ hasText: /^max/ }).waitFor({ state: 'detached' });
  });

  it('says that nobody answers', async () => {
    await register(page.sandbox.discord, ...commands);
    page.sandbox.discord.settings.acknowledgeWithinMs = 200;
    const tab = await page.open();
    await inTab(tab).run('/parts');
    const failure = inTab(tab).message('The application did not respond');
    await failure.getByRole('button', { name: 'Dismiss message' }).click();
    await failure.waitFor({ state: 'detached' });
  });
});
