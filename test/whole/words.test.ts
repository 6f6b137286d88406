import { describe, expect, it } from 'vitest';
import type { Message, Person } from '../../sandbox/discord/index.ts';
import { chargeOf, textOf, useSharedSandbox } from '../helpers/whole.ts';

const whole = useSharedSandbox({ kind: 'mjproxy' });

function aPerson(name: string): Person {
  const { world } = whole.sandbox.discord;
  return world.addPerson({ name, guilds: [world.guild] });
}

/** What the provider received last, and what people see in bold. */
function wordsOf(message: Message) {
  const shown = /^\*\*(.*)\*\* - (?:.* by )?<@/u.exec(message.content)?.[1]?.replace(/\\(.)/gu, '$1');
  return { sent: whole.sandbox.provider.submits.at(-1)?.prompt, shown };
}

describe("people's words", () => {
  it.each([
    [
      'emoji',
      '👨\u200d👩\u200d👧\u200d👦 in 🏳️\u200d🌈, 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} 1️⃣ 👍🏽 --ar 3:2',
    ],
    ['Hindi', 'बर्फ में हिन्दी क्\u200dष लोमड़ी'],
    ['Chinese', '一只狐狸，在雪中：「红」——安静！'],
    ['Thai and Korean', 'สุนัขจิ้งจอก 눈 속의 여우'],
  ])('reach the provider and are shown unchanged: %s', async (name, typed) => {
    const message = await whole.picture(await whole.imagine(typed, {}, aPerson(name)));
    expect(wordsOf(message)).toEqual({ sent: typed, shown: typed });
  });

  it.each([
    ['Persian', 'می\u200cخواهم یک روباه سرخ در برف'],
    ['Arabic', 'ثَعْلَبٌ أَحْمَرُ فِي الثَّلْجِ'],
    ['Hebrew', 'שׁוּעָל אדום בשלג'],
  ])('stay readable from right to left: %s', async (name, typed) => {
    const message = await whole.picture(await whole.imagine(`${typed} --ar 3:2`, {}, aPerson(name)));
    expect(wordsOf(message)).toEqual({
      sent: `${typed} --ar 3:2`,
      shown: `\u2068${typed}\u2069 --ar 3:2`,
    });
  });

  it('reverse nothing else in the message, and hide nothing', async () => {
    const typed = '\u2067fox\u202e gnp\u200b\u{e0068}\u{e0069}';
    const message = await whole.picture(await whole.imagine(typed, {}, aPerson('Eve')));
    expect(wordsOf(message)).toEqual({ sent: 'fox gnp', shown: 'fox gnp' });
    expect(textOf(message)).not.toMatch(/[\u202e\u2067\u200b]/u);
  });

  it('are cut between characters if they are too long for a message, and sent whole', async () => {
    const family = '👨\u200d👩\u200d👧\u200d👦';
    const typed = family.repeat(360);
    const message = await whole.picture(await whole.imagine(typed, {}, aPerson('Ann')));
    expect(wordsOf(message)).toEqual({ sent: typed, shown: `${family.repeat(136)}…` });
  });

  it('suggest a task by its prompt, also as it was copied from the message', async () => {
    const person = aPerson('Zahra');
    const typed = 'می\u200cخواهم '.repeat(20).trim();
    await whole.picture(await whole.imagine(typed, {}, person));
    const { discord } = whole.sandbox;
    const [choice] = await discord.autocomplete({
      person,
      channel: discord.world.channels.general,
      command: 'task',
      subcommand: 'seed',
      options: { id: '\u2068می\u200cخواهم' },
      focused: 'id',
    });
    expect(choice?.name).toMatch(/^Imagine: \u2068می\u200cخواهم .*…\u2069$/u);
    expect(choice?.name.length).toBeLessThanOrEqual(100);
  });
});

describe('flags from a Chinese keyboard', () => {
  it('are understood, and the words stay unchanged', async () => {
    const typed = '一只狐狸，在雪中，－－ａｒ　１６：９　－－no 树，人，--s 250';
    const sent = '一只狐狸，在雪中， --ar 16:9 --no 树,人 --s 250';
    const message = await whole.picture(await whole.imagine(typed, {}, aPerson('Mei')));
    expect(wordsOf(message)).toEqual({ sent, shown: sent });
  });

  it('are understood in options', async () => {
    const values = { aspect: '１６：９', negative: '树，人' };
    await whole.picture(await whole.imagine('一只狐狸', values, aPerson('Li')));
    expect(whole.sandbox.provider.submits.at(-1)?.prompt).toBe('一只狐狸 --ar 16:9 --no 树,人');
  });

  it.each(['狐狸－－ｔｕｒｂｏ', '狐狸，--turbo', '狐狸——turbo', 'a fox --tu\u200drbo'])(
    'are charged: %s',
    async (typed) => {
      const person = aPerson(typed);
      const message = await whole.picture(await whole.imagine(typed, {}, person));
      expect(chargeOf(message)).toBe('Turbo · 200 points');
      const { sent, shown } = wordsOf(message);
      // Once, from the bot itself: this kind takes the speed as a flag.
      expect(sent?.match(/turbo/giu)).toEqual(['turbo']);
      expect(shown).not.toMatch(/turbo|ｔｕｒｂｏ/u);
      expect(await whole.points(person)).toBe('1,800 points');
    },
  );

  it('are charged in videos', async () => {
    const grid = await whole.picture(await whole.imagine('a fox'));
    const image = { name: 'fox.png', bytes: grid.attachments[0]?.bytes ?? Buffer.alloc(0) };
    const options = { image, prompt: '波浪，－－ｒｅｌａｘ' };
    const message = await whole.picture(await whole.run('video', options, aPerson('Bo')));
    expect(chargeOf(message)).toBe('Relax · 320 points');
    expect(wordsOf(message)).toMatchObject({ shown: '波浪，' });
    expect(wordsOf(message).sent?.match(/relax|ｒｅｌａｘ/gu)).toEqual(['relax']);
  });

  it.each(['狐狸，－－ｒｅｐｅａｔ　４', '一只{红，绿}狐狸'])('start only one job: %s', async (typed) => {
    const person = aPerson(typed);
    const before = whole.sandbox.provider.submits.length;
    await whole.reply(await whole.imagine(typed, {}, person), 'would start several jobs at once');
    expect(whole.sandbox.provider.submits).toHaveLength(before);
    expect(await whole.points(person)).toBe('2,000 points');
  });
});
