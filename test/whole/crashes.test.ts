import { describe, expect, it } from 'vitest';
import type { Interaction, Person } from '../../sandbox/discord/index.ts';
import { quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();

/** The same moments every time: a multiplicative generator (Lehmer). */
function createMoments(seed: number): (from: number, to: number) => number {
  let state = seed;
  return (from, to) => {
    state = (state * 48_271) % 2_147_483_647;
    return from + Math.floor((state / 2_147_483_647) * (to - from));
  };
}

function pass(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function expectNothingTwice(): void {
  const { submits } = whole.sandbox.provider;
  expect(submits.filter(({ repeats }) => repeats > 0)).toEqual([]);
}

describe('a bot that is killed', () => {
  it('twenty times at random moments finishes every acknowledged task, and every balance is right', {
    timeout: 300_000,
  }, async () => {
    const { discord } = whole.sandbox;
    const { guild } = discord.world;
    const moment = createMoments(20_261_123);
    const people = Array.from({ length: 20 }, (_, index) =>
      discord.world.addPerson({ name: `person-${index}`, guilds: [guild] }),
    );
    const asked: { person: Person; interaction: Interaction }[] = [];
    const environment = { ...quick, TASK_TIMEOUT_MS: '6000' };

    for (let kill = 0; kill < 20; kill += 1) {
      const bot = await whole.sandbox.startBot(environment);
      for (let count = 0; count < 2; count += 1) {
        const person = people[(kill * 2 + count) % people.length] as Person;
        asked.push({ person, interaction: await whole.imagine(`fox number ${asked.length}`, {}, person) });
        await pass(moment(0, 120));
      }
      // On a busy machine the bot would be killed before Discord has any of its answers.
      const [latest] = asked.slice(-1);
      if (kill % 2 === 0) await latest?.interaction.acknowledged.catch(() => undefined);
      await pass(moment(0, 250));
      await bot.end('SIGKILL');
    }
    await whole.sandbox.startBot(environment);

    const acknowledged = asked.filter(({ interaction }) => interaction.acknowledgement !== undefined);
    expect(acknowledged.length).toBeGreaterThanOrEqual(10);
    await Promise.all(acknowledged.map(({ interaction }) => whole.end(interaction, 60_000)));
    expectNothingTwice();
    expect(new Set(whole.sandbox.provider.submits.map(({ state }) => state)).size).toBe(
      whole.sandbox.provider.submits.length,
    );
    for (const person of people) {
      const paid = acknowledged.filter(
        (one) => one.person === person && (one.interaction.message?.attachments.length ?? 0) > 0,
      );
      // Tasks that were saved but never acknowledged are refunded once it is certain that Discord has no answer: after 8 s.
      const balance = `${(2_000 - 100 * paid.length).toLocaleString('en')} points`;
      await expect.poll(() => whole.points(person), { timeout: 25_000 }).toBe(balance);
    }
  });

  it('between save and acknowledgement charges nobody for what nobody saw', async () => {
    whole.sandbox.discord.trouble.rules.push({ match: /callback$/, do: { type: 'drop', lost: 'request' } });
    const bot = await whole.sandbox.startBot(quick);
    const asked = await whole.imagine('a fox');
    await bot.line('charged and queued');
    await bot.end('SIGKILL');
    whole.sandbox.discord.trouble.clear();
    const again = await whole.sandbox.startBot(quick);
    await again.line('cancelled and refunded');
    expect(asked.acknowledgement).toBeUndefined();
    expect(whole.sandbox.provider.submits).toEqual([]);
    expect(await whole.points()).toBe('2,000 points');
  });

  it('while a task waits for a slot picks it up again', async () => {
    const environment = { ...quick, PROVIDER_MAIN_MAX_IN_FLIGHT: '1' };
    whole.sandbox.provider.trouble.always('look', { do: 'refuse', as: 'server-error-text' });
    const bot = await whole.sandbox.startBot(environment);
    const first = await whole.imagine('a fox');
    await bot.line('accepted by the provider');
    const second = await whole.imagine('a hare');
    await whole.reply(second, 'Waiting for a free slot');
    await bot.end('SIGKILL');
    whole.sandbox.provider.trouble.clear();
    await whole.sandbox.startBot(environment);
    await Promise.all([whole.picture(first), whole.picture(second)]);
    expect(whole.sandbox.provider.submits).toHaveLength(2);
    expect(await whole.points()).toBe('1,800 points');
  });

  it('between acknowledgement and submit goes on if Discord has the answer', async () => {
    whole.sandbox.discord.trouble.rules.push({
      match: /callback$/,
      do: { type: 'hold', until: new Promise(() => undefined) },
    });
    const bot = await whole.sandbox.startBot(quick);
    const asked = await whole.imagine('a fox');
    await asked.acknowledged; // by Discord; the bot never hears about it
    await bot.end('SIGKILL');
    expect(whole.sandbox.provider.submits).toEqual([]);
    whole.sandbox.discord.trouble.clear();
    await whole.sandbox.startBot(quick);
    await whole.picture(asked);
    expect(whole.sandbox.provider.submits).toHaveLength(1);
    expect(await whole.points()).toBe('1,900 points');
  });

  it.each([
    ['inside submit, before the provider took it', false],
    ['after submit and before its row', true],
  ])('%s sends nothing again, and refunds at the deadline', async (_when, taken) => {
    const environment = { ...quick, TASK_TIMEOUT_MS: '3000' };
    whole.sandbox.provider.trouble.next('submit', { do: 'hang', taken });
    const bot = await whole.sandbox.startBot(environment);
    const asked = await whole.imagine('a fox');
    await whole.sandbox.discord.until(() => whole.sandbox.provider.requests.length > 0, { what: 'a submit' });
    await bot.end('SIGKILL');
    await whole.sandbox.startBot(environment);
    await whole.reply(asked, 'may have been charged anyway');
    expect(whole.sandbox.provider.requests.filter(({ path }) => path.includes('submit'))).toHaveLength(1);
    expect(await whole.points()).toBe('2,000 points');
  });

  it('after finish and before delivery delivers', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const asked = await whole.imagine('a fox');
    await bot.line('accepted by the provider');
    whole.sandbox.discord.trouble.rules.push({
      match: /^PATCH /,
      times: 99,
      do: { type: 'drop', lost: 'request' },
    });
    await bot.line('a message has to be sent again later');
    await bot.end('SIGKILL');
    whole.sandbox.discord.trouble.clear();
    await whole.sandbox.startBot(quick);
    await whole.picture(asked);
    expect(whole.sandbox.provider.submits).toHaveLength(1);
    expect(await whole.points()).toBe('1,900 points');
  });
});

describe('a bot that is stopped', () => {
  it('answers new commands with a sentence, delivers what is ready, and exits within ten seconds', async () => {
    const bot = await whole.sandbox.startBot(quick);
    whole.sandbox.provider.trouble.next('submit', { do: 'hang', taken: true });
    await whole.imagine('a fox that hangs');
    await bot.line('charged and queued');
    await whole.sandbox.discord.until(() => whole.sandbox.provider.requests.length > 0, { what: 'a submit' });
    const stoppedAt = Date.now();
    const ended = bot.end('SIGTERM');
    await bot.line('"msg":"stopping"');
    const refused = await whole.imagine('a hare');
    expect(textOf(await whole.reply(refused, 'restarting'))).toContain('restarting');
    expect(await ended).toBe(0);
    expect(Date.now() - stoppedAt).toBeLessThan(10_000);
  });
});
