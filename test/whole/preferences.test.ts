import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { Interaction, Message, Person } from '../../sandbox/discord/index.ts';
import { labelsOf, quick, textOf, useSandbox, useSharedSandbox, type Whole } from '../helpers/whole.ts';

type Values = NonNullable<Parameters<Whole['imagine']>[1]>;

let people = 0;
function aPerson({ sandbox }: Whole): Person {
  const { world } = sandbox.discord;
  people += 1;
  return world.addPerson({ name: `Ada ${people}`, guilds: [world.guild] });
}

/** Runs a subcommand of `/preferences`; only its person sees the answer. */
async function prefer(whole: Whole, line: string, options: Values, person: Person): Promise<Message> {
  const asked = await whole.run(`preferences ${line}`, options, person);
  await asked.acknowledged;
  const { message } = asked;
  if (message === undefined) throw new Error(`no answer to ${asked.summary}`);
  expect(message.visibleTo).toBe(person);
  return message;
}

/** The prompt that the provider got, and the first line of the message that shows it. */
async function sent(whole: Whole, prompt: string, options: Values, person: Person) {
  const message = await whole.picture(await whole.imagine(prompt, options, person));
  return { prompt: whole.sandbox.provider.submits.at(-1)?.prompt, line: message.content };
}

/** Every field and line of what `/preferences show` lists. */
function listOf({ embeds }: Message): string[] {
  return embeds.flatMap(({ fields = [], description = '' }) => [
    ...fields.map(({ name, value }) => `${name}: ${value}`),
    ...description.split('\n').filter(Boolean),
  ]);
}

describe('/preferences', () => {
  const whole = useSharedSandbox({ kind: 'mjproxy' });

  it('puts defaults, a suffix and presets behind what was typed, and the reply shows what was sent', async () => {
    const person = aPerson(whole);
    const set = { version: '7', aspect: '16:9', stylize: 250, suffix: 'cinematic --no text' };
    expect(listOf(await prefer(whole, 'set', set, person))).toEqual([
      'Version: 7',
      'Aspect ratio: 16:9',
      'Stylize: 250',
      'Suffix: `cinematic --no text`',
    ]);
    const saved = await prefer(whole, 'preset', { name: 'ink', text: 'ink wash --s 50 --ar 2:3' }, person);
    expect(saved.content).toBe('Saved. Add `--ink` to a prompt, or choose the preset in `/imagine`.');

    const plain = await sent(whole, 'a fox', {}, person);
    expect(plain.prompt).toBe('a fox cinematic --no text --ar 16:9 --v 7 --s 250');
    expect(plain.line).toContain('**a fox cinematic --no text --ar 16\\:9 --v 7 --s 250**');
    expect((await sent(whole, 'a hare --ink', {}, person)).prompt).toBe(
      'a hare ink wash cinematic --s 50 --ar 2:3 --no text --v 7',
    );
    const chosen = { preset: 'ink', version: '8.2', aspect: '1:1' };
    expect((await sent(whole, 'an owl --no cat', chosen, person)).prompt).toBe(
      'an owl ink wash cinematic --no cat --s 50 --ar 1:1 --v 8.2',
    );
    expect((await sent(whole, 'a fox', {}, aPerson(whole))).prompt).toBe('a fox');

    expect(listOf(await prefer(whole, 'reset', {}, person))).toEqual(['`--ink`: `ink wash --s 50 --ar 2:3`']);
    const gone = await prefer(whole, 'preset', { name: 'ink' }, person);
    expect(gone.content).toBe('The preset `ink` has been deleted. It was `ink wash --s 50 --ar 2:3`.');
    const empty = await prefer(whole, 'show', {}, person);
    expect(textOf(empty)).toContain('Nothing yet');
    expect((await sent(whole, 'a fox', {}, person)).prompt).toBe('a fox');
  });

  it('lets the text win over the version option, and has the picture of a preset in front', async () => {
    const person = aPerson(whole);
    const moth = { name: 'moth', text: 'https://e.org/moth.png moths --version 7' };
    await prefer(whole, 'preset', moth, person);
    const made = await sent(whole, 'a fox --moth, in snow', {}, person);
    expect(made.prompt).toBe('https://e.org/moth.png a fox in snow moths --version 7');
    expect(made.line).toContain('a fox in snow moths --version 7');
    const asked = await whole.imagine('an owl --preview', { version: '7' }, person);
    const told = await whole.reply(asked, 'The prompt has `--preview`, so the `version` option');
    expect(labelsOf(told)).toEqual(['Use the corrected prompt', 'Change it']);
    expect(await whole.points(person)).toBe('1,900 points');
    await whole.picture(await whole.press(told, 'Use the corrected prompt', person));
    expect(whole.sandbox.provider.submits.at(-1)?.prompt).toBe('an owl --preview');
    expect(await whole.points(person)).toBe('1,800 points');
  });

  it('charges for the speed that counts, and says beforehand that it costs more', async () => {
    const person = aPerson(whole);
    const warned = await prefer(whole, 'set', { suffix: '--turbo' }, person);
    expect(warned.content).toBe('Saved. With these, `/imagine` costs 200 points instead of 100.');
    const { prompt, line } = await sent(whole, 'a fox', {}, person);
    expect(prompt).toMatch(/^a fox(?: --turbo)?$/);
    expect(line).toContain('(Turbo)');
    expect(await whole.points(person)).toBe('1,800 points');
    expect((await sent(whole, 'a fox --fast', {}, person)).line).toContain('(Fast)');
    expect((await sent(whole, 'a fox', { speed: 'relax' }, person)).line).toContain('(Relax)');
    expect(await whole.points(person)).toBe('1,660 points');
    const preset = await prefer(whole, 'preset', { name: 'slow', text: '--relax' }, person);
    expect(preset.content).toContain('With it, `/imagine` costs 40 points instead of 200.');
  });

  it('checks defaults like anything that was typed: what the version will not take costs nothing', async () => {
    const person = aPerson(whole);
    await prefer(whole, 'set', { suffix: '--cref https://e.org/a.png' }, person);
    const asked = await whole.imagine('a fox --v 8.2', {}, person);
    await whole.reply(asked, "Version 8.2 doesn't support `--cref`");
    expect(await whole.points(person)).toBe('2,000 points');
    expect((await sent(whole, 'a fox --v 6.1', {}, person)).prompt).toContain(
      '--v 6.1 --cref https://e.org/a.png',
    );
  });

  it('has options for what only some versions take, and charges for what they add', async () => {
    const person = aPerson(whole);
    const omni = { omni_reference: 'https://e.org/a.png', omni_weight: 50 };
    const made = await sent(whole, 'a fox', { version: '7', ...omni }, person);
    expect(made.prompt).toBe('a fox --v 7 --oref https://e.org/a.png --ow 50');
    expect(await whole.points(person)).toBe('1,800 points');
    const refused = await whole.imagine('a fox', { version: '8.2', ...omni }, person);
    await whole.reply(refused, "Version 8.2 doesn't support `--oref`. Use `/edit` to work from an image.");
    expect(await whole.points(person)).toBe('1,800 points');
  });

  it.each([
    ['preset', { name: 'raw', text: 'x' }, "A preset can't be named `raw`"],
    ['preset', { name: 'v7', text: 'x' }, 'since Midjourney has a parameter `--v`'],
    [
      'preset',
      { name: 'ink', text: 'x --s 5000' },
      "`--s 5000` doesn't work: it takes a number from 0 to 1,000.",
    ],
    ['preset', { name: 'nothing' }, "You don't have a preset named `nothing`."],
    ['set', { suffix: '--q 4' }, 'This bot has no price for `--q 4`.'],
    [
      'set',
      { suffix: '--v 7', version: '8.2' },
      'Your suffix has `--v 7`, but your `version` preference says something else.',
    ],
    ['set', { aspect: 'wide' }, "`wide` isn't an aspect ratio."],
    ['code', { name: 'x', code: '9'.repeat(200) }, "isn't a code to save."],
    ['code', { name: 'x' }, "You haven't saved a code named `x`."],
  ] satisfies [string, Values, string][])(
    '%s %j is refused in one sentence',
    async (line, options, sentence) => {
      const person = aPerson(whole);
      const { content, embeds } = await prefer(whole, line, options, person);
      expect(content).toContain(sentence);
      expect(embeds).toEqual([]);
      expect(textOf(await prefer(whole, 'show', {}, person))).toContain('Nothing yet');
    },
  );

  it('opens a window with everything as it is, and keeps what is sent with it', async () => {
    const person = aPerson(whole);
    await prefer(whole, 'set', { version: '7', suffix: 'old', raw: true, stylize: 50 }, person);
    const opener = await whole.run('preferences set', {}, person);
    await opener.acknowledged;
    // Nothing is lost by opening the window and sending it.
    const same = await whole.send(opener, {});
    expect(listOf(await whole.reply(same, 'Saved.'))).toEqual([
      'Version: 7',
      'Stylize: 50',
      'Raw style: On',
      'Suffix: `old`',
    ]);
    const again = await whole.run('preferences set', {}, person);
    await again.acknowledged;
    const values = {
      version: ['none'],
      speed: 'relax',
      suffix: '',
      aspect: '9x16',
      toggles: ['translate', 'notify', 'metadata'],
    };
    const changed = await whole.reply(await whole.send(again, values), 'Saved.');
    expect(changed.visibleTo).toBe(person);
    expect(listOf(changed)).toEqual([
      'Aspect ratio: 9:16',
      'Speed: Relax',
      'Stylize: 50',
      'Translate into English: On',
    ]);
    const wrong = await whole.run('preferences set', {}, person);
    await wrong.acknowledged;
    await whole.reply(await whole.send(wrong, { suffix: '--uhd' }), "doesn't know the parameter `--uhd`");
    expect(listOf(await prefer(whole, 'show', {}, person))).toHaveLength(4);
  });

  it('keeps codes, which /imagine suggests where they fit', async () => {
    const [person, other] = [aPerson(whole), aPerson(whole)];
    await prefer(whole, 'code', { name: 'Gold leaf', code: '--sref 4242' }, person);
    await prefer(whole, 'code', { name: 'My taste', code: 'abc12de' }, person);
    const { discord } = whole.sandbox;
    const channel = discord.world.channels.general;
    const suggest = async (focused: string, typed: string, who = person) => {
      const options = { prompt: 'a fox', [focused]: typed };
      return discord.autocomplete({ person: who, channel, command: 'imagine', options, focused });
    };
    expect(await suggest('style_reference', '')).toMatchObject([{ name: 'Gold leaf: 4242', value: '4242' }]);
    expect(await suggest('profile', 'TASTE')).toMatchObject([
      { name: 'My taste: abc12de', value: 'abc12de' },
    ]);
    expect(await suggest('profile', 'gold')).toEqual([]);
    expect(await suggest('style_reference', '', other)).toEqual([]);
    expect((await suggest('aspect', 'wide')).map(({ name, value }) => [name, value])).toEqual([
      ['16:9 wide', '16:9'],
    ]);
    expect((await suggest('aspect', '2／3')).map(({ value }) => value)).toEqual(['2:3']);
    const options = { style_reference: 'gold LEAF', profile: 'My taste' };
    expect((await sent(whole, 'a fox', options, person)).prompt).toBe('a fox --sref 4242 --p abc12de');
    const refused = await whole.imagine('a fox', options, other);
    await whole.reply(refused, "isn't a style reference");
  });
});

describe('a style that Midjourney picked', () => {
  const whole = useSharedSandbox({ kind: 'mjproxy' });

  it('is shown, and kept by whoever presses Keep this style', async () => {
    const [person, other] = [aPerson(whole), aPerson(whole)];
    const message = await whole.picture(await whole.imagine('a fox', { style_reference: 'random' }, person));
    const code = /picked this style: `--sref (\d+)`/.exec(textOf(message))?.[1];
    if (code === undefined) throw new Error(`no code in ${textOf(message)}`);
    const opener = await whole.press(message, 'Keep this style', other);
    await whole.reply(await whole.send(opener, {}), `suggests Style ${code} for \`style_reference\``);
    const named = await whole.press(message, 'Keep this style', person);
    await whole.reply(await whole.send(named, { name: 'Gold' }), 'suggests Gold');
    expect(listOf(await prefer(whole, 'show', {}, person))).toEqual([`Gold: \`--sref ${code}\``]);
    expect(listOf(await prefer(whole, 'show', {}, other))).toEqual([`Style ${code}: \`--sref ${code}\``]);
    const again = await sent(whole, 'a hare', { style_reference: 'gold' }, person);
    expect(again.prompt).toBe(`a hare --sref ${code}`);
    expect(await whole.points(person)).toBe('1,800 points');
    for (let index = 1; index < 25; index += 1)
      await prefer(whole, 'code', { name: `Code ${index}`, code: `${index}` }, other);
    await whole.reply(await whole.press(message, 'Keep this style', other), 'You already have 25 codes');
  });

  it('is nothing that anybody could keep if its code was typed', async () => {
    const person = aPerson(whole);
    const message = await whole.picture(await whole.imagine('a fox --sref 42', {}, person));
    expect(labelsOf(message)).not.toContain('Keep this style');
    expect(textOf(message)).not.toContain('picked this style');
  });
});

describe('preferences over a restart', () => {
  const whole = useSandbox({ kind: 'mjproxy' });

  it('stay, and go with /account forget', async () => {
    const { member } = whole.sandbox.discord.world.people;
    const bot = await whole.sandbox.startBot(quick);
    await prefer(whole, 'set', { suffix: 'zebracanary', version: '7' }, member);
    await prefer(whole, 'preset', { name: 'ink', text: 'ink wash' }, member);
    await bot.end('SIGKILL');
    await whole.sandbox.startBot(quick);
    expect((await sent(whole, 'a fox --ink', {}, member)).prompt).toBe('a fox ink wash zebracanary --v 7');
    const opener: Interaction = await whole.run('account forget', {}, member);
    await opener.acknowledged;
    const question = opener.message;
    if (question === undefined) throw new Error('nothing was asked');
    await whole.press(question, 'Remove my data', member);
    await whole.sandbox.discord.until(() => textOf(question).includes('have been removed'), {
      what: 'that they are removed',
      timeoutMs: 25_000,
    });
    expect(textOf(await prefer(whole, 'show', {}, member))).toContain('Nothing yet');
    expect((await sent(whole, 'a fox', {}, member)).prompt).toBe('a fox');
  });

  it('decide whether somebody is mentioned at the end of a task that took over a minute', async () => {
    const { discord, provider, dataDirectory, startBot } = whole.sandbox;
    const [quiet, other] = [aPerson(whole), aPerson(whole)];
    const bot = await startBot(quick);
    await prefer(whole, 'set', { notify: 'off' }, quiet);
    provider.trouble.always('look', { do: 'refuse', as: 'server-error-text' });
    const asked = [await whole.imagine('a fox', {}, quiet), await whole.imagine('a hare', {}, other)];
    await discord.until(() => provider.submits.length === 2, { what: 'both', timeoutMs: 25_000 });
    await bot.end('SIGTERM');
    const database = new DatabaseSync(join(dataDirectory, 'relay.db'));
    database.exec('update tasks set created_at = created_at - 120000');
    database.close();
    provider.trouble.clear();
    await startBot(quick);
    for (const one of asked) await whole.picture(one);
    const mentioned = () =>
      discord
        .messages(discord.world.channels.general.id)
        .filter(({ content }) => content.includes('Your result is ready.'));
    await discord.until(() => mentioned().length > 0, { what: 'a mention', timeoutMs: 25_000 });
    expect(mentioned().map(({ content }) => content)).toEqual([`<@${other.id}> Your result is ready.`]);
  });
});
