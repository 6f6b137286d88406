import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { expect } from 'vitest';
import type { Interaction, Message, Person, Upload } from '../../../sandbox/discord/index.ts';
import type { StandIn } from '../../../sandbox/providers/stand-in.ts';
import { listPrices, priceOf } from '../../../src/points/prices.ts';
import type { Action, Speed } from '../../../src/task.ts';
import { labelsOf, textOf, useSharedSandbox, type Whole } from '../whole.ts';
import type { Facts } from './table.ts';

/** A result that somebody made with the bot, and paid for. */
export interface Made {
  readonly person: Person;
  readonly message: Message;
  readonly files: readonly Buffer[];
}

/** One kind of provider behind one bot, and results that several tests start from. */
export interface Stage {
  readonly facts: Facts;
  readonly whole: Whole;
  readonly provider: StandIn;
  /** Somebody with 2,000 points who has done nothing yet. */
  newcomer(): Person;
  /** What its kind charges for that. */
  priceOf(action: Action, speed?: Speed): number;
  /** Lets a new person start something, waits for its files, and checks that exactly that many points are gone. */
  make(price: number, start: (person: Person) => Promise<Interaction>): Promise<Made>;
  press(price: number, message: Message, label: string): Promise<Made>;
  /** Presses a button that opens a window, and sends that. */
  fillIn(price: number, message: Message, label: string, values: ModalValues): Promise<Made>;
  /** Four pictures, three by two. */
  grid(): Promise<Made>;
  /** The second of them, alone. */
  single(): Promise<Made>;
  film(): Promise<Made>;
}

type ModalValues = Parameters<Whole['send']>[1];

export const gridPrompt = 'a lighthouse at dusk';
export const filmPrompt = 'the waves come in';

/** People's pictures: no two alike, so that each can be recognized. */
export const uploads = {
  face: draw('lime', 'lime'),
  target: draw('red', 'blue'),
  first: draw('white', 'green'),
  second: draw('gold', 'navy'),
  described: draw('teal', 'pink'),
  edited: draw('black', 'silver'),
  masked: draw('white', 'black'),
  filmed: draw('orange', 'purple'),
};

export function useStage(facts: Facts): Stage {
  const whole = useSharedSandbox({ kind: facts.kind });
  const world = () => whole.sandbox.discord.world;

  const stage: Stage = {
    facts,
    whole,
    get provider() {
      return whole.sandbox.provider;
    },
    priceOf: (action, speed = 'fast') => priceOf(listPrices(facts.kind), { action, speed }),
    newcomer: () => world().addPerson({ name: 'nia', guilds: [world().guild] }),
    async make(price, start) {
      const person = stage.newcomer();
      const asked = await start(person);
      const agreement = await whole.agreed(asked);
      if (agreement !== asked) expect(textOf(asked.message)).toContain(` will cost ${toPoints(price)},`);
      const message = await whole.picture(agreement);
      expect(await whole.points(person)).toBe(leftAfter(price));
      const files = message.attachments.map(({ bytes }) => bytes);
      return { person, message, files };
    },
    press: (price, message, label) => stage.make(price, (person) => whole.press(message, label, person)),
    fillIn: (price, message, label, values) =>
      stage.make(price, async (person) => whole.send(await whole.press(message, label, person), values)),
    grid: once(() => stage.make(100, (person) => whole.imagine(gridPrompt, { aspect: '3:2' }, person))),
    single: once(async () =>
      stage.press(
        facts.local.has('upscale') ? 0 : stage.priceOf('upscale'),
        (await stage.grid()).message,
        'U2',
      ),
    ),
    film: once(async () => {
      const image = await uploads.filmed;
      return stage.make(stage.priceOf('video'), (person) =>
        whole.run('video', { image, prompt: filmPrompt }, person),
      );
    }),
  };
  return stage;
}

export function leftAfter(price: number): string {
  return toPoints(2_000 - price);
}

function toPoints(count: number): string {
  return `${count.toLocaleString('en')} points`;
}

export function fileOf({ files: [file] }: Made): Buffer {
  if (file === undefined) throw new Error('there is no file');
  return file;
}

export function labelsThat(fit: RegExp, message: Message): string[] {
  return labelsOf(message).flatMap((label) => (label !== undefined && fit.test(label) ? [label] : []));
}

/** Expects that one request had these pictures and no others: as bytes, or by their Discord addresses. */
export async function expectHandedIn({ whole }: Stage, pictures: readonly Upload[]): Promise<void> {
  const { provider, discord } = whole.sandbox;
  const bodies = new Set(provider.requests.map(({ body }) => JSON.stringify(body) ?? ''));
  const all = await Promise.all([...bodies].map((body) => picturesIn(body, new URL(discord.url).origin)));
  const handedIn = all.filter((one) => one.length > 0).map((one) => one.map(toDigest));
  expect(handedIn).toContainEqual(pictures.map(({ bytes }) => toDigest(bytes)));
}

async function picturesIn(body: string, origin: string): Promise<Buffer[]> {
  const found = body.matchAll(/data:image\/png;base64,([A-Za-z0-9+/=]+)|(https?:[^\s"]+)/g);
  const bytes = [...found].map(async ([, base64, url = '']) => {
    if (base64 !== undefined) return [Buffer.from(base64, 'base64')];
    return url.startsWith(origin) ? [Buffer.from(await (await fetch(url)).arrayBuffer())] : [];
  });
  return (await Promise.all(bytes)).flat();
}

function toDigest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Three by two: one color on the left, another on the right. */
async function draw(left: string, right: string): Promise<Upload> {
  const halves = await Promise.all(
    [left, right].map((background) =>
      sharp({ create: { width: 48, height: 64, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  const bytes = await sharp(halves, { join: { across: 2 } })
    .png()
    .toBuffer();
  return { name: `${left}-${right}.png`, bytes };
}
