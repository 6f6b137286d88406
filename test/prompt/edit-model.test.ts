import { describe, expect, it } from 'vitest';
import { addEdited, composeEdit, requireEditable, usesEditModel } from '../../src/prompt/edit-model.ts';
import type { InputPicture } from '../../src/task.ts';
import { codeOf } from '../helpers/errors.ts';

const photo = { url: 'https://cdn.example/photo.png', name: 'photo.png' };
const style = { url: 'https://cdn.example/style.png', name: 'style.png', role: 'style' } as const;

describe('an edit', () => {
  it.each([
    [1, undefined, 'a hat'],
    [1, '16:9', 'a hat --ar 16:9'],
    [2, undefined, 'a hat --v 8.2'],
    [4, '16:9', 'a hat --ar 16:9 --v 8.2'],
  ])('with %i pictures, shaped %s, has the words %s', (pictures, aspect, prompt) => {
    expect(composeEdit('a hat', pictures, aspect)).toBe(prompt);
  });

  it.each(['a hat --v 8.1', 'a hat --v 7', 'a hat --niji 7', 'a hat --version 8.1'])(
    'keeps the version of %s',
    (words) => {
      expect(composeEdit(words, 2)).toBe(words);
    },
  );

  it('is about several pictures only if it has them', () => {
    const two = [photo, style];
    expect(usesEditModel({ action: 'edit', pictures: two })).toBe(true);
    expect(usesEditModel({ action: 'edit', pictures: [photo] })).toBe(false);
    for (const action of ['imagine', 'blend', 'swap', 'video'] as const)
      expect(usesEditModel({ action, pictures: two })).toBe(false);
  });

  it('names its pictures behind the words, in their order, and styles apart', () => {
    const other = { url: 'https://cdn.example/hat.png' };
    expect(addEdited('a hat --v 8.2', [photo, style, other])).toBe(
      `a hat --v 8.2 --edit ${photo.url} ${other.url} --sref ${style.url}`,
    );
    expect(addEdited('a hat', [photo, other])).toBe(`a hat --edit ${photo.url} ${other.url}`);
  });
});

describe('the words of an edit with several pictures', () => {
  const refusalOf = async (prompt: string, pictures: readonly InputPicture[] = [photo, style]) =>
    codeOf((async () => requireEditable({ action: 'edit', prompt, pictures }))());

  it.each([
    ['a hat --v 7', 'edit-version'],
    ['a hat --version 6.1', 'edit-version'],
    ['a hat --v 8', 'edit-version'],
    ['a hat --V 5.2 --ar 1:1', 'edit-version'],
    ['a hat --niji 7', 'edit-version'],
    ['a hat --niji', 'edit-version'],
    ['a hat --tile --v 8.2', 'edit-tile'],
    ['a hat --sref 123 --v 8.2', 'style-twice'],
    ['a hat --sref https://e.org/1.png', 'style-twice'],
  ])('are refused: %s', async (prompt, code) => {
    expect(await refusalOf(prompt)).toBe(code);
  });

  it.each(['a hat', 'a hat --v 8.2', 'a hat --v 8.1 --ar 3:2', 'a tile --v 8.2', 'a hat --sw 200 --v 8.2'])(
    'pass: %s',
    async (prompt) => {
      expect(await refusalOf(prompt)).toBeUndefined();
    },
  );

  it('may name a style if no picture does, and anything with a single picture', async () => {
    expect(await refusalOf('a hat --sref 123 --v 8.2', [photo, photo])).toBeUndefined();
    expect(await refusalOf('a hat --tile --v 7 --sref 1', [photo])).toBeUndefined();
  });
});
