import { randomUUID } from 'node:crypto';
import { drawGrid } from '../../../sandbox/pictures/draw.ts';
import { createViews } from '../../../sandbox/pictures/view.ts';
import { toJson } from '../../../sandbox/providers/answer.ts';
import type { Call } from '../../../sandbox/providers/plain/server.ts';
import { type Api, createPlain, type Workshop } from '../../../sandbox/providers/plain/stand-in.ts';
import type { PlainTask } from '../../../sandbox/providers/plain/task.ts';
import type { ProviderOptions, StandIn } from '../../../sandbox/providers/stand-in.ts';

const refuse = (status: number, code: string, text = '') => toJson(status, { error: { code, text } });

const refusals = {
  flagged: () => refuse(422, 'flagged', 'no foxes'),
  'no-quota': () => refuse(402, 'no_credit'),
  'too-many': () => refuse(429, 'slow_down'),
  unauthorized: () => refuse(401, 'bad_key'),
  'not-found': () => refuse(404, 'no_such_path'),
};

/** A local stand-in for Inkling, over real HTTP on loopback. */
export function createInklingStandIn(options: ProviderOptions = {}): Promise<StandIn> {
  return createPlain({
    kind: 'inkling',
    options,
    refusals: Object.keys(refusals),
    timeoutMs: 15 * 60_000,
    create: createApi,
  });
}

function createApi({ accept, accounts, caller, engine, find, pictureHeight, shelf }: Workshop): Api {
  function draw({ account, body = {} }: Call) {
    if (account === undefined) return refusals.unauthorized();
    const prompt = String(body['text'] ?? '');
    const task = accept({
      id: randomUUID(),
      kind: 'draw',
      prompt,
      account,
      parent: undefined,
      index: undefined,
      speed: 'fast',
      reference: String(body['tag'] ?? ''),
      callbackUrl: typeof body['hook'] === 'string' ? body['hook'] : undefined,
      priceUsd: 0.05,
      body,
    });
    if (task === undefined) return refusals['no-quota']();
    const views = createViews({ prompt, seed: task.seed, aspect: 1 });
    const picture = () => drawGrid(views, { height: pictureHeight, caption: prompt });
    engine.start(task, { takesMs: 30_000, made: { views, urls: [shelf.put(`${task.id}.png`, picture)] } });
    return toJson(201, { job: task.id });
  }

  function list({ account, query }: Call) {
    if (account === undefined) return refusals.unauthorized();
    const tasks = (query['ids'] ?? '').split(',').flatMap((id) => find(id) ?? []);
    return toJson(200, { jobs: tasks.filter((task) => task.account === account).map(toJob) });
  }

  return {
    routes: [
      { method: 'POST', path: '/v1/draw', place: 'submit', answer: draw },
      { method: 'GET', path: '/v1/jobs', place: 'look', answer: list },
    ],
    refuse: (name) => refusals[name as keyof typeof refusals](),
    unknownPath: refusals['not-found'],
    readPrompt: (body) => String(body?.['text'] ?? ''),
    changed(task) {
      if (task.state === 'failed') accounts.refund(task.account, task.priceUsd);
      if (task.callbackUrl !== undefined) caller.call(task.callbackUrl, JSON.stringify({ job: task.id }));
    },
  };
}

const phases = { waiting: 'waiting', running: 'drawing', done: 'ready', failed: 'broken' };

function toJob({ id, state, percent, urls, failReason }: PlainTask) {
  return { id, phase: phases[state], percent, image: urls[0], why: failReason || null };
}
