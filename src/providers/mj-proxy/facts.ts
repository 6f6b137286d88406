import { readStyleCodes } from '../../prompt/style-codes.ts';
import type { Facts, Speed } from '../../task.ts';
import { readJobId } from './job-id.ts';
import type { MjTask } from './task.ts';
import { isTextTask } from './texts.ts';

/**
 * What a task tells besides its result (midjourney-proxy Task.java, plus docs/api.md, trueai-org TaskInfo.cs); `undefined` if
 * that's nothing.
 */
export function readFacts(task: MjTask): Facts | undefined {
  const { properties, mode, imageWidth, imageHeight } = task;
  const facts = {
    promptEnglish: isTextTask(task) ? undefined : readTranslation(task),
    submittedAt: readTime(task.submitTime),
    startedAt: readTime(task.startTime),
    finishedAt: readTime(task.finishTime),
    realSpeed: readSpeed(properties?.messageContent) ?? toSpeed(mode),
    seed: /^\d{1,20}$/u.exec(task.seed ?? '')?.[0],
    // Midjourney's message has the code that it drew in place of `random` (docs.midjourney.com, Style Reference, 2026-11).
    styleCodes: readStyleCodes(properties?.finalPrompt ?? ''),
    jobId: readUuid(task.jobId) ?? readJobId(task) ?? readUuid(properties?.messageHash),
    width: readSize(imageWidth ?? task.width),
    height: readSize(imageHeight ?? task.height),
  } satisfies Partial<Record<keyof Facts, unknown>>;
  const told = Object.entries(facts).filter(([, fact]) => fact !== undefined);
  return told.length === 0 ? undefined : Object.fromEntries(told);
}

/** `promptEn` repeats the prompt unless it was translated (SubmitController.java, translatePrompt). */
function readTranslation({ prompt, promptEn }: MjTask): string | undefined {
  const typed = toOneLine(prompt);
  const translated = toOneLine(promptEn);
  return typed === '' || translated === '' || typed === translated ? undefined : translated;
}

function toOneLine(text: string | null | undefined): string {
  return (text ?? '').trim().replaceAll(/\s+/gu, ' ');
}

/** In these years, milliseconds and seconds can't be mixed up. */
const [earliest, latest] = [Date.UTC(2020), Date.UTC(2100)];

/** Epoch milliseconds, or seconds at some gateways; 0 or null if it hasn't happened. */
function readTime(written: string | null | undefined): number | undefined {
  const value = Number(written ?? 0);
  return [value, value * 1_000].map(Math.round).find((time) => time >= earliest && time < latest);
}

/**
 * Midjourney ends its message with the speed, behind the person it's for: `**a fox** - <@1343> (relaxed)`,
 * `(fast, stealth)`. What comes before may be a prompt with such words.
 */
function readSpeed(message: string | null | undefined): Speed | undefined {
  const [, after] = /<@!?\d+>([^<>*]*)$/u.exec(message ?? '') ?? [];
  const [, word] = /\((relaxed|relax|fast|turbo)\b[^()]*\)\s*$/iu.exec(after ?? '') ?? [];
  return toSpeed(word);
}

function toSpeed(word: string | null | undefined): Speed | undefined {
  switch ((word ?? '').toLowerCase()) {
    case 'relax':
    case 'relaxed':
      return 'relax';
    case 'fast':
      return 'fast';
    case 'turbo':
      return 'turbo';
    default:
      return undefined;
  }
}

function readUuid(word: string | null | undefined): string | undefined {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.exec((word ?? '').trim())?.[0].toLowerCase();
}

function readSize(written: string | null | undefined): number | undefined {
  const size = Number(written ?? 0);
  return Number.isInteger(size) && size > 0 && size < 100_000 ? size : undefined;
}
