import { beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { wordsFor } from '../../src/locales/index.ts';
import type { DeadPage, PageOutcome, PageView, Painted } from '../../src/service/region-pages.ts';
import { toPlainText } from '../../src/web/plain-text.ts';
import { createRegionDesk, type Posted } from '../../src/web/region-desk.ts';
import { createFakeClock } from '../helpers/clock.ts';
import { anOrigin, aPlace, aTask } from '../helpers/tasks.ts';

const locale = 'en-US';
const place = aPlace({ isPosted: true });
const task = aTask({ origin: anOrigin({ place }) });
const body = JSON.stringify({ prompt: 'a hat', price: 100, isAsWritten: false, mask: 'AAAA' });

let view: PageView | DeadPage;
let outcome: PageOutcome;
let posted: Posted;
let sent: Painted[];

const clock = createFakeClock();
const desk = createRegionDesk({
  pages: {
    read: async () => view,
    open: async () => 'gone',
    async submit(_token, painted) {
      sent.push(painted);
      return outcome;
    },
  },
  post: async () => posted,
  sayError: ({ code }) => `Refused: \`${code}\`.`,
  sayFinding: ({ code }) => `Found: **${code}**.`,
  words: wordsFor,
  assetPath: '/assets/hash',
  clock,
});

beforeEach(() => {
  sent = [];
  view = {
    name: 'Max',
    locale,
    work: 'offer',
    prompt: 'a fox',
    mayBeEmpty: false,
    price: 100,
    expiresAt: clock.now() + 900_000,
  };
  outcome = { kind: 'started', opened: { task, isNew: true } };
  posted = { outcome: 'taken', messageId: '900' };
});

describe('the page', () => {
  it('has what others wrote in it as text, and nothing that runs but its own files', async () => {
    const evil = '</textarea></script><script>alert("1")</script>&amp;\'';
    view = { ...(view as PageView), name: evil, prompt: evil };
    const { status, html } = await desk.show('token');
    expect(status).toBe(200);
    expect(html).not.toContain('<script>');
    expect(html).not.toContain('</textarea></script>');
    expect(html.match(/<script[^>]*>/gu)).toEqual([
      '<script type="application/json" id="facts">',
      '<script type="module" src="/assets/hash/main.ts">',
    ]);
    expect(html).not.toMatch(/\sstyle=|\son[a-z]+=|https?:/u);
    expect(html).toContain('&#60;/textarea&#62;&#60;/script&#62;&#60;script&#62;alert(&#34;1&#34;)');
  });

  it('keeps the first line break of a prompt, and all facts', async () => {
    view = { ...(view as PageView), prompt: '\na fox' };
    const { html } = await desk.show('token');
    expect(html).toContain('>\n\na fox</textarea>');
    const [, json = ''] = /id="facts">([^<]*)</u.exec(html) ?? [];
    expect(JSON.parse(json)).toMatchObject({ price: 100, expiresInMs: 900_000, mayBeEmpty: false });
  });

  it('says what it costs, if it can be started', async () => {
    expect((await desk.show('token')).html).toContain('Submit for 100 points');
    view = { ...(view as PageView), price: undefined };
    const { html } = await desk.show('token');
    expect(html).toContain('can&#39;t be started right now');
    expect(html).not.toContain('Submit for');
  });

  it('says in a few words that a link leads nowhere, or where its answer is', async () => {
    view = { kind: 'gone' };
    expect(await desk.show('token')).toMatchObject({
      status: 404,
      html: expect.stringContaining('This link doesn&#39;t work'),
    });
    view = { kind: 'submitted', locale, place: { ...place, messageId: '900' } };
    const { status, html } = await desk.show('token');
    expect(status).toBe(410);
    expect(html).toContain('href="https://discord.com/channels/222222222222222222/333333333333333333/900"');
  });
});

describe('what a page sends', () => {
  it('is read, and answered with the message that shows it', async () => {
    expect(await desk.take('token', body)).toEqual({
      kind: 'started',
      sentence: 'The bot answers in the channel. You can close this page.',
      address: 'https://discord.com/channels/222222222222222222/333333333333333333/900',
    });
    expect(sent).toEqual([{ prompt: 'a hat', price: 100, isAsWritten: false, mask: Buffer.from([0, 0, 0]) }]);
  });

  it.each([
    '',
    '{',
    '[]',
    '{"prompt":"a hat"}',
    body.replace('100', '-1'),
    body.replace('"AAAA"', '"ÄÄ"'),
    'null',
  ])('is refused unread if no page sends it: %s', async (wrong) => {
    expect(await desk.take('token', wrong)).toBeUndefined();
    expect(sent).toEqual([]);
  });

  it("is answered without an address if Discord hasn't taken the message yet, or only one person sees it", async () => {
    posted = { outcome: 'unknown' };
    expect(await desk.take('token', body)).not.toHaveProperty('address');
    posted = { outcome: 'taken', messageId: '900' };
    const hidden = aTask({ origin: anOrigin({ place: aPlace({ isPrivate: true, isOpenToBot: false }) }) });
    outcome = { kind: 'started', opened: { task: hidden, isNew: true } };
    expect(await desk.take('token', body)).toEqual({
      kind: 'started',
      sentence: 'The bot answers in Discord, where only you can see it. You can close this page.',
    });
  });

  it('is told in the words of Discord, without its marks', async () => {
    posted = { outcome: 'refused' };
    expect(await desk.take('token', body)).toMatchObject({ kind: 'over' });
    outcome = { kind: 'refused', error: new UserError('mask-size'), locale };
    expect(await desk.take('token', body)).toEqual({
      kind: 'refused',
      sentence: 'Refused: mask-size. Nothing was charged.',
    });
    outcome = { kind: 'price-changed', price: 120, locale };
    expect(await desk.take('token', body)).toMatchObject({
      kind: 'price',
      price: 120,
      cost: 'costs 120 points',
      submit: 'Submit for 120 points',
    });
    const findings = [
      { code: 'one-dash', details: { flag: '-ar', meant: '--ar' }, isCertain: true },
    ] as const;
    const corrected = { prompt: 'a hat --ar 1:1', speed: 'fast', price: 100 };
    outcome = { kind: 'doubtful', locale, details: { findings, corrected, left: 100, draft: 'draft' } };
    expect(await desk.take('token', body)).toEqual({
      kind: 'doubtful',
      sentences: ['Found: one-dash.'],
      corrected: 'a hat --ar 1:1',
      mayBeSent: false,
    });
    for (const kind of ['late', 'gone'] as const) {
      outcome = kind === 'late' ? { kind, locale } : { kind };
      expect(await desk.take('token', body)).toMatchObject({ kind: kind === 'late' ? 'refused' : 'over' });
    }
  });
});

describe("Discord's markup on a page", () => {
  it.each([
    ['It refills <t:7200:R>.', 'It refills in 2 hours.'],
    ['It refills <t:60:t>.', 'It refills in 1 minute.'],
    ['It refills <t:864000:R>.', 'It refills in 10 days.'],
    ['**Bold** and `code`', 'Bold and code'],
    ['`--ar 3\\:2` \\*is\\* fine', '--ar 3:2 *is* fine'],
    ['a_b <@123> 5 * 5', 'a_b <@123> 5 * 5'],
  ])('%s', (markup, text) => {
    expect(toPlainText(markup, locale, 0)).toBe(text);
  });
});
