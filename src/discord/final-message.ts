import type { RawFile } from 'discord.js';
import type { Logger } from '../log.ts';
import type { Task } from '../task.ts';
import type { Share } from '../tasks/byte-budget.ts';
import type { OwedMessage } from '../tasks/outbox.ts';
import type { AwaitedFiles } from './awaited-files.ts';
import { type EditOutcome, type EditResult, type Edits, mayForbidParts } from './edits.ts';
import { withoutLabel } from './render/foreign-label.ts';
import type { RenderedMention, RenderedMessage, ShownResult } from './render/message.ts';
import { withoutEmbed } from './render/without-embed.ts';
import { linkTo, nameAfterTask, type ResultFiles } from './result-files.ts';
import { listLinks } from './result-links.ts';

/** What happened to a final message; `unfetched`: there's nothing to show, and nothing will come. */
export type FinalOutcome = EditOutcome | 'unfetched';
export type FinalResult = Omit<EditResult, 'outcome'> & { readonly outcome: FinalOutcome };

/** They take about a minute, by which time most trouble is over. */
export const firstTries = 5;

/** Sends tasks' final messages, in a form that Discord accepts. */
export interface FinalMessages {
  send(owed: OwedMessage, share: Share): Promise<FinalResult>;
  /** Nothing is owed for that task anymore. */
  forget(taskId: string): void;
}

export interface FinalMessageDependencies {
  edits: Edits;
  files: AwaitedFiles;
  render: (task: Task, shown: ShownResult) => RenderedMessage;
  /** As plain text without any of other people's words; `undefined` if it wouldn't show anything of the result. */
  renderPlain: (task: Task) => RenderedMessage | undefined;
  renderMention: (task: Task) => RenderedMention;
  /** Called if the mention has already been sent. */
  settleMention: (owed: OwedMessage) => Promise<void>;
  log: Logger;
}

/** How many uploads may run out of time before a link is sent instead. */
const mostCuts = 3;

export function createFinalMessages(dependencies: FinalMessageDependencies): FinalMessages {
  const { edits, files: awaited, render, renderPlain, renderMention, settleMention, log } = dependencies;

  /** How many uploads of a task's result have run out of time. */
  const cuts = new Map<string, number>();

  async function show(
    owed: OwedMessage,
    { shown, files }: ResultFiles,
    reshape = (message: RenderedMessage) => message,
  ): Promise<EditResult> {
    const { task } = owed;
    const { place } = task.origin;
    const result = await editOpening(owed, reshape(render(task, shown)), files);
    if (result.outcome !== 'refused') return result;
    log.error(
      { taskId: task.id, error: result.error },
      'Discord refuses a message; it is sent without foreign words',
    );
    const bare = withoutForeignWords(task);
    const unnamed = nameAfterTask(bare, { shown, files });
    const again = await edits.edit(place, reshape(render(bare, unnamed.shown)), unnamed.files);
    const plain = again.outcome === 'refused' ? renderPlain(task) : undefined;
    if (plain === undefined) return again;
    log.error({ taskId: task.id, error: again.error }, 'Discord still refuses it; it is sent as plain text');
    return edits.edit(place, plain, []);
  }

  /** An archived thread is opened by any new message: the mention does it, since it may be owed anyway. */
  async function editOpening(
    owed: OwedMessage,
    message: RenderedMessage,
    files: RawFile[],
  ): Promise<EditResult> {
    const { place } = owed.task.origin;
    const result = await edits.edit(place, message, files);
    if (result.outcome !== 'archived' || !place.isOpenToBot) return result;
    const opened = await edits.send(place, renderMention(owed.task));
    if (opened.outcome !== 'done') return opened;
    log.info({ taskId: owed.task.id }, 'an archived thread was opened for a result');
    await settleMention(owed);
    return edits.edit(place, message, files);
  }

  /** A channel may allow no files, no embed, or neither. */
  async function showParts(owed: OwedMessage, loaded: ResultFiles, whole: EditResult): Promise<EditResult> {
    const { task } = owed;
    log.warn(
      { taskId: task.id, error: whole.error },
      'the channel may not allow files or embeds; the message goes without',
    );
    const linked = loaded.files.length > 0 && needsNoFile(task) ? linkTo(task) : undefined;
    const unattached = linked === undefined ? whole : await show(owed, linked);
    if (!mayForbidParts(unattached)) return unattached;
    const unembedded = await show(owed, loaded, withoutEmbed);
    if (!mayForbidParts(unembedded) || linked === undefined) return unembedded;
    return show(owed, linked, withoutEmbed);
  }

  /** Each time an upload takes too long, the next one may only be a quarter as large. */
  function limitFor({ id, origin }: Task): number {
    return Math.floor(edits.limitFor(origin.place) / 4 ** Math.min(cuts.get(id) ?? 0, mostCuts));
  }

  async function sendOnce(owed: OwedMessage, share: Share): Promise<FinalResult> {
    const { task } = owed;
    if ((cuts.get(task.id) ?? 0) >= mostCuts && hasLink(task)) return show(owed, linkTo(task));
    const limit = limitFor(task);
    const loaded = await awaited.load(task, limit, share);
    if ('outcome' in loaded) return loaded;
    const { gap } = loaded;
    const isWaiting = gap !== undefined && awaited.isWorthWaiting(task, gap);
    // The files of a set that have arrived are shown at once, and the message stays owed for the others.
    if (isWaiting && awaited.showsPart(task.id)) return { outcome: 'later', error: gap };
    const result = await show(owed, loaded);
    if (isWaiting && result.outcome === 'done') {
      awaited.keepPart(task.id);
      return { outcome: 'later', error: gap };
    }
    if (mayForbidParts(result) && owed.attempts >= firstTries) return showParts(owed, loaded, result);
    if (result.outcome !== 'too-large') return result;
    // Discord accepts less here than it said it would: try smaller files, then a link.
    const refitted = await awaited.load(
      task,
      Math.floor(Math.min(limit / 2, edits.smallestLimitBytes)),
      share,
    );
    const again = 'outcome' in refitted ? refitted : await show(owed, refitted);
    return again.outcome === 'too-large' ? show(owed, linkTo(task)) : again;
  }

  return {
    async send(owed, share) {
      const { id } = owed.task;
      const result = await sendOnce(owed, share);
      if (result.outcome === 'too-slow') cuts.set(id, (cuts.get(id) ?? 0) + 1);
      return result;
    },
    forget: (taskId) => void cuts.delete(taskId),
  };
}

/** Whether it's shown without a file, too: as an address, or as words. */
function needsNoFile(task: Task): boolean {
  return hasLink(task) || (task.result?.media.length ?? 0) === 0;
}

/** Whether people could open a link to its files. */
function hasLink(task: Task): boolean {
  return listLinks(task, Number.POSITIVE_INFINITY).length > 0;
}

/**
 * AutoMod refuses edits because of words in them (Discord code 200000): a result is worth more than its prompt, or
 * than what the provider says about it. Texts stay if they are the whole result: without them, the message would show
 * nothing of what was paid for.
 */
export function withoutForeignWords(task: Task): Task {
  const { failure, result, adjustments: _adjustments, facts: _facts, ...rest } = task;
  const { text, weighed, ...files } = result ?? { media: [], offers: [] };
  const { offer, typed: _typed, ...request } = task.request;
  const texts = { ...(text !== undefined && { text }), ...(weighed !== undefined && { weighed }) };
  const onlyTexts = files.media.length === 0 ? texts : {};
  return {
    ...rest,
    request: { ...request, prompt: '', pictures: [], ...(offer && { offer: withoutLabel(offer) }) },
    ...(result === undefined
      ? {}
      : { result: { ...files, offers: files.offers.map(withoutLabel), ...onlyTexts } }),
    ...(failure === undefined ? {} : { failure: { kind: failure.kind, mayHaveCost: failure.mayHaveCost } }),
  };
}
