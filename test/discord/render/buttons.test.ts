import { describe, expect, it } from 'vitest';
import type { RenderedMessage } from '../../../src/discord/render/message.ts';
import { renderTask } from '../../../src/discord/render/task.ts';
import { english } from '../../../src/locales/index.ts';
import { followUpActions, type Offer, type Task, toPrivatePlace } from '../../../src/task.ts';
import { anOffer, anOrigin, aPlace, aRunningTask, aTask } from '../../helpers/tasks.ts';

const id = 'AbCdEfGh_-123456';
const media = [{ kind: 'picture', url: 'https://pictures.example/1.png' }] as const;

function aDoneTask(offers: Offer[]): Task {
  return aTask({ id, state: 'done', acceptedAt: 1_000, finishedAt: 43_000, result: { media, offers } });
}

/** Words on the buttons of a message, or their emoji where they have none. */
function labelsIn({ components }: RenderedMessage): unknown[] {
  const buttons = components.flatMap((row) => row.components) as {
    label?: string;
    emoji?: { name: string };
  }[];
  return buttons.map(({ label, emoji }) => label ?? emoji?.name);
}

describe('the buttons of a task', () => {
  it('have no Try again if the same files could only fail again', () => {
    const failed = (code: 'picture-unreadable' | 'link-unreachable') =>
      aTask({
        id,
        state: 'failed',
        failure: { kind: 'input', refusal: { code, details: { name: 'fox.png' } }, mayHaveCost: false },
      });
    expect(labelsIn(renderTask(failed('picture-unreadable'), english))).toEqual(['🗑️']);
    expect(labelsIn(renderTask(failed('link-unreachable'), english))).toEqual(['Try again', '🗑️']);
  });

  describe('of a private result', () => {
    const shown = { as: 'files', names: ['1.png'] } as const;
    const hidden = anOrigin({ place: toPrivatePlace(aPlace()) });
    const ends = ['Publish', 'Send to me', '❤️', '🗑️'];

    it('are those of any other, and ways to share it', () => {
      const task = { ...aDoneTask([anOffer()]), origin: hidden };
      expect(labelsIn(renderTask(task, english, { shown }))).toEqual(['U1', ...ends]);
      expect(labelsIn(renderTask(aDoneTask([anOffer()]), english, { shown }))).not.toContain('Publish');
    });

    it('share nothing that is not there yet, or never will be', () => {
      const task = { ...aDoneTask([anOffer()]), origin: hidden };
      const awaited = renderTask(task, english, { shown: { as: 'awaited', from: 'file-server' } });
      expect(labelsIn(awaited)).toEqual(['🗑️']);
      const { result: _, ...failed } = { ...task, state: 'failed' as const };
      expect(labelsIn(renderTask(failed, english))).toEqual(['Try again', '🗑️']);
    });

    it('have room next to everything else', () => {
      const offers = followUpActions.flatMap((action) =>
        [1, 2, 3, 4].map((index) => anOffer({ action, index })),
      );
      const drawn = {
        facts: { styleCodes: '12' },
        request: { ...aTask().request, prompt: 'a fox --sref random' },
      };
      const task = { ...aDoneTask(offers), ...drawn, origin: hidden };
      const { components } = renderTask(task, english, { shown });
      expect(components.length).toBeLessThanOrEqual(5);
      for (const row of components) expect(row.components.length).toBeLessThanOrEqual(5);
      expect(labelsIn(renderTask(task, english, { shown }))).toEqual(expect.arrayContaining(ends));
    });

    it('are none where nobody may press one, and there are no prices either', () => {
      const mute = anOrigin({ place: aPlace({ hasNoButtons: true }) });
      const task = { ...aDoneTask([anOffer()]), origin: mute };
      const message = renderTask(task, english, { shown, prices: [50] });
      expect(message.components).toEqual([]);
      expect(message.embeds[0]?.footer?.text).not.toContain('U 50');
    });
  });

  it('shows the picture as a file of the message, with every offer as a button in its order', () => {
    const offers = [1, 2, 3, 4].map((index) => anOffer({ index }));
    offers.push({ action: 'reroll', token: 'r' }, anOffer({ action: 'variation', index: 1 }));
    const message = renderTask(aDoneTask(offers), english, { shown: { as: 'files', names: [`${id}.png`] } });
    expect(message.embeds[0]?.image).toBeUndefined();
    expect(message.attachments).toEqual([{ id: '0', filename: `${id}.png`, description: 'a fox' }]);
    expect(message.embeds[0]?.footer?.text).toBe('42s · 100 points');
    expect(message.components).toHaveLength(2);
    expect(
      message.components.map(({ components }) =>
        components.map((button) =>
          'label' in button ? button.label : 'emoji' in button ? button.emoji?.name : '',
        ),
      ),
    ).toEqual([
      ['U1', 'U2', 'U3', 'U4', '🔄'],
      ['V1', '❤️', '🗑️'],
    ]);
    expect(JSON.stringify(message)).not.toContain('MJ::');
  });

  it.each<[string, Partial<Task['request']>, Offer[], boolean]>([
    ['one of a grid', { action: 'upscale' }, [{ action: 'zoom', token: 'z' }], true],
    ['a picture that was enlarged', { action: 'upscale-creative' }, [], true],
    ['a picture that was enlarged again', { action: 'redo-upscale-2x' }, [], true],
    ['a picture with another face', { action: 'swap' }, [], true],
    ['a grid', { action: 'imagine' }, [anOffer({ index: 1 })], false],
    ['a zoomed grid', { action: 'zoom-2x' }, [], false],
    ['a clip that is moving already', { action: 'upscale' }, [{ action: 'extend-low', token: 'e' }], false],
  ])('animate %s: %s', (_what, request, offers, isOffered) => {
    const done = aDoneTask(offers);
    const task = { ...done, request: { ...done.request, ...request } };
    const shown = { as: 'files', names: ['a.png'] } as const;
    const labels = labelsIn(renderTask(task, english, { shown, animates: true }));
    expect(labels.includes('Animate (Manual)')).toBe(isOffered);
    // Not if no account makes videos, and not if there's no file to make one of.
    expect(labelsIn(renderTask(task, english, { shown }))).not.toContain('Animate (Manual)');
    const linked = renderTask(task, english, { shown: { as: 'link' }, animates: true });
    expect(labelsIn(linked)).not.toContain('Animate (Manual)');
  });

  it('extend a video with other words as long as it can get longer, and say why not', () => {
    const offers = [
      { action: 'extend-low', index: 1, token: 'e', takesWords: true },
      { action: 'reroll-video', token: 'r' },
    ] as const;
    const film = (extensions: number, made: readonly Offer[] = offers) => {
      const done = aDoneTask([...made]);
      const request = { ...done.request, action: 'extend-low', options: { extensions } } as const;
      return renderTask({ ...done, request }, english, { shown: { as: 'files', names: ['a.mp4'] } });
    };
    expect(labelsIn(film(3))).toEqual(['🔄', 'Extend 1 (Low)', 'Extend (Manual)', '❤️', '🗑️']);
    expect(film(3).embeds[0]?.description).toBeUndefined();
    expect(labelsIn(film(4))).toEqual(['🔄', '❤️', '🗑️']);
    expect(film(4).embeds[0]?.description).toBe("With 21 seconds, it's as long as a video can be.");
    expect(labelsIn(film(0, [{ action: 'extend-low', token: 'e' }]))).not.toContain('Extend (Manual)');
  });

  it('leaves out an offer that a later version has saved, and counts the others as before', () => {
    const offers = [
      { action: 'upscale', index: 1, token: 'a' },
      { action: 'remix-of-next-year', token: 'b' },
      { action: 'reroll', token: 'c' },
    ] as Offer[];
    const { components } = renderTask(aDoneTask(offers), english, {
      shown: { as: 'files', names: ['a.png'] },
    });
    const ids = JSON.stringify(components)
      .match(/offer:[^"]+:\d+/g)
      ?.map((text) => text.split(':').at(-1));
    expect(ids).toEqual(['0', '2']);
  });

  it('has a valid button or choice for every action, and at most five rows', () => {
    const offers = [...followUpActions, ...followUpActions].map((action) => ({ action, token: 't' }));
    const { components } = renderTask(aDoneTask(offers), english, {
      shown: { as: 'files', names: ['a.png'] },
    });
    expect(components.map((row) => row.components.length)).toEqual([5, 5, 5, 2, 1]);
    const ids = JSON.stringify(components).match(/"custom_id":"[^"]+"|"value":"[^"]+"/g) ?? [];
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((text) => text.includes('value'))).toHaveLength(25);
    expect(ids).toContain(`"custom_id":"more:${id}:0"`);
    expect(ids).toContain(`"custom_id":"remove:${id}:0"`);
  });

  describe('of an action that only the API has a name for', () => {
    const other = (more: Partial<Offer> = {}): Offer => ({ action: 'other', token: 'MJ::Tune::u', ...more });
    const shownAs = (offers: Offer[]) =>
      renderTask(aDoneTask(offers), english, { shown: { as: 'files', names: ['a.png'] } });

    it('stands behind the others, with the label and the color that the API gave it', () => {
      const offers = [
        other({ label: 'Tune', emoji: '🎨', style: 'success' }),
        anOffer({ index: 1 }),
        other({ label: 'Undo', style: 'danger' }),
        other({ label: 'Blue', style: 'primary' as 'danger' }),
      ];
      const { components } = shownAs(offers);
      expect(labelsIn(shownAs(offers))).toEqual(['U1', 'Tune', 'Undo', 'Blue', '❤️', '🗑️']);
      expect(components[1]?.components).toMatchObject([
        { custom_id: `offer:${id}:0`, emoji: { name: '🎨' }, style: 3 },
        { custom_id: `offer:${id}:2`, style: 4 },
        { custom_id: `offer:${id}:3`, style: 2 },
        { custom_id: `favorite:${id}:0` },
        { custom_id: `remove:${id}:0` },
      ]);
      expect(JSON.stringify(components)).not.toContain('MJ::');
    });

    it('has no heart, which would look like a favorite', () => {
      const bookmark = other({ label: 'Bookmark', emoji: '❤️' });
      const [row] = shownAs([bookmark]).components;
      expect(row?.components[0]).toMatchObject({ label: 'Bookmark' });
      expect(row?.components[0]).not.toHaveProperty('emoji');
    });

    it('is green for one of ours, too, if the API says that it was used', () => {
      const [row] = shownAs([anOffer({ style: 'success', label: 'Mine', emoji: '🎨' })]).components;
      expect(row?.components[0]).toMatchObject({ label: 'U1', style: 3 });
      expect(row?.components[0]).not.toHaveProperty('emoji');
    });

    it.each([
      ['without a label, as saved by an earlier version', {}, 'Other button'],
      ['for videos', { action: 'other-video' }, 'Other video button'],
      ['of 500 letters', { label: 'x'.repeat(500) }, `${'x'.repeat(79)}…`],
      ['of letters that take two units', { label: '🦊'.repeat(100) }, `${'🦊'.repeat(39)}…`],
      ['from right to left', { label: 'שלום' }, '\u2068שלום\u2069'],
      ['that turns what follows', { label: 'a\u202eb\nc' }, 'ab c'],
      ['that nobody sees', { label: '\u200b' }, 'Other button'],
      ['with Markdown, which a button shows as it is', { label: '**a** <@1>' }, '**a** <@1>'],
    ] as const)('has a label %s', (_what, more, label) => {
      expect(labelsIn(shownAs([other(more)]))).toEqual([label, '❤️', '🗑️']);
    });

    it.each([40, 39, 26, 25, 20])('has room for all of %i, each once', (count) => {
      const offers = Array.from({ length: count }, (_, index) => other({ label: `Twin ${index % 2}` }));
      const { components } = shownAs(offers);
      expect(components.length).toBeLessThanOrEqual(5);
      const numbers = [...JSON.stringify(components).matchAll(/"offer:[^"]+:(\d+)"|"value":"(\d+)"/g)];
      expect(numbers.map(([, button, choice]) => Number(button ?? choice)).toSorted((a, b) => a - b)).toEqual(
        [...offers.keys()],
      );
    });

    it('has room next to the buttons of a grid, even for 40 in all', () => {
      const grid = [
        ...[1, 2, 3, 4].map((index) => anOffer({ index })),
        { action: 'reroll', token: 'r' } as const,
      ];
      const offers = [...grid, ...Array.from({ length: 35 }, () => other({ label: 'Twin' }))];
      expect(JSON.stringify(shownAs(offers)).match(/"offer:|"value":/g)).toHaveLength(40);
    });

    it('gives its result a title, in which nothing is formatted', () => {
      const request = { action: 'other', prompt: '', speed: 'fast', pictures: [] } as const;
      const titled = (label?: string) =>
        renderTask(
          { ...aDoneTask([]), request: { ...request, offer: other(label === undefined ? {} : { label }) } },
          english,
        ).content;
      expect(titled('Tune **it** @everyone')).toBe(
        '**Tune \\*\\*it\\*\\* \\@everyone** - <@444444444444444444> (Fast)',
      );
      expect(titled()).toBe('**Other button** - <@444444444444444444> (Fast)');
    });

    it('has its price in the footer', () => {
      const offers = [anOffer({ index: 1 }), other({ label: 'Tune' }), other({ action: 'other-video' })];
      const prices = [50, 100, 800];
      const text = renderTask(aDoneTask(offers), english, { prices }).embeds[0]?.footer?.text;
      expect(text).toBe('42s · 100 points · U\u00a050 · Other\u00a0100–800');
    });

    it.each([
      ['by its name, if there is just one', [{ label: 'Tile (8x)' }], 'Tile\u00a0(8x)\u00a0100'],
      ['by its name, if all are called that', [{ label: 'Tune' }, { label: 'Tune' }], 'Tune\u00a0100'],
      ['together, if they have several', [{ label: 'Tune' }, { label: 'Undo' }], 'Other\u00a0100'],
      ['without its name, if that is long', [{ label: 'Tune '.repeat(5) }], 'Other\u00a0100'],
      ['without its name, if it has none', [{}], 'Other\u00a0100'],
    ])('has its price there %s', (_what, labels, cost) => {
      const offers = labels.map((label) => other(label));
      const task = aDoneTask(offers);
      const text = renderTask(task, english, { prices: offers.map(() => 100) }).embeds[0]?.footer?.text;
      expect(text).toBe(`42s · 100 points · ${cost}`);
    });
  });

  it('have 🔄 and 🎉 next to prompts that were found, with what each costs', () => {
    const offers: Offer[] = [
      { action: 'redescribe', token: 'MJ::Picread::Retry' },
      { action: 'imagine-all', token: 'MJ::Job::PicReader::all' },
    ];
    const task = aTask({ state: 'done', result: { media: [], text: ['a', 'b'], offers } });
    const message = renderTask(task, english, { prices: [50, 400] });
    expect(labelsIn(message)).toEqual(['1', '2', '🔄', 'Imagine all', '❤️', '🗑️']);
    expect(message.embeds[0]?.footer?.text).toBe('100 points · 🔄\u00a050 · 🎉\u00a0400');
  });

  it('have 🔄 in the row of four prompts, as in the bot that people know, and below five', () => {
    const offers: Offer[] = [
      { action: 'imagine-all', token: 'a' },
      { action: 'redescribe', token: 'r' },
    ];
    const rowsOf = (text: string[]) =>
      renderTask(aTask({ state: 'done', result: { media: [], text, offers } }), english).components.map(
        (row) => labelsIn({ components: [row] } as unknown as RenderedMessage).join(' '),
      );
    expect(rowsOf(['a', 'b', 'c', 'd'])).toEqual(['1 2 3 4 🔄', 'Imagine all ❤️ 🗑️']);
    expect(rowsOf(['a', 'b', 'c', 'd', 'e'])).toEqual(['1 2 3 4 5', 'Imagine all 🔄 ❤️ 🗑️']);
    expect(rowsOf([])).toEqual(['Imagine all 🔄 ❤️ 🗑️']);
  });

  it('have no number under an image that was taken out of its set, but press the same offer', () => {
    const offers: Offer[] = [
      { action: 'variation', index: 2, token: 'v' },
      { action: 'enlarge', index: 2, token: 'e' },
    ];
    const request = { ...aTask().request, action: 'upscale', offer: anOffer({ index: 2 }) } as const;
    const single = renderTask({ ...aDoneTask(offers), request }, english, {
      shown: { as: 'files', names: ['a.png'] },
    });
    expect(labelsIn(single)).toEqual(['Variations', 'Upscale', '❤️', '🗑️']);
    expect(JSON.stringify(single.components)).toContain(`"offer:${id}:1"`);
    const set = renderTask(aDoneTask(offers), english, { shown: { as: 'files', names: ['a.png'] } });
    expect(labelsIn(set)).toEqual(['V2', 'Upscale 2', '❤️', '🗑️']);
  });

  it('offers Cancel, Try again, Answer, Check and removal where they mean something', () => {
    const kinds = (task: Task, canCancel = false) =>
      JSON.stringify(
        renderTask(task, english, { outlook: { now: 0, canCancel, isCancelRefunded: true } }).components,
      ).match(/(?<=custom_id":")[a-z]+/g);
    const closed = aPlace({ isOpenToBot: false });
    expect(kinds(aTask(), true)).toEqual(['cancel']);
    expect(kinds(aRunningTask())).toBeNull();
    expect(kinds(aTask({ state: 'asking' }), true)).toEqual(['answer', 'cancel']);
    expect(kinds(aTask({ state: 'failed' }))).toEqual(['again', 'remove']);
    expect(kinds(aTask({ state: 'cancelled' }))).toEqual(['again', 'remove']);
    expect(kinds(aDoneTask([]))).toEqual(['favorite', 'remove']);
    const late = { state: 'failed', lateAt: 9 } as const;
    expect(kinds(aTask(late))).toEqual(['favorite', 'remove']);
    expect(kinds(aRunningTask({ origin: anOrigin({ place: closed }) }))).toEqual(['check']);
  });

  it('come first for prompts that were found', () => {
    const text = ['a fox', 'b', 'c', 'd', 'e', 'f'];
    const task = aTask({ state: 'done', result: { media: [], text, offers: [anOffer()] } });
    expect(labelsIn(renderTask(task, english))).toEqual([...['1', '2', '3', '4', '5'], ...['U1', '❤️', '🗑️']]);
  });
});
