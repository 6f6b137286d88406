import { drawGrid, drawSingle } from '../../pictures/draw.ts';
import { createRandom } from '../../pictures/random.ts';
import { readSize } from '../../pictures/size.ts';
import { createViews, vary } from '../../pictures/view.ts';
import { type Answer, toJson, toText } from '../answer.ts';
import { readPicture } from '../mj-proxy/bodies.ts';
import { parsePrompt } from '../mj-proxy/prompt.ts';
import { describePicture } from '../mj-proxy/texts.ts';
import type { Outcome } from '../plain/engine.ts';
import type { Call, Route } from '../plain/server.ts';
import { type Api, createPlain, type Workshop } from '../plain/stand-in.ts';
import type { PlainTask } from '../plain/task.ts';
import type { ProviderOptions, StandIn } from '../stand-in.ts';
import { type RouteName, readRoute, spellBody } from './bodies.ts';
import { type Aigc2dHabits, plainHabits } from './habits.ts';

type Kind = 'IMAGINE' | 'UPSCALE' | 'VARIATION' | 'DESCRIBE' | 'BLEND';

/** Points (midjourney/index.md); returned when a task fails. */
const points: Readonly<Record<Kind, number>> = {
  IMAGINE: 100,
  UPSCALE: 10,
  VARIATION: 50,
  DESCRIBE: 50,
  BLEND: 100,
};

/** CNY 21 are 10,000 points (guide/pricing.md), at about seven to the US dollar. */
const pointUsd = 0.0003;

/** Realistic milliseconds: the documented sample took 49 s. */
const times: Readonly<Record<Kind, number>> = {
  IMAGINE: 49_000,
  UPSCALE: 6_000,
  VARIATION: 45_000,
  DESCRIBE: 12_000,
  BLEND: 50_000,
};

const page =
  '<!doctype html><html><head><title>Welcome</title></head><body><h1>AIGC</h1><p>Coming soon</p></body></html>';

/** Only code 0 is documented: these are in the form of the documented answer. */
const refusals = {
  failure: () => refuseWith('submit failed'),
  'prompt-empty': () => refuseWith('prompt is empty'),
  'bad-picture': () => refuseWith('base64 is malformed'),
  'unknown-task': () => refuseWith('task does not exist'),
  'queue-full': () => refuseWith('队列已满，请稍后尝试'),
  'no-quota': () => refuseWith('点数不足'),
  unauthorized: () => toJson(401, { code: 401, message: 'Unauthorized' }),
  'too-many': () => toJson(429, { code: 429, message: 'Too many requests' }),
  'server-error-text': () => toText(500, 'Internal Server Error'),
  'bad-gateway-html': () => ({ ...html(), status: 502 }),
  'not-found': () => toJson(404, { error: 'Not Found' }),
  page: () => html(),
} satisfies Record<string, () => Answer>;

/** A local stand-in for a deployment of AIGC2D, over real HTTP on loopback; `close` leaves nothing behind. */
export async function createAigc2d(
  options: ProviderOptions & { habits?: Partial<Aigc2dHabits> } = {},
): Promise<StandIn & { readonly habits: Aigc2dHabits }> {
  const habits = { ...plainHabits, ...options.habits };
  const standIn = await createPlain({
    kind: 'aigc2d',
    options,
    refusals: Object.keys(refusals),
    timeoutMs: 15 * 60_000, // "The default timeout is 15 minutes" (midjourney/index.md)
    create: (workshop) => createApi(workshop, habits),
  });
  return Object.assign(standIn, { habits });
}

function createApi(workshop: Workshop, habits: Aigc2dHabits): Api {
  const { accounts, clock, engine, random, shelf, pictureHeight } = workshop;

  /** Above 2^53, and odd, so a client that reads it as a JavaScript number is sure to change it. */
  function createId(): string {
    const digits = Array.from({ length: 4 }, () => Math.floor(random() * 10)).join('');
    return `${clock.now()}${digits}1`;
  }

  function route(call: RouteName, path: string, work: (task: PlainTask, body: Body) => Outcome): Route {
    const answer = ({ account, body: sent }: Call): Answer => {
      if (habits.suspended !== undefined) return toSuspended();
      if (account === undefined) return refusals.unauthorized();
      const body = spellBody(sent ?? {}, habits);
      const order = readRoute(call, body);
      if ('refusal' in order) return refusals[order.refusal]();
      const parent = order.parentId === undefined ? undefined : workshop.find(order.parentId);
      const isPossible = parent?.state === 'done' && parent.views.length === 4 && parent.account === account;
      if (order.parentId !== undefined && !isPossible) return refusals['unknown-task']();
      const task = workshop.accept({
        id: createId(),
        kind: order.kind,
        prompt: order.prompt || (parent?.prompt ?? ''),
        account,
        parent,
        index: order.index,
        speed: 'fast',
        reference: String(body['state'] ?? ''),
        callbackUrl:
          typeof sent?.[habits.callbackField] === 'string' ? String(sent[habits.callbackField]) : undefined,
        priceUsd: points[order.kind] * pointUsd,
        body: sent ?? {},
      });
      if (task === undefined) return refusals['no-quota']();
      engine.start(task, work(task, body));
      clock.afterExactly(workshop.taskTimeoutMs, () => engine.fail(task, 'timeout', '任务超时'));
      return toText(200, `{"code":0,"message":"success","task_id":${spellId(task.id)}}`);
    };
    return { method: 'POST', path, place: 'submit', answer };
  }

  /** One grid, or a single picture. */
  function show(task: PlainTask, views: PlainTask['views']): Outcome {
    const options = { height: pictureHeight, caption: task.prompt };
    const [only] = views;
    const draw = () => (views.length === 1 && only ? drawSingle(only, options) : drawGrid(views, options));
    const isBanned = /\b(gore|nude|swastika)\b/i.test(task.prompt);
    return {
      takesMs: times[task.kind as Kind],
      made: { views, urls: [shelf.put(`${task.id}.png`, draw)] },
      complaint: isBanned ? { code: 'banned', reason: 'Banned prompt detected' } : undefined,
    };
  }

  function imagine(task: PlainTask): Outcome {
    const { words, aspect } = parsePrompt(task.prompt);
    return show(task, createViews({ prompt: words, seed: task.seed, aspect }));
  }

  /** Each of the four shows a different one of the pictures most. */
  function blend(task: PlainTask, body: Body): Outcome {
    const { words, aspect } = parsePrompt(task.prompt);
    const texts = Array.isArray(body['base64Array']) ? body['base64Array'] : [];
    const pictures = texts.flatMap((text) => readPicture(String(text))?.picture ?? []);
    const views = createViews({ prompt: words, seed: task.seed, aspect }).map((view, index) => {
      const picture = pictures[index % pictures.length];
      return picture === undefined ? view : { ...view, photo: { picture, opacity: 0.6 } };
    });
    return show(task, views);
  }

  function change(task: PlainTask): Outcome {
    const view = task.parent?.views[(task.index ?? 1) - 1];
    if (view === undefined) throw new Error('A change has a parent with four pictures');
    return show(task, task.kind === 'UPSCALE' ? [view] : vary(view, { seed: task.seed, strength: 0.35 }));
  }

  function describe(task: PlainTask, body: Body): Outcome {
    const { picture = Buffer.alloc(0) } = readPicture(String(body['base64'])) ?? {};
    const text = describePicture(createRandom(task.seed), { size: readSize(picture), lineEnd: '\n' }).en;
    const urls = [shelf.put(`${task.id}.png`, () => Promise.resolve(picture))];
    return { takesMs: times.DESCRIBE, made: { text, urls } };
  }

  function fetch({ account, parameters }: Call): Answer {
    if (habits.suspended !== undefined) return toSuspended();
    if (account === undefined) return refusals.unauthorized();
    const task = workshop.find(parameters['id'] ?? '');
    if (task === undefined || task.account !== account || task.fault?.do === 'vanish') return toText(200, '');
    return toText(200, toBody(task));
  }

  /** The documented body, both for a look and for a callback. */
  function toBody(task: PlainTask): string {
    const isFailed = task.state === 'failed';
    const body = {
      code: 0,
      message: 'success',
      task_id: '',
      action: task.kind,
      prompt: task.prompt,
      state: task.reference,
      submit_time: toTime(task.submittedAt),
      start_time: toTime(task.startedAt),
      finish_time: toTime(task.finishedAt),
      status: statuses[task.state],
      progress: isFailed ? '' : `${task.percent}%`,
      image_url: task.urls[0] ?? '',
      point: points[task.kind as Kind],
      ...(isFailed ? { fail_reason: task.failReason } : {}),
      ...(task.text === undefined ? {} : { properties: { final_prompt: task.text } }),
    };
    return JSON.stringify(body).replace('"task_id":""', `"task_id":${spellId(task.id)}`);
  }

  function spellId(id: string): string {
    return habits.idAs === 'number' ? id : `"${id}"`;
  }

  function toSuspended(): Answer {
    return habits.suspended === 'page' ? html() : refusals['not-found']();
  }

  /** The route of the one-api family (songquanpeng/one-api, controller/channel-billing.go). */
  function showBalance({ account }: Call): Answer {
    if (habits.suspended !== undefined) return toSuspended();
    if (account === undefined) return refusals.unauthorized();
    const left = Math.min(1_000_000, Math.round(accounts.money(account).creditUsd / pointUsd));
    return toJson(200, { object: 'credit_summary', total_available: left });
  }

  return {
    routes: [
      route('IMAGINE', habits.paths.imagine, imagine),
      route('CHANGE', habits.paths.change, change),
      route('DESCRIBE', habits.paths.describe, describe),
      route('BLEND', habits.paths.blend, blend),
      { method: 'GET', path: habits.paths.task, place: 'look', answer: fetch },
      { method: 'GET', path: '/dashboard/billing/credit_grants', answer: showBalance },
    ],
    refuse: (name) => refusals[name as keyof typeof refusals](),
    unknownPath: () => (habits.suspended === undefined ? refusals['not-found']() : toSuspended()),
    readPrompt: (body) => (typeof body?.['prompt'] === 'string' ? body['prompt'] : ''),
    /** "When there are changes in the task": several times per task. The documents don't say whether it's retried. */
    changed(task) {
      if (task.state === 'failed') accounts.refund(task.account, task.priceUsd);
      if (task.callbackUrl !== undefined) workshop.caller.call(task.callbackUrl, toBody(task));
    },
  };
}

type Body = Readonly<Record<string, unknown>>;

/** The family's words; only SUCCESS is documented. */
const statuses = {
  waiting: 'NOT_START',
  running: 'IN_PROGRESS',
  done: 'SUCCESS',
  failed: 'FAILURE',
} as const;

/** `YYYY-MM-DD HH:MM:SS` in China, without saying so. */
function toTime(at: number | undefined): string {
  if (at === undefined) return '';
  return new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}

function refuseWith(message: string): Answer {
  return toJson(200, { code: 1, message });
}

function html(): Answer {
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page };
}
