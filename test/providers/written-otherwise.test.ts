import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProviderConfig, ProviderKind } from '../../src/config.ts';
import { ProviderError } from '../../src/errors.ts';
import type { Http } from '../../src/providers/http.ts';
import { createProvider } from '../../src/providers/index.ts';
import { parseJson, unwrapText } from '../../src/providers/json.ts';
import type { Ref } from '../../src/task.ts';
import { anImagine } from '../helpers/requests.ts';

/**
 * Documented answers, written differently in JSON: numbers as text and the reverse, null instead of a
 * value, envelopes, a byte order mark. What was accepted stays accepted, and one odd entry doesn't affect the others.
 */

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
interface Kind {
  readonly id: string;
  /** Documented answers to a submit that was accepted. */
  readonly accepted: readonly Json[];
  /** Documented looks at one task that runs or is done. */
  readonly looks: readonly Json[];
  /** The ref of that task. */
  readonly ref: Ref;
  /** The answer to a look at several, if the API has such a list. */
  readonly list?: (tasks: Json[]) => Json;
  readonly task?: (id: string) => Json;
}

const id = '1799000000000001';
const uuid = '0badcafe-0000-4000-8000-000000000001';
const imageUrl = 'https://cdn.example/a.png?ex=1&is=2';
const button = { customId: 'MJ::JOB::upsample::1::u', emoji: '', label: 'U1', type: 2, style: 2 };
const mjRunning = (one: string) => ({ id: one, action: 'IMAGINE', status: 'IN_PROGRESS', progress: '30%' });
const mjProxy: Kind = {
  id,
  ref: { id },
  accepted: [
    {
      code: 1,
      description: '提交成功',
      result: id,
      properties: { discordInstanceId: '1118138338562560102' },
    },
    { code: 22, description: '排队中，前面还有1个任务', result: id, properties: { numberOfQueues: 1 } },
    { code: 21, description: '任务已存在', result: id, properties: { status: 'SUCCESS', imageUrl } },
    {
      code: 21,
      description: 'Waiting for window confirm',
      result: id,
      properties: { finalPrompt: 'a', remix: true },
    },
  ],
  looks: [
    { ...mjRunning(id), submitTime: 1_735_689_600_000, finishTime: 0, imageUrl: '', buttons: null },
    {
      id,
      action: 'IMAGINE',
      status: 'SUCCESS',
      progress: '100%',
      imageUrl,
      failReason: '',
      buttons: [button],
    },
  ],
  list: (tasks) => tasks,
  task: mjRunning,
};
const kinds: Record<ProviderKind, Kind> = {
  '4allapi': mjProxy,
  mjproxy: mjProxy,
  yutoai: { ...mjProxy, ref: { id, prefix: '/fast' } },
  acedata: {
    id: uuid,
    ref: { id: uuid },
    accepted: [
      { task_id: uuid },
      { success: true, task_id: uuid, trace_id: '0badcafe-0000-4000-8000-000000000002' },
    ],
    looks: [
      {
        id: uuid,
        created_at: 1_735_689_600.5,
        request: { action: 'generate' },
        response: { success: true, task_id: uuid, progress: 30, actions: [] },
      },
      {
        id: uuid,
        finished_at: 1_735_689_700,
        response: {
          success: true,
          task_id: uuid,
          image_id: '1123',
          image_url: imageUrl,
          progress: 100,
          actions: ['upscale1'],
        },
      },
    ],
    list: (items) => ({ items, count: items.length }),
    task: (one) => ({ id: one, response: { success: true, task_id: one, progress: 30 } }),
  },
  apixo: {
    id: 'task_12345678',
    ref: { id: 'task_12345678' },
    accepted: [{ code: 200, message: 'success', data: { taskId: 'task_12345678' } }],
    looks: [
      {
        code: 200,
        message: 'success',
        data: { taskId: 'task_12345678', state: 'processing', createTime: 1_767_965_610_929 },
      },
      {
        code: 200,
        message: 'success',
        data: {
          taskId: 'task_12345678',
          state: 'success',
          resultJson: `{"resultUrls":["${imageUrl}"]}`,
          costTime: 9,
        },
      },
    ],
  },
  aigc2d: {
    id: '442275063214085100',
    ref: { id: '442275063214085100', action: 'imagine' },
    accepted: [
      { code: 0, message: 'success', task_id: '442275063214085100' },
      { code: 1, description: '提交成功', result: '442275063214085100' },
    ],
    looks: [
      {
        code: 0,
        message: 'success',
        task_id: '442275063214085100',
        status: 'IN_PROGRESS',
        progress: '30%',
        image_url: '',
      },
      {
        code: 0,
        message: 'success',
        task_id: '442275063214085100',
        status: 'SUCCESS',
        progress: '100%',
        image_url: imageUrl,
        finish_time: '2026-07-23 20:01:00',
        point: 100,
      },
    ],
  },
};

/** Every path to a value inside. */
function pathsOf(value: Json, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([name, one]) => pathsOf(one, [...path, name]));
  return path.length === 0 ? inner : [path, ...inner];
}

function change(
  value: Json,
  [name, ...rest]: (string | number)[],
  to: (old: Json) => Json | undefined,
): Json {
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string | number,
    Json
  >;
  if (name === undefined) return value;
  const old = copy[name] ?? null;
  const changed =
    rest.length === 0 ? to(old) : typeof old === 'object' && old !== null ? change(old, rest, to) : old;
  if (changed === undefined) delete copy[name];
  else copy[name] = changed;
  return copy as Json;
}

/** The words of a status in capitals; ids and addresses stay as they are. */
function toCapitals(text: string): string {
  return /[/\d]/.test(text) ? text : text.toUpperCase();
}

const changes: Record<string, (old: Json) => Json | undefined> = {
  null: () => null,
  absent: () => undefined,
  'another type': (old) => {
    if (typeof old === 'number' || typeof old === 'boolean') return String(old);
    if (typeof old === 'string') return /^\d{1,15}$/.test(old) ? Number(old) : toCapitals(old);
    return JSON.stringify(old);
  },
  'in a list': (old) => [old],
  'lower case': (old) => (typeof old === 'string' && !/[/\d]/.test(old) ? old.toLowerCase() : old),
};

const envelopes: Record<string, (json: Json) => Json> = {
  bare: (json) => json,
  data: (json) => ({ data: json }),
  'a success with data': (json) => ({ code: 200, success: true, message: 'ok', data: json }),
  'a result': (json) => ({ code: 0, msg: '', result: json }),
  'a list of one': (json) => [json],
  'two envelopes': (json) => ({ status: 'ok', data: { data: json } }),
  strangers: (json) => ({ ...(json as object), unheardOf: { of: [1, null, 'x'] } }),
};

const forms: Record<string, (text: string) => string> = {
  plain: (text) => text,
  'a mark': (text) => `\uFEFF${text}`,
  lines: (text) => `\r\n\n ${text}\n`,
  text: (text) => JSON.stringify(text),
};

/** A documented answer with up to `most` of its values written differently, as text. */
function rewritten(answers: readonly Json[], most: number): fc.Arbitrary<string> {
  return fc.constantFrom(...answers).chain((answer) =>
    fc
      .record({
        at: fc.array(
          fc.tuple(fc.constantFrom(...pathsOf(answer)), fc.constantFrom(...Object.values(changes))),
          {
            maxLength: most,
          },
        ),
        envelope: fc.constantFrom(...Object.values(envelopes)),
        form: fc.constantFrom(...Object.values(forms)),
      })
      .map(({ at, envelope, form }) => {
        const changed = at.reduce((json, [path, to]) => change(json, path, to), answer);
        return form(JSON.stringify(envelope(changed)));
      }),
  );
}

const signal = AbortSignal.timeout(120_000);

function createAnswered(kind: ProviderKind, text: string) {
  const http: Http = {
    request: async () => ({ status: 200, retryAfterMs: undefined, text, json: unwrapText(parseJson(text)) }),
  };
  const account = { name: 'main', kind, apiKey: 'sk-canary', baseUrl: 'https://api.example' };
  return createProvider(account as ProviderConfig, http).provider;
}

describe.each(Object.entries(kinds) as [ProviderKind, Kind][])(
  'answers of %s, written differently',
  (kind, samples) => {
    it('keep the id of an accepted submit, or say that its outcome is unknown', async () => {
      await fc.assert(
        fc.asyncProperty(rewritten(samples.accepted, 3), async (text) => {
          const outcome = await createAnswered(kind, text)
            .submit(anImagine, signal)
            .catch((error: unknown) => error);
          if (outcome instanceof ProviderError)
            expect(outcome).toMatchObject({ kind: 'malformed', definite: false });
          else expect(outcome).toMatchObject({ ref: { id: samples.id } });
        }),
        { numRuns: 400 },
      );
    });

    it('keep the id no matter what the answer is wrapped in', async () => {
      await fc.assert(
        fc.asyncProperty(rewritten(samples.accepted, 0), async (text) => {
          const { ref } = await createAnswered(kind, text).submit(anImagine, signal);
          expect(ref['id']).toBe(samples.id);
        }),
      );
    });

    it('never end a running or done task as failed or forgotten', async () => {
      await fc.assert(
        fc.asyncProperty(rewritten(samples.looks, 2), async (text) => {
          const seen = await createAnswered(kind, text)
            .look([samples.ref], signal)
            .catch((error: unknown) => error);
          if (seen instanceof ProviderError) expect(['malformed', 'rejected']).toContain(seen.kind);
          else
            expect((seen as Map<string, { state: string }>).get(samples.id)?.state).toMatch(
              /running|done|asking/,
            );
        }),
        { numRuns: 400 },
      );
    });

    it('show a done task no matter what the answer is wrapped in', async () => {
      await fc.assert(
        fc.asyncProperty(rewritten(samples.looks.slice(-1), 0), async (text) => {
          const seen = await createAnswered(kind, text).look([samples.ref], signal);
          expect(seen.get(samples.id)).toMatchObject({ state: 'done', media: [{ url: imageUrl }] });
        }),
      );
    });

    const { list, task } = samples;
    if (list === undefined || task === undefined) return;
    it('lose no entry of a list to an odd one next to it', async () => {
      const odd = fc.oneof(fc.jsonValue(), fc.constant({ id: null }), fc.constant({ id: {}, status: 7 }));
      await fc.assert(
        fc.asyncProperty(fc.array(odd, { maxLength: 4 }), fc.nat(3), async (strangers, at) => {
          const ids = ['11', '22', '33'];
          const tasks = ids.map(task);
          const text = JSON.stringify(
            list([...tasks.slice(0, at), ...(strangers as Json[]), ...tasks.slice(at)]),
          );
          const seen = await createAnswered(kind, text).look(
            ids.map((one) => ({ ...samples.ref, id: one })),
            signal,
          );
          for (const one of ids) expect(seen.get(one)).toEqual({ state: 'running', progress: 30 });
        }),
      );
    });
  },
);
