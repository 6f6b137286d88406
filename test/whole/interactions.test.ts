import { ChannelType, ComponentType } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import {
  fieldsThatExamplesLack,
  type Interaction,
  type InteractionPayload,
  lacking,
  type Message,
} from '../../sandbox/discord/index.ts';
import type { BotProcess } from '../../sandbox/index.ts';
import { quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();
const discord = () => whole.sandbox.discord;

/** Every field of an interaction of any kind (Discord's OpenAPI document). */
const fields = [
  ...fieldsThatExamplesLack,
  'channel_id',
  'data',
  'guild_id',
  'id',
  'member',
  'message',
  'token',
  'type',
  'user',
];

/** Without these, Discord wouldn't know what an answer belongs to. */
const isUnanswerable = (field: string) => field === 'id' || field === 'token';

/** One of each kind that people can cause; a press, a choice and a modal belong to that message. */
function everyKind(message: Message, opener: Interaction): Record<string, () => Promise<Interaction>> {
  const { member: person } = discord().world.people;
  const values = { prompt: 'a fox in snow --zoom 1.5' };
  return {
    command: () => whole.run('queue'),
    press: () => whole.press(message, 'Custom'),
    choice: () => discord().choose({ person, message, customId: 'any', values: ['1'], forge: true }),
    window: async () => {
      opener.modalSubmitted = false;
      const customId = 'made-up';
      return discord().submit({ person, interaction: opener, values, forge: { customId } });
    },
  };
}

/** Resolves once it was sent, answered or not. */
async function typeAnOption(): Promise<Interaction> {
  const { member: person } = discord().world.people;
  const channel = discord().world.channels.general;
  const options = { id: 'fo' };
  const input = { person, channel, command: 'task', subcommand: 'seed', focused: 'id', options };
  const before = discord().interactions.length;
  discord()
    .autocomplete(input)
    .catch(() => undefined);
  return discord().until(() => discord().interactions[before]);
}

async function openMessage(): Promise<{ message: Message; opener: Interaction }> {
  const grid = await whole.picture(await whole.imagine('a fox'));
  const message = await whole.picture(await whole.press(grid, 'U1'));
  const opener = await whole.press(message, 'Custom');
  await opener.acknowledged;
  return { message, opener };
}

/** Checks that the bot still works for everybody. */
async function expectHealth(bot: BotProcess): Promise<void> {
  discord().settings.reshape = (payload) => payload;
  await whole.picture(await whole.imagine('a hare'));
  expect(bot.process.exitCode).toBeNull();
}

describe('an interaction in an unusual form', () => {
  it('is answered without any one of its fields, or with null instead', { timeout: 60_000 }, async () => {
    const bot = await whole.sandbox.startBot(quick);
    const { message, opener } = await openMessage();
    const cause = everyKind(message, opener);
    for (const instead of ['absent', 'null'] as const) {
      for (const field of fields) {
        discord().settings.reshape = lacking([field], instead);
        for (const [kind, act] of Object.entries(cause)) {
          const interaction = await act();
          if (isUnanswerable(field)) await bot.line('without an id or a token');
          else
            await expect(interaction.acknowledged, `${kind} with ${field} ${instead}`).resolves.toBeDefined();
        }
        if (field === 'type') continue; // autocomplete takes no sentence, and the bot couldn't recognize it
        const typed = await typeAnOption();
        if (!['id', 'token', 'data', 'member'].includes(field))
          expect((await typed.acknowledged).type, `typing with ${field} ${instead}`).toBe(8);
      }
    }
    await expectHealth(bot);
    const log = bot.lines.join('\n');
    expect(log).toContain('an interaction could not be read');
    for (const { token } of discord().interactions) expect(log).not.toContain(token);
    expect(log).not.toContain('a fox in snow');
  });

  it("gets the usual sentence if it can't be read", async () => {
    await whole.sandbox.startBot(quick);
    const { message } = await openMessage();
    discord().settings.reshape = lacking(['data']);
    for (const interaction of [await whole.run('queue'), await whole.press(message, 'Custom')]) {
      await interaction.acknowledged;
      expect(textOf(interaction.message)).toMatch(/Something went wrong in the bot.*log under `[0-9a-f]{8}`/);
      expect(interaction.message?.visibleTo).toBe(interaction.person);
    }
  });

  const withData = (change: object) => {
    discord().settings.reshape = (payload) => ({
      ...payload,
      data: { ...(payload['data'] as object), ...change },
    });
  };

  it.each([
    ['no option', 'imagine', { options: [] }],
    ['an option of another type', 'imagine', { options: [{ name: 'prompt', type: 4, value: 5 }] }],
    ['an option without a value', 'imagine', { options: [{ name: 'prompt', type: 3 }] }],
    ['a name that options no longer have', 'imagine', { options: [{ name: 'text', type: 3, value: 'a' }] }],
    ['no subcommand', 'account show', { options: [] }],
    ['a name that no command has', 'queue', { name: 'old' }],
  ])('gets a sentence if a command is from another version: %s', async (_, line, change) => {
    const bot = await whole.sandbox.startBot(quick);
    withData(change);
    const options = line === 'imagine' ? { prompt: 'a fox' } : {};
    const used = await whole.run(line, options);
    await used.acknowledged;
    expect(textOf(used.message)).toContain('This command no longer exists');
    if (!('name' in change)) await bot.line('run npm run deploy');
    expect(whole.sandbox.provider.submits).toEqual([]);
  });

  it.each([
    ['no field', { components: [] }],
    ['another field', { components: [{ type: 18, component: { type: 4, custom_id: 'text', value: 'a' } }] }],
    [
      'a field of another type',
      { components: [{ type: 18, component: { type: 3, custom_id: 'prompt', values: [] } }] },
    ],
  ])('gets a sentence if a modal is from another version: %s', async (_, change) => {
    await whole.sandbox.startBot(quick);
    const { opener } = await openMessage();
    withData(change);
    const sent = await whole.send(opener, { prompt: 'a fox in snow --zoom 1.5' });
    await sent.acknowledged;
    expect(textOf(sent.message)).toContain('no longer');
    expect(whole.sandbox.provider.submits).toHaveLength(2);
  });

  it("works as in the documents' examples, from a command to a button's picture", async () => {
    discord().settings.reshape = lacking(fieldsThatExamplesLack);
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox'));
    const single = await whole.picture(await whole.press(grid, 'U2'));
    expect(single.id).not.toBe(grid.id);
    const opener = await whole.press(single, 'Custom');
    await whole.picture(await whole.send(opener, { prompt: 'a fox --zoom 1.5' }));
    expect(await whole.points()).toBe('1,750 points');
  });

  it("works with any content in a button's message", async () => {
    const bot = await whole.sandbox.startBot(quick);
    const { message } = await openMessage();
    for (const [what, change] of Object.entries(strangeMessages())) {
      discord().settings.reshape = (payload) => ({
        ...payload,
        message: { ...(payload['message'] as object), ...change },
      });
      const press = await whole.press(message, 'Custom');
      expect((await press.acknowledged).type, what).toBe(9);
    }
    await expectHealth(bot);
    expect(bot.lines.join('\n')).not.toContain('could not be read');
  });

  it('works no matter what is missing inside a command or a press', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const { message } = await openMessage();
    const nothing = {
      users: null,
      members: null,
      roles: null,
      channels: null,
      messages: null,
      attachments: null,
    };
    for (const change of [
      { resolved: null },
      { resolved: nothing },
      { options: null },
      { guild_id: null, id: null },
    ]) {
      discord().settings.reshape = (payload) => ({
        ...payload,
        data: { ...(payload['data'] as object), ...change },
      });
      const asked = await whole.run('queue');
      await asked.acknowledged;
      expect(textOf(asked.message)).not.toContain('went wrong');
      expect((await (await whole.press(message, 'Custom')).acknowledged).type).toBe(9);
    }
    await expectHealth(bot);
  });

  it('works in channels of every type, even a future one', async () => {
    await whole.sandbox.startBot(quick);
    const { message } = await openMessage();
    const types = Object.values(ChannelType).filter((type) => typeof type === 'number');
    for (const type of [...types, 99, '0', null]) {
      for (const lean of [{}, { thread_metadata: null, recipients: null, parent_id: null }]) {
        const channel = (payload: InteractionPayload) => ({
          ...(payload['channel'] as object),
          type,
          ...lean,
        });
        discord().settings.reshape = (payload) => ({ ...payload, channel: channel(payload) });
        expect((await (await whole.press(message, 'Custom')).acknowledged).type, String(type)).toBe(9);
        const asked = await whole.run('queue');
        expect((await asked.acknowledged).type).toBe(4);
        expect(textOf(asked.message)).not.toContain('went wrong');
      }
    }
  });

  it('gets a sentence if it is of a future kind', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const { message } = await openMessage();
    const kinds: Record<string, (payload: InteractionPayload) => object> = {
      'a component': (payload) => ({ data: { ...(payload['data'] as object), component_type: 99 } }),
      'a choice of the future': (payload) => ({
        data: { ...(payload['data'] as object), component_type: 24 },
      }),
    };
    for (const [what, change] of Object.entries(kinds)) {
      discord().settings.reshape = (payload) => ({ ...payload, ...change(payload) });
      const press = await whole.press(message, 'Custom');
      expect((await press.acknowledged).type, what).toBe(4);
      expect(textOf(press.message)).toContain('This button no longer works');
    }
    await expectHealth(bot);
  });

  it('is read from any field in which Discord names the channel', async () => {
    const bot = await whole.sandbox.startBot({ ...quick });
    discord().settings.tokenLifeMs = 1;
    for (const [index, missing] of ['channel', 'channel_id'].entries()) {
      discord().settings.reshape = lacking([missing]);
      await whole.picture(await whole.imagine(`fox ${index}`));
    }
    const edits = discord().requests.filter(
      ({ method, path }) => method === 'PATCH' && /^\/channels/.test(path),
    );
    expect(edits.every(({ path }) => /^\/channels\/\d+\/messages\/\d+$/.test(path))).toBe(true);
    expect(edits.length).toBeGreaterThanOrEqual(2);
    await expectHealth(bot);
  });
});

describe('another gateway event', () => {
  it('ends nothing, in any form', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const names = ['GUILD_CREATE', 'GUILD_UPDATE', 'CHANNEL_CREATE', 'CHANNEL_UPDATE', 'THREAD_CREATE'];
    const more = ['MESSAGE_CREATE', 'MESSAGE_UPDATE', 'ENTITLEMENT_CREATE', 'USER_UPDATE', 'GUILD_DELETE'];
    for (const name of [...names, ...more, 'INTERACTION_CREATE', 'EVENT_OF_NEXT_YEAR'])
      for (const data of [
        {},
        { id: null },
        { id: '1', type: 99, channels: null, threads: null, roles: null },
      ])
        discord().gateway.dispatch(name, data);
    await expectHealth(bot);
    expect(bot.lines.join('\n')).toContain('an event of the gateway could not be read');
  });
});

describe('a gateway frame', () => {
  it('ends nothing, with any content', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const frames = ['', 'null', '5', '[]', '{}', '<html>', '{"op":99}', '{"op":9,"d":null}', '{"op":10}'];
    const events = [
      '{"op":0}',
      '{"op":0,"t":"READY"}',
      '{"op":0,"t":"RESUMED","d":null}',
      '{"op":11,"d":[]}',
    ];
    for (const frame of [...frames, ...events]) discord().gateway.sendRaw(frame);
    await bot.line('a frame of the gateway could not be read');
    await expectHealth(bot);
  });
});

/** What Discord's messages can contain that ours don't (Discord docs, resources/message, components/reference). */
function strangeMessages(): Record<string, object> {
  const types = Object.values(ComponentType).filter((type) => typeof type === 'number');
  const components = [...types, 99].map((type) => [
    `a component of type ${type}`,
    { components: [{ type }, { type: 1, components: [{ type }] }, { type: 17, components: [{ type }] }] },
  ]);
  const answers = [{ answer_id: 1, poll_media: { text: 'yes' } }];
  return {
    ...Object.fromEntries(components),
    'a poll': {
      poll: { question: { text: '?' }, answers, expiry: null, allow_multiselect: false, layout_type: 1 },
    },
    'a poll without anything': { poll: {} },
    'no thread': { thread: null },
    'no author': { author: null },
    'no embeds': { embeds: null },
    'no components': { components: null },
    'no mentions': { mentions: null, mention_roles: null },
    'nothing that it refers to': { message_reference: null, referenced_message: null },
    'a forwarded message': { message_snapshots: [{ message: {} }] },
    'an activity': { activity: null, application: null },
    'no flags': { flags: null },
    'a sticker of another kind': { sticker_items: [null], resolved: null, role_subscription_data: null },
    'no interaction': { interaction: {}, interaction_metadata: {} },
    'a reaction': { reactions: [{}] },
    'a call': { call: {} },
  };
}
