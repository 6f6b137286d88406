import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../src/inputs/pictures.ts';
import type { Picture } from '../../src/providers/provider.ts';
import type { Region, Task } from '../../src/task.ts';
import { codeOf } from '../helpers/errors.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

const mask: Picture = { bytes: Buffer.from('a mask'), type: 'image/png', url: '' };
let relay: Relay;
let drawn: (Region | undefined)[];
let pictureOf: (task: Task) => Buffer | undefined;
let drawMask: (task: Task) => Promise<Picture | undefined>;

beforeEach(async () => {
  drawn = [];
  drawMask = async () => mask;
  const loadMask = async (task: Task) => {
    if (task.request.region === undefined) return undefined;
    drawn.push(task.request.region);
    return drawMask(task);
  };
  pictureOf = () => undefined;
  relay = await createRelay({ loadMask, drawCells: async (task) => pictureOf(task) });
});
afterEach(() => relay.remove());

/** A finished picture; its offer 3 is Vary (Region). */
async function finished(prompt = 'a fox', speed: 'fast' | 'relax' = 'fast') {
  const taskId = await relay.imagine(undefined, prompt, speed);
  relay.provider.onLook = allDone;
  await relay.clock.pass(20_000);
  return { taskId, messageId: `message-of-${taskId}`, offer: 3 };
}

/** The gateway asks for prompt and mask, like midjourney-proxy. */
function asks() {
  relay.provider.onSubmit = () => ({ ref: { id: 'window' }, update: { state: 'asking' } });
}

describe('Vary (Region)', () => {
  it("asks for the region, with the picture's prompt", async () => {
    expect(await relay.service.windowFor(await finished(), aCaller())).toEqual({
      prompt: 'a fox',
      needsRegion: true,
      mayBeEmpty: true,
    });
  });

  it("takes the picture's own words if none are typed, and not its speed", async () => {
    const press = { ...(await finished('a fox --ar 3:2', 'relax')), prompt: ' ', region: { cells: [2] } };
    asks();
    const { task } = await relay.service.act(press, aCaller());
    expect(task.request).toMatchObject({ prompt: 'a fox --ar 3:2', answer: 'a fox --ar 3:2' });
    await relay.service.acknowledged(task.id, 'region-message');
    await relay.clock.pass(1_000);
    expect(relay.provider.answers).toMatchObject([{ prompt: 'a fox --ar 3:2', mask }]);
  });

  describe('of a picture without words', () => {
    /** Its words were somebody else's, who wanted them forgotten. */
    async function wordless(speed: 'fast' | 'relax' = 'fast') {
      const press = await finished('a fox', speed);
      await relay.changes.change(press.taskId, { type: 'forgotten', isAll: false });
      return press;
    }

    it('may be sent without words if the API knows some', async () => {
      relay.provider.takesEmptyAnswers = true;
      const press = await wordless();
      expect(await relay.service.windowFor(press, aCaller())).toMatchObject({ prompt: '', mayBeEmpty: true });
      asks();
      const { task } = await relay.service.act({ ...press, prompt: '', region: { cells: [2] } }, aCaller());
      await relay.service.acknowledged(task.id, 'region-message');
      await relay.clock.pass(1_000);
      expect(relay.provider.answers).toMatchObject([{ prompt: '', mask }]);
      expect(await relay.left()).toBe(1_800);
    });

    it.each([
      ["an API that doesn't", false, 'fast'],
      ['words there that may have another speed in them', true, 'relax'],
    ] as const)('needs some for %s', async (_what, takesEmptyAnswers, speed) => {
      relay.provider.takesEmptyAnswers = takesEmptyAnswers;
      const press = await wordless(speed);
      expect(await relay.service.windowFor(press, aCaller())).toMatchObject({
        prompt: '',
        mayBeEmpty: false,
      });
      const left = await relay.left();
      const sent = { ...press, prompt: '', region: { cells: [2] } };
      expect(await codeOf(relay.service.act(sent, aCaller()))).toBe('prompt-empty');
      expect(await relay.left()).toBe(left);
    });
  });

  it('sends prompt and mask, at the submit and at the answer', async () => {
    const press = { ...(await finished()), prompt: 'a fox with a hat', region: { cells: [2, 2, 3] } };
    asks();
    const { task } = await relay.service.act(press, aCaller());
    await relay.service.acknowledged(task.id, 'region-message');
    await relay.clock.pass(1_000);
    expect(relay.provider.submits.at(-1)).toMatchObject({ action: 'vary-region', mask });
    expect(relay.provider.answers).toEqual([{ ref: { id: 'window' }, prompt: 'a fox with a hat', mask }]);
    const region = { cells: [2, 3], cellsPerSide: 5 };
    expect(drawn).toEqual([region, region]);
  });

  it('is begun with the picture in view, and goes on from there, even after a restart', async () => {
    const press = await finished();
    pictureOf = (task) => (task.id === press.taskId ? Buffer.from('numbered') : undefined);
    const window = { prompt: 'a fox', needsRegion: true, mayBeEmpty: true };
    const draft = await relay.regions.begin(press, window, aCaller());
    expect(await relay.regions.draw(press.taskId)).toEqual(Buffer.from('numbered'));
    expect(await relay.left()).toBe(1_900);
    await relay.crash();
    const { resume, administration } = await relay.reopen();
    expect(await resume.windowFor(draft, aCaller())).toEqual(window);
    const values = { prompt: 'a hat', region: { cells: [25] } };
    const { task } = await resume.act(draft, values, aCaller());
    expect(task.request).toMatchObject({
      action: 'vary-region',
      prompt: 'a hat',
      region: { cells: [25], cellsPerSide: 5 },
    });
    expect(task).toMatchObject({ parentId: press.taskId, parentOffer: 3, parentMessageId: press.messageId });
    expect((await administration.statement(aCaller().asker)).left).toBe(1_800);
  });

  it("can't be gone on with by another", async () => {
    const window = { prompt: 'a fox', needsRegion: true };
    const draft = await relay.regions.begin(await finished(), window, aCaller());
    const values = { prompt: 'a hat', region: { cells: [25] } };
    const another = aCaller({ userId: 'another' });
    expect(await codeOf(relay.resume.windowFor(draft, another))).toBe('draft-gone');
    expect(await codeOf(relay.resume.act(draft, values, another))).toBe('draft-gone');
    expect(await relay.left('another')).toBe(2_000);
  });

  it('has no picture to show for a task that is gone', async () => {
    pictureOf = () => Buffer.from('numbered');
    expect(await relay.regions.draw('no-such-task')).toBeUndefined();
  });

  it.each([
    ['nothing', { cells: [] }, 'region-missing'],
    ["cells that don't exist", { cells: [0, 26, Number.NaN] }, 'region-missing'],
    ['everything', { cells: Array.from({ length: 25 }, (_, index) => index + 1) }, 'region-everything'],
    ['no region', undefined, 'region-missing'],
  ])('is refused for %s before anything is charged', async (_what, region, code) => {
    const press = { ...(await finished()), prompt: 'a hat', ...(region === undefined ? {} : { region }) };
    expect(await codeOf(relay.service.act(press, aCaller({ userId: 'another' })))).toBe(code);
    expect(await relay.left('another')).toBe(2_000);
  });

  it.each(['before the submit', 'at the answer'])(
    "returns the points for a mask that can't be used, %s",
    async (when) => {
      const press = { ...(await finished()), prompt: 'a hat', region: { cells: [1] } };
      asks();
      drawMask = async () => {
        if (when === 'at the answer' && drawn.length === 1) return mask;
        throw new InputError({ code: 'mask-empty', details: undefined });
      };
      const { task } = await relay.service.act(press, aCaller());
      await relay.service.acknowledged(task.id, 'region-message');
      await relay.clock.pass(1_000);
      expect(await relay.read(task.id)).toMatchObject({
        state: 'failed',
        failure: { kind: 'input', refusal: { code: 'mask-empty' } },
      });
      expect(relay.provider.answers).toEqual([]);
      expect(await relay.left()).toBe(1_900);
    },
  );
});
