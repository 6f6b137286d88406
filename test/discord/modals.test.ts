import { ComponentType } from 'discord.js';
import { describe, expect, it } from 'vitest';
import type { Press, PressKind } from '../../src/discord/custom-id.ts';
import { readModal, toModal } from '../../src/discord/modals.ts';
import { english } from '../../src/locales/index.ts';
import { maxPromptLength } from '../../src/prompt/compose.ts';

const taskId = 'Abc_-01234567890';
const press = (kind: PressKind): Press => ({ kind, taskId, offer: 3 });

/** The inputs of a window, by their ids. */
function inputsOf(modal: ReturnType<typeof toModal>) {
  const labels = modal.components as unknown as { component: { custom_id: string; type: number } }[];
  return new Map(labels.map(({ component }) => [component.custom_id, component]));
}

describe('a modal', () => {
  it.each<[PressKind, boolean, string]>([
    ['offer', false, `window:${taskId}:3`],
    ['offer', true, `window:${taskId}:3`],
    ['proposal', false, `proposal-window:${taskId}:3`],
    ['answer', false, `answer:${taskId}:3`],
  ])('comes back to what opened it: %s, with a region: %s', (kind, needsRegion, id) => {
    const modal = toModal(press(kind), { prompt: 'a fox', needsRegion }, english);
    expect(modal.custom_id).toBe(id);
    expect([...inputsOf(modal).keys()]).toEqual(needsRegion ? ['prompt', 'parts', 'mask'] : ['prompt']);
  });

  it('contains the prompt, as much of it as Discord allows', () => {
    for (const length of [1, maxPromptLength, maxPromptLength + 1]) {
      const modal = toModal(press('offer'), { prompt: 'x'.repeat(length) }, english);
      expect(inputsOf(modal).get('prompt')).toMatchObject({
        type: ComponentType.TextInput,
        value: 'x'.repeat(Math.min(length, maxPromptLength)),
        max_length: maxPromptLength,
        required: true,
      });
    }
  });

  it('may come without a prompt, and says so', () => {
    const modal = toModal(press('answer'), { prompt: '', mayBeEmpty: true }, english);
    expect(inputsOf(modal).get('prompt')).toMatchObject({
      required: false,
      placeholder: 'Leave this empty to keep the prompt of the image',
    });
    expect(inputsOf(toModal(press('answer'), { prompt: '' }, english)).get('prompt')).toMatchObject({
      required: true,
    });
  });

  it('offers the parts of the picture by number, of which not all may be chosen', () => {
    const modal = toModal(press('draft'), { prompt: 'a fox', needsRegion: true, cells: [7, 25] }, english);
    const parts = inputsOf(modal).get('parts') as unknown as {
      options: { label: string; value: string; default?: boolean }[];
      min_values: number;
      max_values: number;
    };
    const numbers = Array.from({ length: 25 }, (_, index) => String(index + 1));
    expect(parts.options.map(({ value }) => value)).toEqual(numbers);
    expect(parts.options.map(({ label }) => label)).toEqual(numbers);
    expect(parts.options.flatMap((one) => (one.default ? [one.value] : []))).toEqual(['7', '25']);
    expect([parts.min_values, parts.max_values]).toEqual([0, 24]);
  });
});

describe('a submitted modal', () => {
  const sent = (values: { parts?: string[]; cells?: string[]; mask?: object }) =>
    ({
      fields: {
        fields: new Map(Object.entries({ prompt: {}, ...values })),
        getTextInputValue: () => 'a hat',
        getStringSelectValues: () => values.parts ?? [],
        getUploadedFiles: () => ({ first: () => values.mask }),
      },
    }) as unknown as Parameters<typeof readModal>[0];

  it('has a prompt, parts, and perhaps a mask', () => {
    const mask = {
      name: 'mask.png',
      size: 10,
      url: 'https://cdn.example/mask.png',
      contentType: 'image/png',
    };
    expect(readModal(sent({}))).toEqual({ prompt: 'a hat' });
    expect(readModal(sent({ parts: ['2', '7'] }))).toEqual({ prompt: 'a hat', region: { cells: [2, 7] } });
    expect(readModal(sent({ parts: [], mask }))).toEqual({
      prompt: 'a hat',
      region: {
        cells: [],
        picture: { name: 'mask.png', bytes: 10, url: 'https://cdn.example/mask.png', isMeasured: false },
      },
    });
  });

  it('of an earlier version, whose parts were others, has none', () => {
    expect(readModal(sent({ cells: ['9'] }))).toEqual({ prompt: 'a hat' });
  });
});
