import { describe, expect, it } from 'vitest';
import type { Message, ModalValues, Person } from '../../sandbox/discord/index.ts';
import { cornersOf, quarters } from '../helpers/files.ts';
import {
  chargeOf,
  labelsOf,
  quick,
  textOf,
  useSandbox,
  useSharedSandbox,
  type Whole,
} from '../helpers/whole.ts';

async function photo(name = 'photo.png', width = 64, height = 48) {
  return { name, bytes: await (await quarters(width, height)).png().toBuffer() };
}

/** People, and what they do from the menu of a message. */
function useMenus(whole: Whole) {
  const discord = () => whole.sandbox.discord;
  return {
    aPerson(name: string): Person {
      const { world } = discord();
      return world.addPerson({ name, guilds: [world.guild] });
    },
    post(
      person: Person,
      input: Omit<Parameters<Whole['sandbox']['discord']['post']>[0], 'person' | 'channel'>,
    ) {
      return discord().post({ person, channel: discord().world.channels.general, ...input });
    },
    choose(message: Message, command: string, person: Person) {
      return discord().runOnMessage({ person, message, command });
    },
    /** Fills in the modal that the command opens. */
    async fill(message: Message, command: string, person: Person, values: ModalValues) {
      return whole.send(await discord().runOnMessage({ person, message, command }), values);
    },
    sent: () => whole.sandbox.provider.submits.at(-1),
    count: () => whole.sandbox.provider.submits.length,
  };
}

/** The pictures in a submit, as a midjourney-proxy gets them. */
function picturesIn(body: Readonly<Record<string, unknown>> = {}): Buffer[] {
  const given = [body['base64Array'] ?? [], body['base64'] ?? [], body['image'] ?? []].flat() as string[];
  return given.map((text) => Buffer.from(text.replace(/^.*?,/u, ''), 'base64'));
}

describe('the menu of a message from somebody else', () => {
  const whole = useSharedSandbox({ kind: 'mjproxy' });
  const { aPerson, post, choose, fill, sent, count } = useMenus(whole);

  it('describes its picture', async () => {
    const [ann, bob] = [aPerson('Ann'), aPerson('Bob')];
    const file = await photo();
    const message = await post(ann, { content: 'look at this', files: [file] });
    const described = await choose(message, 'Describe image', bob);
    await whole.reply(described, '**4.**');
    expect(sent()).toMatchObject({ kind: 'describe' });
    expect(picturesIn(sent()?.body)).toEqual([file.bytes]);
    expect(described.message?.visibleTo).toBeUndefined();
    expect(await whole.points(ann)).toBe('2,000 points');
    expect(await whole.points(bob)).not.toBe('2,000 points');
  });

  it('asks which one if it has several', async () => {
    const [ann, bob] = [aPerson('Cid'), aPerson('Dee')];
    const files = [
      await photo('a.png'),
      await photo('b.png', 32, 24),
      { name: 'notes.txt', bytes: Buffer.from('hi') },
    ];
    const message = await post(ann, { files });
    const opener = await choose(message, 'Describe image', bob);
    await opener.acknowledged;
    expect(JSON.stringify(opener.modal)).toContain('2. b.png');
    expect(JSON.stringify(opener.modal)).not.toContain('notes.txt');
    await whole.reply(await whole.send(opener, { pictures: ['1'] }), '**4.**');
    expect(picturesIn(sent()?.body)).toEqual([files[1]?.bytes]);
  });

  it('edits its picture as somebody describes', async () => {
    const [ann, bob] = [aPerson('Eli'), aPerson('Fay')];
    const file = await photo();
    const message = await post(ann, { files: [file] });
    const edited = await whole.picture(
      await fill(message, 'Edit image', bob, { prompt: 'add snow --relax' }),
    );
    expect(sent()).toMatchObject({ kind: 'edits', prompt: 'add snow --relax' });
    expect(picturesIn(sent()?.body)).toEqual([file.bytes]);
    expect(chargeOf(edited)).toBe('Relax · 40 points');
  });

  it('imagines something with its pictures', async () => {
    const [ann, bob] = [aPerson('Gus'), aPerson('Hal')];
    const files = [await photo('a.png'), await photo('b.png', 32, 24), await photo('c.png', 24, 32)];
    const message = await post(ann, { files });
    const values = { prompt: 'the same in winter --ar 3:2', pictures: ['0', '2'] };
    const made = await whole.picture(await fill(message, 'Use as reference', bob, values));
    expect(sent()).toMatchObject({ kind: 'imagine', prompt: 'the same in winter --ar 3:2' });
    expect(picturesIn(sent()?.body)).toEqual([files[0]?.bytes, files[2]?.bytes]);
    expect(chargeOf(made)).toBe('Fast · 100 points');
  });

  it.each(['Imagine again', 'Task details'])('has nothing for %s', async (command) => {
    const [ann, bob] = [aPerson(`Ida ${command}`), aPerson(`Jo ${command}`)];
    const message = await post(ann, { files: [await photo()] });
    const answer = await whole.reply(
      await choose(message, command, bob),
      "doesn't show any of the bot's tasks",
    );
    expect(answer.visibleTo).toBe(bob);
    expect(await whole.points(bob)).toBe('2,000 points');
  });

  const unusable: readonly [string, Parameters<typeof post>[1], string][] = [
    ['words alone', { content: 'no picture here' }, 'has no image that the bot can use'],
    [
      'a text',
      { files: [{ name: 'notes.txt', bytes: Buffer.from('hello') }] },
      'has no image that the bot can use',
    ],
    [
      'a video',
      { files: [{ name: 'clip.mp4', bytes: Buffer.from('....ftypmp42') }] },
      'has no image that the bot can use',
    ],
    [
      'a text that claims to be a picture',
      { files: [{ name: 'fox.png', bytes: Buffer.from('hello') }] },
      '`fox.png`',
    ],
    [
      'a picture that is too large',
      { files: [{ name: 'fox.png', bytes: Buffer.alloc(26 * 1024 * 1024, 1) }] },
      '`fox.png`',
    ],
    [
      'a picture inside the network of the bot',
      { embeds: [{ image: { url: 'https://192.168.1.1/fox.png' } }] },
      "couldn't download `fox.png`",
    ],
  ];
  it.each(unusable)('refuses %s, for free', async (name, input, sentence) => {
    const [ann, bob] = [aPerson(`Kim ${name}`), aPerson(`Lea ${name}`)];
    const message = await post(ann, input);
    const before = count();
    const answer = await whole.reply(await choose(message, 'Describe image', bob), sentence);
    expect(answer.visibleTo).toBe(bob);
    expect(count()).toBe(before);
    expect(await whole.points(bob)).toBe('2,000 points');
  });

  it('refuses a picture whose message was deleted before the modal was sent', async () => {
    const [ann, bob] = [aPerson('Max'), aPerson('Ned')];
    const message = await post(ann, { files: [await photo()] });
    const opener = await choose(message, 'Edit image', bob);
    await opener.acknowledged;
    whole.sandbox.discord.remove(message);
    const before = count();
    const answer = await whole.reply(
      await whole.send(opener, { prompt: 'add snow' }),
      'no longer has `photo.png`',
    );
    expect(answer.visibleTo).toBe(bob);
    expect(count()).toBe(before);
    expect(await whole.points(bob)).toBe('2,000 points');
  });

  it.each([
    [
      'only what it needs',
      { author: undefined, type: undefined, timestamp: undefined, channel_id: undefined },
    ],
    ['a poll and a component of the future', { poll: {}, components: [{ type: 99, parts: null }, null] }],
    ['a file that lacks everything', { stickers: null, mentions: null, embeds: [null, { image: 'odd' }] }],
  ])('describes the picture of a message with %s', async (name, changes) => {
    const { settings } = whole.sandbox.discord;
    const [ann, bob] = [aPerson(`Wim ${name}`), aPerson(`Xia ${name}`)];
    const message = await post(ann, { files: [await photo()] });
    settings.reshape = (payload) => {
      const data = payload['data'] as { resolved?: { messages?: Record<string, object> } };
      const target = { ...data.resolved?.messages?.[message.id], ...changes };
      return { ...payload, data: { ...data, resolved: { messages: { [message.id]: target } } } };
    };
    const described = await choose(message, 'Describe image', bob).finally(() => {
      settings.reshape = (payload) => payload;
    });
    await whole.reply(described, '**4.**');
  });

  it("doesn't take somebody else's modal", async () => {
    const { discord } = whole.sandbox;
    const [ann, bob, eve] = [aPerson('Oli'), aPerson('Pia'), aPerson('Eve')];
    const message = await post(ann, { files: [await photo('secret.png')] });
    const opener = await choose(message, 'Edit image', bob);
    await opener.acknowledged;
    const mine = await choose(message, 'Edit image', eve);
    await mine.acknowledged;
    const customId = opener.modal?.custom_id ?? '';
    const before = count();
    const forged = await discord.submit({
      person: eve,
      interaction: mine,
      values: { prompt: 'add snow' },
      forge: { customId },
    });
    await whole.reply(forged, 'no longer here');
    expect(count()).toBe(before);
  });

  it("adds somebody's preferences to what they write, as their commands do", async () => {
    const [ann, bob] = [aPerson('Sam'), aPerson('Tia')];
    const message = await post(ann, { files: [await photo()] });
    const wish = { suffix: 'in oil', aspect: '3:2' };
    await whole.reply(await whole.run('preferences set', wish, bob), 'Saved');
    await whole.picture(await fill(message, 'Use as reference', bob, { prompt: 'a red fox' }));
    expect(sent()?.prompt).toBe('a red fox in oil --ar 3:2');
    await whole.picture(await fill(message, 'Edit image', bob, { prompt: 'add snow' }));
    expect(sent()?.prompt).toBe('add snow');
  });

  it('says what is wrong with the words before it costs anything', async () => {
    const [ann, bob] = [aPerson('Uma'), aPerson('Vic')];
    const message = await post(ann, { files: [await photo()] });
    const before = count();
    const asked = await fill(message, 'Use as reference', bob, { prompt: 'a fox --sytlize 200' });
    const question = await whole.reply(asked, '--stylize');
    expect(question.visibleTo).toBe(bob);
    expect(count()).toBe(before);
    const [correct = ''] = labelsOf(question);
    const made = await whole.picture(await whole.press(question, correct, bob));
    expect(sent()?.prompt).toBe('a fox --stylize 200');
    expect(picturesIn(sent()?.body)).toHaveLength(1);
    expect(chargeOf(made)).toBe('Fast · 100 points');
  });

  it('reads the words of a modal as those of a command', async () => {
    const [ann, bob] = [aPerson('Quy'), aPerson('Ria')];
    const message = await post(ann, { files: [await photo()] });
    const before = count();
    for (const prompt of ['a fox --repeat 4', 'a {red, green} fox']) {
      const refused = await fill(message, 'Use as reference', bob, { prompt });
      await whole.reply(refused, 'would start several jobs at once');
    }
    expect(count()).toBe(before);
    expect(await whole.points(bob)).toBe('2,000 points');
  });
});

describe('the menu of a message with a result', () => {
  const whole = useSharedSandbox({ kind: 'mjproxy' });
  const { aPerson, post, choose, fill, sent, count } = useMenus(whole);

  it('shows the details of its task to its owner alone', async () => {
    const [ann, bob] = [aPerson('Ann'), aPerson('Bob')];
    const grid = await whole.picture(await whole.imagine('a purple heron', {}, ann));
    const card = await whole.reply(await choose(grid, 'Task details', ann), 'a purple heron');
    expect(card.visibleTo).toBe(ann);
    const refused = await whole.reply(
      await choose(grid, 'Task details', bob),
      'Only the person who started this',
    );
    expect(textOf(refused)).not.toContain('heron');
  });

  it('imagines its prompt again, with its parameters, speed and reference pictures', async () => {
    const [ann, bob] = [aPerson('Cid'), aPerson('Dee')];
    const image1 = await photo();
    const values = { aspect: '3:2', speed: 'relax', image1 };
    const grid = await whole.picture(await whole.imagine('a red fox', values, ann));
    const single = await whole.picture(await whole.press(grid, 'U2', ann));
    const opener = await choose(single, 'Imagine again', bob);
    await opener.acknowledged;
    expect(JSON.stringify(opener.modal)).toContain('"a red fox --ar 3:2 --relax"');
    const again = await whole.picture(await whole.send(opener, { prompt: 'a blue fox --ar 3:2 --relax' }));
    expect(sent()?.prompt).toBe('a blue fox --ar 3:2 --relax');
    expect(picturesIn(sent()?.body)).toEqual([image1.bytes]);
    expect(chargeOf(again)).toBe('Relax · 40 points');
    expect(again.interaction?.person).toBe(bob);
    const card = await whole.reply(await choose(again, 'Task details', bob), 'Made from');
    expect(textOf(card)).toContain(single.id);
  });

  it('costs the usual price if the speed is taken out of the words', async () => {
    const ann = aPerson('Eli');
    const grid = await whole.picture(await whole.imagine('a slow fox --relax', {}, ann));
    const again = await whole.picture(await fill(grid, 'Imagine again', ann, { prompt: 'a fast fox' }));
    expect(chargeOf(again)).toBe('Fast · 100 points');
  });

  it('refuses, for free, reference pictures that Discord has deleted', async () => {
    const ann = aPerson('Fay');
    const grid = await whole.picture(await whole.imagine('an old fox', { image1: await photo() }, ann));
    const opener = await choose(grid, 'Imagine again', ann);
    await opener.acknowledged;
    expect(JSON.stringify(opener.modal)).toContain('The same reference image is used again');
    whole.sandbox.discord.forgetUploads();
    const before = count();
    await whole.reply(await whole.send(opener, { prompt: 'an old fox' }), 'no longer has `photo.png`');
    expect(count()).toBe(before);
    expect(await whole.points(ann)).toBe('1,900 points');
  });

  it('takes its picture as any other', async () => {
    const [ann, bob] = [aPerson('Gus'), aPerson('Hal')];
    const grid = await whole.picture(await whole.imagine('a red fox', {}, ann));
    await whole.picture(await fill(grid, 'Use as reference', bob, { prompt: 'in winter' }));
    const [picture] = picturesIn(sent()?.body);
    expect(await cornersOf(picture ?? Buffer.alloc(0))).toEqual(
      await cornersOf(grid.attachments[0]?.bytes ?? Buffer.alloc(0)),
    );
  });

  it('has no prompt to imagine if a picture was described', async () => {
    const ann = aPerson('Ida');
    const message = await post(ann, { files: [await photo()] });
    const described = await whole.reply(await choose(message, 'Describe image', ann), '**4.**');
    const before = count();
    await whole.reply(await choose(described, 'Imagine again', ann), "wasn't made with `/imagine`");
    expect(count()).toBe(before);
  });

  it("doesn't bring back words that were removed", async () => {
    const ann = aPerson('Jo');
    const grid = await whole.picture(await whole.imagine('a secret fox', {}, ann));
    const question = await whole.run('account forget', {}, ann);
    await question.acknowledged;
    await whole.sandbox.discord.click({
      person: ann,
      message: question.message as Message,
      label: 'Remove my data',
    });
    const said = () => textOf(question.message).includes('have been removed');
    await whole.sandbox.discord.until(said, { what: 'that they are removed' });
    await whole.reply(await choose(grid, 'Imagine again', ann), "no longer has this task's prompt");
  });

  it('refuses before anything is typed what the person may not start', async () => {
    const ann = aPerson('Kim');
    const { administrator } = whole.sandbox.discord.world.people;
    const grid = await whole.picture(await whole.imagine('a red fox', {}, ann));
    await whole.reply(await whole.run('quota set', { person: ann, points: 0 }, administrator), '0 points');
    await whole.reply(await choose(grid, 'Imagine again', ann), 'points');
  });
});

describe('the menu of a message outside of servers', () => {
  const whole = useSandbox({ kind: 'mjproxy' });
  const { choose } = useMenus(whole);

  it('works in direct messages, and elsewhere as an app of their own, for those who may', async () => {
    const { discord } = whole.sandbox;
    const { world } = discord;
    const { administrator: operator, member } = world.people;
    operator.hasApp = true;
    await whole.sandbox.startBot({ ...quick, ALLOW_DIRECT: 'on', OPERATOR_IDS: operator.id });
    const elsewhere = world.addGuild({ name: 'Elsewhere', owner: operator, hasApp: false });
    const lobby = world.addChannel({ name: 'lobby', guild: elsewhere });
    const own = world.addChannel({ name: 'with ada', recipients: [operator] });
    for (const channel of [own, lobby]) {
      const message = await discord.post({ person: operator, channel, files: [await photo()] });
      await whole.reply(await choose(message, 'Describe image', operator), '**4.**');
      const opener = await choose(message, 'Use as reference', operator);
      const made = await whole.picture(await whole.send(opener, { prompt: 'in winter' }));
      await whole.reply(await choose(made, 'Task details', operator), 'in winter');
    }
    const { direct } = world.channels;
    const message = await discord.post({ person: member, channel: direct, files: [await photo()] });
    await whole.reply(await choose(message, 'Describe image', member), 'only use this bot on servers');
  });
});

describe('a modal from the menu of a message', () => {
  const whole = useSandbox({ kind: 'acedata' });
  const { aPerson, post, choose } = useMenus(whole);

  it('edits only a part of the picture where the API can, also after a restart', async () => {
    const bot = await whole.sandbox.startBot(quick);
    const [ann, bob] = [aPerson('Ann'), aPerson('Bob')];
    const message = await post(ann, { files: [await photo('photo.png', 64, 64)] });
    const opener = await choose(message, 'Edit image', bob);
    await opener.acknowledged;
    await bot.end('SIGKILL');
    await whole.sandbox.startBot(quick);
    const mask = await photo('mask.png', 64, 64);
    await whole.picture(await whole.send(opener, { prompt: 'add snow', mask: [mask] }));
    const [submit] = whole.sandbox.provider.submits;
    expect(submit?.body).toMatchObject({ prompt: 'add snow', mask: expect.any(String) });
  });
});
