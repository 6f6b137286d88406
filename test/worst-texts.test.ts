import { describe, expect, it } from 'vitest';
import { worstTexts } from '../bench/worst-texts.ts';
import { cleanText, shortenText } from '../src/clean-text.ts';
import { toPlain, toPromptQuote, toQuote } from '../src/discord/render/foreign-text.ts';
import { UserError } from '../src/errors.ts';
import { combinePrompt } from '../src/prompt/combine.ts';
import { composePrompt, dropSpeeds, normalizePrompt, takeSpeed } from '../src/prompt/compose.ts';
import { lint } from '../src/prompt/lint.ts';
import { requirePriced } from '../src/prompt/scan.ts';
import { spellFlags, spellRatio } from '../src/prompt/spelling.ts';
import { joinTranslation, splitForTranslation } from '../src/prompt/translation.ts';
import { hasValidZoom, proposeZoom } from '../src/prompt/zoom.ts';
import { toPaidFields } from '../src/providers/acedata/prompt.ts';
import { readTask as readAigc2dTask } from '../src/providers/aigc2d/answers.ts';
import { readStatus } from '../src/providers/apixo/answers.ts';
import { readPrompt } from '../src/providers/apixo/prompt.ts';
import { withoutLinks } from '../src/providers/foreign-words.ts';
import { parseJson } from '../src/providers/json.ts';
import { toMediaAddress } from '../src/providers/media-address.ts';
import { readTask } from '../src/providers/mj-proxy/answers.ts';
import { mjProxyGateways } from '../src/providers/mj-proxy/gateways.ts';
import { toTask } from '../src/providers/mj-proxy/task.ts';

/** Ten times what Discord allows in an option: a pattern that reads it twice for each of its parts doesn't end in time. */
const typedLength = 60_000;
const foreignLength = 1_000_000;

/** Everything a text is read for; a refusal is an answer, too. */
function orRefusal(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof UserError) && (error as Error).name !== 'ProviderError') throw error;
  }
}

function answerOf(json: unknown) {
  return { status: 200, retryAfterMs: undefined, text: '', json };
}

describe.each(worstTexts)('a long text of %s', (_name, make) => {
  it('is read in one go if a person typed it', () => {
    const text = make(typedLength);
    expect(cleanText(text).length).toBeLessThanOrEqual(text.length);
    for (const read of [spellFlags, spellRatio, normalizePrompt, dropSpeeds, hasValidZoom, proposeZoom])
      orRefusal(() => read(text));
    orRefusal(() => composePrompt(text, { negative: text, styleReference: text }));
    orRefusal(() => takeSpeed(text, undefined));
    for (const action of ['imagine', 'video'] as const)
      for (const kind of ['mjproxy', 'apixo'])
        orRefusal(() => lint(normalizePrompt(text), { action, kind, speed: 'fast', pictures: 0 }));
    orRefusal(() => combinePrompt({ text }, { suffix: text, presets: { a: text } }));
    orRefusal(() => requirePriced({ action: 'imagine', prompt: text, pictures: [] }));
    for (const read of [toPaidFields, readPrompt, splitForTranslation]) orRefusal(() => read(text));
    orRefusal(() => joinTranslation(splitForTranslation(text), text));
    for (const show of [toPlain, toQuote, toPromptQuote, shortenText])
      expect(show(text, 1_000).length).toBeLessThanOrEqual(2_000);
  }, 20_000);

  it('is read in one go, and cut, if an API wrote it', () => {
    const text = make(foreignLength);
    orRefusal(() => parseJson(text));
    expect(withoutLinks(text).length).toBeLessThanOrEqual(text.length);
    orRefusal(() => toMediaAddress(text, 'https://api.example'));
    orRefusal(() => toMediaAddress(`https://api.example/${text}`, 'https://api.example'));
    const fields = { prompt: text, promptEn: text, description: text, failReason: text, imageUrl: text };
    for (const status of ['SUCCESS', 'FAILURE', 'MODAL', 'IN_PROGRESS'])
      for (const action of ['DESCRIBE', 'SHORTEN', 'VIDEO', text]) {
        const entry = { id: '1', status, action, ...fields, properties: { finalPrompt: text } };
        const task = toTask(entry);
        orRefusal(() => task && expectShort(readTask(task, mjProxyGateways.mjproxy)));
        const body = {
          task_id: '1',
          status,
          ...fields,
          final_prompt: text,
          finish_time: text,
          message: text,
        };
        orRefusal(() => expectShort(readAigc2dTask(answerOf(body), 'describe', '')));
      }
    const failed = { state: 'failed', failCode: text, failMsg: text };
    orRefusal(() => expectShort(readStatus(answerOf({ code: 200, message: text, data: failed }))));
  }, 20_000);
});

/** Words and what is made of them; an address is cut where its file name is searched. */
function expectShort(update: object | undefined): void {
  const { media: _, preview: __, ...words } = (update ?? {}) as Record<string, unknown>;
  expect(JSON.stringify(words).length).toBeLessThan(1_000_000);
}
