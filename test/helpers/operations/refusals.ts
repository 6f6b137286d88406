import { expect } from 'vitest';
import type { Interaction, Person } from '../../../sandbox/discord/index.ts';
import { askSeed } from './commands.ts';
import { labelsThat, type Stage, uploads } from './stage.ts';
import { isOffered, type Operation, type OperationName, operations } from './table.ts';

const cannot = "This bot's provider can't do that. See `/help` for what works here.";

/** What somebody types who asks for it anyway, and what they are told. */
const asked: Readonly<
  Partial<
    Record<
      OperationName,
      {
        ask: (stage: Stage, person: Person) => Promise<Interaction>;
        told: string | ((stage: Stage) => string);
      }
    >
  >
> = {
  relax: {
    ask: ({ whole }, person) => whole.imagine('a fox', { speed: 'relax' }, person),
    told: "This bot's provider has no `relax` speed. Please choose another, or change yours with `/preferences set`.",
  },
  turbo: {
    ask: ({ whole }, person) => whole.imagine('a fox', { speed: 'turbo' }, person),
    told: "This bot's provider has no `turbo` speed. Please choose another, or change yours with `/preferences set`.",
  },
  translate: {
    ask: ({ whole }, person) => whole.imagine('一座灯塔', { translate: true }, person),
    told: "None of this bot's providers can translate a prompt. Nothing was charged. Please leave out `translate`, or turn it off with `/preferences set`.",
  },
  blend: {
    ask: async ({ whole }, person) =>
      whole.run('blend', { image1: await uploads.first, image2: await uploads.second }, person),
    told: cannot,
  },
  describe: {
    ask: async ({ whole }, person) => whole.run('describe', { image: await uploads.described }, person),
    told: cannot,
  },
  shorten: {
    ask: ({ whole }, person) => whole.run('shorten', { prompt: 'a long road' }, person),
    told: cannot,
  },
  edit: {
    ask: async ({ whole }, person) =>
      whole.run('edit', { image: await uploads.edited, prompt: 'a hat' }, person),
    told: cannot,
  },
  editSeveral: {
    ask: async ({ whole }, person) => {
      const [image, image2] = [await uploads.edited, await uploads.first];
      return whole.run('edit', { image, image2, prompt: 'a hat' }, person);
    },
    told: ({ facts }) =>
      facts.provider.actions.has('edit')
        ? "This bot's provider takes only 1 image for this. Nothing was charged. Please send fewer."
        : cannot,
  },
  swap: {
    ask: async ({ whole }, person) =>
      whole.run('swap', { source: await uploads.face, target: await uploads.target }, person),
    told: cannot,
  },
  video: {
    ask: async ({ whole }, person) =>
      whole.run('video', { image: await uploads.filmed, prompt: 'it waves' }, person),
    told: cannot,
  },
  fewerClips: {
    ask: async ({ whole }, person) =>
      whole.run('video', { image: await uploads.filmed, prompt: 'it waves', clips: '1' }, person),
    told: "This bot's provider always makes four clips. Nothing was charged. Please leave out `clips`.",
  },
  tallVideo: {
    ask: async ({ whole }, person) =>
      whole.run('video', { image: await uploads.filmed, prompt: 'it waves', resolution: '720p' }, person),
    told: "This bot's provider only makes videos in 480p. Nothing was charged. Please leave out `resolution`.",
  },
  seed: { ask: (stage) => askSeed(stage), told: cannot },
};

/** Anybody who asks gets one sentence, and nothing is charged or sent. If it is only a button, that isn't shown. */
export async function expectNotOffered(name: OperationName, stage: Stage): Promise<void> {
  const { buttons, isOfVideos }: Operation = operations[name];
  if (name === 'cancel') return expectNoCancel(stage);
  if (buttons !== undefined) return expectNoButton(buttons, isOfVideos === true, stage);
  const refusal = asked[name];
  // Where there are no videos at all, that's what people read.
  const { form }: Operation = operations[name];
  const said = form !== undefined && !isOffered('video', stage.facts) ? cannot : refusal?.told;
  if (refusal === undefined || said === undefined) throw new Error(`nobody knows how to ask for ${name}`);
  // The result it starts from exists, and is paid for.
  const person = name === 'seed' ? (await stage.grid()).person : stage.newcomer();
  const before = [await stage.whole.points(person), stage.provider.submits.length];
  const interaction = await refusal.ask(stage, person);
  const told = typeof said === 'string' ? said : said(stage);
  await stage.whole.reply(interaction, told);
  expect(interaction.message?.content).toBe(told);
  expect(interaction.message?.visibleTo).toBe(person);
  expect([await stage.whole.points(person), stage.provider.submits.length]).toEqual(before);
}

async function expectNoButton(buttons: RegExp, isOfVideos: boolean, stage: Stage): Promise<void> {
  const results = isOfVideos ? [] : [await stage.grid(), await stage.single()];
  if (isOffered('video', stage.facts)) results.push(await stage.film());
  for (const { message } of results) expect(labelsThat(buttons, message)).toEqual([]);
}

/** Until it runs, everything can be taken back without asking a provider. */
async function expectNoCancel(stage: Stage): Promise<void> {
  const started = await stage.whole.imagine('a slow fox, please hang', {}, stage.newcomer());
  const running = await stage.whole.reply(started, 'In progress');
  expect(labelsThat(operations.cancel.buttons, running)).toEqual([]);
}
