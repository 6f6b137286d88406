import type { Finding } from '../errors.ts';
import type { Speed } from '../task.ts';
import { normalizePrompt } from './compose.ts';
import type { Draft, LintContext } from './findings.ts';
import { kinds } from './kinds.ts';
import { videoModel } from './models.ts';
import { readPrompt, writePrompt } from './reading.ts';
import { correctImages, correctProfiles, correctStyles } from './rules/links-and-codes.ts';
import {
  addDashes,
  correctNames,
  keepLast,
  keepLastNumber,
  moveWords,
  removeCommas,
  removeQuotes,
  requireValues,
  separateDashes,
} from './rules/spelling.ts';
import { requireCompany, requireWork, separate } from './rules/together.ts';
import { correctValues } from './rules/values.ts';
import { findModel, removeWeights, requireFields, requireSpeed, requireTaken } from './rules/version.ts';
import { isVideo } from './scan.ts';

export type { LintContext } from './findings.ts';

/** What was found in a prompt, and the prompt and the speed with nothing left to find. */
export interface Lint {
  readonly findings: readonly Finding[];
  readonly prompt: string;
  readonly speed: Speed;
}

/**
 * Finds what the version and the account won't take, before anybody pays for it. The prompt has to be normalized. What it
 * costs is for `scan.ts` to say, about this prompt and about the corrected one.
 */
export function lint(prompt: string, context: LintContext): Lint {
  const first = pass(prompt, context);
  let last = first;
  // A correction may bring together what belongs together; what that shows isn't about the words that were written.
  for (let round = 1; round < mostRounds && last.findings.length > 0; round += 1)
    last = pass(last.prompt, { ...context, speed: last.speed });
  return { ...last, findings: first.findings };
}

/** Two are enough for nearly all prompts, and none has ever needed this many. */
const mostRounds = 6;

function pass(prompt: string, context: LintContext): Lint {
  const reading = readPrompt(prompt);
  const draft: Draft = {
    words: reading.words,
    parameters: [],
    speed: context.speed,
    findings: [],
    context,
    kind: kinds[context.kind ?? ''],
  };
  moveWords(draft, correctNames(reading, draft));
  separateDashes(draft);
  addDashes(draft);
  removeQuotes(draft);
  removeCommas(draft);
  requireValues(draft);
  requireWork(draft);
  keepLastNumber(draft);
  keepLast(draft);
  requireFields(draft);
  const known = findModel(draft);
  if (isVideo(context.action)) {
    correctValues(draft, { model: videoModel, isNamed: true, isCertain: true });
  } else {
    correctValues(draft, known);
    requireTaken(draft, known);
    keepLast(draft); // `--oref` may have come from `--cref`
    removeWeights(draft, known);
    correctStyles(draft, known);
    correctProfiles(draft);
    correctImages(draft);
    requireCompany(draft);
    separate(draft, known);
    requireSpeed(draft, known);
  }
  if (draft.findings.length === 0) return { findings: [], prompt, speed: context.speed };
  return {
    findings: draft.findings,
    prompt: normalizePrompt(writePrompt(draft.words, draft.parameters)),
    speed: draft.speed,
  };
}

/** Whether a prompt may be sent as it is: what isn't certain is for Midjourney to judge. */
export function isSendable({ findings }: Pick<Lint, 'findings'>): boolean {
  return !findings.some(({ isCertain }) => isCertain);
}
