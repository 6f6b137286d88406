import { describe, expect, it } from 'vitest';
import { renderTask } from '../../../src/discord/render/task.ts';
import { english } from '../../../src/locales/index.ts';
import { anOffer, aTask } from '../../helpers/tasks.ts';

const media = [{ kind: 'picture', url: 'https://pictures.example/1.png' }] as const;

describe('a result', () => {
  it('names the pictures of a set that are missing, by their addresses if those are safe', () => {
    const shown = { as: 'files', names: ['a.jpg'], missing: [0] } as const;
    const text = (url: string) =>
      renderTask(
        aTask({ state: 'done', result: { media: [{ kind: 'picture', url }], offers: [] } }),
        english,
        {
          shown,
        },
      ).embeds[0]?.description;
    expect(text('https://pictures.example/1.png')).toContain(
      "The bot couldn't show image 1. You can open it [here](https://pictures.example/1.png).\nThe provider keeps this for a while.",
    );
    expect(text('https://127.0.0.1/1.png')).toContain("The bot couldn't show image 1.");
  });

  const setOf = (kind: 'picture' | 'video', urls: string[]) =>
    aTask({
      state: 'done',
      request: { action: 'imagine', prompt: 'x'.repeat(5_000), speed: 'fast', pictures: [] },
      result: { media: urls.map((url) => ({ kind, url })), offers: [] },
    });

  it('names the videos of a set that could not be attached, and links to each', () => {
    const urls = [1, 2, 3, 4].map((number) => `https://films.example/${number}.mp4`);
    const shown = { as: 'files', names: ['a.mp4'], missing: [1, 3] } as const;
    const text = renderTask(setOf('video', urls), english, { shown }).embeds[0]?.description;
    expect(text).toContain(
      "The bot couldn't show video 2. You can open it [here](https://films.example/2.mp4)",
    );
    expect(text).toContain(
      "The bot couldn't show video 4. You can open it [here](https://films.example/4.mp4)",
    );
    expect(text).not.toContain('Video 1');
  });

  it.each([
    ['as its address says', 'https://films.example/1.mp4?ex=69dff5c0&is=1&hm=2&', 30, 0x69dff5c0 * 1_000],
    ['as its API promises', 'https://films.example/1.mp4', 30, 1_700_000_000_000 + 30 * 86_400_000],
    [
      'as its API promises, if the address says something else',
      'https://films.example/1.mp4?ex=soon',
      30,
      1_702_592_000_000,
    ],
    ['for a while, if nobody says how long', 'https://films.example/1.mp4', undefined, undefined],
  ])('says how long a link works: %s', (_how, url, keptDays, until) => {
    const task = { ...setOf('video', [url]), finishedAt: 1_700_000_000_000 };
    const sentence =
      until === undefined
        ? 'The provider keeps this for a while.'
        : `The provider keeps this until <t:${until / 1_000}:d> <t:${until / 1_000}:t>.`;
    for (const shown of [{ as: 'link' }, { as: 'files', names: [], missing: [0] }] as const) {
      const { description } = renderTask(task, english, { shown, keptDays }).embeds[0] ?? {};
      expect(description?.split('\n').at(-1)).toBe(sentence);
    }
    const nothingMissing = { as: 'files', names: ['a.mp4'] } as const;
    const { description = '' } =
      renderTask(task, english, { shown: nothingMissing, keptDays }).embeds[0] ?? {};
    expect(description).not.toContain('keeps this');
  });

  it.each([1_400, 700, 300])(
    'stays within what Discord takes if ten addresses have %s characters',
    (length) => {
      const urls = Array.from({ length: 10 }, (_, index) =>
        `https://films.example/${index}`.padEnd(length, '('),
      );
      const shown = { as: 'files', names: [], missing: urls.map((_, index) => index) } as const;
      const text = renderTask(setOf('video', urls), english, { shown }).embeds[0]?.description ?? '';
      expect(text.length).toBeLessThanOrEqual(4_096);
      expect(text).toContain("The bot couldn't show video 10");
    },
  );

  const linkTo = (...urls: string[]) => {
    const task = aTask({
      state: 'done',
      result: { media: urls.map((url) => ({ kind: 'picture', url })), offers: [] },
    });
    return renderTask(task, english, { shown: { as: 'link' } }).embeds[0]?.description ?? '';
  };

  it.each([
    'https://pictures.example/1.png?ex=1&is=2',
    'http://pictures.example/1.png',
    'http://pictures.example:8080/1',
  ])('publishes an address like %s', (url) => expect(linkTo(url)).toContain(`[here](${url})`));

  it('publishes the addresses of all files of a set, as far as there is room', () => {
    const urls = [1, 2, 3, 4].map((number) => `https://pictures.example/${number}.png`);
    const all = urls.map((url, index) => `[${index + 1}](${url})`).join(' · ');
    expect(linkTo(...urls)).toContain(all);
    expect(linkTo('https://10.0.0.1/1.png', ...urls)).toContain(all);
    const long = urls.map((url) => `${url}?${'x'.repeat(900)}`);
    expect(linkTo(...long).match(/\]\(/g)).toHaveLength(2);
  });

  it('says so if there is nothing to show of an action that only the API has a name for', () => {
    const nothing = (action: 'other' | 'imagine', emptied?: 'all') =>
      renderTask(
        aTask({
          state: 'done',
          request: { action, prompt: '', speed: 'fast', pictures: [] },
          result: { media: [], offers: [] },
          ...(emptied === undefined ? {} : { emptied }),
        }),
        english,
      ).embeds[0]?.description;
    expect(nothing('other')).toBe("The provider says it's done, but it didn't return an image or any text.");
    expect(nothing('other', 'all')).toBeUndefined();
    expect(nothing('imagine')).toBeUndefined();
  });

  it('says what a result waits for, and offers nothing of it yet', () => {
    const task = aTask({ state: 'done', result: { media, offers: [anOffer()] } });
    for (const from of ['file-server', 'operator'] as const) {
      const message = renderTask(task, english, { shown: { as: 'awaited', from } });
      expect(message.embeds[0]?.description).toContain(english.say(`result.awaited.${from}`));
      expect(JSON.stringify(message.components)).not.toContain('U1');
    }
  });

  it.each([
    'ftp://pictures.example/1.png',
    'http://192.168.0.2/1.png',
    'http://gateway:8080/1.png',
    'https://:password@pictures.example/1.png',
    'https://127.0.0.1/1.png',
    'https://gateway.internal/1.png',
    'https://user@pictures.example/1.png',
    `https://pictures.example/${'x'.repeat(2_000)}`,
    `https://pictures.example/${'('.repeat(600)}`,
    'data:image/png;base64,iVBORw0KGgo=',
    'not an address',
  ])('publishes no address like %s', (url) => {
    expect(linkTo(url)).toContain(english.say('result.unreachable'));
  });

  it('publishes no address that holds a secret', () => {
    const secret = { kind: 'picture', url: 'https://cdn.example/1.png?key=canary', isPrivate: true } as const;
    const task = aTask({ state: 'done', result: { media: [secret], offers: [] } });
    for (const shown of [{ as: 'link' }, { as: 'files', names: [], missing: [0] }] as const)
      expect(JSON.stringify(renderTask(task, english, { shown }))).not.toContain('canary');
  });

  it('lets no address end its link', () => {
    const url = 'https://pictures.example/x) [Free nitro](https://evil.example/';
    expect(linkTo(url).match(/\]\(/g)).toHaveLength(1);
  });
});

describe('prompts that were found', () => {
  const text = [
    'a **red** fox --ar 3:2',
    '[click](https://evil.example) @everyone',
    '# big',
    'x'.repeat(900),
    'e',
    'f',
  ];
  const task = aTask({ state: 'done', result: { media: [], text, offers: [anOffer()] } });

  it('are listed harmless', () => {
    const message = renderTask(task, english);
    const description = message.embeds[0]?.description ?? '';
    expect(description).toContain('**1.** a \\*\\*red\\*\\* fox --ar 3\\:2');
    expect(description).toContain('**2.** \\[click\\]\\(https\\://evil\\.example\\) \\@everyone');
  });

  it('stay within what Discord takes', () => {
    const long = Array.from({ length: 5 }, () => '*'.repeat(4_000));
    const request = { ...task.request, prompt: 'x'.repeat(4_000) };
    const message = renderTask({ ...task, request, result: { media: [], text: long, offers: [] } }, english);
    expect(message.embeds[0]?.description?.length).toBeLessThanOrEqual(4_096);
  });
});
