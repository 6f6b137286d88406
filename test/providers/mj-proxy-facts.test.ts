import { describe, expect, it } from 'vitest';
import { readTask } from '../../src/providers/mj-proxy/answers.ts';
import { toTask } from '../../src/providers/mj-proxy/task.ts';
import type { Facts } from '../../src/task.ts';

const uuid = '0badcafe-0000-4000-8000-000000000001';
const finished = {
  id: '1799000000000001',
  action: 'IMAGINE',
  status: 'SUCCESS',
  imageUrl: 'https://cdn.example/a.png',
  buttons: [],
};

function factsOf(fields: object): Facts | undefined {
  const task = toTask({ ...finished, ...fields });
  return task && readTask(task, { usesChange: false }).facts;
}

const contentOf = (end: string) => ({
  properties: { messageContent: `**a fox** - <@1343445981269594182>${end}` },
});

describe('what a midjourney-proxy tells besides the result', () => {
  it('is all read at once', () => {
    expect(
      factsOf({
        prompt: '雪中的狐狸 --ar 3:2',
        promptEn: 'a fox in snow --ar 3:2',
        submitTime: 1_764_000_000_000,
        startTime: 1_764_000_001_500,
        finishTime: 1_764_000_061_000,
        imageWidth: 2048,
        imageHeight: 1365,
        seed: '4066613812',
        properties: {
          finalPrompt: 'a fox in snow --ar 3:2 --v 7',
          messageContent: '**a fox in snow --ar 3:2 --v 7** - <@1343445981269594182> (fast)',
          messageHash: uuid,
        },
      }),
    ).toEqual({
      promptEnglish: 'a fox in snow --ar 3:2',
      submittedAt: 1_764_000_000_000,
      startedAt: 1_764_000_001_500,
      finishedAt: 1_764_000_061_000,
      realSpeed: 'fast',
      seed: '4066613812',
      jobId: uuid,
      width: 2048,
      height: 1365,
    });
  });

  it.each([
    ['nothing', {}],
    ['unset fields', { submitTime: 0, startTime: null, finishTime: '', promptEn: '', properties: null }],
    ['texts where times belong', { submitTime: 'yesterday', finishTime: {}, imageWidth: 'wide' }],
    ['times before Midjourney and after us', { submitTime: 7, finishTime: 9e15 }],
    ['a prompt that was only written differently', { prompt: 'a  fox', promptEn: ' a fox ' }],
    ['an English prompt of a prompt that is unknown', { prompt: '', promptEn: 'a fox' }],
    ['sizes that no picture has', { imageWidth: -1, imageHeight: 1.5, width: 1e9 }],
  ])('is left out if there is none: %s', (_what, fields) => {
    expect(factsOf(fields)).toBeUndefined();
  });

  it.each([
    ['in seconds', 1_764_000_000, 1_764_000_000_000],
    ['as text', '1764000000000', 1_764_000_000_000],
    ['with decimals', 1_764_000_000.5, 1_764_000_000_500],
  ])('has a time %s', (_what, finishTime, finishedAt) => {
    expect(factsOf({ finishTime })).toEqual({ finishedAt });
  });

  it.each([
    [' (relaxed)', 'relax'],
    [' (fast)', 'fast'],
    [' (turbo)', 'turbo'],
    [' (fast, stealth)', 'fast'],
    [' (93%) (relaxed)', 'relax'],
    [' (Open on website for full quality) (fast)', 'fast'],
    ['', undefined],
    [' (stealth)', undefined],
    [' (breakfast)', undefined],
  ])('has the real speed at the end of the message: %s', (end, realSpeed) => {
    expect(factsOf(contentOf(end))).toEqual(realSpeed && { realSpeed });
  });

  it('takes no speed from the words of a prompt', () => {
    const messageContent = '**a fox (relaxed)** - Image #1 <@1343445981269594182>';
    expect(factsOf({ properties: { messageContent } })).toBeUndefined();
    expect(factsOf({ properties: { messageContent: '**<@1> (turbo)** (relaxed)' } })).toBeUndefined();
  });

  it.each([
    [{ mode: 'RELAX' }, { realSpeed: 'relax' }],
    [{ mode: 'TURBO', ...contentOf(' (fast)') }, { realSpeed: 'fast' }],
    [{ jobId: uuid.toUpperCase() }, { jobId: uuid }],
    [
      { width: 1024, height: '1024' },
      { width: 1024, height: 1024 },
    ],
  ])('is read from fields that only some have: %j', (fields, facts) => {
    expect(factsOf(fields)).toEqual(facts);
  });

  it('has no translation of a description, which is the result itself', () => {
    const fields = {
      action: 'DESCRIBE',
      prompt: '1️⃣ 狐狸',
      promptEn: '1️⃣ a fox',
      finishTime: 1_764_000_000_000,
    };
    expect(factsOf(fields)).toEqual({ finishedAt: 1_764_000_000_000 });
  });

  it('comes with a failure, too, and not with each percent of the work', () => {
    const submitTime = 1_764_000_000_000;
    expect(factsOf({ status: 'FAILURE', submitTime })).toEqual({ submittedAt: submitTime });
    expect(factsOf({ status: 'IN_PROGRESS', progress: '5%', submitTime })).toBeUndefined();
  });
});
