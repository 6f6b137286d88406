import { ButtonBuilder, StringSelectMenuBuilder, StringSelectMenuOptionBuilder } from '@discordjs/builders';
import { ButtonStyle } from 'discord.js';
import type { Words } from '../../locales/index.ts';
import { isExtension, isStillOffered } from '../../service/video-length.ts';
import {
  followUpActions,
  hasResult,
  isEnded,
  mayDoBetter,
  type Offer,
  type OfferStyle,
  type Task,
} from '../../task.ts';
import { encodePress, type PressKind } from '../custom-id.ts';
import { favoriteEmoji, toEmoji, toFaces, toLabel } from './button-faces.ts';
import { toCancelButton } from './cancel.ts';
import { toStyleButtons } from './drawn-style.ts';
import { toRow } from './embed.ts';
import { type ButtonGroup, buttonGroups, gridGroups, groupOf } from './groups.ts';
import type { Outlook, RenderedMessage, ShownResult } from './message.ts';
import { toProposals } from './result.ts';
import { arrangeRows, rowLength } from './rows.ts';
import type { ButtonFace } from './widths.ts';

/** Those that the API's own button may have. */
const styles: ReadonlyMap<OfferStyle | undefined, ButtonStyle.Success | ButtonStyle.Danger> = new Map([
  ['success', ButtonStyle.Success],
  ['danger', ButtonStyle.Danger],
] as const);

/** Discord's limit for a menu. */
const mostChoices = 25;

export interface ButtonShowing {
  readonly shown: ShownResult;
  readonly outlook: Outlook | undefined;
  /** Whether a picture can be made into a video. */
  readonly animates: boolean;
}

interface OfferButton {
  readonly offer: Offer;
  /** Its number among the task's offers. */
  readonly index: number;
}

type Entry = ButtonBuilder | OfferButton;

/** At most 5 rows: every offer in a row of its kind, and what else can be done with the message. */
export function renderButtons(
  task: Task,
  words: Words,
  showing: ButtonShowing,
): RenderedMessage['components'] {
  if (task.origin.place.hasNoButtons === true) return [];
  const { shown } = showing;
  const proposals = toProposals(task).map((_, index) => toProposalButton(task.id, index, words));
  // Nobody can choose among images that aren't there yet.
  const offers = shown.as === 'awaited' ? [] : listOffers(task);
  // Midjourney puts 🔄 behind the numbers of what it found.
  const again = offers.filter(({ offer }) => offer.action === 'redescribe');
  const hasRoom = proposals.length > 0 && proposals.length + again.length <= rowLength;
  const left = hasRoom ? offers.filter((one) => !again.includes(one)) : offers;
  const groupsOf = (names: readonly ButtonGroup[]) =>
    names.flatMap((name) => splitLarge(left.filter(({ offer }) => groupOf(offer.action) === name)));
  const alone = [hasRoom ? [...proposals, ...again] : proposals, ...groupsOf(gridGroups)];
  const others = groupsOf(buttonGroups.filter((name) => !gridGroups.includes(name)));
  const last = toOwnButtons(task, words, showing);
  const byKind = arrangeRows<Entry>({ alone, others, last });
  // What neither rows of their kind nor the menu have room for stands as close as it can.
  const isTooMuch = byKind.more.length > mostChoices;
  const { rows, more } = isTooMuch
    ? arrangeRows<Entry>({ alone: [], others: [[...alone, ...others].flat()], last })
    : byKind;
  const shownRows = rows.map((row) => toRow(toButtons(task.id, row, words)));
  const menu = more.filter((entry) => 'offer' in entry).slice(0, mostChoices);
  return menu.length === 0 ? shownRows : [...shownRows, toRow([toMenu(task.id, menu, words)])];
}

/** Numbers of one action stay together where a group has more than one row. */
function splitLarge(group: OfferButton[]): OfferButton[][] {
  if (group.length <= rowLength) return [group];
  const actions = new Set(group.map(({ offer }) => offer.action));
  return [...actions].map((action) => group.filter(({ offer }) => offer.action === action));
}

/** On a picture that was taken out of its set, a button needs no number, but what the API gets stays. */
function withoutNumber(task: Task, { action, index, ...offer }: Offer): Offer {
  const isKept = index === undefined || task.request.action !== 'upscale' || action === 'upscale';
  return isKept ? { action, ...(index === undefined ? {} : { index }), ...offer } : { action, ...offer };
}

/** U1–U4 come before 🔄; all others keep the provider's order. A newer version may have saved an offer without a name here. */
function listOffers(task: Task): OfferButton[] {
  const known = (task.result?.offers ?? [])
    .map((offer, index) => ({ offer: withoutNumber(task, offer), index }))
    .filter(({ offer }) => followUpActions.includes(offer.action) && isStillOffered(task, offer));
  const isReroll = ({ offer }: OfferButton) => offer.action === 'reroll' || offer.action === 'reroll-video';
  return [...known.filter((one) => !isReroll(one)), ...known.filter(isReroll)];
}

function toOwnButtons(
  task: Task,
  words: Words,
  { shown, outlook, animates }: ButtonShowing,
): ButtonBuilder[] {
  const button = (kind: PressKind, style = ButtonStyle.Secondary) =>
    new ButtonBuilder().setCustomId(encodePress({ kind, taskId: task.id })).setStyle(style);
  const own: ButtonBuilder[] = [];
  if (task.state === 'asking' && task.request.answer === undefined)
    own.push(button('answer', ButtonStyle.Primary).setLabel(words.say('button.answer')));
  if (task.state === 'failed' && task.lateAt === undefined && mayDoBetter(task))
    own.push(button('again').setLabel(words.say('button.again')));
  if (task.state === 'cancelled') own.push(button('again').setLabel(words.say('button.again')));
  if (!isEnded(task) && !task.origin.place.isOpenToBot)
    own.push(button('check').setLabel(words.say('button.check')));
  if (!isEnded(task) && outlook?.canCancel === true)
    own.push(toCancelButton(task.id, outlook.isCancelRefunded, words));
  own.push(...toStyleButtons(task, words));
  if (hasResult(task) && shown.as !== 'awaited' && task.origin.place.isPrivate === true)
    own.push(
      button('publish').setLabel(words.say('button.publish')),
      button('send-to-me').setLabel(words.say('button.send-to-me')),
    );
  if (animates && shown.as === 'files' && isStill(task))
    own.push(button('animate').setEmoji({ name: '🎞️' }).setLabel(words.say('button.animate-manual')));
  if (shown.as !== 'awaited' && takesWords(task))
    own.push(button('extend').setEmoji({ name: '🎞️' }).setLabel(words.say('button.extend-manual')));
  if (hasResult(task) && shown.as !== 'awaited')
    own.push(button('favorite').setEmoji({ name: favoriteEmoji }));
  if (isEnded(task)) own.push(button('remove').setEmoji({ name: '🗑️' }));
  return own;
}

/** What shows one picture: what was taken out of a grid, or made larger, and a picture with another face. */
const ofOnePicture = /^(?:upscale|enlarge|redo-upscale|swap)(?:-|$)/;

/** One picture that isn't moving yet: a clip of a video is taken out of its set like a picture. */
function isStill({ request, result }: Task): boolean {
  const { media = [], offers = [] } = result ?? {};
  const isPicture = media.length === 1 && media[0]?.kind === 'picture';
  const isMoving = offers.some(({ action }) => isExtension(action));
  return isPicture && !isMoving && ofOnePicture.test(request.action);
}

/** Whether it can be extended with other words. */
function takesWords(task: Task): boolean {
  const offers = task.result?.offers ?? [];
  return offers.some((offer) => offer.takesWords === true && isStillOffered(task, offer));
}

function toProposalButton(taskId: string, index: number, words: Words): ButtonBuilder {
  return new ButtonBuilder()
    .setCustomId(encodePress({ kind: 'proposal', taskId, offer: index }))
    .setStyle(ButtonStyle.Secondary)
    .setLabel(words.say('button.proposal', { number: index + 1 }));
}

function toButtons(taskId: string, row: readonly Entry[], words: Words): ButtonBuilder[] {
  const faces = toFaces(
    row.map((entry) => ('offer' in entry ? entry.offer : entry)),
    words,
  );
  return row.map((entry, place) => ('offer' in entry ? toButton(taskId, entry, faces[place] ?? {}) : entry));
}

function toButton(
  taskId: string,
  { offer, index }: OfferButton,
  { symbol, label }: ButtonFace,
): ButtonBuilder {
  const button = new ButtonBuilder()
    .setCustomId(encodePress({ kind: 'offer', taskId, offer: index }))
    .setStyle(styles.get(offer.style) ?? ButtonStyle.Secondary);
  if (symbol !== undefined) button.setEmoji({ name: symbol });
  return label === undefined ? button : button.setLabel(label);
}

function toMenu(taskId: string, offers: readonly OfferButton[], words: Words): StringSelectMenuBuilder {
  const choices = offers.map(({ offer, index }) => {
    const choice = new StringSelectMenuOptionBuilder()
      .setLabel(toLabel(offer, words))
      .setValue(String(index));
    const symbol = toEmoji(offer);
    return symbol === undefined ? choice : choice.setEmoji({ name: symbol });
  });
  return new StringSelectMenuBuilder()
    .setCustomId(encodePress({ kind: 'more', taskId }))
    .setPlaceholder(words.say('button.more'))
    .addOptions(choices);
}
