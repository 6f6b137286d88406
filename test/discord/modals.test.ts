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
    expect([...inputsOf(modal).keys()]).toEqual(needsRegion ? ['prompt', 'cells', 'mask'] : ['prompt']);
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

  it('names nine parts, row by row from 1, of which not all may be chosen', () => {
    const modal = toModal(press('offer'), { prompt: 'a fox', needsRegion: true }, english);
    const cells = inputsOf(modal).get('cells') as unknown as {
      options: { label: string; value: string }[];
      min_values: number;
      max_values: number;
    };
    expect(cells.options.map(({ value }) => value)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(cells.options.map(({ label }) => label)).toEqual([
      'Top left',
      'Top',
      'Top right',
      'Left',
      'Center',
      'Right',
      'Bottom left',
      'Bottom',
      'Bottom right',
    ]);
    expect([cells.min_values, cells.max_values]).toEqual([0, 8]);
  });
});

describe('a submitted modal', () => {
  const sent = (values: { cells?: string[]; mask?: object }) =>
    ({
      fields: {
        fields: new Map(Object.entries({ prompt: {}, ...values })),
        getTextInputValue: () => 'a hat',
        getStringSelectValues: () => values.cells ?? [],
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
    expect(readModal(sent({ cells: ['2', '7'] }))).toEqual({ prompt: 'a hat', region: { cells: [2, 7] } });
    expect(readModal(sent({ cells: [], mask }))).toEqual({
      prompt: 'a hat',
      region: {
        cells: [],
        picture: { name: 'mask.png', bytes: 10, url: 'https://cdn.example/mask.png', isMeasured: false },
      },
    });
  });
});
