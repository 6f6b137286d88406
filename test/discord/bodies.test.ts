import type { RESTOptions } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEdits, type Edits } from '../../src/discord/edits.ts';
import { renderMention } from '../../src/discord/render/mention.ts';
import { renderTask } from '../../src/discord/render/task.ts';
import { createResponder, type Responder } from '../../src/discord/respond.ts';
import { english } from '../../src/locales/index.ts';
import { createFakeClock, type FakeClock } from '../helpers/clock.ts';
import { anOffer, aPlace, aRunningTask, aTask } from '../helpers/tasks.ts';
import { holdTimeLimits, never, type TimeLimits } from '../helpers/time-limits.ts';

type MakeRequest = NonNullable<RESTOptions['makeRequest']>;

/** What Discord is sent: everything that decides who sees it, who is pinged, and what stays of the old message. */
interface Sent {
  readonly route: string;
  readonly authorization: string | null;
  readonly body: unknown;
  /** Names and sizes, under the names of the form's fields. */
  readonly files: Record<string, { name: string; bytes: number }>;
}

const api = 'https://discord.example/api';
const noMentions = { parse: [] };

describe('the body of', () => {
  let sent: Sent[];
  let answer: { status: number; body: unknown };
  let clock: FakeClock;
  let edits: Edits;
  let responder: Responder;

  const makeRequest: MakeRequest = async (url, { method, body, headers }) => {
    const form = Buffer.isBuffer(body)
      ? await new Response(new Uint8Array(body), { headers: headers as Record<string, string> }).formData()
      : undefined;
    const json = form === undefined ? body : form.get('payload_json');
    const files: Sent['files'] = {};
    form?.forEach((value, name) => {
      if (typeof value !== 'string') files[name] = { name: value.name, bytes: value.size };
    });
    sent.push({
      route: `${method} ${decodeURIComponent(url.slice(`${api}/v10`.length))}`,
      authorization: new Headers(headers as Record<string, string>).get('authorization'),
      body: typeof json === 'string' ? JSON.parse(json) : undefined,
      files,
    });
    const text = answer.body === undefined ? null : JSON.stringify(answer.body);
    return new Response(text, {
      status: answer.status,
      headers: { 'content-type': 'application/json' },
    }) as unknown as Awaited<ReturnType<MakeRequest>>;
  };

  beforeEach(() => {
    sent = [];
    answer = { status: 200, body: { id: '900' } };
    clock = createFakeClock(0);
    const onUnauthorized = () => undefined;
    edits = createEdits({ apiUrl: api, token: 'bot-token', makeRequest, clock, onUnauthorized });
    responder = createResponder({ apiUrl: api, makeRequest });
  });

  const place = aPlace({ messageId: '900', tokenExpiresAt: 1_000 });
  const interaction = { id: '1', token: 'interaction-token', applicationId: place.applicationId };
  const byToken = `/webhooks/${place.applicationId}/interaction-token/messages/@original`;
  const byChannel = `/channels/${place.channelId}/messages`;
  const callback = 'POST /interactions/1/interaction-token/callback?with_response=true';
  const media = [{ kind: 'picture', url: 'https://p.example/1.png' }] as const;
  const done = aTask({
    id: 'a-finished-task1',
    state: 'done',
    origin: { ...aTask().origin, place },
    result: { media, offers: [anOffer()] },
  });

  const result = renderTask(done, english, { shown: { as: 'files', names: ['a.png', 'b.png'] } });
  const files = [
    { name: 'a.png', data: Buffer.from('first') },
    { name: 'b.png', data: Buffer.from('the second') },
  ];

  it.each([
    ['token', 0, `PATCH ${byToken}`, null],
    ['channel', 2_000, `PATCH ${byChannel}/900`, 'Bot bot-token'],
  ] as const)('a result, through the %s', async (_route, now, route, authorization) => {
    clock.set(now);
    await edits.edit(place, result, files);
    expect(sent).toEqual([
      {
        route,
        authorization,
        body: {
          content: '**a fox** - <@444444444444444444> (Fast)',
          embeds: [expect.objectContaining({ footer: { text: '100 points' } })],
          components: [
            {
              type: 1,
              components: [
                expect.objectContaining({ custom_id: 'offer:a-finished-task1:0' }),
                expect.objectContaining({ custom_id: 'favorite:a-finished-task1:0' }),
                expect.objectContaining({ custom_id: 'remove:a-finished-task1:0' }),
              ],
            },
          ],
          attachments: [
            { id: '0', filename: 'a.png', description: 'a fox (1 of 2)' },
            { id: '1', filename: 'b.png', description: 'a fox (2 of 2)' },
          ],
          allowed_mentions: noMentions,
        },
        files: { 'files[0]': { name: 'a.png', bytes: 5 }, 'files[1]': { name: 'b.png', bytes: 10 } },
      },
    ]);
  });

  it.each([
    ['token', 0, `PATCH ${byToken}`, null],
    ['channel', 2_000, `PATCH ${byChannel}/900`, 'Bot bot-token'],
  ] as const)(
    'progress, which removes what was there, through the %s',
    async (_route, now, route, authorization) => {
      clock.set(now);
      const running = aRunningTask({ progress: 40, origin: done.origin });
      await edits.edit(place, renderTask(running, english), []);
      expect(sent).toEqual([
        {
          route,
          authorization,
          body: {
            content: '**a fox** - <@444444444444444444> (Fast)',
            embeds: [expect.objectContaining({ description: expect.stringContaining('40%') })],
            components: [],
            attachments: [],
            allowed_mentions: noMentions,
          },
          files: {},
        },
      ]);
    },
  );

  it('a mention, which pings its owner and nobody else', async () => {
    await edits.send(place, renderMention(done, english));
    expect(sent).toEqual([
      {
        route: `POST ${byChannel}`,
        authorization: 'Bot bot-token',
        body: {
          content: expect.stringContaining(`<@${done.origin.userId}>`),
          nonce: 'a-finished-task1',
          enforce_nonce: true,
          message_reference: { message_id: '900', fail_if_not_exists: false },
          allowed_mentions: { parse: [], users: [done.origin.userId], replied_user: false },
        },
        files: {},
      },
    ]);
  });

  it('a mention that only opens a thread, which pings nobody', () => {
    const origin = { ...done.origin, isQuiet: true as const };
    expect(renderMention({ ...done, origin }, english).allowed_mentions).toEqual({
      parse: [],
      users: [],
      replied_user: false,
    });
  });

  it('the mention of a late result, a different message from that of its failure', async () => {
    const late = { ...done, state: 'failed' as const, lateAt: 5 };
    await edits.send(place, renderMention(late, english));
    expect(sent[0]?.body).toMatchObject({ nonce: 'a-finished-task1-late', enforce_nonce: true });
  });

  describe('a first answer', () => {
    const of = (body: object) => [{ route: callback, authorization: null, body, files: {} }];
    const message = { content: 'No. <@1> @everyone', embeds: [], components: [] };

    it('that the publisher fills in later: everybody sees it', async () => {
      answer.body = { resource: { message: { id: '900' } } };
      expect(await responder.defer(interaction)).toEqual({ outcome: 'taken', messageId: '900' });
      expect(sent).toEqual(of({ type: 5 }));
    });

    it('visible only to the person', async () => {
      await responder.replyPrivately(interaction, message);
      expect(sent).toEqual(of({ type: 4, data: { ...message, flags: 64, allowed_mentions: noMentions } }));
    });

    it('deferred, visible only to the person', async () => {
      await responder.deferPrivately(interaction);
      expect(sent).toEqual(of({ type: 5, data: { flags: 64 } }));
    });

    it('to a press that shows nothing', async () => {
      await responder.deferUpdate(interaction);
      expect(sent).toEqual(of({ type: 6 }));
    });

    it('that turns a page', async () => {
      await responder.updateMessage(interaction, message);
      expect(sent).toEqual(of({ type: 7, data: { ...message, allowed_mentions: noMentions } }));
    });

    it('that opens a modal', async () => {
      const modal = { custom_id: 'window:a-finished-task1:0', title: 'Zoom', components: [] };
      await responder.openModal(interaction, modal);
      expect(sent).toEqual(of({ type: 9, data: modal }));
    });

    it.each([0, 1, 25, 26, 400])('with %i suggestions: at most the first 25', async (count) => {
      const all = Array.from({ length: count }, (_, index) => ({ name: `Zone ${index}`, value: `${index}` }));
      await responder.suggest(interaction, all);
      expect(sent).toEqual(of({ type: 8, data: { choices: all.slice(0, 25) } }));
    });
  });

  it('what fills in a private answer: neither buttons nor files stay', async () => {
    await responder.editPrivately(interaction, { content: 'Here it is. <@1>' }, [
      { name: 'data.json.gz', data: Buffer.from('data') },
    ]);
    expect(sent).toEqual([
      {
        route: `PATCH ${byToken}`,
        authorization: null,
        body: {
          content: 'Here it is. <@1>',
          components: [],
          attachments: [{ id: '0', filename: 'data.json.gz' }],
          allowed_mentions: noMentions,
        },
        files: { 'files[0]': { name: 'data.json.gz', bytes: 4 } },
      },
    ]);
  });

  it('a question after a first answer: visible only to the person', async () => {
    await responder.followUpPrivately(interaction, { content: 'Delete this? <@1>' });
    const route = `POST /webhooks/${place.applicationId}/interaction-token`;
    const body = { content: 'Delete this? <@1>', flags: 64, allowed_mentions: noMentions };
    expect(sent).toEqual([{ route, authorization: null, body, files: {} }]);
  });

  it('what removes a message: an answer to the press first', async () => {
    await responder.removeMessage(interaction);
    expect(sent.map(({ route }) => route)).toEqual([callback, `DELETE ${byToken}`]);
    expect(sent[0]?.body).toEqual({ type: 6 });
  });

  it.each([
    [10_008, 'counts as removed: somebody else was faster', true],
    [50_027, "isn't, so nobody says that it is", false],
    [10_015, "isn't, so nobody says that it is", false],
  ])('what removes a message; after %i it %s', async (code, _what, isRemoved) => {
    answer = { status: 404, body: { code, message: 'No' } };
    const removed = responder.removeOriginal(interaction).then(
      () => true,
      () => false,
    );
    expect(await removed).toBe(isRemoved);
  });
});

describe('a Discord that never answers', () => {
  let limits: TimeLimits;
  beforeEach(() => {
    limits = holdTimeLimits();
  });
  afterEach(() => limits.restore());

  it("is asked for the bot's own files for little more than a second", async () => {
    const makeRequest: MakeRequest = (_url, { signal }) => never(signal as AbortSignal);
    const edits = createEdits({
      apiUrl: api,
      token: 'bot-token',
      makeRequest,
      clock: createFakeClock(),
      onUnauthorized: () => undefined,
    });
    const listing = edits.listFiles(aPlace({ messageId: '900' }));
    const set = await limits.take();
    expect(set.map(({ ms }) => ms)).toEqual([1_200]);
    await set[0]?.end();
    expect(await listing).toEqual([]);
  });
});
