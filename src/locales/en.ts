import type { FailureKind, ProviderErrorKind, UserErrorDetails } from '../errors.ts';
import type { Action, Media, Speed } from '../task.ts';

/** Discord shows `<t:…:R>` as "in 3 hours", in the reader's own language and time zone. */
const relative = (at: number) => `<t:${Math.floor(at / 1_000)}:R>`;
const clock = (at: number) => `<t:${Math.floor(at / 1_000)}:t>`;
const points = (count: number) => `${count.toLocaleString('en')} ${count === 1 ? 'point' : 'points'}`;
const mebibytes = (bytes: number) => `${(bytes / 1_048_576).toFixed(1)} MiB`;

/** Discord shows it as a link to the message. */
export function messageLink({ guildId = '@me', channelId, messageId }: MessagePlace): string {
  return `https://discord.com/channels/${guildId}/${channelId}/${messageId}`;
}

/** A stretch of time as people say it. */
function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3_600
    ? `${Math.floor(seconds / 60)} min ${seconds % 60} s`
    : `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

/** "a JPEG", "an AVIF". */
function withArticle(word: string): string {
  return `${/^(?:[aeio]|HTML|SVG|MP4|M4A)/i.test(word) ? 'an' : 'a'} ${word}`;
}

function toTypeSentence(name: string, type: string | undefined): string {
  if (type === undefined) return `\`${name}\` isn't a picture that works here.`;
  return `\`${name}\` is ${withArticle(type)} file, and ${type} doesn't work here.`;
}

/** "a JPEG, PNG or WebP". */
function oneOf(words: readonly string[]): string {
  const [last = ''] = words.slice(-1);
  const others = words.slice(0, -1);
  return withArticle(others.length === 0 ? last : `${others.join(', ')} or ${last}`);
}

interface Month {
  spent: number;
  kept: number;
  budget: number | undefined;
  ceiling: number | undefined;
  monthEndsAt: number;
}

interface Lately {
  tasks: number;
  waitedMs: { median: number; p90: number };
  tookMs: { median: number; p90: number };
}

interface UnrefundedCancel {
  price: number;
  perDay: number;
  dayEndsAt: number;
  /** Whose points they are, where it's somebody else's task. */
  owner: string | undefined;
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
  enlarge: 'Upscale',
  enhance: 'Enhance',
  'redo-upscale-2x': 'Redo Upscale (2x)',
  'redo-upscale-4x': 'Redo Upscale (4x)',
  'redo-upscale-subtle': 'Redo Upscale (Subtle)',
  'redo-upscale-creative': 'Redo Upscale (Creative)',
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
  'reroll-video': 'Reroll',
  'extend-high': 'Extend (High motion)',
  'extend-low': 'Extend (Low motion)',
};

/** Labels of buttons that act on one picture of a set. */
const indexedButtons: Readonly<Partial<Record<Action, (index: number) => string>>> = {
  upscale: (index) => `U${index}`,
  variation: (index) => `V${index}`,
  enlarge: (index) => `Upscale ${index}`,
  enhance: (index) => `Enhance ${index}`,
  'extend-high': (index) => `Extend ${index} (High motion)`,
  'extend-low': (index) => `Extend ${index} (Low motion)`,
};

const speeds: Readonly<Record<Speed, string>> = { relax: 'relax', fast: 'fast', turbo: 'turbo' };

const userErrors: { readonly [Code in keyof UserErrorDetails]: (details: UserErrorDetails[Code]) => string } =
  {
    'server-not-allowed': () =>
      'This bot is not set up for this server. Its operator can allow the server in `ALLOWED_GUILDS`.',
    'direct-not-allowed': () =>
      'This bot works for you in servers only, not in direct messages. Its operator can grant you points for them.',
    'prompt-empty': () =>
      'The prompt has no words. Describe what you want to see, then add parameters such as `--ar 16:9` after it.',
    'prompt-too-long': ({ length, limit }) =>
      `The prompt has ${length.toLocaleString('en')} characters with its parameters; the limit is ${limit.toLocaleString('en')}. Please shorten it.`,
    'flag-twice': ({ flag, option }) =>
      `\`${flag}\` is in the prompt, and the option \`${option}\` sets the same. Please keep one of them. Nothing was charged.`,
    'flags-unsupported': ({ flags }) =>
      `This bot's provider doesn't know \`${flags}\`. Please leave it out. Nothing was charged.`,
    'several-jobs': ({ part }) =>
      `\`${part}\` would start several jobs at once. Please start them one by one. Nothing was charged.`,
    'speed-twice': ({ one, other }) =>
      `\`${one}\` and \`${other}\` both set the speed. Please keep one. Nothing was charged.`,
    'speed-in-prompt': ({ flag }) =>
      `\`${flag}\` would change the speed but not the price. Please take it out of the prompt. Nothing was charged.`,
    unpriced: ({ part }) =>
      `This bot has no price for \`${part}\`. Please leave it out. Nothing was charged.`,
    'flag-unknown': ({ flag }) =>
      `This bot doesn't know the parameter \`${flag}\`, or what it costs. Please take it out of the prompt. Nothing was charged.`,
    'picture-name': ({ name, part }) =>
      `The name of \`${name}\` holds \`${part}\`, which Midjourney would take for a parameter. Please rename the file and send it again. Nothing was charged.`,
    'option-malformed': ({ option, value }) =>
      `The option \`${option}\` doesn't take \`${value}\`. Please choose a value that Discord offers. Nothing was charged.`,
    'aspect-malformed': ({ value }) =>
      `\`${value}\` isn't an aspect ratio. Write two whole numbers, as in \`16:9\`.`,
    'style-reference-malformed': ({ value }) =>
      `\`${value}\` isn't a style reference. Use a code, \`random\`, or the https address of a picture.`,
    'image-weight-without-image': () =>
      '`image_weight` needs a reference picture: add `image1`, or leave the weight out.',
    'style-weight-without-reference': () =>
      '`style_weight` needs `style_reference`: add one, or leave the weight out.',
    'picture-or-link': () => 'Please give one picture: as a file, or by its address.',
    'link-malformed': ({ value }) =>
      `\`${value}\` isn't the address of a picture. It has to start with \`https://\`.`,
    'task-emptied': () =>
      "The bot no longer has this task's prompt and pictures: it's too old, or its owner had them removed. Please start again with `/imagine`.",
    'task-unknown': () => 'You have no such task. Choose one of those that appear while you type.',
    'task-unfinished': () => 'This task has no result yet, so it has no seed.',
    'picture-type': ({ name, type, takes }) => `${toTypeSentence(name, type)} Send ${oneOf(takes)}.`,
    'picture-too-many-pixels': ({ name, limit }) =>
      `\`${name}\` has too many pixels: at most ${Math.round(limit / 1_000_000)} million work. Please make it smaller.`,
    'pictures-too-many-pixels': ({ limit }) =>
      `Together, these pictures have too many pixels: at most ${Math.round(limit / 1_000_000)} million work. Please make them smaller, or use fewer.`,
    'picture-takes-too-long': ({ name }) =>
      `\`${name}\` takes too long to open. Please save it again as an ordinary JPEG or PNG, or send another.`,
    'picture-unreadable': ({ name }) =>
      `The bot couldn't read \`${name}\`: the file seems to be damaged. Please save it again or send another.`,
    'picture-animated': ({ name }) => `\`${name}\` is animated. Please send a still picture.`,
    'picture-unreachable': ({ name }) => `The bot couldn't fetch \`${name}\`. Please upload it again.`,
    'picture-gone': ({ name }) =>
      `Discord no longer has \`${name}\`. Please run the command again with the picture.`,
    'link-unreachable': ({ name }) =>
      `The bot couldn't fetch \`${name}\` from its address. Check that the address opens for everybody, without a login.`,
    'mask-empty': () =>
      "Nothing in the mask is white, so there's nothing to paint. White is painted, black stays.",
    'mask-full': () => 'All of the mask is white. Leave a part of it black, or use Vary (Strong).',
    'link-slow': ({ name }) =>
      `\`${name}\` arrives too slowly from its server. Please save the picture and upload it instead.`,
    'parent-picture-gone': () =>
      "The bot couldn't read the picture that this starts from. Please make it again.",
    'picture-too-large': ({ name, bytes, limit }) =>
      `\`${name}\` ${bytes === undefined ? 'is too large' : `has ${mebibytes(bytes)}`}; at most ${mebibytes(limit)} work. Please make it smaller.`,
    'action-unavailable': () => "This bot's provider cannot do that.",
    'speed-unavailable': ({ speed }) =>
      `This bot's provider has no \`${speed}\` speed. Please choose another.`,
    'account-gone': () =>
      'The provider account that made this picture is no longer set up here, so its buttons no longer work.',
    'account-unusable': ({ trouble, until }) =>
      `${trouble === 'auth' ? "The provider refuses this bot's key." : 'This bot has no credit left at its provider.'} Ask the bot's operator to fix it. Nothing was charged; the bot tries again ${relative(until)}.`,
    'account-unknown': ({ name, known }) =>
      `${name === '' ? 'Please name an account.' : `There is no account \`${name}\`.`} There are: ${listSome(known.map((one) => `\`${one}\``))}. Nothing was changed.`,
    'accounts-contradictory': () =>
      '`use` chooses accounts, and `reset` removes the choice. Please give one of them.',
    'points-short': ({ price, left, refillsAt }) =>
      `This costs ${points(price)} and you have ${points(left)} left. ${refillsAt === undefined ? 'Please ask for more.' : `Your allowance refills ${relative(refillsAt)}.`} \`/account show\` tells more.`,
    'budget-short': ({ price, left, refillsAt }) =>
      `This costs ${points(price)}, and this server has ${points(left)} left of its limit for this month. The next month begins ${relative(refillsAt)}.`,
    'too-many-yours': ({ running, waiting }) =>
      `You have ${running + waiting} unfinished tasks here: ${running} can run at a time and ${waiting} can wait. Please wait until one is done.`,
    'seed-too-many': ({ running }) =>
      `You can have ${running} tasks at the provider at a time, and asking for a seed counts as one. Please wait until one is done.`,
    'too-many-here': ({ waiting }) =>
      `${waiting} tasks wait in this server already. Please try again when some of them are done; \`/queue\` shows them.`,
    'administrators-only': () => 'Only people who may manage this server can do that.',
    'operators-only': () => 'Only the operator of this bot can do that.',
    'points-malformed': ({ smallest, largest }) =>
      `Points are whole numbers from ${smallest.toLocaleString('en')} to ${largest.toLocaleString('en')}. Nothing was changed.`,
    'person-is-bot': ({ userId }) =>
      `<@${userId}> is a bot, and bots cannot use points. Nothing was changed.`,
    'person-left': ({ userId }) => `<@${userId}> isn't in this server. Nothing was changed.`,
    'budget-too-high': ({ ceiling }) =>
      `The operator of this bot lets this server spend at most ${points(ceiling)} a month. Nothing was changed.`,
    'time-zone-unknown': ({ value }) =>
      `\`${value}\` isn't a time zone. Write one like \`Europe/Berlin\`. Nothing was changed.`,
    'limit-contradictory': () => 'Give a number of points or `unlimited`, not both. Nothing was changed.',
    'no-limit-here': () =>
      'Only servers have a monthly limit: here, people have what operators grant them. Nothing was changed.',
    'role-is-everybody': () =>
      'Everybody has that role. `/quota default` sets what everybody gets. Nothing was changed.',
    'nothing-to-change': () => "There's nothing to change: please fill in an option.",
    'already-running': ({ place }) =>
      place.messageId === undefined
        ? 'That button is already working for you.'
        : `That button is already working for you: ${messageLink(place)}`,
    'unknown-component': () => 'This button no longer works. Please start again with `/imagine`.',
    'unknown-command': () =>
      'This command no longer exists. Discord may still show an old list; please try again in a minute.',
    'region-missing': () =>
      'Please choose at least one part of the picture, or upload a mask. Nothing was charged.',
    'region-everything': () =>
      'All of the picture is chosen. Leave a part of it as it is, or use Vary (Strong). Nothing was charged.',
    'zoom-malformed': () =>
      'A custom zoom needs `--zoom` with a number from 1 to 2 in its prompt, as in `--zoom 1.8`. Nothing was charged.',
    'asked-no-more': () => 'This question is no longer open.',
    'not-yours': () => 'Only the person who started this can do that.',
    'cancel-too-late': () => "It's too late to cancel this.",
    overloaded: () => 'The bot is very busy right now. Please try again in a few seconds.',
    stopping: () => 'The bot is restarting. Please try again in a few seconds.',
  };

/** As many as people read. */
const mostListed = 25;

function listSome(names: readonly string[]): string {
  const left = names.length - mostListed;
  const shown = names.slice(0, mostListed).join(', ');
  return left > 0 ? `${shown} and ${left.toLocaleString('en')} more` : shown;
}

const failures: Readonly<Record<FailureKind, string>> = {
  rejected: 'The provider refused this.',
  auth: "The provider refused the bot's account. Ask the bot's operator to check the key.",
  balance: "The bot has no credit left at the provider. Ask the bot's operator to top it up.",
  busy: 'The provider is too busy right now. Please try again later.',
  unavailable: "The provider doesn't answer. Please try again later.",
  malformed: "The provider sent an answer that the bot can't read.",
  blocked: "A firewall in front of the provider blocks this bot. Ask the bot's operator to have it let in.",
  moved:
    'The provider redirects to another address, which the operator of this bot has to set as its base URL.',
  timeout: "The provider didn't finish in time.",
  lost: "The provider's answer was lost.",
  forgotten: 'The provider no longer knows this task.',
  input: "The bot couldn't use a reference picture.",
  queue: 'No slot opened up in time.',
  unshown: 'The result is ready, but Discord refuses to show it.',
  unfetched: "The result is ready, but the provider doesn't hand it out.",
  internal: 'Something went wrong in the bot.',
};

type Trouble = Extract<
  ProviderErrorKind,
  'auth' | 'balance' | 'unavailable' | 'malformed' | 'blocked' | 'moved'
>;

/** Why an account is left alone, for its operator. */
const troubles: Readonly<Record<Trouble, string>> = {
  auth: 'its key is refused.',
  balance: 'it has no credit left.',
  unavailable: "it doesn't answer.",
  malformed: "its answers can't be read.",
  blocked: 'a firewall blocks this bot.',
  moved: 'it redirects to another address.',
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
  takesLong: "This is taking longer than usual. It's still running, and you'll get it.",
  pressCheck: 'Press **Check** to see how far it is: Discord lets the bot write here only for 15 minutes.',
  late: 'This came late, after the points were back. It is free.',
  mention: (userId: string, isDone: boolean) =>
    `<@${userId}> ${isDone ? 'your picture is ready' : "this didn't work out"}`,
  buttons: {
    cancel: 'Cancel',
    cancelUnrefunded: 'Cancel (no refund)',
    cancelAnyway: 'Cancel without a refund',
    again: 'Try again',
    check: 'Check',
    answer: 'Answer',
    proposal: (number: number) => `Imagine ${number}`,
  },
  window: {
    prompt: 'Prompt',
    zoomHint: 'Change it if you like; --zoom takes a number from 1 to 2',
    answerTitle: 'Before it starts',
    answerHint: 'Change it if you like',
    region: 'What to repaint',
    regionHint: 'Parts of the picture, as if it were divided into three by three',
    cells: [
      'top left',
      'top',
      'top right',
      'left',
      'middle',
      'right',
      'bottom left',
      'bottom',
      'bottom right',
    ],
    mask: 'Or a mask of your own',
    maskHint: 'A picture: white is repainted, black stays. It replaces the parts above',
  },
  waitingForProvider: 'The provider asked to wait; the bot will try again on its own',
  submitting: 'On its way to the provider',
  running: 'Being made',
  adjusted: (flag: string, asked: string, used: string) =>
    flag === `--${asked}`
      ? `The provider does this at \`${used}\` speed, not at \`${asked}\`.`
      : `The provider takes \`${flag} ${used}\` for \`${flag} ${asked}\`.`,
  adjustedMore: (count: number) =>
    `The provider does ${count === 1 ? 'one more thing' : `${count} more things`} in its own way.`,
  asking: 'The provider has a question before it starts',
  answerLost: (deadlineAt: number) =>
    `The provider's answer was lost. Your points come back by ${clock(deadlineAt)} if nothing arrives.`,
  answerOrPay: (price: number, deadlineAt: number) =>
    `You have no refund left today: if you don't answer by ${clock(deadlineAt)}, or cancel, your ${points(price)} don't come back.`,
  cancelled: 'Cancelled.',
  cancelling: (price: number, isRefunded: boolean) =>
    isRefunded
      ? 'The provider was asked to cancel this.'
      : `The provider was asked to cancel this. Your ${points(price)} don't come back.`,
  cancelAsked: (price: number, isRefunded: boolean) =>
    isRefunded
      ? `This is being cancelled. Your ${points(price)} come back.`
      : `This is being cancelled. Your ${points(price)} don't come back.`,
  cancelQuestion: ({ price, perDay, dayEndsAt, owner }: UnrefundedCancel) => {
    const [who, whose] = owner === undefined ? ['You have', 'your'] : [`<@${owner}> has`, 'their'];
    const refunds = perDay === 1 ? "today's one refund" : `today's ${perDay.toLocaleString('en')} refunds`;
    const lost = `If you cancel this, ${whose} ${points(price)} don't come back.`;
    return perDay === 0
      ? `The provider has already begun this, and this bot gives no refund for that. ${lost}`
      : `${who} used up ${refunds} for tasks that the provider had already begun. ${lost} The next refunds are available ${relative(dayEndsAt)}.`;
  },
  failure: (kind: FailureKind) => failures[kind],
  providerSays: (reason: string) => `It says: ${reason}`,
  refunded,
  notRefunded: (price: number) => `Your ${points(price)} don't come back: you had no refund left today.`,
  mayHaveCost: 'The outcome is unknown, so the operator of this bot may have been charged all the same.',
  notAttached: (urls: readonly string[]) =>
    `The result couldn't be attached. For about a day ${
      urls.length === 1
        ? `it's [here](${urls[0]}).`
        : `its files are here: ${urls.map((url, index) => `[${index + 1}](${url})`).join(' · ')}`
    }`,
  awaited: {
    'file-server': "Ready, but the provider's file server doesn't hand it out yet. Trying again.",
    operator:
      'Ready, but the provider keeps it at an address that the bot may not call. The operator of this bot was told; ' +
      'if nothing changes within a day, your points come back.',
  },
  partMissing: (kind: Media['kind'], number: number, url: string | undefined) =>
    `${kind === 'video' ? 'Video' : 'Picture'} ${number} couldn't be shown${url === undefined ? '.' : `; for about a day it's [here](${url}).`}`,
  notShownByDiscord: (type: string) => `Discord doesn't show ${type} files. Download it to see it.`,
  pictureUnreachable: 'The result is ready, but it could not be fetched from the provider.',
  from: (link: string) => `from ${link}`,
  askedBy: (userId: string) => `<@${userId}>`,

  shortTime: (at: number) => `<t:${Math.floor(at / 1_000)}:d>`,
  andMore: (count: number) => `and ${count.toLocaleString('en')} more`,
  booking: { charge: 'for', refund: 'back from', grant: 'granted', reset: 'reset' },
  nothingBack: 'nothing back from',
  keptByMonth: '(still counts toward this server’s month)',
  bookedBy: (userId: string) => `by <@${userId}>`,

  account: {
    title: 'Points',
    left: 'Left',
    spent: (unit: 'day' | 'week' | 'month') => (unit === 'day' ? 'Spent today' : `Spent this ${unit}`),
    source: 'Allowance',
    sources: {
      person: 'set for this person',
      role: 'by role',
      everybody: 'as for everybody',
      none: 'none: granted points only',
    },
    budget: 'This server’s month',
    budgetOf: (spent: number, budget: number, endsAt: number) =>
      `${spent.toLocaleString('en')} of ${points(budget)} spent, until ${relative(endsAt)}`,
    latest: 'Latest',
    refills: 'Refills',
    neverRefills: 'never: granted points only',
    spentOf: (spent: number, allowance: number) => `${spent.toLocaleString('en')} of ${points(allowance)}`,
    granted: 'Granted, never expires',
    refillsAt: (at: number) => relative(at),
  },

  accounts: {
    title: 'Accounts for this server',
    explanation:
      'Fresh tasks go to the first of these that can do them and works. Buttons of a result belong to the account that made it.',
    changed: 'Changed, for fresh tasks from now on.',
    unused: 'Not used for this server.',
    outage: (trouble: Trouble, until: number) =>
      `**Left alone:** ${troubles[trouble]} One task tries it again ${relative(until)}.`,
    paused: (until: number) =>
      `**Pauses**, and is asked again ${relative(until)}: it asked for that, or didn't answer.`,
    load: (running: number, places: number, waiting: number) =>
      `${running} of ${places} places taken${waiting === 0 ? '' : `, ${waiting} waiting`}`,
    noBalance: "Its API doesn't tell the balance.",
    balance: (amount: number, unit: string) => `Balance: ${amount.toLocaleString('en')} ${unit}`,
    balanceFailed: (kind: ProviderErrorKind) =>
      `Balance: not known. ${kind === 'auth' ? troubles.auth : failures[kind]}`,
    callsBack: 'Its callbacks arrive.',
    priceDiffers: (action: string, charged: number, taken: number) =>
      `**${action}** takes ${points(taken)} there and costs ${points(charged)} here. Set this account's \`PRICES\` variable.`,
  },

  quota: {
    title: 'Points on this server',
    everybody: 'Everybody',
    everybodyGets: (count: number, unit: 'day' | 'week' | 'month') => `${points(count)} a ${unit}`,
    timeZone: 'Time zone',
    month: 'This month',
    monthOf: ({ spent, kept, budget, ceiling, monthEndsAt }: Month) => {
      const used =
        budget === undefined
          ? `${points(spent)} spent, without a limit`
          : `${spent.toLocaleString('en')} of ${points(budget)} spent`;
      const byOperator =
        ceiling === undefined || ceiling === budget ? '' : `; the operator allows ${points(ceiling)}`;
      const back =
        kept === 0
          ? ''
          : ` ${points(kept)} of that went back to people and still count, since the provider had already begun their tasks.`;
      return `${used}${byOperator}.${back} The next month begins ${relative(monthEndsAt)}.`;
    },
    people: 'People with their own allowance',
    roles: 'Roles with their own allowance',
    defaultSet: (isNewPeriod: boolean) =>
      isNewPeriod
        ? 'Changed. Everybody begins the new period with a full allowance; tasks that run keep their place in the old one.'
        : 'Changed.',
    granted: (count: number) => `Granted ${points(count)}.`,
    personSet: (count: number | undefined) =>
      count === undefined
        ? 'No allowance of their own now: what their roles or everybody gets counts.'
        : `Their allowance is ${points(count)} now.`,
    roleSet: (roleId: string, count: number | undefined) =>
      count === undefined
        ? `<@&${roleId}> has no allowance of its own now.`
        : `<@&${roleId}> gets ${points(count)} now.`,
    budgetSet: 'Changed.',
    budgetSpent: (spent: number) =>
      `Changed. ${spent === 0 ? '' : `${points(spent)} are spent already, so `}${spent === 0 ? 'N' : 'n'}othing more can start here this month.`,
    reset: (what: 'spending' | 'grants', count: number, held: number) => {
      const done =
        what === 'grants'
          ? count === 0
            ? 'There are no granted points to take back.'
            : `${points(count)} of grants are taken back.`
          : count === 0
            ? 'Nothing is spent that could be reset.'
            : `${points(count)} are back in the allowance.`;
      return held === 0 ? done : `${done} Unfinished tasks keep ${points(held)} until they end.`;
    },
    history: 'History of points',
    noHistory: 'Nothing yet.',
    page: (page: number, pages: number) => `Page ${page} of ${pages}`,
    newer: 'Newer',
    older: 'Older',
  },

  queue: {
    title: 'Queue of this server',
    running: 'Running',
    waiting: 'Waiting',
    asking: 'Waiting for an answer',
    lately: 'Lately',
    unknown: 'Nothing was finished yet, so there is nothing to go by.',
    took: ({ tasks, waitedMs, tookMs }: Lately) =>
      `Half of the last ${tasks === 1 ? 'task' : `${tasks} tasks`} waited up to ${duration(waitedMs.median)} for a place (nine of ten up to ${duration(waitedMs.p90)}) and took up to ${duration(tookMs.median)} (${duration(tookMs.p90)}).`,
    next: 'Next',
    since: (waitedMs: number) => `waits for ${duration(waitedMs)}`,
  },

  forget: {
    question:
      'This removes your prompts and pictures from the bot, on every server, and the buttons under your pictures stop working. Pictures that others made from them stay, without your words. Extra points that you get each period are removed, too. Messages in channels stay; 🗑️ under each removes it. What you spent stays in the books, without a prompt.',
    button: 'Remove my data',
    done: (tasks: number, left: number) => {
      const removed = `Removed: the prompts and pictures of ${tasks === 1 ? 'one task' : `${tasks.toLocaleString('en')} tasks`}.`;
      return left === 0
        ? removed
        : `${removed} ${left === 1 ? 'One task is' : `${left} tasks are`} not finished or not delivered yet; please do this again once they are.`;
    },
  },

  seed: (seed: string) =>
    `Its seed is \`${seed}\`. With \`--seed ${seed}\` the same prompt gives nearly the same pictures.`,
  exported: 'Everything that this bot stores about you.',

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
      negative: 'What to leave out',
      raw: 'Less of Midjourney’s own taste',
      tile: 'Pictures that can be repeated without seams',
      image: 'A picture to start from',
      imageWeight: 'How much the pictures count, 0 to 3',
      styleReference: 'A style code, random, or the address of a picture',
      styleWeight: 'How much the style counts, 0 to 1000',
    },
    blend: {
      description: 'Mix two to five pictures',
      image: 'A picture to mix',
      dimensions: 'The shape of the result',
      speed: 'How fast, and so how many points',
    },
    describe: {
      description: 'Find words for a picture',
      image: 'The picture, as a file',
      url: 'The picture, by its https address',
    },
    shorten: {
      description: 'Find out which words of a prompt matter',
      prompt: 'The prompt to shorten',
    },
    edit: {
      description: 'Change a picture by words',
      image: 'The picture to change',
      prompt: 'What is to be different',
      speed: 'How fast, and so how many points',
    },
    video: {
      description: 'Set a picture in motion',
      image: 'The picture with which it begins',
      prompt: 'What happens; may be left out',
      motion: 'How much moves',
      loop: 'Whether its end leads into its beginning',
      endImage: 'The picture with which it ends',
      resolution: 'How many lines it has',
    },
    swap: {
      description: 'Put one face in the place of another',
      source: 'A picture with the face to use',
      target: 'The picture that gets this face',
    },
    task: {
      description: 'One of your tasks',
      seed: 'The number that a result was made with',
      id: 'Which task; type words of its prompt',
    },
    account: {
      description: 'Your points here, and your data',
      show: 'What you have left, what you spent, and when it refills',
      export: 'Your tasks and points, as a file',
      forget: 'Remove your prompts and pictures',
    },
    queue: { description: 'What runs and waits on this server, and how long it takes' },
    settings: {
      description: 'Decide how the bot works on this server',
      accounts: 'For operators: which accounts work for this server, and how they do',
      use: 'Names in order of preference, with commas; leave it out to see how they do',
      reset: 'Back to all accounts, in the order of PROVIDERS',
    },
    quota: {
      description: 'Decide about points on this server',
      show: 'What was decided here, or the points of one person',
      showPerson: 'Whose points; leave out for the whole server',
      grant: 'Give a person points that do not expire',
      grantPoints: 'How many points',
      note: 'What for; stands in the history',
      set: 'Give a person an allowance of their own',
      setPoints: 'Points each period; leave out for what everybody gets',
      person: 'Who',
      reset: 'Take back what a person has spent in this period, or was granted',
      what: 'What to reset; spending where left out',
      whats: { spending: 'what they spent in this period', grants: 'their granted points' },
      role: 'Give everybody with a role an allowance',
      roleRole: 'Which role',
      rolePoints: 'Points each period; leave out to give the role none of its own',
      default: 'What everybody gets, and how often it refills',
      defaultPoints: 'Points each period',
      period: 'When it refills',
      periods: { day: 'every day', week: 'every week', month: 'every month' },
      timeZone: 'Whose midnight counts, as in Europe/Berlin',
      server: 'What the whole server may spend a month',
      budget: 'Points a month; leave out to see what is spent',
      unlimited: 'Remove the limit that you set',
      history: 'All that was charged, refunded, granted and reset for a person',
      page: 'Which page, the newest rows on the first',
    },
  },
};

function refunded(price: number): string {
  if (price === 0) return 'Nothing was charged.';
  return price === 1 ? 'Your point is back.' : `Your ${points(price)} are back.`;
}

export type Words = typeof en;
