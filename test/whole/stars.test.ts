import { describe, expect, it } from 'vitest';
import type { Channel, Message, ModalValues, Person } from '../../sandbox/discord/index.ts';
import { quick, textOf, useSandbox, type Whole } from '../helpers/whole.ts';

function createActions(whole: Whole) {
  const discord = () => whole.sandbox.discord;
  const world = () => discord().world;
  return {
    world,
    addChannel: (name: string, ageRestricted = false): Channel =>
      world().addChannel({ name, guild: world().guild, ageRestricted }),
    aFan: (name: string): Person => world().addPerson({ name, guilds: [world().guild] }),
    async set(line: string, values: ModalValues): Promise<void> {
      const opened = await whole.run(`settings ${line}`, {}, world().people.administrator);
      await whole.reply(await whole.send(opened, values), '✅ Saved.');
    },
    async like(message: Message, person: Person): Promise<void> {
      await whole.reply(await whole.press(message, '❤️', person), 'shows them');
    },
    async pictureIn(channel: Channel, prompt = 'a fox'): Promise<Message> {
      const person = world().people.member;
      return whole.picture(await discord().run({ person, channel, command: 'imagine', options: { prompt } }));
    },
    forwarded: (channel: Channel): Message[] =>
      discord()
        .messages(channel.id)
        .filter((message) => message.forwarded !== undefined),
    until: (what: string, isTrue: () => boolean) => discord().until(isTrue, { what, timeoutMs: 25_000 }),
  };
}

describe('the star channel', () => {
  const whole = useSandbox({ kind: 'mjproxy' });
  const { world, addChannel, aFan, set, like, pictureIn, forwarded, until } = createActions(whole);
  const start = () => whole.sandbox.startBot(quick);

  it('gets a result once enough people like it, once ever, not counting its owner', async () => {
    const bot = await start();
    const stars = addChannel('stars');
    await set('star-channel', { channel: [stars.id], hearts: '2' });
    const { member } = world().people;
    const [ann, ben, cid] = [aFan('Ann'), aFan('Ben'), aFan('Cid')];
    const grid = await whole.picture(await whole.imagine('a starry fox', {}, member));
    await like(grid, member);
    await like(grid, ann);
    await like(grid, ann);
    // Two hearts, but one of them is the owner's own.
    const other = await whole.picture(await whole.imagine('a plain fox', {}, member));
    for (const person of [ann, ben]) await like(other, person);
    await until('the other one', () => forwarded(stars).length > 0);
    expect(forwarded(stars).map(({ forwarded: of }) => of?.message.id)).toEqual([other.id]);
    await like(grid, ben);
    await until('a forwarded result', () => forwarded(stars).length === 2);
    expect(forwarded(stars)[1]?.forwarded?.attachments).toHaveLength(1);
    await bot.end('SIGKILL');
    await start();
    await like(grid, cid);
    await like(other, cid);
    const third = await whole.picture(await whole.imagine('a third fox', {}, member));
    for (const person of [ann, ben]) await like(third, person);
    await until('the third one', () => forwarded(stars).length > 2);
    expect(forwarded(stars)).toHaveLength(3);
  });

  it('gets it once, even if the bot dies before it hears that Discord has it', async () => {
    const bot = await start();
    const stars = addChannel('stars');
    await set('star-channel', { channel: [stars.id], hearts: '1' });
    const grid = await whole.picture(await whole.imagine('an interrupted fox'));
    whole.sandbox.discord.trouble.rules.push({
      match: /^POST \/channels\/\d+\/messages/,
      holding: /message_reference/,
      do: { type: 'drop', lost: 'answer' },
    });
    await like(grid, aFan('Ann'));
    await until('a forwarded result', () => forwarded(stars).length === 1);
    await bot.end('SIGKILL');
    const next = await start();
    await next.line('forwarded to the star channel');
    expect(forwarded(stars)).toHaveLength(1);
  });

  it('is no trouble for who presses if the bot may not write there; administrators are told once', async () => {
    await start();
    const [stars, log] = [addChannel('stars'), addChannel('log')];
    await set('star-channel', { channel: [stars.id], hearts: '1' });
    await set('log-channel', { channel: [log.id] });
    stars.botPermissions = 0n;
    for (const prompt of ['one fox', 'two foxes']) {
      const grid = await whole.picture(await whole.imagine(prompt));
      await like(grid, aFan('Ann'));
    }
    const lines = () => whole.sandbox.discord.messages(log.id).filter((one) => textOf(one).includes('⚠️'));
    await until('a line for administrators', () => lines().length > 0);
    expect(lines()).toHaveLength(1);
    expect(textOf(lines()[0])).toContain(`<#${stars.id}>`);
  });

  it('shows nothing of an age-restricted channel to everybody', async () => {
    const bot = await start();
    const stars = addChannel('stars');
    await set('star-channel', { channel: [stars.id], hearts: '1' });
    const { ageRestricted } = world().channels;
    await like(await pictureIn(ageRestricted), aFan('Ann'));
    await bot.line('is not forwarded to one for everybody');
    const adults = addChannel('adult stars', true);
    await set('star-channel', { channel: [adults.id], hearts: '1' });
    await like(await pictureIn(ageRestricted, 'a hare'), aFan('Ben'));
    await until('a forwarded result', () => forwarded(adults).length === 1);
    expect(forwarded(stars)).toEqual([]);
  });

  it('loses a result that its owner deletes', async () => {
    await start();
    const stars = addChannel('stars');
    await set('star-channel', { channel: [stars.id], hearts: '1' });
    const grid = await whole.picture(await whole.imagine('a regretted fox'));
    await like(grid, aFan('Ann'));
    await until('a forwarded result', () => forwarded(stars).length === 1);
    const asked = await whole.press(grid, '🗑️');
    await until('a question', () => asked.followUps.length > 0);
    await whole.press(asked.followUps[0] as Message, 'Yes');
    await until('an empty star channel', () => forwarded(stars).length === 0);
  });
});

describe('pictures behind spoilers', () => {
  const whole = useSandbox({ kind: 'mjproxy' });
  const { world, addChannel, aFan, set, like, pictureIn, forwarded, until } = createActions(whole);

  it('are hidden in the message and in the star channel, and nowhere shown by an embed', async () => {
    await whole.sandbox.startBot(quick);
    const stars = addChannel('stars');
    await set('star-channel', { channel: [stars.id], hearts: '1' });
    const open = await pictureIn(world().channels.general);
    await set('sensitive', { sensitive: 'spoiler' });
    const hidden = await pictureIn(world().channels.general, 'a hidden fox');
    expect(open.attachments.map(({ spoiler }) => spoiler)).toEqual([false]);
    expect(hidden.attachments.map(({ spoiler }) => spoiler)).toEqual([true]);
    expect(JSON.stringify(hidden.embeds)).not.toContain('"image"');
    await like(hidden, aFan('Ann'));
    await until('a forwarded result', () => forwarded(stars).length === 1);
    expect(forwarded(stars)[0]?.forwarded?.attachments[0]?.spoiler).toBe(true);
    const single = await whole.picture(await whole.press(hidden, 'U1'));
    expect(single.attachments[0]?.spoiler).toBe(true);
  });

  it('are made only where administrators want them', async () => {
    await whole.sandbox.startBot(quick);
    const { general, ageRestricted } = world().channels;
    const { member } = world().people;
    const imagineIn = (channel: Channel) =>
      whole.sandbox.discord.run({
        person: member,
        channel,
        command: 'imagine',
        options: { prompt: 'a fox' },
      });
    await set('sensitive', { sensitive: 'age-restricted' });
    await whole.reply(await imagineIn(general), 'only make pictures in age-restricted channels');
    expect((await pictureIn(ageRestricted)).attachments[0]?.spoiler).toBe(false);
    await set('sensitive', { sensitive: 'never' });
    await whole.reply(await imagineIn(ageRestricted), "don't make pictures in age-restricted channels");
    expect((await pictureIn(general)).attachments[0]?.spoiler).toBe(true);
  });
});

describe('the log channel', () => {
  const whole = useSandbox({ kind: 'mjproxy' });
  const { world, addChannel, set, until } = createActions(whole);

  it('says who changed what, without a ping, and not the hidden suffix', async () => {
    await whole.sandbox.startBot(quick);
    const log = addChannel('log');
    const messages = () => whole.sandbox.discord.messages(log.id);
    await set('log-channel', { channel: [log.id] });
    await set('sensitive', { sensitive: 'spoiler' });
    await set('suffix', { suffix: 'a secret style' });
    const points = await whole.run('quota default', { points: 500 }, world().people.administrator);
    await points.acknowledged;
    await until('four lines', () => messages().length === 4);
    const who = `<@${world().people.administrator.id}>`;
    expect(messages().map(({ content }) => content)).toEqual([
      `${who} changed **Log channel**: default → \`"${log.id}"\``,
      `${who} changed **Sensitive pictures**: default → \`"spoiler"\``,
      `${who} changed **Hidden suffix**`,
      `${who} changed **Points and budget**: default → \`500\``,
    ]);
    expect(messages().every(({ flags }) => (flags & 4_096) !== 0)).toBe(true);
  });
});
