import { REST } from 'discord.js';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  brokenGateway,
  createDiscord,
  type Discord,
  type Interaction,
  refusedWith,
  silent,
} from '../../sandbox/discord/index.ts';
import { type Bot, createBot } from '../../src/discord/bot.ts';
import { createEdits, type Edits, toFileAddresses, uploadTimeoutMs } from '../../src/discord/edits.ts';
import { renderMention } from '../../src/discord/render/mention.ts';
import { renderTask } from '../../src/discord/render/task.ts';
import { createResponder, type Responder } from '../../src/discord/respond.ts';
import { createTransport } from '../../src/discord/transport.ts';
import { english, wordsFor } from '../../src/locales/index.ts';
import { createOpenAgent } from '../../src/providers/agents.ts';
import type { Place } from '../../src/task.ts';
import { createFakeClock, type FakeClock } from '../helpers/clock.ts';
import { aRunningTask } from '../helpers/tasks.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Real REST clients and a real gateway client, against the local Discord. */
describe('writing to Discord', () => {
  let discord: Discord;
  let clock: FakeClock;
  let edits: Edits;
  let responder: Responder;
  let bot: Bot;
  let places: Map<string, Place>;
  let unauthorized: number;
  /** What the bot does with a command, set by each test. */
  let onCommand: (interaction: Parameters<Responder['defer']>[0]) => Promise<void>;
  const makeRequest = createTransport(createOpenAgent());

  beforeEach(async () => {
    discord = await createDiscord();
    clock = createFakeClock(Date.now());
    places = new Map();
    edits = createEdits({
      apiUrl: discord.url,
      token: discord.token,
      makeRequest,
      clock,
      onUnauthorized: () => {
        unauthorized += 1;
      },
    });
    unauthorized = 0;
    responder = createResponder({ apiUrl: discord.url, makeRequest });
    onCommand = async (interaction) => void (await responder.defer(interaction, false));
    const log = pino({ level: 'silent' });
    const data = { name: 'try', description: 'Tries', toJSON: () => ({ name: 'try', description: 'Tries' }) };
    bot = createBot({
      token: discord.token,
      apiUrl: discord.url,
      makeRequest,
      policies: {
        admit: async (asker) => asker,
        read: async () => ({
          operator: {
            allowedGuilds: '*',
            allowsDirect: true,
            operatorIds: new Set(),
            serverBudget: undefined,
            refundedCancels: 10,
          },
          book: {},
        }),
      },
      messageCommands: [],
      commands: [
        {
          data: data as never,
          async execute(interaction, { caller }) {
            places.set(interaction.id, caller.origin.place);
            await onCommand(interaction);
          },
        },
      ],
      // No command of these tests asks for anything else.
      useCases: { preferences: { read: async () => ({ presets: {}, codes: [] }) } } as never,
      responder,
      acknowledge: (async () => undefined) as never,
      directResults: undefined as never,
      words: wordsFor,
      clock,
      log,
      onClosed: () => undefined,
    });
    await bot.start();
    await discord.until(() => bot.isReady());
    const rest = new REST({ api: discord.url, makeRequest }).setToken(discord.token);
    await rest.put(`/applications/${discord.applicationId}/commands`, { body: [data.toJSON()] });
  });
  afterEach(async () => {
    await bot.stop();
    await discord.close();
    expect(discord.violations).toEqual([]);
  });

  async function run(): Promise<{ interaction: Interaction; place: Place }> {
    const { people, channels } = discord.world;
    const interaction = await discord.run({
      person: people.member,
      channel: channels.general,
      command: 'try',
    });
    await interaction.acknowledged;
    const place = places.get(interaction.id);
    if (place === undefined) throw new Error('the command did not run');
    return { interaction, place: { ...place, messageId: interaction.message?.id ?? '' } };
  }

  const message = renderTask(aRunningTask({ progress: 40 }), english, {
    shown: { as: 'files', names: ['a.png'] },
  });
  const files = [{ name: 'a.png', data: png }];

  it('says which message it acknowledged with', async () => {
    const outcome = Promise.withResolvers<unknown>();
    onCommand = async (interaction) => outcome.resolve(await responder.defer(interaction, false));
    const { interaction } = await run();
    expect(await outcome.promise).toEqual({ outcome: 'taken', messageId: interaction.message?.id });
  });

  it.each([
    ['nothing', { status: 204 }],
    ['nothing, as 200', { status: 200 }],
    ['a page', { status: 200, body: '<html></html>' }],
    ['a list', { status: 200, body: [] }],
    ['another object', { status: 200, body: { interaction: {}, resource: { message: {} } } }],
  ])('asks for the message if Discord answers %s', async (_, answer) => {
    discord.trouble.rules.push({ match: /callback$/, do: silent(answer) });
    const outcome = Promise.withResolvers<unknown>();
    onCommand = async (interaction) => outcome.resolve(await responder.defer(interaction, false));
    const { interaction } = await run();
    expect(await outcome.promise).toEqual({ outcome: 'taken', messageId: interaction.message?.id });
  });

  it("counts as acknowledged, with its message unknown for now, if Discord can't be asked", async () => {
    discord.trouble.rules.push({ match: /callback$/, do: silent() }, { match: /^GET/, do: brokenGateway() });
    const outcome = Promise.withResolvers<unknown>();
    onCommand = async (interaction) => outcome.resolve(await responder.defer(interaction, false));
    const { interaction, place } = await run();
    expect(await outcome.promise).toEqual({ outcome: 'taken', messageId: undefined });
    const edited = await edits.edit(place, message, files);
    expect(edited).toMatchObject({ outcome: 'done', messageId: interaction.message?.id });
  });

  it('never writes or reads something private through its channel, whatever else is known of the place', async () => {
    onCommand = async (interaction) => void (await responder.defer(interaction, true));
    const { interaction, place } = await run();
    await interaction.acknowledged;
    expect(interaction.message?.visibleTo).toBe(interaction.person);
    const hidden = { ...place, isPrivate: true, isOpenToBot: true } as const;
    expect((await edits.edit(hidden, message, files)).outcome).toBe('done');
    const mention = renderMention(aRunningTask(), english);
    expect(await edits.whisper(hidden, mention)).toMatchObject({ outcome: 'done' });
    expect(interaction.followUps.map(({ visibleTo }) => visibleTo)).toEqual([interaction.person]);
    discord.expire(interaction);
    for (const known of [hidden, { ...hidden, tokenExpiresAt: 0 }]) {
      expect(await edits.edit(known, message, files)).toMatchObject({ outcome: 'unreachable' });
      expect(await edits.send(known, mention)).toEqual({ outcome: 'unreachable' });
      expect(await edits.listFiles(known)).toEqual([]);
    }
    expect(await edits.whisper({ ...hidden, tokenExpiresAt: 0 }, mention)).toEqual({
      outcome: 'unreachable',
    });
    expect(discord.requests.filter(({ path }) => path.startsWith('/channels/'))).toEqual([]);
  });

  it("doesn't confuse another answer with the message it looks for", async () => {
    const { interaction, place } = await run();
    for (const body of [{}, { id: 5 }, [], '<html></html>']) {
      discord.trouble.rules.push({ match: /^GET/, do: { type: 'answer', answer: { status: 200, body } } });
      expect(await responder.findOriginal(place)).toEqual({ outcome: 'unknown' });
    }
    const found = { outcome: 'taken', messageId: interaction.message?.id };
    expect(await responder.findOriginal(place)).toEqual(found);
  });

  it('immediately refuses what it could only answer too late', async () => {
    const released = Promise.withResolvers<void>();
    discord.settings.acknowledgeWithinMs = 20_000; // hundreds of presses take a while on a busy machine
    onCommand = async (interaction) => {
      await released.promise;
      await responder.defer(interaction, false);
    };
    const { people, channels } = discord.world;
    const input = { person: people.member, channel: channels.general, command: 'try' };
    const asked = await Promise.all(Array.from({ length: 402 }, () => discord.run(input)));
    const isRefused = ({ message: shown }: Interaction) =>
      JSON.stringify(shown?.content ?? '').includes('very busy right now');
    await discord.until(() => asked.some(isRefused), { what: 'a refusal', timeoutMs: 15_000 });
    released.resolve();
    await Promise.all(asked.map((interaction) => interaction.acknowledged));
    expect(asked.filter(isRefused)).toHaveLength(1);
  });

  it('edits through the token, with a file', async () => {
    const { interaction, place } = await run();
    expect(edits.routeFor(place)).toBe('token');
    expect(await edits.edit(place, message, files)).toMatchObject({ outcome: 'done' });
    expect(interaction.message?.attachments[0]?.bytes).toEqual(png);
    expect(discord.requests.at(-1)?.path).toContain('/webhooks/');
  });

  it('edits through the channel after fourteen minutes', async () => {
    const { interaction, place } = await run();
    await clock.pass(14 * 60_000);
    expect(edits.routeFor(place)).toBe('channel');
    expect(await edits.edit(place, message, files)).toMatchObject({ outcome: 'done' });
    expect(interaction.message?.attachments[0]?.bytes).toEqual(png);
    expect(discord.requests.at(-1)?.path).toContain('/channels/');
  });

  it('edits through the channel when the token turns out to have expired', async () => {
    const { interaction, place } = await run();
    discord.expire(interaction);
    expect(await edits.edit(place, message, files)).toMatchObject({ outcome: 'done' });
    expect(interaction.message?.embeds[0]?.description).toContain('40%');
  });

  it('reports a deleted message as gone', async () => {
    const { interaction, place } = await run();
    if (interaction.message !== undefined) discord.remove(interaction.message);
    expect(await edits.edit(place, message, files)).toMatchObject({ outcome: 'gone' });
  });

  it('reports that a file is too large', async () => {
    discord.settings.attachmentSizeLimit = 10;
    const { place } = await run();
    expect(await edits.edit(place, message, files)).toMatchObject({ outcome: 'too-large' });
  });

  it.each([
    ['ten MiB over 1 Mbit/s', 10 * 2 ** 20, 1_000_000],
    ['ten MiB, one of sixteen over 20 Mbit/s', 10 * 2 ** 20, 20_000_000 / 16],
    ['45 MB over 5 Mbit/s', 45_000_000, 5_000_000],
    ['500 MiB over 1 Mbit/s', 500 * 2 ** 20, 1_000_000],
  ])('allows time for %s', (_, bytes, bitsPerSecond) => {
    expect(uploadTimeoutMs(bytes)).toBeGreaterThan((bytes * 8 * 1_000) / bitsPerSecond);
  });

  it.each([
    ['files', files, 'too-slow'],
    ['no files', [], 'later'],
  ] as const)('cuts off a call with %s that takes too long', async (_, sent, outcome) => {
    const { place } = await run();
    const asked: number[] = [];
    const impatient = createEdits({
      apiUrl: discord.url,
      token: discord.token,
      makeRequest,
      clock,
      onUnauthorized: () => undefined,
      timeoutFor: (bytes) => asked.push(bytes) && 50,
    });
    const over = Promise.withResolvers<void>();
    discord.trouble.rules.push({ match: /^PATCH/, do: { type: 'hold', until: over.promise, when: 'first' } });
    expect(
      await impatient.edit(place, sent.length > 0 ? message : renderTask(aRunningTask(), english), [...sent]),
    ).toMatchObject({ outcome });
    expect(asked).toEqual([sent.reduce((sum, { data }) => sum + data.length, 0)]);
    over.resolve();
  });

  it('leaves 5xx, broken connections and long rate limits for later', async () => {
    const { place } = await run();
    const match = /^PATCH /;
    discord.trouble.rules.push({ match, times: 1, do: brokenGateway(502) });
    expect(await edits.edit(place, message, files)).toMatchObject({ outcome: 'later' });
    discord.trouble.rules.push({ match, times: 1, do: { type: 'drop', lost: 'request' } });
    expect(await edits.edit(place, message, files)).toMatchObject({ outcome: 'later' });
    expect(await edits.edit(place, message, files)).toMatchObject({ outcome: 'done' });
  });

  it('mentions the owner once, no matter what happens on the way', async () => {
    const { interaction, place } = await run();
    const mention = renderMention(
      aRunningTask({ origin: { ...aRunningTask().origin, userId: interaction.person.id, place } }),
      english,
    );
    discord.trouble.rules.push({ match: /^POST \/channels/, times: 1, do: { type: 'drop', lost: 'answer' } });
    expect(await edits.send(place, mention)).toMatchObject({ outcome: 'later' });
    expect(await edits.send(place, mention)).toMatchObject({ outcome: 'done' });
    const told = discord
      .messages(interaction.channel.id)
      .filter(({ content }) => content?.includes(`<@${interaction.person.id}>`));
    expect(told).toHaveLength(1);
  });

  it('reads its own files again, and none if the message is gone', async () => {
    const { interaction, place } = await run();
    await edits.edit(place, message, files);
    const [address] = await edits.listFiles(place);
    const response = await fetch(address ?? '');
    expect(Buffer.from(await response.arrayBuffer())).toEqual(png);
    if (interaction.message !== undefined) discord.remove(interaction.message);
    expect(await edits.listFiles(place)).toEqual([]);
  });

  const refusedToken = () => refusedWith(401, 0, '401: Unauthorized');
  const page = (status: number) =>
    ({ type: 'answer', answer: { status, body: '<html>Who are you?</html>' } }) as const;

  it("says that the bot's token is refused, if Discord says so twice", async () => {
    const { place } = await run();
    await clock.pass(14 * 60_000);
    discord.trouble.rules.push(
      { match: /^PATCH \/channels/, do: refusedToken() },
      { match: /^GET \/users\/@me$/, do: refusedToken() },
    );
    await edits.edit(place, message, files);
    expect(unauthorized).toBe(1);
  });

  const json401 = (body: object) => ({ type: 'answer', answer: { status: 401, body } }) as const;

  it.each([
    ['a page of something in between', [page(401)]],
    ['JSON of something in between', [json401({ error: 'login required' })]],
    ['nothing', [{ type: 'answer', answer: { status: 401 } } as const]],
    ['Discord, which takes the token a moment later', [refusedToken()]],
    ['Discord, and then a page', [refusedToken(), page(401)]],
    ['Discord, which is away then', [refusedToken(), brokenGateway()]],
  ])('goes on with its token after a 401 from %s', async (_, [first, second]) => {
    const { place } = await run();
    await clock.pass(14 * 60_000);
    discord.trouble.rules.push({ match: /^PATCH \/channels/, do: first as never });
    if (second !== undefined) discord.trouble.rules.push({ match: /^GET \/users\/@me$/, do: second });
    expect(await edits.edit(place, message, files)).toMatchObject({ outcome: 'later' });
    expect(unauthorized).toBe(0);
    expect(await edits.edit(place, message, files)).toMatchObject({ outcome: 'done' });
  });

  it.each([401, 403, 404])("doesn't know whether an answer exists if a web page says %i", async (status) => {
    const { place } = await run();
    discord.trouble.rules.push({ match: /^GET /, do: page(status) });
    expect(await responder.findOriginal(place)).toEqual({ outcome: 'unknown' });
    expect(await responder.findOriginal(place)).toMatchObject({ outcome: 'taken' });
  });

  it.each([
    [404, 10_008, 'refused'],
    [404, 10_015, 'refused'],
    [404, 10_062, 'refused'],
    [401, 50_027, 'refused'],
    [403, 50_001, 'unknown'],
    [404, 0, 'unknown'],
    [403, 40_333, 'unknown'],
  ] as const)('reads %i with code %i as an answer that is %s', async (status, code, outcome) => {
    const { place } = await run();
    discord.trouble.rules.push({ match: /^GET /, do: refusedWith(status, code) });
    expect(await responder.findOriginal(place)).toEqual({ outcome });
  });

  it.each([401, 403, 404])("doesn't know whether an answer arrived if a web page says %i", async (status) => {
    discord.trouble.rules.push({ match: /callback/, do: page(status) });
    const outcome = Promise.withResolvers<unknown>();
    onCommand = async (interaction) => {
      outcome.resolve(await responder.defer(interaction, false));
      await responder.defer(interaction, false); // for the sandbox, which wants an answer
    };
    await run();
    expect(await outcome.promise).toEqual({ outcome: 'unknown' });
  });

  it.each([
    [404, 10_008, 'gone'],
    [403, 50_001, 'forbidden'],
    [403, 50_013, 'forbidden'],
    [404, 10_003, 'forbidden'],
    [404, 10_004, 'forbidden'],
    [403, 50_005, 'forbidden'],
    [400, 200_000, 'refused'],
    [400, 50_035, 'refused'],
    [400, 30_046, 'later'],
    [403, 40_333, 'later'],
    [400, 50_083, 'archived'],
    [403, 160_005, 'locked'],
  ] as const)('reads %i with code %i as %s', async (status, code, outcome) => {
    const { place } = await run();
    discord.trouble.rules.push({ match: /^PATCH /, times: 1, do: refusedWith(status, code) });
    expect(await edits.edit(place, message, files)).toMatchObject({ outcome });
  });

  it('learns that an answer came too late, or twice', async () => {
    const outcomes: string[] = [];
    onCommand = async (interaction) => {
      outcomes.push(
        (await responder.defer(interaction, false)).outcome,
        (await responder.defer(interaction, false)).outcome,
      );
    };
    const { place } = await run();
    await discord.until(() => outcomes.length === 2);
    expect(outcomes).toEqual(['taken', 'unknown']);
    expect(await responder.findOriginal(place)).toMatchObject({
      outcome: 'taken',
      messageId: place.messageId,
    });
    expect(await responder.findOriginal({ applicationId: place.applicationId, token: 'nonsense' })).toEqual({
      outcome: 'refused',
    });
  });

  it("doesn't know whether an answer arrived if the reply was lost", async () => {
    const outcome = Promise.withResolvers<unknown>();
    discord.trouble.rules.push({ match: /callback/, times: 1, do: { type: 'drop', lost: 'answer' } });
    onCommand = async (interaction) => outcome.resolve(await responder.defer(interaction, false));
    const { place } = await run();
    expect(await outcome.promise).toEqual({ outcome: 'unknown' });
    expect(await responder.findOriginal(place)).toMatchObject({ outcome: 'taken' });
  });
});

describe('addresses of the files on a message', () => {
  const file = (path: string, query = 'ex=1&is=2&hm=3', host = 'cdn.discordapp.com') =>
    `https://${host}/attachments/1/${path}?${query}`;
  const read = (shown: (string | undefined)[], attached: string[]) =>
    toFileAddresses({
      embeds: shown.map((url) => (url === undefined ? {} : { image: { url } })),
      attachments: attached.map((url) => ({ url })) as never,
    });

  it.each([
    ['signed otherwise', file('2/a.png', 'ex=9&is=2&hm=7')],
    ['signed there only', file('2/a.png', '')],
    ['with a size in its query', file('2/a.png', 'ex=1&is=2&hm=3&width=500&height=300')],
    ['on another host of Discord', file('2/a.png', 'ex=1', 'media.discordapp.net')],
    ['the same', file('2/a.png')],
  ])('include a file once if an embed shows it %s', (_how, shown) => {
    expect(read([shown], [file('2/a.png')])).toEqual([shown]);
    expect(read([shown], [file('2/a.png'), file('3/b.png')])).toEqual([shown, file('3/b.png')]);
  });

  it.each([
    ['only an embed has', [file('2/a.png')], [], [file('2/a.png')]],
    ['have one name, but are two', [file('2/a.png')], [file('3/a.png')], [file('2/a.png'), file('3/a.png')]],
    ['no embed shows', [undefined], [file('2/a.mp4'), file('3/b.mp4')], [file('2/a.mp4'), file('3/b.mp4')]],
  ])('include all files that %s', (_which, shown, attached, all) => {
    expect(read(shown, attached)).toEqual(all);
  });
});
