import { describe, expect, it } from 'vitest';
import type { Http } from '../../src/providers/http.ts';
import { mjProxyGateways } from '../../src/providers/mj-proxy/gateways.ts';
import { createMjProxy, type MjProxyOptions } from '../../src/providers/mj-proxy/index.ts';
import type { FollowUpAction, Speed } from '../../src/task.ts';
import { anImagine } from '../helpers/requests.ts';
import type { ProviderFixtures } from './contract.ts';
import {
  buttonlessStates,
  callbacks,
  callsOf,
  describeMjProxy,
  id,
  resultStates,
  type State,
  submitsOf,
  videoStates,
  type Wire,
} from './mj-proxy-fixtures.ts';

const origin = 'https://proxy.example';
const key = 'sk-canary-333444555';
const refusals: ProviderFixtures['refusals'] = [
  { what: 'a validation error', answer: { body: { code: 4, description: 'no' } }, kind: 'rejected' },
  { what: 'a full queue', answer: { body: { code: 23, description: '队列已满' } }, kind: 'busy' },
  { what: 'a refused key', answer: { status: 401, body: '' }, kind: 'auth' },
  {
    what: "an endpoint that it doesn't have",
    answer: { status: 404, body: { status: 404, error: 'Not Found' } },
    kind: 'malformed',
    definite: true,
  },
];
const failures: ProviderFixtures['look']['failures'] = [
  { what: 'a refused key', answer: { status: 401, body: '' }, kind: 'auth' },
  { what: 'a crash', answer: { status: 500, body: 'no' }, kind: 'unavailable' },
  { what: 'a web page', answer: { body: '<html>' }, kind: 'malformed' },
];

/** Looks at one task; without a list, the answer is the task itself. */
function statesOf(states: readonly State[], hasList: boolean): ProviderFixtures['look']['states'] {
  return states.map(({ what, task, gives }) => {
    const shown = { id, ...task };
    return { what, refs: [{ id }], answer: { body: hasList ? [shown] : shown }, gives: { [id]: gives } };
  });
}

function create(kind: 'yutoai' | 'mjproxy') {
  return (http: Http) =>
    createMjProxy({ gateway: mjProxyGateways[kind], http, apiKey: key, baseUrl: origin });
}

const yutoai: Wire = {
  headers: { authorization: `Bearer ${key}` },
  prefix: '/fast',
  lacks: ['edit', 'swap'],
  extendIndexAs: 'string',
};
describeMjProxy('yutoai', create('yutoai'), {
  origin,
  key,
  anyRequest: anImagine,
  anyRef: { id },
  submits: submitsOf(yutoai),
  calls: callsOf(yutoai, { hasSeed: false }),
  // The path prefix for the task's speed: looks use it, too.
  callbacks: callbacks.map(({ gives, ...rest }) => ({
    ...rest,
    gives: gives && { ...gives, prefix: '/fast' },
  })),
  refusals,
  look: {
    sends: { method: 'GET', path: `/mj/task/${id}/fetch` },
    states: statesOf(
      [...resultStates({ refusesTexts: false }), ...videoStates({ refusesPicks: false })],
      false,
    ),
    failures,
  },
});

const mjproxy: Wire = {
  headers: { 'mj-api-secret': key },
  prefix: '',
  lacks: [],
  extendIndexAs: 'number',
  hasLoopField: true,
};

describeMjProxy('mjproxy', create('mjproxy'), {
  origin,
  key,
  anyRequest: anImagine,
  anyRef: { id },
  submits: [
    ...submitsOf(mjproxy),
    {
      what: 'a letter and a number if there are no buttons',
      request: {
        ...anImagine,
        action: 'upscale',
        parent: { ref: { id }, offer: { action: 'upscale', index: 2, token: 'change:UPSCALE:2' } },
      },
      sends: {
        method: 'POST',
        path: '/mj/submit/change',
        headers: mjproxy.headers,
        body: {
          taskId: id,
          action: 'UPSCALE',
          index: 2,
          state: 'ours-1',
          accountFilter: { modes: ['FAST'] },
        },
      },
      answer: {
        body: { code: 21, description: '任务已存在', result: id, properties: { status: 'SUCCESS' } },
      },
      gives: { ref: { id, shared: 'yes' }, update: { state: 'running' } },
    },
    {
      what: 'a blend in turbo mode, which has no prompt to say it in',
      request: { ...anImagine, action: 'blend', prompt: '', speed: 'turbo' },
      sends: {
        method: 'POST',
        path: '/mj/submit/blend',
        headers: mjproxy.headers,
        body: {
          base64Array: [],
          dimensions: 'SQUARE',
          state: 'ours-1',
          accountFilter: { modes: ['TURBO'] },
        },
      },
      answer: { body: { code: 1, description: 'ok', result: id } },
      gives: { ref: { id }, update: { state: 'running' } },
    },
    {
      what: 'an animation in turbo mode, which Midjourney refuses',
      request: {
        ...anImagine,
        action: 'animate-low',
        speed: 'turbo',
        parent: { ref: { id }, offer: { action: 'animate-low', token: 'MJ::JOB::animate_low::1::u::SOLO' } },
      },
      sends: {
        method: 'POST',
        path: '/mj/submit/action',
        headers: mjproxy.headers,
        body: {
          taskId: id,
          customId: 'MJ::JOB::animate_low::1::u::SOLO',
          state: 'ours-1',
          accountFilter: { modes: ['FAST'] },
        },
      },
      answer: { body: { code: 1, description: 'ok', result: id } },
      gives: { ref: { id }, update: { state: 'running' } },
    },
  ],
  calls: callsOf(mjproxy, { hasSeed: true }),
  callbacks,
  refusals,
  look: {
    sends: { method: 'POST', path: '/mj/task/list-by-condition' },
    states: statesOf(
      [
        ...resultStates({ refusesTexts: false }),
        ...buttonlessStates,
        ...videoStates({ refusesPicks: false }),
      ],
      true,
    ),
    failures,
  },
});

describe('what the kinds can do', () => {
  const http: Http = { request: () => Promise.reject(new Error('nothing is asked')) };
  const createKind = (kind: keyof typeof mjProxyGateways, changes: Partial<MjProxyOptions> = {}) =>
    createMjProxy({ gateway: mjProxyGateways[kind], http, apiKey: key, baseUrl: origin, ...changes });

  it('offers no Animate at 4allapi, where only a prompt can extend a video', () => {
    const { actions } = createKind('4allapi');
    expect([...actions].filter((action) => /animate|extend/.test(action))).toEqual([
      'extend-high',
      'extend-low',
    ]);
    expect(actions.has('vary-region')).toBe(true);
  });

  it('has no edits, no swap and no seeds at YutoAI', () => {
    const provider = createKind('yutoai');
    expect([provider.actions.has('edit'), provider.actions.has('swap'), provider.seed]).toEqual([
      false,
      false,
      undefined,
    ]);
  });

  it('says in advance that videos are never made in turbo mode', () => {
    const { review } = createKind('mjproxy');
    const turbo = { prompt: 'a fox', speed: 'turbo' } as const;
    expect(review?.({ ...turbo, action: 'video' })).toEqual([
      { flag: '--turbo', asked: 'turbo', used: 'fast' },
    ]);
    expect(review?.({ ...turbo, action: 'imagine' })).toEqual([]);
    expect(review?.({ ...turbo, action: 'video', speed: 'relax' })).toEqual([]);
  });

  it.each([
    ['4allapi', 'blend', undefined],
    ['mjproxy', 'describe', undefined],
    ['mjproxy', 'variation', 'MJ::JOB::variation::1::abc'],
    ['mjproxy', 'reroll', 'change:REROLL:1'],
    ['mjproxy', 'custom-zoom', 'MJ::CustomZoom::abc'],
    ['4allapi', 'upscale', 'MJ::JOB::upsample::1::abc'],
    ['mjproxy', 'animate-low', 'MJ::JOB::animate_low::1::abc::SOLO'],
  ] as const)('says in advance that at %s, %s always runs at fast speed', (kind, action, token) => {
    const { review } = createKind(kind);
    const offer = token === undefined ? {} : { offer: { action: action as FollowUpAction, token } };
    const adjusted = [{ flag: '--relax', asked: 'relax', used: 'fast' }];
    expect(review?.({ action, prompt: 'a fox', speed: 'relax', ...offer })).toEqual(adjusted);
    expect(review?.({ action, prompt: 'a fox', speed: 'fast', ...offer })).toEqual([]);
    // If the path says it, it's true.
    const { review: told } = createKind(kind, { pathPrefix: { fast: '/mj-fast', relax: '/mj-relax' } });
    expect(told?.({ action, prompt: 'a fox', speed: 'relax', ...offer })).toEqual([]);
    const { review: untold } = createKind(kind, { pathPrefix: '/mj-fast' });
    expect(untold?.({ action, prompt: 'a fox', speed: 'relax', ...offer })).toEqual(adjusted);
  });

  it.each(['4allapi', 'mjproxy'] as const)('keeps %s at the one speed that it has', (kind) => {
    const offer = { action: 'variation', token: 'MJ::JOB::variation::1::abc' } as const;
    const press = { action: 'variation', prompt: '', offer } as const;
    const { review } = createKind(kind, { speeds: ['relax'] });
    expect(review?.({ ...press, speed: 'relax' })).toEqual([]);
    // The parent was made while it had others.
    const adjusted = (asked: Speed) => [{ flag: `--${asked}`, asked, used: 'relax' }];
    expect(review?.({ ...press, speed: 'fast' })).toEqual(adjusted('fast'));
    expect(review?.({ action: 'blend', prompt: '', speed: 'turbo' })).toEqual(adjusted('turbo'));
    const { review: inPath } = createKind(kind, { pathPrefix: { relax: '/mj-relax' } });
    expect(inPath?.({ action: 'describe', prompt: '', speed: 'fast' })).toEqual(adjusted('fast'));
    // A button is sent with its parent's prefix, even if new tasks no longer are.
    const token = 'MJ::JOB::variation::1::abc';
    const old = { action: 'variation', prompt: '', offer: { action: 'variation', token } } as const;
    expect(inPath?.({ ...old, speed: 'fast' })).toEqual([]);
    const { review: fastest } = createKind(kind, { speeds: ['turbo', 'relax'] });
    expect(fastest?.({ action: 'video', prompt: 'a fox', speed: 'turbo' })).toEqual(adjusted('turbo'));
    expect(fastest?.({ action: 'imagine', prompt: 'a fox', speed: 'turbo' })).toEqual([]);
  });

  it.each(['imagine', 'edit', 'video'] as const)('sends the speed of %s along, so it stays', (action) => {
    const { review } = createKind('4allapi');
    expect(review?.({ action, prompt: 'a fox', speed: 'relax' })).toEqual([]);
  });

  it('sends the speed along if a video is extended by a prompt', () => {
    const offer = { action: 'extend-low', token: 'extend:low:0:a fox' } as const;
    const { review } = createKind('4allapi');
    expect(review?.({ action: 'extend-low', prompt: '', speed: 'relax', offer })).toEqual([]);
  });

  it.each(['yutoai', 'mjproxy'] as const)(
    'says in advance that %s makes no video without a prompt',
    (kind) => {
      const { review } = createKind(kind);
      const wordless = { prompt: ' ', speed: 'fast' } as const;
      expect(() => review?.({ ...wordless, action: 'video' })).toThrow(
        expect.objectContaining({ code: 'prompt-empty' }),
      );
      expect(review?.({ ...wordless, action: 'extend-low' })).toEqual([]);
    },
  );
});
