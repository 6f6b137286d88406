import { describe, expect, it } from 'vitest';
import { startProgram } from '../../sandbox/bot.ts';
import { quick, register, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox({ kinds: ['mjproxy'] });

const submits = () => whole.sandbox.provider.submits.length;

/** Hours that begin that long from now, and last one. */
function hoursIn(hours: number): string {
  const at = (later: number) => new Date(Date.now() + later * 3_600_000).toISOString().slice(11, 16);
  return `${at(hours)}-${at(hours + 1)}`;
}

async function accounts() {
  const { administrator } = whole.sandbox.discord.world.people;
  const shown = await whole.run('settings accounts', {}, administrator);
  await shown.acknowledged;
  await whole.reply(shown, 'slots in use');
  return textOf(shown.message);
}

describe('an account that may spend 150 points a day', () => {
  const operator = () => ({ OPERATOR_IDS: whole.sandbox.discord.world.people.administrator.id });

  it('offers relax mode for what is left, then refuses before the charge, and remembers that after kill -9', async () => {
    const { member, otherMember } = whole.sandbox.discord.world.people;
    await register(whole.sandbox, { default_member_permissions: null });
    const limited = { ...quick, ...operator(), PROVIDER_MJPROXY_DAILY_POINTS: '150', TZ: 'UTC' };
    const bot = await whole.sandbox.startBot(limited);
    const shown = await whole.picture(await whole.imagine('a fox'));
    expect(await accounts()).toContain('Today: 100 of 150 points');
    await bot.end('SIGKILL');

    await whole.sandbox.startBot(limited);
    const asked = await whole.imagine('a hare', {}, otherMember);
    await whole.reply(asked, 'nothing left for `fast` speed right now, but `relax` still works');
    expect(await whole.points(otherMember)).toBe('2,000 points');
    expect(submits()).toBe(1);
    await whole.picture(await whole.agreed(asked));
    expect(await whole.points(otherMember)).toBe('1,960 points');

    const refused = await whole.imagine('an owl', {}, otherMember);
    const message = await whole.reply(refused, 'has spent its points for today. Nothing was charged.');
    expect(message.visibleTo).toBe(otherMember);
    expect(await whole.points(otherMember)).toBe('1,960 points');
    expect(submits()).toBe(2);
    // What costs less is still within the limit: an upscale is 10 points.
    await whole.picture(await whole.press(shown, 'U1', member));
    expect(await accounts()).toContain('Today: 150 of 150 points');
    expect(submits()).toBe(3);
  });
});

describe('an account with hours', () => {
  it('refuses outside of them, before the charge and without a call', async () => {
    await whole.sandbox.startBot({ ...quick, PROVIDER_MJPROXY_HOURS: hoursIn(2), TZ: 'UTC' });
    const refused = await whole.imagine('a fox');
    await whole.reply(refused, 'only works at certain hours. Nothing was charged.');
    expect(textOf(refused.message)).toMatch(/It opens <t:\d+:R>/u);
    expect(await whole.points()).toBe('2,000 points');
    expect(submits()).toBe(0);
  });

  it('works within them, by the clock of the time zone that TZ names', async () => {
    // Twelve hours away in UTC, and now in the place on the other side of the world.
    const environment = { PROVIDER_MJPROXY_HOURS: hoursIn(11.5), TZ: 'Etc/GMT-12' };
    await whole.sandbox.startBot({ ...quick, ...environment });
    await whole.picture(await whole.imagine('a fox'));
    const doctor = startProgram('src/doctor.ts', { ...whole.sandbox.environment, ...environment });
    await doctor.exited;
    const hours = environment.PROVIDER_MJPROXY_HOURS;
    expect(doctor.lines).toContain(
      `ok    limits of mjproxy (mjproxy): it works ${hours}; the time zone is Etc/GMT-12 (TZ)`,
    );
  });
});
