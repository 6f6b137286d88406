import { describe, expect, it } from 'vitest';
import { buttonsOf, type Message } from '../../sandbox/discord/index.ts';
import { labelsOf, quick, textOf, useSandbox } from '../helpers/whole.ts';

describe('a task that outlives its token', () => {
  const whole = useSandbox();

  it('ends through the channel', async () => {
    await whole.sandbox.startBot(quick);
    whole.sandbox.provider.trouble.always('look', { do: 'refuse', as: 'server-error-text' });
    const asked = await whole.imagine('a fox');
    await asked.acknowledged;
    whole.sandbox.discord.expire(asked);
    whole.sandbox.provider.trouble.clear();
    await whole.picture(asked);
    expect(
      whole.sandbox.discord.requests.some(
        ({ method, path }) => method === 'PATCH' && path.startsWith('/channels/'),
      ),
    ).toBe(true);
  });

  it("ends through Check if the bot can't write to the channel", async () => {
    const { general } = whole.sandbox.discord.world.channels;
    general.botPermissions = 0n;
    const bot = await whole.sandbox.startBot(quick);
    whole.sandbox.provider.trouble.always('look', { do: 'refuse', as: 'server-error-text' });
    const asked = await whole.imagine('a fox');
    const waiting = await whole.reply(asked, 'Press **Check**');
    expect(labelsOf(waiting)).toEqual(['Check']);
    whole.sandbox.discord.expire(asked);
    whole.sandbox.provider.trouble.clear();
    await bot.line('not delivered, for good');
    expect(waiting.attachments).toEqual([]);
    await whole.press(waiting, 'Check');
    await whole.sandbox.discord.until(() => waiting.attachments.length > 0, {
      what: 'the picture',
      timeoutMs: 10_000,
    });
    expect(labelsOf(waiting)).toContain('U1');
  });

  it('is delivered late and for free if it comes after its deadline', async () => {
    whole.sandbox.provider.trouble.always('look', { do: 'refuse', as: 'server-error-text' });
    const environment = { ...quick, TASK_TIMEOUT_MS: '1500' };
    const bot = await whole.sandbox.startBot(environment);
    const asked = await whole.imagine('a fox');
    await whole.reply(asked, "didn't finish in time");
    await bot.end('SIGTERM');
    whole.sandbox.provider.trouble.clear();
    // A start immediately looks at tasks that were given up: the next look was due within minutes.
    await whole.sandbox.startBot(environment);
    await whole.picture(asked);
    expect(textOf(asked.message)).toContain("so it's free");
    expect(await whole.points()).toBe('2,000 points');
  });
});

describe('presses', () => {
  const whole = useSandbox();

  it('Cancel takes back a waiting task; Try again starts it again', async () => {
    await whole.sandbox.startBot({ ...quick, PROVIDER_MAIN_MAX_IN_FLIGHT: '1' });
    whole.sandbox.provider.trouble.next('task', { do: 'stall' });
    const { otherMember, member } = whole.sandbox.discord.world.people;
    const first = await whole.imagine('a fox that never ends', {}, otherMember);
    await first.acknowledged;
    const asked = await whole.imagine('a hare');
    const waiting = await whole.reply(asked, 'Waiting for a free slot');
    await whole.reply(await whole.press(waiting, 'Cancel', otherMember), 'Only the person who started this');
    await whole.press(waiting, 'Cancel');
    const cancelled = await whole.reply(asked, 'Canceled. Your 100 points are back.');
    expect(await whole.points()).toBe('2,000 points');
    expect(whole.sandbox.provider.submits).toHaveLength(1);
    const again = await whole.press(cancelled, 'Try again', member);
    expect((await again.acknowledged).type).toBe(5);
  });

  it('🗑️ asks, and then removes a message for its owner and for moderators only', async () => {
    await whole.sandbox.startBot(quick);
    const { member: mineOwner, otherMember, administrator } = whole.sandbox.discord.world.people;
    const [mine, other] = [
      await whole.picture(await whole.imagine('a fox')),
      await whole.picture(await whole.imagine('a hare')),
    ];
    await whole.reply(await whole.press(mine, '🗑️', otherMember), 'Only the person who started this');
    const question = await whole.press(mine, '🗑️');
    await whole.sandbox.discord.until(() => question.followUps.length > 0, { what: 'a question' });
    const [asked] = question.followUps;
    expect(asked).toMatchObject({
      content: expect.stringContaining('Delete this result?'),
      visibleTo: mineOwner,
    });
    expect(mine.deleted).toBe(false);
    await whole.press(asked as Message, 'Yes');
    await whole.sandbox.discord.until(() => mine.deleted, { what: 'the message to go' });
    const moderation = await whole.press(other, '🗑️', administrator);
    await whole.sandbox.discord.until(() => moderation.followUps.length > 0, { what: 'a question' });
    await whole.press(moderation.followUps[0] as Message, 'Yes', administrator);
    await whole.sandbox.discord.until(() => other.deleted, { what: 'the other message to go' });
  });

  it('a finished U pressed again is free, even after a restart, and needs no provider', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox'));
    const first = await whole.picture(await whole.press(grid, 'U3'));
    await bot.end('SIGTERM');
    await whole.sandbox.startBot(quick);
    const submits = whole.sandbox.provider.submits.length;
    const { otherMember } = whole.sandbox.discord.world.people;
    const again = await whole.picture(await whole.press(grid, 'U3', otherMember));
    expect(again.attachments[0]?.bytes).toEqual(first.attachments[0]?.bytes);
    expect(buttonsOf(again).length).toBe(buttonsOf(first).length);
    expect(whole.sandbox.provider.submits).toHaveLength(submits);
    expect(await whole.points(otherMember)).toBe('2,000 points');
  });
});

describe('the gateway', () => {
  const whole = useSandbox();

  it.each([
    ['a connection that is cut', () => whole.sandbox.discord.gateway.cut()],
    ['op 7', () => whole.sandbox.discord.gateway.reconnect()],
    ['an invalid session that can be resumed', () => whole.sandbox.discord.gateway.invalidate(true)],
    ['an invalid session', () => whole.sandbox.discord.gateway.invalidate(false)],
  ])(
    '%s loses no interaction that Discord delivers again, and answers none twice',
    async (_what, breakIt) => {
      await whole.sandbox.startBot(quick);
      const asked = [await whole.imagine('a fox before')];
      breakIt();
      // While the connection is down, people go on; those who get no answer try again.
      let isAnswered = false;
      for (let attempt = 0; attempt < 8 && !isAnswered; attempt += 1) {
        const during = await whole.imagine(`a fox, attempt ${attempt}`);
        isAnswered = await during.acknowledged.then(
          () => true,
          () => false,
        );
        if (isAnswered) asked.push(during);
      }
      expect(asked).toHaveLength(2);
      await Promise.all(asked.map((one) => whole.picture(one)));
      const callbacks = whole.sandbox.discord.requests.filter(({ path }) => path.endsWith('/callback'));
      expect(new Set(callbacks.map(({ path }) => path)).size).toBe(callbacks.length);
      expect(whole.sandbox.provider.submits.every(({ repeats }) => repeats === 0)).toBe(true);
    },
  );
});
