import { describe, expect, it } from 'vitest';
import type { RenderedMessage } from '../../../src/discord/render/message.ts';
import { renderTask } from '../../../src/discord/render/task.ts';
import { english } from '../../../src/locales/index.ts';
import { followUpActions, type Offer, type Task } from '../../../src/task.ts';
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
      ['V1', '🗑️'],
    ]);
    expect(JSON.stringify(message)).not.toContain('MJ::');
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
    expect(components.map((row) => row.components.length)).toEqual([2, 2, 2, 3, 1]);
    const ids = JSON.stringify(components).match(/"custom_id":"[^"]+"|"value":"[^"]+"/g) ?? [];
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((text) => text.includes('value'))).toHaveLength(25);
    expect(ids).toContain(`"custom_id":"more:${id}:0"`);
    expect(ids).toContain(`"custom_id":"remove:${id}:0"`);
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
    expect(kinds(aDoneTask([]))).toEqual(['remove']);
    expect(kinds(aRunningTask({ origin: anOrigin({ place: closed }) }))).toEqual(['check']);
  });

  it('come first for prompts that were found', () => {
    const text = ['a fox', 'b', 'c', 'd', 'e', 'f'];
    const task = aTask({ state: 'done', result: { media: [], text, offers: [anOffer()] } });
    expect(labelsIn(renderTask(task, english))).toEqual([
      'Imagine 1',
      'Imagine 2',
      'Imagine 3',
      'Imagine 4',
      'Imagine 5',
      'U1',
      '🗑️',
    ]);
  });
});
