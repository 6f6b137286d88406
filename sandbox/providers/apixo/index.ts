import { drawSingle } from '../../pictures/draw.ts';
import { createViews, toAspect, type View, vary } from '../../pictures/view.ts';
import { type Answer, toJson, toText } from '../answer.ts';
import type { Outcome } from '../plain/engine.ts';
import type { Call, Route } from '../plain/server.ts';
import { type Api, createPlain, type Workshop } from '../plain/stand-in.ts';
import type { PlainTask } from '../plain/task.ts';
import type { ProviderOptions, StandIn } from '../stand-in.ts';
import { findProblem, type Input, isFollowUp, toRecord } from './bodies.ts';
import { type ApixoHabits, plainHabits } from './habits.ts';

/** "Average Time" on the model's page, in milliseconds; it doesn't say a draft's. */
const times: Readonly<Record<string, number>> = {
  relaxed: 250_000,
  fast: 60_000,
  turbo: 30_000,
  draft: 15_000,
};
/** US dollars per task of four pictures (same page); `relaxed` runs and is billed as fast in the current generation. */
const prices: Readonly<Record<string, number>> = { relaxed: 0.04, fast: 0.1, turbo: 0.2, draft: 0.1 };

/** Every documented refusal (docs/api-reference/errors and …/error-codes), and those from something in front of the API. */
const refusals = {
  failure: () => refuseWith(400, 'Generation refused'),
  'no-quota': () => refuseWith(400, 'Insufficient credits'),
  'no-quota-402': () => refuseWith(402, 'Insufficient balance'),
  unauthorized: () => toJson(401, { code: 401, message: 'Invalid or missing API key' }),
  forbidden: () => refuseWith(403, 'API key lacks permission'),
  'content-policy': () => refuseWith(403, 'Request violates the content policy'),
  'unknown-task': () => refuseWith(404, 'Task not found'),
  'unknown-model': () => refuseWith(404, 'Model not found'),
  'too-many': () => refuseWith(429, 'Rate limit exceeded'),
  'queue-full': () => refuseWith(429, 'Too many tasks'),
  'server-error': () => refuseWith(500, 'Internal error'),
  'server-error-text': () => toText(500, 'Internal Server Error'),
  unavailable: () => refuseWith(503, 'Service unavailable'),
  /** A refusal inside HTTP 200, and one without `data`. */
  'inner-400': () => toJson(200, { code: 400, message: 'Invalid parameter', data: null }),
  'no-data': () => toJson(200, { code: 200, message: 'success' }),
} satisfies Record<string, () => Answer>;

/** A local stand-in for APIXO's Midjourney, over real HTTP on loopback; `close` leaves nothing behind. */
export function createApixo(
  options: ProviderOptions & { habits?: Partial<ApixoHabits> } = {},
): Promise<StandIn & { readonly habits: ApixoHabits }> {
  const habits = { ...plainHabits, ...options.habits };
  const standIn = createPlain({
    kind: 'apixo',
    options,
    refusals: Object.keys(refusals),
    timeoutMs: 15 * 60_000,
    create: (workshop) => createApi(workshop, habits),
  });
  return standIn.then((made) => Object.assign(made, { habits }));
}

function createApi(workshop: Workshop, habits: ApixoHabits): Api {
  const { accounts, clock, engine, random } = workshop;

  function generate({ account, body, parameters }: Call): Answer {
    if (account === undefined) return refusals.unauthorized();
    if (parameters['model'] !== 'midjourney') return refusals['unknown-model']();
    const input = toRecord(body?.['input']);
    const problem = findProblem(body ?? {}, input, habits) ?? findParentProblem(input);
    if (problem !== undefined) return toBadRequest(problem);
    const parent = workshop.find(String(input['taskId']));
    if (isFollowUp(input) && (parent === undefined || parent.account !== account))
      return refusals['unknown-task']();
    const task = accept({ account, body: body ?? {}, input, parent });
    if (task === undefined) return refusals['no-quota']();
    return toJson(200, { code: 200, message: 'success', data: { taskId: task.id } });
  }

  /** Enhancing is only for the results of drafts (docs/models/image/midjourney). */
  function findParentProblem(input: Input): string | undefined {
    const parent = workshop.find(String(input['taskId']));
    if (!isFollowUp(input) || parent === undefined) return undefined;
    if (parent.state !== 'done') return 'taskId: the task is not finished';
    if (input['mode'] === 'enhance' && parent.speed !== 'draft') return 'mode: enhance is for draft results';
    return undefined;
  }

  function accept({ account, body, input, parent }: Accepting): PlainTask | undefined {
    const asked = String(input['speed'] ?? 'fast');
    const speed = asked === 'relaxed' && habits.generation === 'current' ? 'fast' : asked;
    const task = workshop.accept({
      id: Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join(''),
      kind: String(input['mode'] ?? 'text-to-image'),
      // "The backend strips prompt text from the first -- onward", silently.
      prompt: String(input['prompt'] ?? parent?.prompt ?? '')
        .replace(/--.*$/s, '')
        .trim(),
      account,
      parent,
      index: typeof input['imageIndex'] === 'number' ? input['imageIndex'] + 1 : undefined,
      speed,
      reference: '',
      callbackUrl: body['request_type'] === 'callback' ? String(body['callback_url']) : undefined,
      priceUsd: prices[speed] ?? 0,
      body,
    });
    if (task === undefined) return undefined;
    engine.start(task, work(task, input));
    clock.afterExactly(workshop.taskTimeoutMs, () => {
      engine.fail(task, toFailCode('PROCESSING_TIMEOUT'), 'Processing timed out');
    });
    return task;
  }

  function work(task: PlainTask, input: Input): Outcome {
    const isBanned = /\b(gore|nude|swastika)\b/i.test(task.prompt);
    const views = isBanned ? [] : toViews(task, input);
    return {
      takesMs: times[task.speed] ?? 60_000,
      made: { views, urls: views.map((view, number) => put(task, view, number)) },
      complaint: isBanned
        ? { code: toFailCode('CONTENT_VIOLATION'), reason: 'Content does not meet the guidelines' }
        : undefined,
    };
  }

  /** Separate pictures, never a grid. */
  function put(task: PlainTask, view: View, number: number): string {
    const height = task.kind === 'upscale' ? workshop.pictureHeight * 2 : workshop.pictureHeight;
    return workshop.shelf.put(`${task.id}-${number}.png`, () =>
      drawSingle(view, { height, caption: task.prompt }),
    );
  }

  function toFailCode(code: 'CONTENT_VIOLATION' | 'PROCESSING_TIMEOUT' | 'GENERATION_FAILED'): string {
    const camel = {
      CONTENT_VIOLATION: 'SensitiveContentDetected',
      PROCESSING_TIMEOUT: 'ProcessingTimeout',
      GENERATION_FAILED: 'GenerationFailed',
    };
    return habits.failCodes === 'upper' ? code : camel[code];
  }

  function showStatus({ account, query, parameters }: Call): Answer {
    if (account === undefined) return refusals.unauthorized();
    if (parameters['model'] !== 'midjourney') return refusals['unknown-model']();
    const task = workshop.find(query['taskId'] ?? '');
    const isShown = task?.callbackUrl === undefined || habits.showsCallbackTasks;
    if (task === undefined || task.account !== account || task.fault?.do === 'vanish' || !isShown) {
      return refusals['unknown-task']();
    }
    return toJson(200, { code: 200, message: 'success', data: show(task) });
  }

  function show(task: PlainTask): Record<string, unknown> {
    const { id: taskId, submittedAt: createTime, finishedAt: completeTime } = task;
    if (completeTime === undefined) {
      return { taskId, state: task.state === 'waiting' ? 'pending' : 'processing', createTime };
    }
    const whole = { taskId, createTime, completeTime, costTime: completeTime - createTime };
    if (task.state === 'failed') {
      const failCode = task.failCode || toFailCode('GENERATION_FAILED');
      return { ...whole, state: 'failed', failCode, failMsg: task.failReason };
    }
    const result = { resultUrls: task.urls };
    const resultJson = habits.resultJsonAs === 'string' ? JSON.stringify(result) : result;
    return { ...whole, state: 'success', resultJson };
  }

  /** In US dollars, as a plain number (docs/api-reference/system). */
  function showBalance({ account }: Call): Answer {
    if (account === undefined) return refusals.unauthorized();
    const { creditUsd } = accounts.money(account);
    return toJson(200, { code: 200, message: 'success', data: Math.min(creditUsd, 1_000) });
  }

  const routes: readonly Route[] = [
    { method: 'POST', path: '/api/v1/generateTask/:model', place: 'submit', answer: generate },
    { method: 'GET', path: '/api/v1/statusTask/:model', place: 'look', answer: showStatus },
    { method: 'GET', path: '/api/v1/apikeys/current-balance', answer: showBalance },
  ];

  return {
    routes,
    refuse: (name) => refusals[name as keyof typeof refusals](),
    unknownPath: () => toJson(404, { message: 'Cannot find that', error: 'Not Found', statusCode: 404 }),
    readPrompt: (body) => String(toRecord(body?.['input'])['prompt'] ?? ''),
    /** Once, at the end; "up to 3 times with increasing delays", the first after 30 s (docs/api-reference/webhooks). */
    changed(task) {
      if (task.finishedAt === undefined) return;
      // The documents don't say whether failures are paid; here the charge is refunded.
      if (task.state === 'failed') accounts.refund(task.account, task.priceUsd);
      if (task.callbackUrl === undefined) return;
      const isOdd = task.state === 'failed' && habits.failureCallback === 'code-400';
      const frame = isOdd ? { code: 400, message: 'failed' } : { code: 200, message: 'success' };
      const body = JSON.stringify({ ...frame, data: show(task) });
      workshop.caller.call(task.callbackUrl, body, [30_000, 60_000, 120_000]);
    },
  };
}

interface Accepting {
  account: number;
  body: Readonly<Record<string, unknown>>;
  input: Input;
  parent: PlainTask | undefined;
}

function toViews(task: PlainTask, input: Input): View[] {
  const view = task.parent?.views[(task.index ?? 1) - 1];
  if (task.kind === 'vary' && view !== undefined) return vary(view, { seed: task.seed, strength: 0.35 });
  if (view !== undefined && (task.kind === 'upscale' || task.kind === 'enhance')) return [view];
  const [width = 16, height = 9] = String(input['aspect_ratio'] ?? '16:9')
    .split(':')
    .map(Number);
  const aspect = view === undefined ? width / height : toAspect(view);
  return createViews({ prompt: task.prompt, seed: task.seed, aspect });
}

function toBadRequest(error: string): Answer {
  return toJson(400, { code: 400, message: 'Invalid request', data: { error } });
}

function refuseWith(code: number, message: string): Answer {
  return toJson(code, { code, message, data: null });
}
