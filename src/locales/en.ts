import type { FailureKind, UserErrorDetails } from '../errors.ts';
import type { Action, Speed } from '../task.ts';

/** Discord shows `<t:…:R>` as "in 3 hours", in the reader's own language and time zone. */
const relative = (at: number) => `<t:${Math.floor(at / 1_000)}:R>`;
const clock = (at: number) => `<t:${Math.floor(at / 1_000)}:t>`;
const points = (count: number) => `${count.toLocaleString('en')} ${count === 1 ? 'point' : 'points'}`;
const mebibytes = (bytes: number) => `${(bytes / 1_048_576).toFixed(1)} MiB`;

/** Discord shows it as a link to the message. */
export function messageLink({ guildId = '@me', channelId, messageId }: MessagePlace): string {
  return `https://discord.com/channels/${guildId}/${channelId}/${messageId}`;
}

interface MessagePlace {
  guildId?: string;
  channelId: string;
  messageId?: string;
}

const actions: Readonly<Record<Action, string>> = {
  imagine: 'Imagine',
  blend: 'Blend',
  describe: 'Describe',
  shorten: 'Shorten',
  edit: 'Edit',
  video: 'Video',
  swap: 'Swap face',
  upscale: 'Pick',
  reroll: 'Reroll',
  variation: 'Variations',
  'vary-subtle': 'Vary (Subtle)',
  'vary-strong': 'Vary (Strong)',
  'vary-region': 'Vary (Region)',
  'upscale-2x': 'Upscale (2x)',
  'upscale-4x': 'Upscale (4x)',
  'upscale-subtle': 'Upscale (Subtle)',
  'upscale-creative': 'Upscale (Creative)',
  zoom: 'Zoom Out',
  'zoom-2x': 'Zoom Out 2x',
  'zoom-1.5x': 'Zoom Out 1.5x',
  'custom-zoom': 'Custom Zoom',
  square: 'Make Square',
  'pan-left': 'Pan Left',
  'pan-right': 'Pan Right',
  'pan-up': 'Pan Up',
  'pan-down': 'Pan Down',
  'animate-high': 'Animate (High motion)',
  'animate-low': 'Animate (Low motion)',
  'extend-high': 'Extend (High motion)',
  'extend-low': 'Extend (Low motion)',
};

/** Labels of buttons that act on one picture of a set. */
const indexedButtons: Readonly<Partial<Record<Action, (index: number) => string>>> = {
  upscale: (index) => `U${index}`,
  variation: (index) => `V${index}`,
};

const speeds: Readonly<Record<Speed, string>> = { relax: 'relax', fast: 'fast', turbo: 'turbo' };

const userErrors: { readonly [Code in keyof UserErrorDetails]: (details: UserErrorDetails[Code]) => string } =
  {
    'server-not-allowed': () =>
      'This bot is not set up for this server. Its operator can allow the server in `ALLOWED_GUILDS`.',
    'direct-not-allowed': () => 'This bot works in servers only, not in direct messages.',
    'prompt-empty': () =>
      'The prompt has no words. Describe what you want to see, then add parameters such as `--ar 16:9` behind it.',
    'prompt-too-long': ({ length, limit }) =>
      `The prompt has ${length.toLocaleString('en')} characters with its parameters; at most ${limit.toLocaleString('en')} work. Please shorten it.`,
    'flag-twice': ({ flag, option }) =>
      `\`${flag}\` stands in the prompt, and the option \`${option}\` sets the same. Please keep one of them.`,
    'aspect-malformed': ({ value }) =>
      `\`${value}\` is no aspect ratio. Write two whole numbers, as in \`16:9\`.`,
    'style-reference-malformed': ({ value }) =>
      `\`${value}\` is no style reference. Use a code, \`random\`, or the https address of a picture.`,
    'image-weight-without-image': () =>
      '`image_weight` needs a reference picture: add `image1`, or leave the weight out.',
    'style-weight-without-reference': () =>
      '`style_weight` needs `style_reference`: add one, or leave the weight out.',
    'picture-type': ({ name }) => `\`${name}\` is not a picture that works here. Use PNG, JPEG, WebP or GIF.`,
    'picture-too-large': ({ name, bytes, limit }) =>
      `\`${name}\` has ${mebibytes(bytes)}; at most ${mebibytes(limit)} work. Please make it smaller.`,
    'action-unavailable': () => "This bot's provider cannot do that.",
    'speed-unavailable': ({ speed }) =>
      `This bot's provider has no \`${speed}\` speed. Please choose another.`,
    'account-gone': () =>
      'The provider account that made this picture is no longer set up here, so its buttons cannot work any more.',
    'points-short': ({ price, left, refillsAt }) =>
      `This costs ${points(price)} and you have ${points(left)} left. Your allowance refills ${relative(refillsAt)}. \`/account show\` tells more.`,
    'already-running': ({ place }) =>
      place.messageId === undefined
        ? 'That button is at work for you already.'
        : `That button is at work for you already: ${messageLink(place)}`,
    'unknown-component': () => 'This button is not known here any more. Please start again with `/imagine`.',
    'unknown-command': () =>
      'This command is not known here any more. Discord may still show an old list; please try again in a minute.',
    'input-needed': () =>
      'Vary (Region) needs a region editor, which this bot does not have yet. Nothing was charged.',
    'zoom-malformed': () =>
      'A custom zoom needs `--zoom` with a number from 1 to 2 in its prompt, as in `--zoom 1.8`. Nothing was charged.',
    'asked-no-more': () => 'This is not asked any more.',
    'not-yours': () => 'Only the person who started this can do that.',
    'cancel-too-late': () => 'This cannot be cancelled any more.',
    stopping: () => 'The bot is restarting. Please try again in a few seconds.',
  };

const failures: Readonly<Record<FailureKind, string>> = {
  rejected: 'The provider refused this.',
  auth: "The bot's account was refused by the provider. Its operator has to look at the key.",
  balance: 'There is no credit left at the provider. The operator of this bot has to top it up.',
  busy: 'The provider has too much to do and asks to wait. Please try again later.',
  unavailable: 'The provider does not answer. Please try again later.',
  malformed: 'The provider answered in an unknown form.',
  timeout: 'The provider did not finish in time.',
  lost: "The provider's answer was lost.",
  forgotten: 'The provider no longer knows this task.',
  input: 'A reference picture could not be used.',
  queue: 'No place came free in time.',
  internal: 'Something went wrong in the bot.',
};

/** English, and the shape that every other language has. */
export const en = {
  action: (action: Action) => actions[action],
  actionOf: (action: Action, index: number) => `${actions[action]} · picture ${index}`,
  button: (action: Action, index: number | undefined) =>
    (index === undefined ? undefined : indexedButtons[action]?.(index)) ?? actions[action],
  speed: (speed: Speed) => speeds[speed],
  points,
  userError: <Code extends keyof UserErrorDetails>(code: Code, details: UserErrorDetails[Code]): string =>
    userErrors[code](details),
  internalError: (id: string) =>
    `Something went wrong in the bot. Its operator finds more in the log under \`${id}\`.`,

  waiting: 'Waiting for a free place',
  waitingBehind: (count: number) =>
    `Waiting for a free place, behind ${count === 1 ? 'one other' : `${count} others`}`,
  queuedAtProvider: (count: number) =>
    `Waiting at the provider, behind ${count === 1 ? 'one other' : `${count} others`}`,
  expected: (at: number) => `ready about ${relative(at)}`,
  takesLong: 'This takes longer than usual. It is still running, and will be delivered.',
  pressCheck: 'Press **Check** to see how far it is: Discord lets the bot write here only for 15 minutes.',
  late: 'This came late, after the points were back. It is free.',
  mention: (userId: string, isDone: boolean) =>
    `<@${userId}> ${isDone ? 'your picture is ready' : 'this did not work out'}`,
  buttons: { cancel: 'Cancel', again: 'Try again', check: 'Check', answer: 'Answer' },
  window: {
    prompt: 'Prompt',
    zoomHint: 'Change it if you like; --zoom takes a number from 1 to 2',
    answerTitle: 'Before it starts',
    answerHint: 'Change it if you like',
  },
  waitingForProvider: 'The provider asks to wait; this is tried again by itself',
  submitting: 'On its way to the provider',
  running: 'Being made',
  asking: 'The provider wants to know more before it starts',
  answerLost: (deadlineAt: number) =>
    `The provider's answer was lost. Your points come back by ${clock(deadlineAt)} if nothing arrives.`,
  cancelled: (price: number) => `Cancelled. ${refunded(price)}`,
  failure: (kind: FailureKind) => failures[kind],
  providerSays: (reason: string) => `It says: ${reason}`,
  refunded,
  mayHaveCost: 'The outcome is unknown, so the operator of this bot may have been charged all the same.',
  pictureTooLarge: (url: string) => `The result could not be attached. For about a day it is [here](${url}).`,
  pictureUnreachable: 'The result is ready, but it could not be fetched from the provider.',
  from: (link: string) => `from ${link}`,
  askedBy: (userId: string) => `<@${userId}>`,

  account: {
    title: 'Your points',
    left: 'Left',
    spent: 'Spent this week',
    refills: 'Refills',
    spentOf: (spent: number, allowance: number) => `${spent.toLocaleString('en')} of ${points(allowance)}`,
    granted: 'Granted, never expires',
    refillsAt: (at: number) => relative(at),
  },

  commands: {
    imagine: {
      description: 'Create pictures from words',
      prompt: 'What to show, then Midjourney parameters if you like',
      aspect: 'Width to height, as 16:9',
      version: 'Which Midjourney model',
      speed: 'How fast, and so how many points',
      stylize: 'How much of Midjourney’s own taste, 0 to 1000',
      chaos: 'How different the four pictures are, 0 to 100',
      weird: 'How strange, 0 to 3000',
      quality: 'How much time is spent on details',
      seed: 'The same number gives nearly the same pictures again',
      negative: 'What must not be seen',
      raw: 'Less of Midjourney’s own taste',
      tile: 'Pictures that can be repeated without seams',
      image: 'A picture to start from',
      imageWeight: 'How much the pictures count, 0 to 3',
      styleReference: 'A style code, random, or the address of a picture',
      styleWeight: 'How much the style counts, 0 to 1000',
    },
    account: {
      description: 'Your points here',
      show: 'What you have left, what you spent, and when it refills',
    },
  },
};

function refunded(price: number): string {
  if (price === 0) return 'Nothing was charged.';
  return price === 1 ? 'Your point is back.' : `Your ${points(price)} are back.`;
}

export type Words = typeof en;
