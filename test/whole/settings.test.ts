import { describe, expect, it } from 'vitest';
import type { Channel, Interaction, Message, ModalValues, Person } from '../../sandbox/discord/index.ts';
import { quick, register, textOf, useSandbox, type Whole } from '../helpers/whole.ts';

function createActions(whole: Whole) {
  const discord = () => whole.sandbox.discord;
  const world = () => discord().world;
  const administrator = () => world().people.administrator;
  return {
    world,
    administrator,
    /** Opens a window with a subcommand, and sends it. */
    async set(line: string, values: ModalValues, options = {}, person: Person = administrator()) {
      const opened = await whole.run(`settings ${line}`, options, person);
      return whole.send(opened, values);
    },
    /** The card, as fields by their name. */
    async show(person: Person = administrator()): Promise<Record<string, string>> {
      const shown = await whole.run('settings show', {}, person);
      await shown.acknowledged;
      return fieldsOf(shown.message);
    },
    imagineIn(channel: Channel, person: Person, options = {}): Promise<Interaction> {
      return discord().run({ person, channel, command: 'imagine', options: { prompt: 'a fox', ...options } });
    },
  };
}

function fieldsOf(message: Message | undefined): Record<string, string> {
  const fields = message?.embeds[0]?.fields ?? [];
  return Object.fromEntries(fields.map(({ name, value }) => [name, value]));
}

const nothingCharged = 'Nothing was charged';

describe('/settings', () => {
  const whole = useSandbox({ kind: 'mjproxy' });
  const { world, administrator, set, show, imagineIn } = createActions(whole);
  const start = () => whole.sandbox.startBot(quick);

  it('shows everything on one card, and only to those who may change it', async () => {
    await start();
    const card = await show();
    expect(card).toMatchObject({
      Channels: 'All channels',
      Limits: '3 running and 10 waiting per person, 200 waiting on this server',
      'Sensitive pictures': 'Show every picture',
      'Star channel': 'None',
    });
    // Administrators can let everybody see a command on Discord's own screens.
    await register(whole.sandbox, { default_member_permissions: null });
    const { member } = world().people;
    for (const line of ['show', 'channels', 'suffix', 'export', 'star-channel']) {
      const asked = await whole.run(`settings ${line}`, {}, member);
      await whole.reply(asked, 'You need the Manage Server permission');
    }
  });

  it('keeps the bot to the channels that were chosen, with their threads, after a restart, too', async () => {
    const bot = await start();
    const studio = world().addChannel({ name: 'studio', guild: world().guild });
    const saved = await set('channels', { mode: 'only', channels: [studio.id] });
    await whole.reply(saved, '✅ Saved.');
    await bot.end('SIGKILL');
    await start();
    const { general } = world().channels;
    const person = world().people.member;
    const refused = await whole.reply(await imagineIn(general, person), nothingCharged);
    expect(refused.content).toContain(`<#${studio.id}>`);
    await whole.picture(await imagineIn(studio, person));
    const set2 = await set('channels', { mode: 'except', channels: [general.id] });
    await whole.reply(set2, '✅ Saved.');
    await whole.reply(await imagineIn(world().channels.thread, person), nothingCharged);
    expect(await whole.points(person)).toBe('1,900 points');
    expect((await show())['Channels']).toBe(`All except <#${general.id}>`);
  });

  it('asks for roles, by command and by speed', async () => {
    await start();
    const painter = world().addRole(world().guild, { name: 'Painter' });
    await whole.reply(await set('roles', { roles: [painter.id] }, { for: 'roles-imagine' }), '✅ Saved.');
    await whole.reply(await set('roles', { roles: [painter.id] }, { for: 'roles-relax' }), '✅ Saved.');
    const { member } = world().people;
    const refused = await whole.reply(await whole.imagine('a fox', {}, member), nothingCharged);
    expect(refused.content).toContain(`<@&${painter.id}>`);
    world().guild.members.get(member.id)?.roleIds.push(painter.id);
    await whole.picture(await whole.imagine('a fox', { speed: 'relax' }, member));
    // None chosen: everybody may again.
    await whole.reply(await set('roles', { roles: [] }, { for: 'roles-imagine' }), '✅ Saved.');
    const { otherMember } = world().people;
    await whole.picture(await whole.imagine('a hare', {}, otherMember));
    await whole.reply(await whole.imagine('a hare', { speed: 'relax' }, otherMember), nothingCharged);
    expect((await show())['Roles']).toBe(`Relax: <@&${painter.id}>`);
  });

  it('keeps others from the buttons of a result', async () => {
    await start();
    const { member, otherMember } = world().people;
    const grid = await whole.picture(await whole.imagine('a fox', {}, member));
    await whole.reply(await set('buttons', { who: 'owner' }), '✅ Saved.');
    await whole.reply(await whole.press(grid, 'V1', otherMember), nothingCharged);
    expect(await whole.points(otherMember)).toBe('2,000 points');
    await whole.picture(await whole.press(grid, 'V1', member));
    await whole.reply(await set('buttons', { who: 'roles' }), 'Please choose at least one role');
    expect((await show())["Buttons below other people's results"]).toBe(
      'Only the person who made the result',
    );
  });

  it('lets administrators lower limits, and takes no nonsense for one', async () => {
    await start();
    const lower = { personRunning: '1', personWaiting: '0', serverWaiting: '' };
    await whole.reply(await set('limits', lower), '✅ Saved.');
    for (const [name, value, answer] of [
      ['personRunning', '4', "only the bot's operator can set more than 3"],
      ['personRunning', '-1', 'Nothing was changed'],
      ['personRunning', '0', 'Nothing was changed'],
      ['personWaiting', '1.5', 'Nothing was changed'],
      ['serverWaiting', '9999', 'Nothing was changed'],
      ['serverWaiting', '1e3', 'Nothing was changed'],
    ] as const)
      await whole.reply(await set('limits', { [name]: value }), answer);
    expect((await show())['Limits']).toBe('1 running and 0 waiting per person, 200 waiting on this server');
  });

  it('puts a hidden suffix behind every prompt, which only administrators see', async () => {
    await start();
    await whole.reply(await set('suffix', { suffix: 'ink wash --no text' }), '✅ Saved.');
    for (const [suffix, answer] of [
      ['ink --turbo', "can't have `--turbo`"],
      ['ink --stylize 5000', 'stylize'],
      ['a {red, blue} fox', 'Nothing was'],
    ] as const)
      await whole.reply(await set('suffix', { suffix }), answer);
    const grid = await whole.picture(await whole.imagine('a fox --ar 3:2'));
    expect(whole.sandbox.provider.submits.at(-1)?.prompt).toBe('a fox ink wash --ar 3:2 --no text');
    const card = await whole.run('task show', { id: grid.id });
    await card.acknowledged;
    const seen = JSON.stringify([
      grid.content,
      grid.embeds,
      grid.attachments.map(({ description, name }) => [description, name]),
      card.message?.embeds,
    ]);
    expect(seen).toContain('a fox');
    expect(seen).not.toContain('ink');
    expect((await show())['Hidden suffix']).toBe('`ink wash --no text`');
    const again = await whole.sandbox.discord.runOnMessage({
      person: world().people.member,
      message: grid,
      command: 'Imagine again',
    });
    await again.acknowledged;
    expect(JSON.stringify(again.modal)).not.toContain('ink');
  });

  it('changes nothing for a forged window, channel, role or value', async () => {
    await start();
    const { discord } = whole.sandbox;
    const before = await show();
    const opened = await whole.run('settings sensitive', {}, administrator());
    await opened.acknowledged;
    const asMember = await discord.submit({
      person: world().people.member,
      interaction: opened,
      values: { sensitive: 'never' },
      forge: {},
    });
    await whole.reply(asMember, 'You need the Manage Server permission');
    const unknown = await discord.submit({
      person: administrator(),
      interaction: opened,
      values: { sensitive: 'never' },
      forge: { customId: 'settings:nonsense' },
    });
    await whole.reply(unknown, 'no longer');
    // The window of one setting, sent as that of another.
    const other = await discord.submit({
      person: administrator(),
      interaction: opened,
      values: { sensitive: 'never' },
      forge: { customId: 'settings:channels' },
    });
    await other.acknowledged;
    // The window of the suffix would tell it.
    const grid = await whole.picture(await whole.imagine('a fox'));
    const choice = { message: grid, customId: 'settings-menu', values: ['suffix'], forge: true };
    const chosen = await discord.choose({ ...choice, person: world().people.member });
    await whole.reply(chosen, 'You need the Manage Server permission');
    const nonsense = await discord.choose({ ...choice, person: administrator(), values: ['nonsense'] });
    await whole.reply(nonsense, 'no longer');
    const gone = world().addChannel({ name: 'gone', guild: world().guild });
    gone.botPermissions = 0n;
    await whole.reply(await set('log-channel', { channel: [gone.id] }), "I can't write in");
    await whole.reply(await set('star-channel', { channel: [gone.id], hearts: '1' }), "I can't write in");
    const everyone = world().guild.id;
    await whole.reply(await set('roles', { roles: [everyone] }, { for: 'roles-imagine' }), '@everyone');
    expect(await show()).toEqual(before);
  });

  it('is changed from the card, which then shows the change', async () => {
    await start();
    const shown = await whole.run('settings show', {}, administrator());
    await shown.acknowledged;
    const card = shown.message as Message;
    const chosen = await whole.sandbox.discord.choose({
      person: administrator(),
      message: card,
      values: ['notification'],
    });
    await whole.send(chosen, { notify: 'off' });
    await whole.sandbox.discord.until(() => textOf(card).includes('✅ Saved.'), { what: 'a saved card' });
    expect(fieldsOf(card)).toMatchObject({ Mentions: 'Nobody is mentioned' });
    expect(fieldsOf(card)['Latest changes']).toContain(`<@${administrator().id}> · Mentions`);
  });
});

describe('/settings export and import', () => {
  const whole = useSandbox({ kind: 'mjproxy' });
  const { world, administrator, set, show } = createActions(whole);

  const send = (text: string, person = administrator()) =>
    whole.run('settings import', { file: { name: 'settings.json', bytes: Buffer.from(text) } }, person);

  it('bring settings back as they were', async () => {
    await whole.sandbox.startBot(quick);
    const { general } = world().channels;
    await whole.reply(await set('channels', { mode: 'except', channels: [general.id] }), '✅ Saved.');
    await whole.reply(await set('sensitive', { sensitive: 'spoiler' }), '✅ Saved.');
    const before = await show();
    const exported = await whole.picture(await whole.run('settings export', {}, administrator()));
    expect(exported.visibleTo).toBe(administrator());
    const text = Buffer.from(exported.attachments[0]?.bytes ?? []).toString();
    expect(JSON.parse(text)).toEqual({
      format: 1,
      channels: { mode: 'except', ids: [general.id] },
      sensitive: 'spoiler',
    });
    await whole.reply(await send('{ "format": 1 }'), "What isn't in it is back to its default");
    expect((await show())['Channels']).toBe('All channels');
    await whole.reply(await send(text), 'apply now');
    const { 'Latest changes': _, ...after } = await show();
    const { 'Latest changes': __, ...expected } = before;
    expect(after).toEqual(expected);
  });

  it('refuse a channel and a role of another server, and take those of this one, threads included', async () => {
    await whole.sandbox.startBot(quick);
    const { guild, channels } = world();
    const role = world().addRole(guild, { name: 'Painter' });
    const gone = world().addChannel({ name: 'gone', guild });
    world().removeChannel(gone);
    const toText = (ids: string[], roles: string[]) =>
      JSON.stringify({ format: 1, channels: { mode: 'only', ids }, commandRoles: { video: roles } }, null, 2);
    const wrong = await whole.reply(
      await send(toText([channels.general.id, gone.id], ['123456789012345678'])),
      'Nothing was changed',
    );
    expect(wrong.content).toBe(
      `Line 7: this server has no channel \`${gone.id}\`. Line 12: this server has no role \`123456789012345678\`. Nothing was changed.`,
    );
    expect((await show())['Channels']).toBe('All channels');
    await whole.reply(await send(toText([channels.general.id, channels.thread.id], [role.id])), 'apply now');
  });

  it.each([
    ['no JSON', '{\n  "format": 1,\n  "sensitive": spoiler\n}', "Line 3 isn't JSON."],
    ['another format', '{ "format": 2 }', '`format` has to be 1'],
    ['a list', '[]', 'has to be an object'],
    ['an unknown name', '{\n "format": 1,\n "chanels": {}\n}', "Line 3: there's no setting `chanels`."],
    [
      'a name twice',
      '{\n "format": 1,\n "sensitive": "never",\n "sensitive": "spoiler"\n}',
      'Line 4: `sensitive` is in the file twice.',
    ],
    [
      'a channel by name',
      '{\n "format": 1,\n "channels": { "mode": "only",\n "ids": [\n "123456789012345678",\n "#art"]}\n}',
      "Line 6: `channels.ids.1` can't have this value.",
    ],
    ['a fraction', '{\n "format": 1,\n "points": 1.5\n}', "Line 3: `points` can't have this value."],
    ['a negative number', '{\n "format": 1,\n "personRunning": -1\n}', 'Line 3: `personRunning`'],
    ['a huge number', '{\n "format": 1,\n "points": 1e15\n}', 'Nothing was changed'],
    ['a time zone that nobody has', '{\n "format": 1,\n "timeZone": "Mars/Base"\n}', 'Line 3: `timeZone`'],
    [
      'what only operators decide',
      '{\n "format": 1,\n "ceiling": 5\n}',
      "Line 3: there's no setting `ceiling`.",
    ],
    ['more than administrators may', '{ "format": 1, "personRunning": 4 }', "only the bot's operator"],
    ['a suffix that never works', '{ "format": 1, "suffix": "--bogus 3" }', 'bogus'],
    ['a suffix with a speed', '{ "format": 1, "suffix": "ink --turbo" }', "can't have `--turbo`"],
    [
      'a language that the bot does not speak',
      '{ "format": 1, "language": "tlh" }',
      "don't speak that language",
    ],
    ['a very deep file', '['.repeat(30_000), "isn't JSON"],
  ])('refuse %s with a sentence, and change nothing', async (_what, text, answer) => {
    await whole.sandbox.startBot(quick);
    const before = await show();
    await whole.reply(await send(text), answer);
    expect(await show()).toEqual(before);
  });
});
