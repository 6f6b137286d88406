import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { commands } from '../../commands/index.ts';
import type { Channel, Interaction, Person } from '../../sandbox/discord/index.ts';
import { hasEnded, labelsOf, quick, register, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();
const world = () => whole.sandbox.discord.world;

type Values = NonNullable<Parameters<typeof whole.imagine>[1]>;

/** Runs a command, such as `quota grant`, and returns the interaction once it is answered. */
async function run(
  line: string,
  options: Values = {},
  { person = world().people.administrator, channel = world().channels.general }: Where = {},
): Promise<Interaction> {
  const [command = '', subcommand] = line.split(' ');
  const input = { person, channel, command, options, ...(subcommand === undefined ? {} : { subcommand }) };
  const interaction = await whole.sandbox.discord.run(input);
  await interaction.acknowledged;
  return interaction;
}

interface Where {
  person?: Person;
  channel?: Channel;
}

const says = (interaction: Interaction, text: string) => whole.reply(interaction, text);

/** The smallest PNG: one pixel. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const settingsWindows = [
  'channels',
  'buttons',
  'limits',
  'suffix',
  'private',
  'sensitive',
  'language',
  'notification',
  'log-channel',
  'star-channel',
] as const;

/** What only administrators may do; operators may choose accounts. */
const isForAdministrators = (line: string) =>
  /^(quota|block) /.test(line) || (line.startsWith('settings') && line !== 'settings accounts');

/** Its answer is promised first, since it takes a while. */
const isWithFile = (line: string) => line === 'settings export' || line === 'settings import';

/** Every command with valid options, except for those that cost points. */
function everyCommand(): [string, Values][] {
  const { member: person } = world().people;
  const role = world().addRole(world().guild, { name: 'Patron' });
  const image = { name: 'fox.png', bytes: pixel };
  return [
    ['imagine', { prompt: 'a fox' }],
    ['blend', { image1: image, image2: image }],
    ['describe', { image }],
    ['shorten', { prompt: 'a fox' }],
    ['edit', { image, prompt: 'a hat' }],
    ['video', { image, prompt: 'it runs' }],
    ['swap', { source: image, target: image }],
    ['task show', { id: 'unknown' }],
    ['task list', {}],
    ['task search', { words: 'fox' }],
    ['task cancel', { id: 'unknown' }],
    ['task seed', { id: 'unknown' }],
    ['queue', {}],
    ['account show', {}],
    ['account export', {}],
    ['account forget', {}],
    ['preferences show', {}],
    ['preferences set', {}],
    ['preferences reset', {}],
    ['preferences preset', { name: 'ink', text: 'ink wash' }],
    ['preferences code', { name: 'gold', code: '42' }],
    ['help', {}],
    ['privacy', {}],
    ['quota show', { person }],
    ['quota grant', { person, points: 5 }],
    ['quota set', { person, points: 5 }],
    ['quota reset', { person }],
    ['quota role', { role: role.id, points: 5 }],
    ['quota default', { points: 5 }],
    ['quota server', { budget: 5 }],
    ['quota history', { person }],
    ['quota top', {}],
    ['quota export', {}],
    ['settings show', {}],
    ['settings accounts', {}],
    ['settings roles', { for: 'roles-imagine' }],
    ...settingsWindows.map((name): [string, Values] => [`settings ${name}`, {}]),
    ['settings export', {}],
    ['settings import', { file: { name: 'settings.json', bytes: Buffer.from('{}') } }],
    ['block add', { person }],
    ['block remove', { person }],
    ['block list', {}],
  ];
}

/** Every command of the bot, by name. */
function namesOf(): string[] {
  return commands.flatMap(({ data }) => {
    const { name, options = [] } = data.toJSON();
    const subcommands = options.filter(({ type }) => type === 1);
    return subcommands.length === 0 ? [name] : subcommands.map((subcommand) => `${name} ${subcommand.name}`);
  });
}

describe('every command', () => {
  it('is in the table below', () => {
    expect(everyCommand().map(([line]) => line)).toEqual(namesOf());
  });

  it('works for administrators, and for others only if it is meant for everybody', async () => {
    await whole.sandbox.startBot(quick);
    // As if the administrators had allowed every command for everybody on Discord's own permission screen.
    await register(whole.sandbox, { default_member_permissions: null });
    const { administrator, member, otherMember } = world().people;
    for (const [line, options] of everyCommand()) {
      const allowed = await run(line, options, { person: administrator });
      expect(textOf(allowed.message), line).not.toMatch(/Manage Server|went wrong/);
      const tried = await run(line, options, { person: otherMember });
      if (isWithFile(line)) await says(tried, 'You need the Manage Server permission to do that.');
      const isRefused = textOf(tried.message).includes('You need the Manage Server permission to do that.');
      expect(isRefused, line).toBe(isForAdministrators(line));
      if (isRefused) expect(tried.message?.visibleTo).toBe(otherMember);
    }
    // What administrators did is there once; what others tried is not.
    await says(await run('quota show', { person: member }), '10 points');
  });

  it("is answered with one sentence in a server that isn't allowed, and nothing is written", async () => {
    await whole.sandbox.startBot({ ...quick, ALLOWED_GUILDS: '123456789012345678' });
    for (const [line, options] of everyCommand())
      await says(await run(line, options), "This bot isn't set up for this server.");
    expect(whole.sandbox.provider.requests).toEqual([]);
    const database = new DatabaseSync(join(whole.sandbox.dataDirectory, 'relay.db'));
    expect(database.prepare('select count(*) as rows from tasks').get()).toEqual({ rows: 0 });
    expect(database.prepare('select count(*) as rows from ledger').get()).toEqual({ rows: 0 });
    database.close();
  });

  it('is answered with one sentence in a direct message', async () => {
    await whole.sandbox.startBot(quick);
    const where = { person: world().people.member, channel: world().channels.direct };
    for (const [line, options] of everyCommand().filter(([name]) => !name.startsWith('quota role')))
      await says(await run(line, options, where), 'You can only use this bot on servers');
    expect(whole.sandbox.provider.requests).toEqual([]);
  });
});

describe('a server with a limit', () => {
  it('runs exactly sixty of a hundred tasks if it pays for sixty', async () => {
    await whole.sandbox.startBot({
      ...quick,
      PROVIDER_MAIN_MAX_IN_FLIGHT: '50',
      SERVER_BUDGET_POINTS: '6000',
    });
    const { guild } = world();
    const people = Array.from({ length: 100 }, (_, index) =>
      world().addPerson({ name: `person-${index}`, guilds: [guild] }),
    );
    const asked = await Promise.all(people.map((person, index) => whole.imagine(`fox ${index}`, {}, person)));
    const isRefused = (one: Interaction) => textOf(one.message).includes('left of its monthly limit');
    await whole.sandbox.discord.until(() => asked.every((one) => isRefused(one) || hasEnded(one.message)), {
      what: 'an end of each',
      timeoutMs: 60_000,
    });
    expect(asked.filter(isRefused)).toHaveLength(40);
    expect(whole.sandbox.provider.submits).toHaveLength(60);
    const shown = await run('quota server');
    await says(shown, '6,000 of 6,000 points spent');
  }, 90_000);
});

describe('administrators', () => {
  it('decide, and people see why', async () => {
    await whole.sandbox.startBot(quick);
    const { member, otherMember } = world().people;
    await says(
      await run('quota default', { points: 150, period: 'day', time_zone: 'europe/berlin' }),
      '150 points a day',
    );
    await says(
      await run('quota grant', { person: member, points: 60, note: 'for the poster' }),
      'Granted 60 points.',
    );
    expect(await whole.points()).toBe('210 points');
    await whole.picture(await whole.agreed(await whole.imagine('a fox')));
    await whole.picture(await whole.agreed(await whole.imagine('a hare')));
    const refused = await whole.imagine('a lynx');
    await says(refused, 'This costs 100 points, and you have 10 left');
    const account = await run('account show', {}, { person: member });
    const text = textOf(await says(account, 'for the poster'));
    expect(text).toContain('150 of 150 points');
    expect(text).toMatch(/−100\*\* for \[Imagine\]\(https:\/\/discord\.com\/channels\/\d+\/\d+\/\d+\)/);

    await says(await run('quota reset', { person: member }), '150 points are back in the allowance.');
    expect(await whole.points()).toBe('160 points');
    await says(
      await run('quota set', { person: otherMember, points: 0 }),
      '**Allowance:** 150 points → 0 points',
    );
    await says(await whole.imagine('a lynx', {}, otherMember), 'you have 0 left');
    await says(await run('quota server', { budget: 100 }), '200 points have already been spent');
    await says(await whole.imagine('a lynx'), 'this server has 0 left of its monthly limit');
    await says(await run('quota server', { unlimited: true }), 'with no limit');
  });

  it('let somebody spend without a limit of their own', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const { member } = world().people;
    const set = await run('quota set', { person: member, unlimited: true });
    await says(set, '**Allowance:** 2,000 points → unlimited');
    expect(textOf(set.message)).not.toContain('∞');
    await says(
      await run('quota set', { person: member, unlimited: true, points: 5 }),
      'You gave both a number of points and `unlimited`.',
    );
    await says(await run('quota default', { points: 0 }), '0 points a week');
    await whole.picture(await whole.imagine('a fox'));
    await says(await run('quota show'), `<@${member.id}> unlimited`);
    await bot.end('SIGKILL');
    await whole.sandbox.startBot(quick);
    const shown = await run('account show', {}, { person: member });
    expect(textOf(await says(shown, 'unlimited'))).toContain('100 points');
    await says(await run('quota set', { person: member }), '**Allowance:** unlimited → 0 points');
    await says(await whole.imagine('a lynx'), 'you have 0 left');
  });

  it('give a role an allowance, which applies from the next press on', async () => {
    await whole.sandbox.startBot(quick);
    const { guild, people } = world();
    const patron = world().addRole(guild, { name: 'Patron' });
    await says(
      await run('quota role', { role: patron.id, points: 5_000 }),
      `**<@&${patron.id}>:** no allowance of its own → 5,000 points`,
    );
    expect(await whole.points()).toBe('2,000 points');
    guild.members.get(people.member.id)?.roleIds.push(patron.id);
    expect(await whole.points()).toBe('5,000 points');
    await says(await run('quota show', { person: people.member }), '5,000 points');
  });

  it('turn the pages of a history, and nobody else does', async () => {
    await whole.sandbox.startBot(quick);
    const { member, otherMember } = world().people;
    for (let count = 1; count <= 12; count += 1) await run('quota grant', { person: member, points: count });
    const history = await run('quota history', { person: member });
    expect(textOf(await says(history, 'Page 1 of 2'))).toContain('**+12** granted');
    const message = history.message;
    if (message === undefined) throw new Error('no history');
    expect(labelsOf(message)).toEqual(['Newer', 'Older']);
    await whole.press(message, 'Older', world().people.administrator);
    await whole.sandbox.discord.until(() => textOf(message).includes('Page 2 of 2'));
    expect(textOf(message)).toContain('**+1** granted');
    const { discord } = whole.sandbox;
    const grid = await whole.picture(await whole.imagine('a fox'));
    const customId = `history:${member.id}:1`;
    const forged = await discord.click({ person: otherMember, message: grid, customId, forge: true });
    await says(forged, 'You need the Manage Server permission to do that.');
  });

  it('see who spent most, and get every row as a table, with nothing of another server in them', async () => {
    await whole.sandbox.startBot({ ...quick, ALLOWED_GUILDS: '*' });
    const { member, otherMember, administrator } = world().people;
    await says(await run('quota top'), 'Nobody has started anything.');
    await whole.picture(await whole.imagine('a very private fox'));
    await whole.picture(await whole.imagine('a hare'));
    await whole.picture(await whole.imagine('a lynx', {}, otherMember));
    await run('quota grant', { person: member, points: 5, note: '=1+1' });
    const ranking = await says(await run('quota top'), 'Who spent most this week');
    expect(textOf(ranking)).toContain(`1. <@${member.id}> **200 points**, 2 tasks`);
    expect(textOf(ranking)).toContain(`2. <@${otherMember.id}> **100 points**, 1 task`);
    expect(ranking.visibleTo).toBe(administrator);
    await says(await run('quota top', { when: 'last-month' }), 'Nobody has started anything.');

    const exported = await says(await run('quota export'), "Here's every charge");
    const [file] = exported.attachments;
    expect(file?.name).toBe('ledger.csv');
    const lines = String(file?.bytes).trim().split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[4]).toMatch(/,grant,.*,'=1\+1$/u);
    expect(String(file?.bytes)).not.toContain('private fox');
    await says(await run('quota export', { month: '2026-13' }), "`2026-13` isn't a month.");

    const elsewhere = world().addGuild({ name: 'Elsewhere', owner: administrator });
    const channel = world().addChannel({ name: 'lobby', guild: elsewhere });
    await says(await run('quota top', {}, { channel }), 'Nobody has started anything.');
    const theirs = await says(await run('quota export', {}, { channel }), "Here's every charge");
    expect(String(theirs.attachments[0]?.bytes).trim().split('\n')).toHaveLength(1);
  });

  it('find a month while they type', async () => {
    await whole.sandbox.startBot(quick);
    const choices = await whole.sandbox.discord.autocomplete({
      person: world().people.administrator,
      channel: world().channels.general,
      command: 'quota',
      subcommand: 'export',
      options: { month: '' },
      focused: 'month',
    });
    const values = choices.map(({ value }) => value);
    expect(values).toHaveLength(24);
    expect(values[0]).toMatch(/^\d{4}-\d{2}$/u);
    expect(values).toEqual(values.toSorted().reverse());
  });

  it('find a time zone while they type', async () => {
    await whole.sandbox.startBot(quick);
    const choices = await whole.sandbox.discord.autocomplete({
      person: world().people.administrator,
      channel: world().channels.general,
      command: 'quota',
      subcommand: 'default',
      options: { time_zone: 'berl' },
      focused: 'time_zone',
    });
    expect(choices.map(({ value }) => value)).toEqual(['Europe/Berlin']);
  });

  it('get a sentence for impossible points, for bots and for people who left', async () => {
    await whole.sandbox.startBot(quick);
    const { member, administrator: person } = world().people;
    const { general: channel } = world().channels;
    for (const points of [0, -5, 2.5, 2_000_000, 1e300]) {
      const options = { person: member, points };
      const forged = await whole.sandbox.discord.run({
        person,
        channel,
        command: 'quota',
        subcommand: 'grant',
        options,
        forge: true,
      });
      await says(forged, 'Enter a whole number of points from 1 to 1,000,000. Nothing was changed.');
    }
    const left = world().addPerson({ name: 'gone' });
    await says(await run('quota grant', { person: left, points: 5 }), "isn't on this server");
    await says(await run('quota show', { person: left }), '2,000 points');
    expect(await whole.points()).toBe('2,000 points');
  });
});

describe('a direct message', () => {
  it('serves operators, and those they grant points to', async () => {
    const { member, administrator } = world().people;
    const own = world().addChannel({ name: 'with ada', recipients: [administrator] });
    await whole.sandbox.startBot({ ...quick, ALLOW_DIRECT: 'on', OPERATOR_IDS: administrator.id });
    const { direct: channel } = world().channels;
    await says(
      await run('imagine', { prompt: 'a fox' }, { person: member, channel }),
      'only use this bot on servers',
    );
    await says(
      await run('quota grant', { person: member, points: 190 }, { channel: own }),
      'Granted 190 points.',
    );
    const asked = await run('imagine', { prompt: 'a fox' }, { person: member, channel });
    const picture = await whole.picture(await whole.agreed(asked));
    const pressed = await whole.press(picture, 'U1', member);
    await whole.picture(await whole.agreed(pressed));
    await says(await run('account show', {}, { person: member, channel }), '40 points');
    await says(await run('quota show', {}, { person: member, channel }), "Only the bot's operator");
    expect(await whole.points(member)).toBe('2,000 points'); // a server has books of its own
  });

  it('and a server without the bot count as direct for people who installed it for themselves', async () => {
    const { administrator } = world().people;
    administrator.hasApp = true;
    const elsewhere = world().addGuild({ name: 'Elsewhere', owner: administrator, hasApp: false });
    const channel = world().addChannel({ name: 'lobby', guild: elsewhere });
    await whole.sandbox.startBot({ ...quick, ALLOW_DIRECT: 'on', OPERATOR_IDS: administrator.id });
    await whole.picture(await run('imagine', { prompt: 'a fox' }, { channel }));
    await says(await run('account show', {}, { channel }), '1,900 points');
    await says(await run('account show'), '2,000 points');
  });
});

describe('the data of a person', () => {
  it("is compressed if Discord wouldn't accept it otherwise", async () => {
    await whole.sandbox.startBot(quick);
    const { member: person } = world().people;
    for (let count = 0; count < 3; count += 1)
      await whole.picture(await whole.imagine(`a very private fox ${count} ${'so '.repeat(300)}`));
    whole.sandbox.discord.settings.attachmentSizeLimit = 2_000;
    const exported = await run('account export', {}, { person });
    await whole.sandbox.discord.until(() => (exported.message?.attachments.length ?? 0) > 0);
    const [file] = exported.message?.attachments ?? [];
    expect(file?.name).toBe('relay-data.json.gz');
    expect(JSON.parse(String(gunzipSync(file?.bytes ?? Buffer.alloc(0)))).tasks).toHaveLength(3);
  });

  it('is sent to them as a file, and deleted when they say so', async () => {
    await whole.sandbox.startBot(quick);
    const { member: person } = world().people;
    const grid = await whole.picture(await whole.imagine('a very private fox'));
    const exported = await run('account export', {}, { person });
    await whole.sandbox.discord.until(() => (exported.message?.attachments.length ?? 0) > 0);
    const [file] = exported.message?.attachments ?? [];
    expect(file?.name).toBe('relay-data.json');
    expect(JSON.parse(String(file?.bytes)).tasks).toMatchObject([
      { prompt: 'a very private fox', points: 100 },
    ]);
    expect(exported.message?.visibleTo).toBe(person);

    const question = await run('account forget', {}, { person });
    if (question.message === undefined) throw new Error('no question');
    await whole.press(question.message, 'Remove my data', person);
    await whole.sandbox.discord.until(() =>
      textOf(question.message).includes('The prompts and images of 1 task have been removed.'),
    );
    expect(labelsOf(question.message)).toEqual([]);
    await says(await whole.press(grid, 'U1', person), "no longer has this task's prompt and images");
    const database = new DatabaseSync(join(whole.sandbox.dataDirectory, 'relay.db'));
    expect(JSON.stringify(database.prepare('select * from tasks').all())).not.toContain('private fox');
    database.close();
    expect(await whole.points()).toBe('1,900 points');
  });
});
