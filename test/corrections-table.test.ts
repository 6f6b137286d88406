import { describe, expect, it } from 'vitest';
import en from '../src/locales/en.json' with { type: 'json' };
import { listPrices, priceOf } from '../src/points/prices.ts';
import { combinePrompt } from '../src/prompt/combine.ts';
import type { PromptOptions } from '../src/prompt/compose.ts';
import { readWording } from '../src/service/wording.ts';
import type { Speed } from '../src/task.ts';
import { corrections, listCorrections } from './helpers/corrections.ts';

describe('the table of corrections', () => {
  it('has a row for each finding that has a sentence', () => {
    const sentences = Object.keys(en).filter((key) => key.startsWith('finding.'));
    const codes = new Set(sentences.map((key) => key.split('.')[1]));
    expect(Object.keys(corrections).toSorted()).toEqual([...codes].toSorted());
  });

  it.each((['mjproxy', 'acedata', 'apixo'] as const).flatMap(listCorrections))(
    'is about $code: $typed $options',
    ({ typed, options, command, at, code, corrected, isSendable, price }) => {
      const { overridden, ...combined } = combinePrompt({
        text: typed,
        options: options as PromptOptions & { speed?: Speed },
      });
      const action = command ?? ('imagine' as const);
      const pictures = action === 'video' ? [{ url: 'https://e.org/a.png', name: 'a.png' }] : [];
      const found = readWording({ action, pictures, ...combined }, at, overridden);
      expect(found.findings.map((finding) => finding.code)).toEqual([code]);
      expect([found.corrected.prompt, found.isSendable]).toEqual([corrected, isSendable]);
      expect(priceOf(listPrices(at), found.corrected)).toBe(price);
    },
  );
});
