import { dateAndTime, listNumberedLinks } from '../../locales/format.ts';
import type { Words } from '../../locales/index.ts';
import { isStillOffered, longestSeconds } from '../../service/video-length.ts';
import type { Task } from '../../task.ts';
import { expiryOf, listLinks, toLink, toShownLink } from '../result-links.ts';
import { toPlain } from './foreign-text.ts';
import type { ShownResult } from './message.ts';
import { toMarkedPrompt, toWeighedPrompt } from './weighed-prompt.ts';

const linksLimit = 2_000;
const dayMs = 24 * 60 * 60_000;

/** The lines of a message about a task's result. */
export function toResultLines(
  task: Task,
  words: Words,
  { shown, keptDays }: { readonly shown: ShownResult; readonly keptDays?: number | undefined },
  proposalLength: number,
): string[] {
  const proposals = toProposals(task);
  const prompt = weighPrompt(task, proposals, proposalLength);
  const weighed = prompt === '' ? [] : [words.say('result.words', { prompt })];
  const numbered = proposals.map((text, index) => `**${index + 1}.** ${toPlain(text, proposalLength)}`);
  const hasBoth = weighed.length > 0 && numbered.length > 0;
  const texts = [...weighed, ...(hasBoth ? [''] : []), ...numbered];
  if (shown.as === 'files')
    return [...texts, ...toFileLines(task, words, { ...shown, keptDays }), ...toLengthLines(task, words)];
  if ((task.result?.media.length ?? 0) === 0) return texts.length > 0 ? texts : toEmptyLines(task, words);
  if (shown.as === 'awaited') return [...texts, `⏳ ${words.say(`result.awaited.${shown.from}`)}`];
  const links = shown.as === 'link' ? listLinks(task, linksLimit) : [];
  if (links.length === 0) return [...texts, words.say('result.unreachable')];
  const shownLinks = links.map((link) => toShownLink(link, task));
  return [...texts, toLinkLine(shownLinks, words), toKeptLine(task, words, { links, keptDays })];
}

/** Which words of a shortened prompt matter: as the API says, or else by which ones its shorter forms keep. */
function weighPrompt({ request, result }: Task, proposals: readonly string[], limit: number): string {
  if (result?.weighed !== undefined) return toMarkedPrompt(result.weighed, limit);
  if (request.action !== 'shorten' || proposals.length === 0) return '';
  return toWeighedPrompt(request.prompt, proposals, limit);
}

/** What no picture came of, although its provider says that it's done. */
function toEmptyLines({ request, emptied }: Task, { say }: Words): string[] {
  const mayBeEmpty = request.action === 'other' || request.action === 'other-video';
  return mayBeEmpty && emptied === undefined ? [say('result.nothing')] : [];
}

/** Why nothing extends it any more. */
function toLengthLines(task: Task, { say }: Words): string[] {
  const isExtended = (task.result?.offers ?? []).some((offer) => !isStillOffered(task, offer));
  return isExtended ? [say('result.longest', { seconds: longestSeconds })] : [];
}

/** Where to find the files of a result that couldn't be attached. */
export function toLinkLine(links: readonly string[], { say }: Words): string {
  const [url = ''] = links;
  return links.length === 1
    ? say('result.link', { url })
    : say('result.links', { links: listNumberedLinks(links) });
}

/** How long the links work: as they say themselves, or as the API's documents promise. */
export function toKeptLine(
  { finishedAt }: Pick<Task, 'finishedAt'>,
  { say }: Words,
  { links, keptDays }: { links: readonly string[]; keptDays?: number | undefined },
): string {
  const stamps = links.flatMap((url) => expiryOf(url) ?? []);
  const promised = keptDays === undefined || finishedAt === undefined ? [] : [finishedAt + keptDays * dayMs];
  const ends = stamps.length > 0 ? stamps : promised;
  return ends.length === 0
    ? say('result.kept')
    : say('result.kept-until', { until: dateAndTime(Math.min(...ends)) });
}

function toFileLines(
  task: Task,
  words: Words,
  {
    missing = [],
    notShown,
    keptDays,
  }: Extract<ShownResult, { as: 'files' }> & { keptDays: number | undefined },
): string[] {
  const { result } = task;
  const links: string[] = [];
  let room = linksLimit;
  const lines = missing.map((index) => {
    const { kind = 'picture', ...media } = result?.media[index] ?? {};
    const number = index + 1;
    const link = toLink(media);
    const line =
      link === undefined
        ? undefined
        : words.say(`result.missing.${kind}.link`, { number, url: toShownLink(link, task) });
    if (line === undefined || line.length > room) return words.say(`result.missing.${kind}`, { number });
    room -= line.length;
    if (link !== undefined) links.push(link);
    return line;
  });
  return [
    ...lines,
    ...(links.length === 0 ? [] : [toKeptLine(task, words, { links, keptDays })]),
    ...(notShown === undefined ? [] : [words.say('result.not-shown', { type: notShown })]),
  ];
}

/** The prompts it found: as many as fit into one row of buttons. */
export function toProposals({ result }: Task): readonly string[] {
  return (result?.text ?? []).slice(0, 5);
}
