import { describe, expect, it } from 'vitest';
import { buttonsOf } from '../../sandbox/discord/index.ts';
import { quick, textOf, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox();

describe('refusals before anything is charged', () => {
  it.each([
    ['no words', '--ar 1:1', 'The prompt has no words'],
    ['a flag twice', 'a fox --ar 3:2', 'The prompt has `--ar 3:2`'],
  ])('%s', async (_what, prompt, sentence) => {
    await whole.sandbox.startBot(quick);
    const refused = await whole.imagine(prompt, { aspect: '16:9' });
    expect(textOf(await whole.reply(refused, sentence))).toContain(sentence);
    expect(refused.message?.visibleTo).toBe(refused.person);
    expect(whole.sandbox.provider.requests).toEqual([]);
    expect(await whole.points()).toBe('2,000 points');
  });

  it('a file that only claims to be a picture, a link that leads nowhere, and a number out of range next to what has no price', async () => {
    await whole.sandbox.startBot(quick);
    const image = { name: 'bad.png', bytes: Buffer.from('no picture'), contentType: 'image/png' };
    for (const [command, options, sentence] of [
      ['describe', { image }, "`bad.png` isn't an image that the bot can read."],
      [
        'describe',
        { url: 'https://127.0.0.1:1/fox.png' },
        "The bot couldn't download `fox.png` from its link.",
      ],
      ['imagine', { prompt: 'a fox --stylize 5000 --edit' }, 'This bot has no price for `--edit`.'],
    ] as const) {
      const refused = await whole.run(command, options);
      const message = await whole.reply(refused, sentence);
      expect(message.visibleTo).toBe(refused.person);
      expect(buttonsOf(message)).toEqual([]);
    }
    expect(whole.sandbox.provider.requests).toEqual([]);
    expect(await whole.points()).toBe('2,000 points');
  });

  it('a prompt that would ping, format or link is shown harmlessly', async () => {
    await whole.sandbox.startBot(quick);
    const prompt = '@everyone **bold** [free](https://evil.example) ``` \u202e --no x';
    const message = await whole.picture(await whole.imagine(prompt));
    expect(message.content).toContain(
      '**\\@everyone \\*\\*bold\\*\\* \\[free\\]\\(https\\://evil\\.example\\) ˋˋˋ --no x** - <@',
    );
  });

  it('a forged or unknown button', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a fox'));
    const other = await whole.picture(await whole.imagine('a hare'));
    const { otherMember: person } = whole.sandbox.discord.world.people;
    const [button] = buttonsOf(grid);
    const stolen = button !== undefined && 'custom_id' in button ? button.custom_id : '';
    const forgeries = ['offer:AAAAAAAAAAAAAAAA:0', 'offer:x', '💥', stolen.replace(/\d+$/, '77')];
    for (const customId of forgeries) {
      const pressed = await whole.sandbox.discord.click({ person, message: grid, customId, forge: true });
      await whole.reply(pressed, 'This button no longer works');
    }
    await whole.reply(
      await whole.sandbox.discord.click({ person, message: other, customId: stolen, forge: true }),
      'no longer',
    );
    expect(await whole.points(person)).toBe('2,000 points');
  });
});
