import { describe, expect, it } from 'vitest';
import type { Person } from '../../sandbox/discord/index.ts';
import { hasEnded, quick, register, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox({ kinds: ['mjproxy', 'yutoai', '4allapi'] });

/** That many people ask for a picture at once. */
async function ask(count: number) {
  const { world } = whole.sandbox.discord;
  const people = Array.from({ length: count }, (_, index) =>
    world.addPerson({ name: `person-${index}`, guilds: [world.guild] }),
  );
  return Promise.all(people.map((person, index) => whole.imagine(`fox ${index}`, {}, person)));
}

/** Returns their replies once each says how it ended. */
async function imagine(count: number) {
  const asked = await ask(count);
  await Promise.all(asked.map((interaction) => whole.end(interaction)));
  return asked;
}

const sentTo = (index: number) => whole.sandbox.providers[index]?.submits ?? [];

describe('three accounts', () => {
  it("finish everything on the third if the first can't be reached and the second has no credit", async () => {
    const { providers, environment } = whole.sandbox;
    providers[1]?.trouble.always('submit', { do: 'refuse', as: 'no-quota' });
    const bot = await whole.sandbox.startBot({
      ...quick,
      PROVIDER_MJPROXY_BASE_URL: 'http://127.0.0.1:1',
      TRUSTED_HOSTS: `${environment['TRUSTED_HOSTS']},127.0.0.1:1`,
      PROVIDER_4ALLAPI_MAX_IN_FLIGHT: '100',
    });
    const asked = await imagine(100);
    expect(asked.every(({ message }) => message?.attachments.length === 1)).toBe(true);
    expect(sentTo(2)).toHaveLength(100);
    expect(sentTo(2).every(({ repeats }) => repeats === 0)).toBe(true);
    const tries = providers[1]?.requests.filter(({ path }) => path.includes('/submit/')).length;
    expect(tries).toBeLessThanOrEqual(3);
    for (const trouble of ['unavailable', 'balance'])
      expect(bot.lines.filter((line) => line.includes(`"trouble":"${trouble}"`))).toHaveLength(1);
  });

  it('make everything while the first says 429 for a while, and then it gets tasks again', async () => {
    const { providers } = whole.sandbox;
    providers[0]?.trouble.always('submit', { do: 'refuse', as: 'too-many', retryAfterSeconds: 12 });
    await whole.sandbox.startBot({
      ...quick,
      PROVIDER_MJPROXY_MAX_IN_FLIGHT: '10',
      PROVIDER_YUTOAI_MAX_IN_FLIGHT: '1',
      PROVIDER_4ALLAPI_MAX_IN_FLIGHT: '1',
    });
    const asked = await ask(20);
    await expect.poll(() => sentTo(1).length * sentTo(2).length, { timeout: 20_000 }).toBeGreaterThan(0);
    providers[0]?.trouble.always('submit', undefined);
    await Promise.all(asked.map((interaction) => whole.end(interaction)));
    expect(asked.every(({ message }) => message?.attachments.length === 1)).toBe(true);
    const sent = [0, 1, 2].flatMap(sentTo);
    expect(new Set(sent.map(({ prompt }) => prompt)).size).toBe(20);
    expect(sent).toHaveLength(20);
    const takesTasks = async () => {
      await imagine(1);
      return sentTo(0).length > 0;
    };
    await expect.poll(takesTasks, { timeout: 30_000 }).toBe(true);
  });

  it('lose a handful to one that answers every submit with 500, and return their points', async () => {
    const { providers } = whole.sandbox;
    providers[0]?.trouble.always('submit', { do: 'refuse', as: 'server-error-text' });
    await whole.sandbox.startBot({
      ...quick,
      PROVIDER_YUTOAI_MAX_IN_FLIGHT: '100',
      TASK_TIMEOUT_MS: '6000',
    });
    const asked = await imagine(40);
    const failed = asked.filter(({ message }) => message?.attachments.length === 0);
    expect(failed.length).toBeGreaterThanOrEqual(1);
    expect(failed.length).toBeLessThanOrEqual(5);
    for (const { message, person } of failed) {
      expect(hasEnded(message), textOf(message)).toBe(true);
      expect(await whole.points(person)).toBe('2,000 points');
    }
    // The next account takes the rest, or says that it is full.
    const sent = [...sentTo(1), ...sentTo(2)];
    expect(sent).toHaveLength(40 - failed.length);
    expect(new Set(sent.map(({ prompt }) => prompt)).size).toBe(sent.length);
  });
});

describe('/settings accounts', () => {
  it('shows operators how the accounts are doing, and lets them choose for this server', async () => {
    const { discord, providers } = whole.sandbox;
    const { world } = discord;
    const { administrator: operator, member } = world.people;
    // As if the administrators had allowed every command for everybody on Discord's own permission screen.
    await register(whole.sandbox, { default_member_permissions: null });
    await whole.sandbox.startBot({ ...quick, OPERATOR_IDS: operator.id });
    const settings = async (options: Record<string, string | boolean>, person: Person = operator) =>
      discord.run({
        person,
        channel: world.channels.general,
        command: 'settings',
        subcommand: 'accounts',
        options,
      });
    await whole.reply(await settings({}, member), "Only the bot's operator can do that.");
    await whole.reply(await settings({ use: 'nobody' }), "There's no account named `nobody`.");
    await whole.reply(await settings({ use: 'yutoai', reset: true }), 'Please use just one of them.');

    providers[1]?.trouble.next('submit', { do: 'refuse', as: 'no-quota' });
    const chosen = await settings({ use: ' YutoAI ,4allapi' });
    await whole.reply(chosen, 'Saved. This applies to new tasks from now on.');
    expect(chosen.message?.embeds[0]?.fields?.map(({ name }) => name)).toEqual([
      '1. yutoai',
      '2. 4allapi',
      'mjproxy',
    ]);
    expect(chosen.message?.visibleTo).toBe(operator);
    await whole.picture(await whole.imagine('a fox', {}, member));
    expect(sentTo(0)).toEqual([]);
    expect(sentTo(2)).toHaveLength(1);
    await whole.reply(await settings({}), '**On hold:** it has no credit left.');
    await whole.reply(await settings({ reset: true }), '1. mjproxy');
    await whole.picture(await whole.imagine('a hare', {}, member));
    expect(sentTo(0)).toHaveLength(1);

    const suggest = async (person: Person, typed: string) => {
      const { general: channel } = world.channels;
      const input = { person, channel, command: 'settings', subcommand: 'accounts' };
      const choices = await discord.autocomplete({ ...input, options: { use: typed }, focused: 'use' });
      return choices.map(({ value }) => value);
    };
    expect(await suggest(operator, 'yutoai, m')).toEqual(['yutoai, mjproxy']);
    expect(await suggest(operator, 'yutoai，m')).toEqual(['yutoai, mjproxy']);
    expect(await suggest(operator, 'yutoai，')).toEqual(await suggest(operator, 'yutoai,'));
    expect(await suggest(operator, 'yutoai, ')).toEqual(await suggest(operator, 'yutoai,'));
    expect(await suggest(member, '')).toEqual([]);
  });
});
