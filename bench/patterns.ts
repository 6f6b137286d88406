/** How long each reader of foreign or typed text keeps the processor busy, for the worst text that reaches it. */
import { cleanText, shortenText } from '../src/clean-text.ts';
import { toPlain, toPromptQuote, toQuote } from '../src/discord/render/foreign-text.ts';
import { composePrompt, dropSpeeds, normalizePrompt, takeSpeed } from '../src/prompt/compose.ts';
import { lint } from '../src/prompt/lint.ts';
import { requirePriced } from '../src/prompt/scan.ts';
import { spellFlags, spellRatio } from '../src/prompt/spelling.ts';
import { hasValidZoom, proposeZoom } from '../src/prompt/zoom.ts';
import { toPaidFields } from '../src/providers/acedata/prompt.ts';
import { readPrompt } from '../src/providers/apixo/prompt.ts';
import { cutWords, withoutLinks } from '../src/providers/foreign-words.ts';
import { parseJson } from '../src/providers/json.ts';
import { toMediaAddress } from '../src/providers/media-address.ts';
import { readPrompts } from '../src/providers/mj-proxy/texts.ts';
import { saysUnknownTask } from '../src/providers/unknown-task.ts';
import { worstTexts } from './worst-texts.ts';

/** How many characters Discord allows in an option. */
const typedLength = 6_000;
const foreignLength = 1_000_000;

type Reader = (text: string) => unknown;

const typed: Readonly<Record<string, Reader>> = {
  cleanText,
  normalizePrompt,
  composePrompt: (text) => composePrompt(text),
  takeSpeed: (text) => takeSpeed(text, undefined),
  dropSpeeds,
  spellFlags,
  spellRatio,
  hasValidZoom,
  proposeZoom,
  'lint, normalized': (text) =>
    lint(normalizePrompt(text), { action: 'imagine', speed: 'fast', pictures: 0 }),
  lint: (prompt) => lint(prompt, { action: 'imagine', speed: 'fast', pictures: 0, kind: 'apixo' }),
  'lint, in a video': (prompt) => lint(prompt, { action: 'video', speed: 'fast', pictures: 1 }),
  requirePriced: (prompt) => requirePriced({ action: 'imagine', prompt, pictures: [] }),
  toPaidFields,
  readPrompt,
  toPlain: (text) => toPlain(text, 4_000),
  toQuote: (text) => toQuote(text, 4_000),
  toPromptQuote: (text) => toPromptQuote(text, 4_000),
};

const foreign: Readonly<Record<string, Reader>> = {
  parseJson,
  'parseJson, as a text': (text) => parseJson(JSON.stringify({ text })),
  cutWords,
  'withoutLinks, cut': (text) => withoutLinks(cutWords(text)),
  withoutLinks,
  saysUnknownTask,
  'readPrompts, cut': (text) => readPrompts({ id: '1', action: 'DESCRIBE', promptEn: cutWords(text) }),
  toMediaAddress: (text) => toMediaAddress(text, 'https://api.example'),
  shortenText: (text) => shortenText(text, 1_000),
  'toQuote, 10,000': (text) => toQuote(text.slice(0, 10_000), 1_000),
};

/** Enough for a reader to be compiled, and for a steady mean. */
const times = { before: 5, measured: 5 };

/** Returns how long the processor works on it, so that what else the machine does doesn't count. */
function measureCpu(read: Reader, text: string, runs: number): number {
  const start = process.cpuUsage();
  for (let run = 0; run < runs; run += 1) {
    try {
      read(text);
    } catch {
      // A refusal is an answer, too.
    }
  }
  return process.cpuUsage(start).user / 1_000 / runs;
}

function measure(readers: Readonly<Record<string, Reader>>, length: number): void {
  for (const [name, read] of Object.entries(readers)) {
    let worst = { milliseconds: 0, text: '' };
    for (const [text, make] of worstTexts) {
      const words = make(length);
      measureCpu(read, words, times.before);
      const milliseconds = measureCpu(read, words, times.measured);
      if (milliseconds > worst.milliseconds) worst = { milliseconds, text };
    }
    process.stdout.write(
      `${name.padEnd(24)} ${String(length).padStart(9)} ${worst.milliseconds.toFixed(1).padStart(9)} ms  ${worst.text}\n`,
    );
  }
}

measure(typed, typedLength);
measure(typed, 10 * typedLength);
measure(foreign, foreignLength);
