import { describe, expect, test } from 'vitest';
import type { Discord, Message } from '../../sandbox/discord/index.ts';
import { textOf } from '../../sandbox/discord/index.ts';
import { drawPicture, send, startDiscord } from './discord-fixture.ts';

const mentions = { allowed_mentions: { parse: [] } };

async function start(options = {}) {
  const discord = await startDiscord(options);
  const channel = discord.world.channels.general;
  const path = `/channels/${channel.id}/messages`;
  const post = async (body: object, files: Record<string, Blob> = {}): Promise<Message> => {
    const { body: sent } = await send(discord, 'POST', path, { ...mentions, ...body }, files);
    const message = discord.message(sent.id ?? '');
    if (!message) throw new Error(`not created: ${JSON.stringify(sent)}`);
    return message;
  };
  const edit = (message: Message, body: object, files: Record<string, Blob> = {}) =>
    send(discord, 'PATCH', `${path}/${message.id}`, { ...mentions, ...body }, files);
  const file = async (size = 4) =>
    new Blob([new Uint8Array(await drawPicture(size, size))], { type: 'image/png' });
  return { discord, channel, path, post, edit, file };
}

const names = (message: Message) => message.attachments.map(({ id, width }) => [id, width]);

describe('files', () => {
  test("stay when an edit doesn't mention them", async () => {
    const { discord, post, edit, file } = await start();
    const message = await post({ attachments: [{ id: 0 }] }, { 'files[0]': await file() });
    const before = names(message);
    await edit(message, { content: 'done' });
    expect(names(message)).toEqual(before);
    expect(discord.violations).toEqual([]);
  });

  test('are replaced by those that an edit lists', async () => {
    const { discord, post, edit, file } = await start();
    const message = await post({ attachments: [{ id: '0' }] }, { 'files[0]': await file(4) });
    await edit(message, { attachments: [{ id: '0' }] }, { 'files[0]': await file(8) });
    expect(message.attachments.map(({ width }) => width)).toEqual([8]);
    await edit(
      message,
      { attachments: [{ id: '0' }, { id: message.attachments[0]?.id }] },
      { 'files[0]': await file(9) },
    );
    expect(message.attachments.map(({ width }) => width)).toEqual([9, 8]);
    await edit(message, { content: 'empty', attachments: [] });
    expect(message.attachments).toEqual([]);
    expect(discord.violations).toEqual([]);
  });

  test('must exist to be kept', async () => {
    const { post, edit } = await start();
    const message = await post({ content: 'x' });
    const answer = await edit(message, { attachments: [{ id: '123456789012345678' }] });
    expect(answer).toMatchObject({ status: 400, body: { code: 50035 } });
    expect(answer.body.errors).toMatchObject({
      attachments: { 0: { id: { _errors: [{ code: 'ATTACHMENT_NOT_FOUND' }] } } },
    });
  });

  test('are lost if an edit forgets to list them, which is a violation', async () => {
    const { discord, post, edit, file } = await start();
    const message = await post({ content: 'x' });
    await edit(message, { attachments: [] }, { 'files[0]': await file() });
    expect(message.attachments).toEqual([]);
    expect(discord.violations).toEqual([expect.stringContaining('files[0] is not listed')]);
  });

  test('are served at signed addresses, even in an embed', async () => {
    let now = Date.now();
    const { post, file, discord, path } = await start({ now: () => now });
    const picture = await file();
    const embeds = [{ image: { url: 'attachment://picture.png' } }];
    const message = await post({ embeds, attachments: [{ id: '0' }] }, { 'files[0]': picture });
    const url = message.embeds[0]?.image?.url ?? '';
    expect(url).toMatch(/\/picture\.png\?ex=[\da-f]+&is=[\da-f]+&hm=[\da-f]+&$/);
    expect(new Uint8Array(await (await fetch(url)).arrayBuffer())).toEqual(
      new Uint8Array(await picture.arrayBuffer()),
    );
    expect((await fetch(url.replace('hm=', 'hm=0'))).status).toBe(404);
    const listed = await send(discord, 'GET', `${path}/${message.id}`);
    expect(listed.body['attachments']).toEqual([]);
    now += 25 * 60 * 60_000;
    expect((await fetch(url)).status).toBe(404);
  });

  test('have separate limits for interactions and channels', async () => {
    const { discord, path, file } = await start({ channelAttachmentSizeLimit: 10 });
    const answer = await send(
      discord,
      'POST',
      path,
      { ...mentions, content: 'x' },
      { 'files[0]': await file() },
    );
    expect(answer).toMatchObject({ status: 413, body: { code: 40005 } });
    expect(discord.messages(discord.world.channels.general.id)).toEqual([]);
  });
});

describe('channel routes', () => {
  test('know who may do what', async () => {
    const { discord, channel, path, post, edit } = await start();
    const message = await post({ content: 'mine' });
    const theirs = discord.say({ person: discord.world.people.member, channel, content: 'theirs' });
    expect(await edit(theirs, { content: 'x' })).toMatchObject({ status: 403, body: { code: 50005 } });
    expect(await send(discord, 'GET', `${path}/123456789012345678`)).toMatchObject({ body: { code: 10008 } });
    expect(await send(discord, 'GET', '/channels/123456789012345678')).toMatchObject({
      body: { code: 10003 },
    });
    channel.botPermissions = 0n;
    expect(await edit(message, { content: 'x' })).toMatchObject({ status: 403, body: { code: 50001 } });
  });

  test('leave archived threads alone', async () => {
    const { discord } = await start();
    const { thread } = discord.world.channels;
    const path = `/channels/${thread.id}/messages`;
    const { body } = await send(discord, 'POST', path, { ...mentions, content: 'x' });
    thread.archived = true;
    const answer = await send(discord, 'PATCH', `${path}/${body.id}`, { ...mentions, content: 'y' });
    expect(answer).toMatchObject({ status: 400, body: { code: 50083 } });
  });

  test('return the first message again for a repeated nonce', async () => {
    const { discord, channel, post } = await start();
    const once = { content: 'x', nonce: '42', enforce_nonce: true };
    const first = await post(once);
    expect(await post(once)).toBe(first);
    expect(await post({ ...once, enforce_nonce: false })).not.toBe(first);
    expect(discord.messages(channel.id)).toHaveLength(2);
  });

  test('list messages newest first and delete them', async () => {
    const { discord, path, post } = await start();
    const first = await post({ content: 'first' });
    const second = await post({ content: 'second', message_reference: { message_id: first.id } });
    const response = await fetch(`${discord.url}/v10${path}?limit=5`, {
      headers: { authorization: `Bot ${discord.token}` },
    });
    const listed = (await response.json()) as { id: string; referenced_message?: { id: string } }[];
    expect(listed.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(listed[0]?.referenced_message?.id).toBe(first.id);
    await send(discord, 'DELETE', `${path}/${first.id}`);
    expect(discord.messages(discord.world.channels.general.id)).toEqual([second]);
  });

  test('refuse an empty message', async () => {
    const { discord, path, post, edit } = await start();
    expect(await send(discord, 'POST', path, {})).toMatchObject({ status: 400, body: { code: 50006 } });
    const message = await post({ content: 'x' });
    expect(await edit(message, { content: '' })).toMatchObject({ status: 400, body: { code: 50006 } });
    expect(message.content).toBe('x');
  });
});

test('switch a message to Components V2 when it is cleared of text and embeds, for good', async () => {
  const { discord, post, edit } = await start();
  const message = await post({ content: 'old' });
  const components = [{ type: 17, components: [{ type: 10, content: 'new' }] }];
  expect(await edit(message, { flags: 1 << 15, components })).toMatchObject({ status: 400 });
  expect(await edit(message, { flags: 1 << 15, components, content: null })).toMatchObject({ status: 200 });
  expect(await edit(message, { content: 'back' })).toMatchObject({ status: 400 });
  expect(textOf(message)).toBe('new');
  expect(message.flags).toBe(1 << 15);
  expect(discord.violations).toHaveLength(2);
});

test('open a direct message on request', async () => {
  const discord: Discord = await startDiscord();
  const { member } = discord.world.people;
  const opened = await send(discord, 'POST', '/users/@me/channels', { recipient_id: member.id });
  expect(opened.body.id).toBe(discord.world.channels.direct.id);
});

test("don't know deleted messages, deleted channels, and servers that the bot left", async () => {
  const { discord, channel, post, edit } = await start();
  const [first, second] = [await post({ content: 'x' }), await post({ content: 'y' })];
  discord.remove(first);
  expect(await edit(first, { content: 'z' })).toMatchObject({ status: 404, body: { code: 10008 } });
  discord.world.guild.hasApp = false;
  expect(await edit(second, { content: 'z' })).toMatchObject({ status: 403, body: { code: 50001 } });
  discord.world.removeChannel(channel);
  expect(await edit(second, { content: 'z' })).toMatchObject({ status: 404, body: { code: 10003 } });
});
