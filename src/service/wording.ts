import type { Finding } from '../errors.ts';
import { isSendable, lint } from '../prompt/lint.ts';
import { isRemix } from '../remix.ts';
import type { TaskRequest } from '../task.ts';

/** An option of a command that doesn't count, since the text sets the same. */
export interface OverriddenOption {
  /** As it's written in the text. */
  readonly flag: string;
  /** As the command calls it. */
  readonly option: string;
}

/** What was found in the words of a request, and the request without it. */
export interface Wording {
  readonly findings: readonly Finding[];
  readonly corrected: TaskRequest;
  /** Whether it may be sent as it was written. */
  readonly isSendable: boolean;
}

/** Reads the words that a request sends to that kind of account. */
export function readWording(
  request: TaskRequest,
  kind: string | undefined,
  overridden: readonly OverriddenOption[] = [],
): Wording {
  const sent = findSentWords(request);
  if (sent === undefined) return { findings: [], corrected: request, isSendable: true };
  const { action, speed, pictures, answer } = request;
  const hasStyle = pictures.some(({ role }) => role === 'style');
  const linted = lint(sent, { action, speed, pictures: pictures.length, hasStyle, kind });
  const contradictions = overridden.map(
    (details): Finding => ({ code: 'option-overridden', details, isCertain: false }),
  );
  return {
    findings: [...contradictions, ...linted.findings],
    corrected: {
      ...request,
      prompt: linted.prompt,
      speed: linted.speed,
      ...(answer === undefined ? {} : { answer: linted.prompt }),
    },
    isSendable: isSendable(linted),
  };
}

/** Follow-ups send words only if they were typed for them, and nothing is made of a shorten. What was sent before stays as it was. */
function findSentWords(request: TaskRequest): string | undefined {
  const { action, prompt, offer, answer, remixOf, copyOf } = request;
  if (copyOf !== undefined || action === 'shorten') return undefined;
  if (remixOf !== undefined && !isRemix(request)) return undefined;
  const sent = offer === undefined || offer.takesWords === true ? prompt : answer;
  return sent === '' ? undefined : sent;
}
