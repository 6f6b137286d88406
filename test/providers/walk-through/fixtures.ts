import type { ProviderRequest } from '../../../src/providers/provider.ts';
import type { ProviderFixtures } from '../contract.ts';

const key = 'inkling-canary-0001';
const headers = { authorization: `Bearer ${key}` };
const imagine: ProviderRequest = {
  action: 'imagine',
  prompt: 'a fox --ar 3:2',
  speed: 'fast',
  pictures: [],
  options: {},
  reference: 'ours-1',
};
const accepted = { ref: { id: 'job-1' }, update: { state: 'running' } } as const;
const job = (fields: object) => ({ body: { jobs: [{ id: 'job-1', ...fields }] } });
const refs = [{ id: 'job-1' }];

export const inkling: ProviderFixtures = {
  origin: 'https://inkling.example',
  key,
  anyRequest: imagine,
  anyRef: { id: 'job-1' },
  submits: [
    {
      what: 'imagine with a callback',
      request: { ...imagine, callbackUrl: 'https://relay.example/callbacks/main/ours-1/signature' },
      sends: {
        method: 'POST',
        path: '/v1/draw',
        headers,
        body: {
          text: 'a fox --ar 3:2',
          tag: 'ours-1',
          hook: 'https://relay.example/callbacks/main/ours-1/signature',
        },
      },
      answer: { status: 201, body: { job: 'job-1' } },
      gives: accepted,
    },
    {
      what: 'a variation',
      request: {
        ...imagine,
        action: 'variation',
        parent: { ref: { id: 'job-0' }, offer: { action: 'variation', index: 2, token: 'redraw' } },
      },
      sends: {
        method: 'POST',
        path: '/v1/redraw',
        headers,
        body: { job: 'job-0', picture: 2, tag: 'ours-1' },
      },
      answer: { status: 201, body: { job: 'job-1' } },
      gives: accepted,
    },
  ],
  refusals: [
    {
      what: 'a flagged prompt',
      answer: { status: 422, body: { error: { code: 'flagged', text: 'no foxes' } } },
      kind: 'rejected',
      definite: true,
      reason: 'no foxes',
    },
    {
      what: 'a wrong key',
      answer: { status: 401, body: { error: { code: 'bad_key', text: '' } } },
      kind: 'auth',
    },
    {
      what: 'no credit',
      answer: { status: 402, body: { error: { code: 'no_credit', text: '' } } },
      kind: 'balance',
    },
    {
      what: 'too many',
      answer: {
        status: 429,
        body: { error: { code: 'slow_down', text: '' } },
        headers: { 'retry-after': '7' },
      },
      kind: 'busy',
      definite: true,
      retryAfterMs: 7_000,
    },
    { what: 'a proxy’s page', answer: { status: 502, body: '<html>' }, kind: 'unavailable', definite: false },
    { what: 'no id', answer: { status: 201, body: {} }, kind: 'malformed', definite: false },
  ],
  look: {
    sends: { method: 'GET', path: '/v1/jobs?ids=job-1' },
    states: [
      {
        what: 'a waiting job',
        refs,
        answer: job({ phase: 'waiting' }),
        gives: { 'job-1': { state: 'running', progress: 0 } },
      },
      {
        what: 'a drawing',
        refs,
        answer: job({ phase: 'drawing', percent: 40 }),
        gives: { 'job-1': { state: 'running', progress: 40 } },
      },
      {
        what: 'a result',
        refs,
        answer: job({ phase: 'ready', image: 'https://inkling.example/1.png' }),
        gives: {
          'job-1': {
            state: 'done',
            media: [{ kind: 'picture', url: 'https://inkling.example/1.png' }],
            offers: [1, 2, 3, 4].map((index) => ({ action: 'variation', index, token: 'redraw' })),
          },
        },
      },
      {
        what: 'a failure',
        refs,
        answer: job({ phase: 'broken', why: 'no foxes' }),
        gives: { 'job-1': { state: 'failed', kind: 'rejected', reason: 'no foxes' } },
      },
      { what: 'nothing', refs, answer: { body: { jobs: [] } }, gives: {} },
    ],
    failures: [
      { what: 'an unknown phase', answer: job({ phase: 'resting' }), kind: 'malformed' },
      { what: 'an error', answer: { status: 500, body: 'oops' }, kind: 'unavailable' },
    ],
  },
  callbacks: [
    { what: 'a job', body: { job: 'job-1', phase: 'ready' }, gives: { id: 'job-1' } },
    { what: 'nonsense', body: [7], gives: undefined },
  ],
};
