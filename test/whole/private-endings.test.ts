import { beforeEach, describe, expect, it } from 'vitest';
import {
  brokenGateway,
  type Interaction,
  type Message,
  rateLimited,
  refusedWith,
} from '../../sandbox/discord/index.ts';
import type { BotProcess } from '../../sandbox/index.ts';
import { pass, withClockAhead, withMovableClock } from '../helpers/later.ts';
import { labelsOf, quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();
const discord = () => whole.sandbox.discord;
const provider = () => whole.sandbox.provider;
const times = Number.POSITIVE_INFINITY;
const movable = { ...quick, ...withMovableClock };

/** Everything that the bot ever wrote where others can read it, even if it's gone by now. */
let seen: string[];
/** What the operator can read of it. */
let logs: BotProcess[];
beforeEach(() => {
  [seen, logs] = [[], []];
  discord().on((event) => {
    if (event.type !== 'message-created' && event.type !== 'message-edited') return;
    const { visibleTo, person, channel } = event.message;
    if (visibleTo === undefined && person === undefined && channel.guild !== undefined)
      seen.push(textOf(event.message));
  });
});

async function startBot(environment: Record<string, string>): Promise<BotProcess> {
  const bot = await whole.sandbox.startBot(environment);
  logs.push(bot);
  return bot;
}

interface Begun {
  readonly bot: BotProcess;
  readonly asked: Interaction;
}

/** A private task that its provider has taken, and says nothing about. */
async function begin(environment: Record<string, string> = quick, channel = 'general'): Promise<Begun> {
  provider().trouble.always('look', { do: 'refuse', as: 'server-error-text' });
  const bot = await startBot(environment);
  const { people, channels } = discord().world;
  const place = channels[channel as 'general'];
  const options = { prompt: 'a fox', private: true };
  const asked = await discord().run({ person: people.member, channel: place, command: 'imagine', options });
  await bot.line('accepted by the provider');
  await whole.reply(asked, 'Press **Check**');
  return { bot, asked };
}

/** It ends, and nobody can be told. */
async function endUnseen({ bot, asked }: Begun): Promise<void> {
  discord().expire(asked);
  provider().trouble.clear();
  await bot.line('not delivered, for good');
}

async function killAndRestart(
  { bot }: Begun,
  environment: Record<string, string> = quick,
): Promise<BotProcess> {
  await bot.end('SIGKILL');
  return startBot(environment);
}

/** What its person finds with a press on the message, as long as they have it. */
async function check({ asked }: Begun): Promise<Message> {
  await whole.press(asked.message as Message, 'Check');
  return whole.end(asked);
}

/** What its person finds without any message. */
async function findAgain(): Promise<Message> {
  return whole.end(await bringBack());
}

async function bringBack(): Promise<Interaction> {
  const listed = await whole.reply(await whole.run('task list'), 'only you see it');
  const [id = ''] = /(?<=\\?`)[A-Za-z0-9_-]{16}(?=\\?`)/u.exec(textOf(listed)) ?? [];
  const card = await whole.reply(await whole.run('task show', { id }), id);
  return whole.press(card, 'Show it here');
}

const endings: Record<string, () => Promise<Message | undefined>> = {
  'is done in time': async () => {
    const begun = await begin();
    provider().trouble.clear();
    return whole.picture(begun.asked);
  },
  'is done when its token has ended, and is checked': async () => {
    const begun = await begin();
    await endUnseen(begun);
    return check(begun);
  },
  'is done when its token has ended, and is found in the list': async () => {
    const begun = await begin();
    await endUnseen(begun);
    return findAgain();
  },
  'is done after a crash': async () => {
    const begun = await begin();
    await begun.bot.end('SIGKILL');
    provider().trouble.clear();
    await startBot(quick);
    return whole.picture(begun.asked);
  },
  'is done after a crash, when its token has ended': async () => {
    const begun = await begin();
    await begun.bot.end('SIGKILL');
    discord().expire(begun.asked);
    provider().trouble.clear();
    const bot = await startBot(quick);
    await bot.line('not delivered, for good');
    return check(begun);
  },
  'is done when the bot itself no longer uses its token': async () => {
    const begun = await begin(movable);
    await pass(begun.bot, 14);
    provider().trouble.clear();
    await begun.bot.line('not delivered, for good');
    return check(begun);
  },
  'is done when its message was deleted': async () => {
    const begun = await begin();
    discord().remove(begun.asked.message as Message);
    provider().trouble.clear();
    await begun.bot.line('not delivered, for good');
    return findAgain();
  },
  'is brought back while it runs': async () => {
    const begun = await begin();
    discord().expire(begun.asked);
    const brought = await bringBack();
    await whole.reply(brought, 'Press **Check**');
    provider().trouble.clear();
    const shown = await whole.picture(brought);
    expect(begun.asked.message?.attachments).toEqual([]);
    return shown;
  },
  'is done in an archived thread': async () => {
    const begun = await begin(quick, 'thread');
    discord().world.channels.thread.archived = true;
    provider().trouble.clear();
    await begun.bot.line('waits for its thread');
    discord().expire(begun.asked);
    await begun.bot.line('not delivered, for good');
    return findAgain();
  },
  'takes long, and somebody would be mentioned': async () => {
    const begun = await begin(movable);
    await pass(begun.bot, 2);
    provider().trouble.clear();
    const shown = await whole.picture(begun.asked);
    await begun.bot.line('"kind":"final"');
    return shown;
  },
  'is refused by Discord in every form': async () => {
    const begun = await begin();
    discord().trouble.rules.push({ match: /^PATCH .*@original$/, times, do: refusedWith(400, 50_035) });
    provider().trouble.clear();
    await begun.bot.line('Discord refuses to show a result in any form');
    const told = await discord().until(() => begun.asked.followUps[0], {
      what: 'a private message',
      timeoutMs: 15_000,
    });
    expect(textOf(told)).toContain('Your 100 points are back.');
    return told;
  },
  'is refused by Discord because of its words': async () => {
    const begun = await begin();
    discord().trouble.rules.push({
      match: /^PATCH .*@original$/,
      holding: /fox/,
      times,
      do: refusedWith(400, 200_000),
    });
    provider().trouble.clear();
    return whole.picture(begun.asked);
  },
  'is forbidden by Discord until its token has ended': async () => {
    const begun = await begin();
    discord().trouble.rules.push({ match: /^PATCH .*@original$/, times, do: refusedWith(403, 50_013) });
    provider().trouble.clear();
    await begun.bot.line('a message waits until the bot may write it');
    discord().trouble.clear();
    await endUnseen(begun);
    return check(begun);
  },
  'meets a Discord that is down until its token has ended': async () => {
    const begun = await begin();
    discord().trouble.rules.push({ match: /^PATCH .*@original$/, times, do: brokenGateway() });
    provider().trouble.clear();
    await begun.bot.line('a message has to be sent again later');
    discord().trouble.clear();
    await endUnseen(begun);
    return check(begun);
  },
  'is too large for Discord in every size': async () => {
    const begun = await begin();
    discord().trouble.rules.push({
      match: /^PATCH .*@original$/,
      holding: /"filename"/,
      times,
      do: refusedWith(413, 40_005),
    });
    provider().trouble.clear();
    await begun.bot.line('"delivered"');
    return begun.asked.message;
  },
  'waits for a rate limit of Discord': async () => {
    const begun = await begin();
    discord().trouble.rules.push({ match: /^PATCH .*@original$/, times: 3, do: rateLimited('user') });
    provider().trouble.clear();
    return whole.picture(begun.asked);
  },
  'meets a Discord that no longer knows its interaction': async () => {
    const begun = await begin();
    discord().trouble.rules.push({ match: /^PATCH .*@original$/, times, do: refusedWith(404, 10_015) });
    provider().trouble.clear();
    await begun.bot.line('not delivered, for good');
    discord().trouble.clear();
    return check(begun);
  },
  'has no file that the bot could fetch': async () => {
    const begun = await begin();
    provider().trouble.clear();
    const circle = { do: 'answer', status: 302, body: '', headers: { location: '#' } } as const;
    provider().trouble.always('picture', circle);
    return whole.reply(begun.asked, 'points are back.');
  },
  fails: async () => {
    provider().trouble.next('task', { do: 'fail', reason: 'Banned prompt detected' });
    await startBot(quick);
    return whole.end(await whole.imagine('a fox', { private: true }));
  },
  'is never finished, when its token has ended': async () => {
    const begun = await begin({ ...quick, TASK_TIMEOUT_MS: '1500' });
    discord().expire(begun.asked);
    await begun.bot.line('not delivered, for good');
    return check(begun);
  },
  'is canceled while it waits': async () => {
    const busy = { ...quick, PROVIDER_MAIN_MAX_IN_FLIGHT: '1' };
    const begun = await begin(busy);
    const waiting = await whole.imagine('a hare', { private: true });
    await whole.press(await whole.reply(waiting, 'Waiting for a free slot'), 'Cancel');
    return whole.reply(waiting, 'Your 100 points are back.').finally(() => begun.bot.end('SIGKILL'));
  },
};

describe('nobody else ever sees a private task that', () => {
  it.each(Object.entries(endings))('%s', { timeout: 60_000 }, async (_, end) => {
    const message = await end();
    expect(message?.visibleTo?.name).toBe('max');
    expect(seen).toEqual([]);
    const channels = discord().requests.filter(({ path }) => path.startsWith('/channels/'));
    expect(channels.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
    expect(logs.flatMap(({ lines }) => lines).filter((line) => line.includes('a fox'))).toEqual([]);
  });
});

function shows({ message }: Interaction, text: string) {
  const options = { what: `"${text}"`, timeoutMs: 20_000 };
  return discord().until(() => textOf(message).includes(text), options);
}

describe('an unfinished private task', () => {
  it('says before its token ends that only Check updates it, and goes on with the next one', {
    timeout: 60_000,
  }, async () => {
    const begun = await begin();
    const { asked } = begun;
    await killAndRestart(begun, { ...quick, ...withClockAhead(13) });
    await shows(asked, 'only changes when you press **Check**');
    expect(labelsOf(asked.message as Message)).toContain('Check');
    await whole.press(asked.message as Message, 'Check');
    await shows(asked, 'see how far along it is');
    provider().trouble.clear();
    expect((await whole.picture(asked)).visibleTo).toBe(asked.person);
    expect(seen).toEqual([]);
  });
});
