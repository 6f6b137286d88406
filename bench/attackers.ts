import { connect, type Socket } from 'node:net';
import { crc32 } from 'node:zlib';
import { buttonsOf } from '../sandbox/discord/components.ts';
import type {
  Channel,
  Discord,
  Interaction,
  Message,
  ModalValues,
  Person,
  Upload,
} from '../sandbox/discord/index.ts';
import { heavySvg, jpegWithScans, plainPng, webpWithFrames } from '../sandbox/pictures/bombs.ts';
import { sleep } from './schedule.ts';

/** What somebody with only a Discord account and the public address can send to keep a bot busy. */
export interface Attack {
  /** Resolves, once everything that was started has ended or failed, with how often each was done. */
  stop(): Promise<Readonly<Record<string, number>>>;
}

export interface AttackOptions {
  discord: Discord;
  channel: Channel;
  attackers: readonly Person[];
  /** The address for slow callers; leave it out for no slow callers. */
  publicUrl: string | undefined;
  slowCallers: number;
}

/** The time between two things that one attacker does; 25 presses and suggestions count as one. */
const pauseMs = 200;
const patienceMs = 20_000;

type Act = (person: Person) => Promise<unknown>;

/** Attackers take turns sending the worst there is, until they are stopped. */
export async function startAttack(options: AttackOptions): Promise<Attack> {
  const { discord, channel, attackers, publicUrl, slowCallers } = options;
  const files = await makeFiles();
  const grids = await Promise.all(attackers.map((person) => makeGrid(discord, { person, channel })));
  const run = (person: Person, command: string, values: Parameters<Discord['run']>[0]['options']) =>
    discord.run({ person, channel, command, ...(values === undefined ? {} : { options: values }) });
  const gridOf = (person: Person) => grids[attackers.indexOf(person)] as { grid: Message; single: Message };

  const acts: Readonly<Record<string, Act>> = {
    ...Object.fromEntries(
      Object.entries(files).map(([name, file]) => [
        `reference: ${name}`,
        (person: Person) => run(person, 'imagine', { prompt: 'a fox', image1: file }),
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(files).map(([name, file]) => [
        `mask: ${name}`,
        (person: Person) => paint(discord, person, gridOf(person).single, file),
      ]),
    ),
    'five large pictures': (person) => {
      const [image1, image2, image3, image4, image5] = Array<Upload>(5).fill(
        files['64 million pixels'] as Upload,
      );
      return run(person, 'blend', { image1, image2, image3, image4, image5 } as never);
    },
    'words of flags': (person) => run(person, 'imagine', { prompt: '--a'.repeat(1_333) }),
    'words of spaces': (person) => run(person, 'imagine', { prompt: `fox${' '.repeat(3_990)}--no` }),
    'words of braces': (person) => run(person, 'shorten', { prompt: '{a,'.repeat(1_333) }),
    'a link that drips': (person) =>
      run(person, 'describe', { url: `https://localhost:${new URL(discord.url).port}/` }),
    '25 presses': (person) =>
      Promise.allSettled(
        Array.from({ length: 25 }, (_, index) =>
          discord.click({ person, message: gridOf(person).grid, label: `V${(index % 4) + 1}` }),
        ),
      ),
    '25 proposals': (person) =>
      Promise.allSettled(
        Array.from({ length: 25 }, (_, index) =>
          discord.autocomplete({
            person,
            channel,
            command: 'task',
            subcommand: 'seed',
            options: { id: 'x'.repeat(index * 200) },
            focused: 'id',
          }),
        ),
      ),
  };

  const counts: Record<string, number> = {};
  const underWay = new Set<Promise<unknown>>();
  let isStopped = false;

  async function attackAs(person: Person, first: number): Promise<void> {
    const all = Object.entries(acts);
    for (let turn = first; !isStopped; turn += 1) {
      const [name, act] = all[turn % all.length] as [string, Act];
      counts[name] = (counts[name] ?? 0) + 1;
      // An attacker only gets as far as the client and the bot allow.
      const work = act(person).catch(() => undefined);
      underWay.add(work);
      void work.finally(() => underWay.delete(work));
      await sleep(pauseMs);
    }
  }

  const loops = attackers.map((person, index) => attackAs(person, index * 7));
  const callers = publicUrl === undefined ? undefined : callSlowly(new URL(publicUrl), slowCallers);
  return {
    async stop() {
      isStopped = true;
      await Promise.all(loops);
      await Promise.race([Promise.all(underWay), sleep(patienceMs)]);
      const calls = callers?.stop();
      return calls === undefined ? counts : { ...counts, 'slow calls': calls };
    },
  };
}

/** Under names and types that claim to be harmless, which nobody checks in between. */
async function makeFiles(): Promise<Readonly<Record<string, Upload>>> {
  const contentType = 'application/octet-stream';
  const padding = Buffer.alloc(4_500_000); // so it has to be made smaller
  return {
    SVG: { name: 'fox.png', bytes: heavySvg, contentType },
    'JPEG of 50,000 scans': { name: 'fox.jpg', bytes: await jpegWithScans(50_000, 4_000), contentType },
    'WebP of 100,000 frames': { name: 'fox.webp', bytes: await webpWithFrames(100_000), contentType },
    '64 million pixels': {
      name: 'large.png',
      bytes: Buffer.concat([await plainPng(8_000, 8_000), padding]),
      contentType,
    },
    '400 million pixels': {
      name: 'larger.png',
      bytes: withSize(await plainPng(100, 100), 20_000, 20_000),
      contentType,
    },
  };
}

/** A PNG whose header claims to be larger: drawing one of that size would be the attacker's cost. */
function withSize(png: Buffer, width: number, height: number): Buffer {
  const bytes = Buffer.from(png);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

/** A grid with its buttons, and one picture of it. */
async function makeGrid(discord: Discord, place: { person: Person; channel: Channel }) {
  const grid = await pictureOf(
    discord,
    await discord.run({
      ...place,
      command: 'imagine',
      options: { prompt: `a fox for ${place.person.name}` },
    }),
  );
  const single = await pictureOf(discord, await discord.click({ ...place, message: grid, label: 'U1' }));
  return { grid, single };
}

/** An interaction's message, once it has its picture. */
export function pictureOf(discord: Discord, interaction: Interaction, timeoutMs = 60_000): Promise<Message> {
  const read = () => ((interaction.message?.attachments.length ?? 0) > 0 ? interaction.message : undefined);
  return discord.until(read, { what: `a picture of ${interaction.summary}`, timeoutMs });
}

const otherWay = 'Choose parts instead';

async function paint(discord: Discord, person: Person, message: Message, mask: Upload): Promise<void> {
  const asked = await discord.click({ person, message, label: 'Region' });
  await asked.acknowledged;
  // Where people can reach the editor's page, the parts are behind a button.
  const link = await discord.until(() => asked.message, { what: 'an answer to Region' });
  const hasOtherWay = buttonsOf(link).some((button) => 'label' in button && button.label === otherWay);
  if (hasOtherWay) await discord.click({ person, message: link, label: otherWay });
  const question = await pictureOf(discord, asked);
  const opener = await discord.click({ person, message: question, label: 'Use my own mask' });
  await opener.acknowledged;
  const file = { ...mask, name: `mask-of-${mask.name}` };
  const values: ModalValues = { prompt: 'a hare', parts: [], mask: [file] };
  await discord.submit({ person, interaction: opener, values });
}

/** That many connections whose requests never end; each one that is closed is opened again. */
function callSlowly(url: URL, callers: number) {
  const sockets = new Set<Socket>();
  let calls = 0;
  let isStopped = false;
  const call = () => {
    if (isStopped) return;
    calls += 1;
    const socket = connect(Number(url.port), url.hostname);
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.write('POST /callbacks/main/x/y HTTP/1.1\r\nhost: x\r\n');
    const timer = setInterval(() => socket.write('x-more: 1\r\n'), 500);
    socket.on('close', () => {
      clearInterval(timer);
      sockets.delete(socket);
      setTimeout(call, 100);
    });
  };
  for (let index = 0; index < callers; index += 1) call();
  return {
    stop(): number {
      isStopped = true;
      for (const socket of sockets) socket.destroy();
      return calls;
    },
  };
}
