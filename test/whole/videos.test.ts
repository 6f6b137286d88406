import { describe, expect, it } from 'vitest';
import { buttonsOf, type Interaction, type Message } from '../../sandbox/discord/index.ts';
import { uploads } from '../helpers/operations/stage.ts';
import { chargeOf, labelsOf, quick, textOf, useSandbox, type Whole } from '../helpers/whole.ts';

/** In seconds, as its header says (`mvhd`: time scale, then duration). */
function lengthOf(film: Buffer): number {
  const at = film.indexOf('mvhd');
  return film.readUInt32BE(at + 20) / film.readUInt32BE(at + 16);
}

const lengthsOf = ({ attachments }: Message) => attachments.map(({ bytes }) => Math.round(lengthOf(bytes)));

/** The ids of buttons that extend a clip, the first one of each motion first. */
function findExtension(message: Message): string {
  const found = buttonsOf(message).find((one) => 'label' in one && /^Extend.*High/.test(one.label ?? ''));
  if (found === undefined || !('custom_id' in found)) throw new Error('nothing extends it');
  return found.custom_id;
}

async function film(whole: Whole, options: Record<string, unknown> = {}): Promise<Interaction> {
  const image = await uploads.filmed;
  return whole.run('video', { image, prompt: 'the waves come in', ...options } as never);
}

async function expectUntouched(whole: Whole): Promise<void> {
  expect(await whole.points()).toBe('2,000 points');
  expect(whole.sandbox.provider.submits).toEqual([]);
}

describe('/video at a midjourney-proxy', () => {
  const whole = useSandbox({ kind: 'mjproxy' });

  it('makes as many clips as were asked for, for the price of those', async () => {
    await whole.sandbox.startBot(quick);
    const single = await whole.picture(await film(whole, { clips: '1' }));
    expect(chargeOf(single)).toBe('Fast · 200 points');
    expect(single.attachments.map(({ name }) => name)).toEqual(['relay-the-waves-come-in.mp4']);
    expect(single.attachments[0]?.description).toBe('the waves come in');
    expect(lengthsOf(single)).toEqual([5]);
    expect(labelsOf(single)).toEqual(['U1', '🔄', '❤️', '🗑️']);
    // The same again has as many.
    const again = await whole.picture(await whole.press(single, '🔄'));
    expect(chargeOf(again)).toBe('Fast · 200 points');
    // In the words it's the same; that costs more than a fifth of what people have, so they're asked.
    const asked = await film(whole, { prompt: 'the waves come in --bs 2 --motion high', resolution: '720p' });
    expect(textOf(await whole.reply(asked, 'will cost'))).toContain('will cost 1,300 points');
    const pair = await whole.picture(await whole.agreed(asked));
    expect(pair.attachments).toHaveLength(2);
    expect(whole.sandbox.provider.submits.map(({ body }) => body)).toMatchObject([
      { batchSize: 1, motion: 'low', prompt: 'the waves come in' },
      {},
      { batchSize: 2, motion: 'high', videoType: 'vid_1.1_i2v_720', prompt: 'the waves come in' },
    ]);
    expect(await whole.points()).toBe('300 points');
  });

  it.each([
    ['a loop with an end', { loop: true, end_image: uploads.edited }, "can't have a last frame of its own"],
    ['720p at leisure', { resolution: '720p', speed: 'relax' }, '720p videos are only made at fast speed.'],
    ['a motion that is none', { prompt: 'it waves --motion medium' }, "doesn't take `medium`"],
    ['three clips', { prompt: 'it waves --bs 3' }, "The `--bs` option doesn't take `3`."],
    ['an end that is no picture', { end_image: { name: 'a.txt', bytes: Buffer.from('x') } }, '`a.txt`'],
    ['an end that is a film', { end_image: { name: 'a.mp4', bytes: Buffer.from('x') } }, 'MP4'],
    ['what only pictures have', { prompt: 'it waves --ar 3:2' }, "Videos don't support `--ar`."],
  ])('refuses %s before anything is charged', async (_what, options, told) => {
    await whole.sandbox.startBot(quick);
    const end = 'end_image' in options ? { end_image: await options.end_image } : {};
    const asked = await film(whole, { ...options, ...end });
    await whole.reply(asked, told);
    expect(asked.message?.visibleTo).toBeDefined();
    await expectUntouched(whole);
  });

  it('says that the words count if an option says something else', async () => {
    await whole.sandbox.startBot(quick);
    const asked = await film(whole, { prompt: 'it waves --motion high', motion: 'low', clips: '1' });
    const question = await whole.reply(asked, '`--motion high`');
    expect(textOf(question)).toContain('`motion`');
    await expectUntouched(whole);
  });

  it('makes a picture into a video with words and options of its own', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a lighthouse'));
    expect(labelsOf(grid)).not.toContain('Animate (Manual)');
    const single = await whole.picture(await whole.press(grid, 'U2'));
    const opener = await whole.press(single, 'Animate (Manual)');
    await opener.acknowledged;
    expect(JSON.stringify(opener.modal)).toContain('It costs 800 points if you choose nothing else');
    const values = { prompt: 'the light turns', motion: ['high'], clips: ['1'], loop: ['on'] };
    const moving = await whole.picture(await whole.send(opener, values));
    expect(chargeOf(moving)).toBe('Fast · 200 points');
    expect(textOf(moving)).toContain('the light turns');
    const { body = {} } = whole.sandbox.provider.submits.at(-1) ?? {};
    expect(body).toMatchObject({ batchSize: 1, motion: 'high', loop: true, prompt: 'the light turns' });
    const [, sent = ''] = /^data:image\/\w+;base64,(.*)$/.exec(String(body['image'])) ?? [];
    expect(Buffer.from(sent, 'base64').equals(single.attachments[0]?.bytes ?? Buffer.alloc(0))).toBe(true);
    // The window starts one task, however often it is sent.
    const { discord } = whole.sandbox;
    const twice = await discord.submit({ person: opener.person, interaction: opener, values, forge: {} });
    await whole.reply(twice, 'already');
    expect(await whole.points()).toBe('1,690 points');
  });
});

describe('/video at Ace Data Cloud', () => {
  const whole = useSandbox({ kind: 'acedata' });

  it('tells the API the resolution that was priced, and asks about 720p, whose price nobody knows', async () => {
    await whole.sandbox.startBot(quick);
    await whole.picture(await film(whole));
    expect(whole.sandbox.provider.submits[0]?.body).toMatchObject({ resolution: '480p' });
    const asked = await film(whole, { resolution: '720p', loop: true });
    expect(textOf(await whole.reply(asked, 'will cost'))).toContain(
      "This bot's provider doesn't say what 720p costs, so this price is an estimate. ",
    );
    expect(await whole.points()).toBe('1,600 points');
    const tall = await whole.picture(await whole.agreed(asked));
    expect(whole.sandbox.provider.submits[1]?.body).toMatchObject({ resolution: '720p', loop: true });
    // What goes on from it is as tall.
    await whole.picture(
      await whole.sandbox.discord.click({
        ...{ person: asked.person, message: tall, customId: findExtension(tall) },
      }),
    );
    expect(whole.sandbox.provider.submits[2]?.body).toMatchObject({ action: 'extend', resolution: '720p' });
    expect(await whole.points()).toBe('800 points');
  });

  it('refuses to make fewer than four clips', async () => {
    await whole.sandbox.startBot(quick);
    const told =
      "This bot's provider always makes four clips. Nothing was charged. Please leave out `clips`.";
    for (const options of [{ clips: '1' }, { prompt: 'it waves --bs 2' }]) {
      const asked = await film(whole, options);
      await whole.reply(asked, told);
      expect(asked.message?.visibleTo).toBeDefined();
    }
    await expectUntouched(whole);
  });

  it('extends a clip four times, through restarts, and no fifth time, whoever presses', {
    timeout: 240_000,
  }, async () => {
    let bot = await whole.sandbox.startBot(quick);
    let message = await whole.picture(await film(whole));
    expect(lengthsOf(message)).toEqual([5, 5, 5, 5]);
    const { discord, provider } = whole.sandbox;
    const { member: person } = discord.world.people;
    // One of the clips alone, for free, goes on like in its set.
    const alone = await whole.picture(await whole.press(message, 'U2'));
    expect(alone.attachments).toHaveLength(1);
    expect(await whole.points()).toBe('1,600 points');
    message = alone;
    for (const seconds of [9, 13, 17, 21]) {
      const isKilled = seconds === 9 || seconds === 17;
      if (isKilled) provider.trouble.always('look', { do: 'refuse', as: 'server-error-text' });
      const pressed = await discord.click({ person, message, customId: findExtension(message) });
      await pressed.acknowledged;
      const number = (seconds - 5) / 4;
      await discord.until(() => provider.submits[number], { what: `extension ${number}`, timeoutMs: 25_000 });
      if (isKilled) {
        await bot.end('SIGKILL');
        provider.trouble.clear();
        bot = await whole.sandbox.startBot(quick);
      }
      message = await whole.picture(pressed);
      expect(lengthsOf(message)).toEqual([seconds, seconds, seconds, seconds]);
    }
    expect(provider.submits.filter(({ repeats }) => repeats > 0)).toEqual([]);
    expect(await whole.points()).toBe('0 points');
    expect(textOf(message)).toContain("With 21 seconds, it's as long as a video can be.");
    expect(labelsOf(message)).toEqual(['U1', 'U2', 'U3', 'U4', '❤️', '🗑️']);
    expect(message.embeds[0]?.footer?.text).not.toContain('Extend');
    const [, id = ''] = /"offer:([\w-]{16}):/.exec(JSON.stringify(buttonsOf(message))) ?? [];
    const count = provider.submits.length;
    for (const customId of [`offer:${id}:4`, `offer:${id}:8`, `extend:${id}:0`]) {
      const forged = await discord.click({ person, message, customId, forge: true });
      await whole.reply(
        forged,
        'This video is 21 seconds long, and none can be longer. Nothing was charged.',
      );
    }
    expect(provider.submits).toHaveLength(count);
  });

  it('extends the clip that was chosen with other words', async () => {
    await whole.sandbox.startBot(quick);
    const set = await whole.picture(await film(whole));
    const opener = await whole.press(set, 'Extend (Manual)');
    const wrong = await whole.send(opener, { prompt: 'they freeze --ar 3:2', clip: ['3'] });
    await whole.reply(wrong, "Videos don't support `--ar`.");
    expect(await whole.points()).toBe('1,600 points');
    const again = await whole.press(set, 'Extend (Manual)');
    const sent = await whole.send(again, { prompt: 'they freeze', clip: ['3'], motion: ['high'] });
    const longer = await whole.picture(sent);
    expect(lengthsOf(longer)).toEqual([9, 9, 9, 9]);
    expect(whole.sandbox.provider.submits.at(-1)?.body).toMatchObject({
      ...{ action: 'extend', video_index: 2, prompt: 'they freeze --motion high', mode: 'fast' },
    });
    expect(await whole.points()).toBe('1,200 points');
  });

  it('extends a video for somebody who prefers relaxed speed, which videos do not have there', async () => {
    await whole.sandbox.startBot(quick);
    const set = await whole.picture(await film(whole));
    await (await whole.run('preferences set', { speed: 'relax' })).acknowledged;
    const { member: person } = whole.sandbox.discord.world.people;
    const pressed = await whole.sandbox.discord.click({ person, message: set, customId: findExtension(set) });
    await whole.picture(pressed);
    expect(whole.sandbox.provider.submits.at(-1)?.body).toMatchObject({ action: 'extend', mode: 'fast' });
    expect(await whole.points()).toBe('1,200 points');
  });

  it('makes a picture into a video, although the API has no button for that', async () => {
    await whole.sandbox.startBot(quick);
    const grid = await whole.picture(await whole.imagine('a lighthouse'));
    const single = await whole.picture(await whole.press(grid, 'U2'));
    const opener = await whole.press(single, 'Animate (Manual)');
    await opener.acknowledged;
    // There's nothing to choose about the number of clips.
    expect(JSON.stringify(opener.modal)).not.toContain('"clips"');
    const moving = await whole.picture(await whole.send(opener, { prompt: 'the light turns' }));
    expect(moving.attachments).toHaveLength(4);
    const { body = {} } = whole.sandbox.provider.submits.at(-1) ?? {};
    const first = await (await fetch(String(body['image_url']))).arrayBuffer();
    expect(Buffer.from(first).equals(single.attachments[0]?.bytes ?? Buffer.alloc(0))).toBe(true);
  });
});

describe.each(['4allapi', 'yutoai'] as const)('/video at %s', (kind) => {
  const whole = useSandbox({ kind });

  it('refuses what its documents have no field for, and asks for a loop in the words', async () => {
    await whole.sandbox.startBot(quick);
    const end_image = await uploads.edited;
    for (const [options, told] of [
      [{ resolution: '720p' }, 'only makes videos in 480p'],
      [{ clips: '2' }, 'always makes four clips'],
      [{ end_image }, "you can't choose the last frame"],
    ] as const)
      await whole.reply(await film(whole, options), told);
    await expectUntouched(whole);
    const made = await whole.picture(await whole.agreed(await film(whole, { loop: true })));
    expect(lengthsOf(made)).toEqual([5, 5, 5, 5]);
    const { body } = whole.sandbox.provider.submits[0] ?? {};
    expect(body).toMatchObject({ prompt: 'the waves come in --loop', motion: 'low' });
    expect(Object.keys(body ?? {})).not.toContain('loop');
  });
});

describe('clips that are larger than Discord allows here', () => {
  const whole = useSandbox({ kind: 'mjproxy', discord: { attachmentSizeLimit: 500 } });

  it("are ready all the same, and can be picked and made again; a link to this machine isn't shown", async () => {
    await whole.sandbox.startBot(quick);
    const asked = await whole.agreed(await film(whole, { clips: '1' }));
    const message = await whole.reply(asked, "It's ready");
    expect(message.attachments).toEqual([]);
    expect(textOf(message)).not.toContain('127.0.0.1');
    expect(labelsOf(message)).toEqual(['U1', '🔄', '❤️', '🗑️']);
    expect(await whole.points()).toBe('1,800 points');
  });
});
