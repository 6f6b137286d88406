import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LabelBuilder, ModalBuilder, TextInputBuilder, TextInputStyle } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProgram } from '../../sandbox/bot.ts';
import { createSandbox, kinds, type Sandbox } from '../../sandbox/index.ts';
import { blockMember } from '../../sandbox/page/blocking.ts';
import { createPage, type Page } from '../../sandbox/page/index.ts';
import type { Action, Outcome, Snapshot, StreamEvent } from '../../sandbox/page/protocol.ts';
import { createSwitches } from '../../sandbox/page/switches.ts';
import { register } from '../helpers/whole.ts';
import { register as registerMore, send, startBot } from './discord-fixture.ts';

let sandbox: Sandbox;
let page: Page;

beforeEach(async () => {
  sandbox = await createSandbox({ kinds });
  await register(sandbox);
  page = await createPage({ sandbox, port: 0, speed: 10 });
});
afterEach(async () => {
  await page.close();
  await sandbox.close();
});

/** What a tab gets first. */
async function readSnapshot(): Promise<Snapshot> {
  const response = await fetch(`${page.url}/events`);
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.includes('\n\n')) break;
  }
  const event: StreamEvent = JSON.parse(text.split('\n')[0]?.replace('data: ', '') ?? '');
  if (event.type !== 'snapshot') throw new Error(`got a ${event.type} first`);
  return event.snapshot;
}

function post(action: Action, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${page.url}/act`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: page.url, ...headers },
    body: JSON.stringify(action),
  });
}

describe('the page server', () => {
  it('serves page, script and style from memory, and lets the browser load nothing else', async () => {
    const answers = await Promise.all(
      ['/', '/page.js', '/page.css', '/avatars/bot'].map((path) => fetch(page.url + path)),
    );
    expect(
      answers.map(({ status, headers }) => [status, headers.get('content-type')?.split(';')[0]]),
    ).toEqual([
      [200, 'text/html'],
      [200, 'text/javascript'],
      [200, 'text/css'],
      [200, 'image/svg+xml'],
    ]);
    for (const { headers } of answers) {
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    }
    const style = (await answers[2]?.text()) ?? '';
    expect(style).not.toContain('@import');
    const loaded = [...style.matchAll(/url\(([^)]*)\)/g)].map(([, address = '']) => address);
    expect(loaded.filter((address) => !address.startsWith('/fonts/'))).toEqual([]);
    const fonts = await Promise.all(loaded.map((address) => fetch(page.url + address)));
    expect(new Set(fonts.map(({ headers }) => headers.get('content-type')))).toEqual(new Set(['font/woff2']));
    expect((await fetch(`${page.url}/fonts/other.woff2`)).status).toBe(404);
  });

  it("only answers to this machine's names", async () => {
    const { port } = new URL(page.url);
    const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
    get({ host: '127.0.0.1', port, headers: { host: 'evil.example' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
    expect(await promise).toBe(403);
  });

  it('only accepts actions from its own page', async () => {
    const action: Action = { do: 'switch', name: 'speed', value: '60' };
    expect((await post(action, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await post(action, { origin: '' })).status).toBe(403);
    expect((await readSnapshot()).switches.find(({ name }) => name === 'speed')?.value).toBe('10');
    expect((await post(action)).status).toBe(200);
    expect((await readSnapshot()).switches.find(({ name }) => name === 'speed')?.value).toBe('60');
  });

  it("passes on the local Discord's files, and nothing else", async () => {
    const { people, channels } = sandbox.discord.world;
    const outcome = await fetch(`${page.url}/files/api/v10/gateway`);
    expect(outcome.status).toBe(404);
    const file = { name: 'fox.png', contentType: 'image/png', base64: Buffer.from('fox').toString('base64') };
    const options = { prompt: 'a fox', image1: { file } };
    const place = { personId: people.member.id, channelId: channels.general.id };
    expect(await page.act({ do: 'run', ...place, command: 'imagine', options })).toMatchObject({
      done: true,
    });
    const address =
      /"url":"([^"]+)"/.exec(JSON.stringify(sandbox.discord.interactions[0]?.payload))?.[1] ?? '';
    const url = new URL(address);
    const served = await fetch(address.replace(url.origin, `${page.url}/files`));
    expect(await served.text()).toBe('fox');
  });
});

describe('what a tab gets', () => {
  it('contains the people, the channels, the commands, and who sees what', async () => {
    const { people, channels, commands, switches } = await readSnapshot();
    expect(people.map(({ name, standing }) => [name, standing])).toEqual([
      ['ada', 'Administrator'],
      ['max', 'Member'],
      ['mei', 'Member'],
      ['bob', 'Blocked member'],
    ]);
    expect(channels.map(({ name, kind, ageRestricted }) => [name, kind, ageRestricted])).toEqual([
      ['general', 'text', false],
      ['after-dark', 'text', true],
      ['pictures', 'thread', false],
      ...people.map(() => ['direct message', 'direct', false]),
    ]);
    const imagine = commands.find(({ name }) => name === 'imagine');
    expect(imagine?.visibleTo[channels[0]?.id ?? '']).toHaveLength(4);
    expect(switches.find(({ name }) => name === 'kind')?.options.map(({ value }) => value)).toEqual(kinds);
  });

  it("says by which command an answer to a command's modal came about, as Discord does", async () => {
    const { discord } = sandbox;
    const { member: person } = discord.world.people;
    const { general: channel } = discord.world.channels;
    await registerMore(discord, { name: 'Describe', type: 3 });
    const { errors } = await startBot(discord, async (interaction) => {
      if (interaction.isModalSubmit()) return interaction.reply('described');
      if (!interaction.isMessageContextMenuCommand()) return undefined;
      const input = new TextInputBuilder().setCustomId('words').setStyle(TextInputStyle.Short);
      const label = new LabelBuilder().setLabel('Words').setTextInputComponent(input);
      const modal = new ModalBuilder().setCustomId('window').setTitle('Window').addLabelComponents(label);
      return interaction.showModal(modal);
    });
    const message = discord.say({ person, channel, content: 'a picture' });
    const opener = await discord.runOnMessage({ person, message, command: 'Describe' });
    await opener.acknowledged;
    const sent = await discord.submit({ person, interaction: opener, values: { words: 'a fox' } });
    const answer = await discord.until(() => sent.message);
    const { messages } = await readSnapshot();
    expect(messages.find(({ id }) => id === answer.id)?.origin).toEqual({
      personId: person.id,
      name: 'Describe',
      isCommand: true,
    });
    const { body } = await send(discord, 'GET', `/channels/${channel.id}/messages/${answer.id}`);
    expect(body['interaction_metadata']).toMatchObject({
      type: 5,
      triggering_interaction_metadata: { id: opener.id, type: 2, user: { id: person.id } },
    });
    expect(errors).toEqual([]);
  });

  it('includes a member whom its administrator blocks', async () => {
    const { discord } = sandbox;
    expect(await blockMember(discord)).toBe(true);
    const [{ person, summary } = expect.fail('nobody did anything')] = discord.interactions;
    expect([person.name, summary]).toEqual(['ada', '/block add person: bob']);
    expect((await readSnapshot()).people.at(-1)?.standing).toBe('Blocked member');
  });

  it('has a switch for the callbacks of stand-ins that make some', async () => {
    expect((await readSnapshot()).switches.find(({ name }) => name === 'callbacks')?.value).toBe('on');
    await post({ do: 'switch', name: 'callbacks', value: 'doubled' });
    expect((await readSnapshot()).switches.find(({ name }) => name === 'callbacks')?.value).toBe('doubled');
    const modes = sandbox.providers.map(({ kind, callbacks }) => [kind, callbacks]);
    expect(Object.fromEntries(modes)).toEqual({
      '4allapi': undefined,
      yutoai: undefined,
      mjproxy: 'doubled',
      acedata: 'doubled',
      apixo: 'doubled',
      aigc2d: 'doubled',
    });
  });

  it('makes Discord send less, and stops it again', () => {
    const { discord, providers } = sandbox;
    const kinds = { current: '4allapi', choose() {} };
    const switches = createSwitches({ discord, providers, speed: 10, kinds });
    const isTold = () => 'entitlements' in discord.settings.reshape({ entitlements: [], data: {} });
    switches.turn('detail', 'lean');
    expect(isTold()).toBe(false);
    switches.turn('detail', 'full');
    expect(isTold()).toBe(true);
    switches.turn('discord', 'silent');
    expect(discord.trouble.rules.map(({ match }) => match.test('POST /interactions/1/x/callback'))).toEqual([
      true,
    ]);
    switches.turn('discord', 'fine');
    expect(discord.trouble.rules).toEqual([]);
  });

  it('every choice of every switch can be turned on, with every kind of API', () => {
    const { discord, providers } = sandbox;
    const kinds = { current: '4allapi', choose() {} };
    const switches = createSwitches({ discord, providers, speed: 10, kinds });
    for (const { name, options } of switches.list()) {
      if (name === 'kind') continue;
      for (const { value } of options) {
        switches.turn(name, value);
        expect(switches.list().find((one) => one.name === name)?.value).toBe(value);
      }
      switches.turn(name, options[0]?.value ?? '');
    }
    expect(discord.trouble.rules).toEqual([]);
  });

  it('has no such switch if no stand-in makes any', () => {
    const { discord, providers } = sandbox;
    const silent = providers.filter(({ callbacks }) => callbacks === undefined);
    const kinds = { current: '4allapi', choose() {} };
    const switches = createSwitches({ discord, providers: silent, speed: 10, kinds });
    expect(switches.list().map(({ name }) => name)).not.toContain('callbacks');
  });

  it.each<[string, Action, string]>([
    ["a person who doesn't exist", { do: 'locale', personId: '1', locale: 'de' }, 'There is no person 1'],
    ["a switch that doesn't exist", { do: 'switch', name: 'fog', value: 'on' }, 'There is no switch "fog"'],
    [
      'a message that is gone',
      { do: 'delete', personId: '1', messageId: '2' },
      'This message is gone already',
    ],
    ['something unknown', { do: 'fly' } as unknown as Action, 'does not know'],
  ])('%s is a sentence, not an error', async (_what, action, sentence) => {
    const outcome = (await (await post(action)).json()) as Outcome;
    expect(outcome).toEqual({ done: false, says: expect.stringContaining(sentence) });
  });
});

describe('npm run sandbox', () => {
  it('prints one line with the address, and a second process says who has the port', async () => {
    const first = startProgram('sandbox/main.ts', { SANDBOX_PORT: '0' });
    const line = await first.line('http://');
    const { port } = new URL(/http:\S+/.exec(line)?.[0] ?? '');
    const second = startProgram('sandbox/main.ts', { SANDBOX_PORT: port });
    expect(await second.exited).toBe(1);
    expect(second.lines).toEqual([
      `A sandbox is running already, at http://127.0.0.1:${port}. Choose another port: SANDBOX_PORT=${Number(port) + 1} npm run sandbox`,
    ]);
    expect(await first.end()).toBe(0);
    expect(first.lines).toEqual([line]);
  });

  it('names another program on its port, and an invalid port', async () => {
    const other = createServer((_request, response) => response.end('somebody else'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const taken = startProgram('sandbox/main.ts', { SANDBOX_PORT: String(port) });
    const wrong = startProgram('sandbox/main.ts', { SANDBOX_PORT: 'eight' });
    expect(await Promise.all([taken.exited, wrong.exited])).toEqual([1, 1]);
    expect(taken.lines.join()).toContain(`Port ${port} is in use by another program.`);
    expect(wrong.lines.join()).toContain('SANDBOX_PORT is "eight"; it has to be a port number');
    other.close();
  });
});
