/**
 * The sandbox's stand-in in a separate process, with room for any number of tasks and one picture for all of them.
 * Reports to the runner what becomes visible to clients, and counts requests.
 */
import { drawGrid } from '../sandbox/pictures/draw.ts';
import { createViews } from '../sandbox/pictures/view.ts';
import { create4allapi } from '../sandbox/providers/mj-proxy/4allapi.ts';
import { createMjproxy } from '../sandbox/providers/mj-proxy/mjproxy.ts';
import type { StandIn, StandInEvent } from '../sandbox/providers/stand-in.ts';

export type ProviderKind = 'mjproxy' | '4allapi';

/** `narrow`: the stand-in's own, 30 to 54 s. `wide`: log-normal, median 70 s, between 30 and 300 s. */
export type Spread = 'narrow' | 'wide';

/** A task, and when clients can first see its end, in epoch milliseconds. */
export interface Visible {
  prompt: string;
  at: number;
}

/** Since the start of the process. */
export interface Counts {
  submits: number;
  looks: number;
  /** Ids that the looks asked for. */
  lookedAt: number;
  pictures: number;
  finished: number;
}

export type ProviderMessage =
  | { is: 'address'; url: string; key: string }
  | { is: 'visible'; tasks: Visible[] }
  | { is: 'counts'; counts: Counts };

const makers = { mjproxy: createMjproxy, '4allapi': create4allapi };
const tellEveryMs = 20;
/** Mean of the stand-in's own times for a grid; what the wide spread is relative to. */
const usualMs = 42_000;

const kind = (process.env['KIND'] ?? 'mjproxy') as ProviderKind;
const pace = Number(process.env['PACE'] ?? '1');
const spread = (process.env['SPREAD'] ?? 'narrow') as Spread;
const height = Number(process.env['PICTURE_HEIGHT'] ?? '128');

const tell = (message: ProviderMessage) => process.send?.(message);

const counts: Counts = { submits: 0, looks: 0, lookedAt: 0, pictures: 0, finished: 0 };
const news: Visible[] = [];
/** Prompts, by id, of tasks that ended at the upstream but that its gateway hasn't seen yet. */
const unseen = new Map<string, string>();

function follow(event: StandInEvent): void {
  if (event.type === 'request') count(event.request);
  if (event.type === 'task' && event.task.finishedAt !== undefined) {
    if (kind === 'mjproxy') show(event.task.prompt, event.at);
    else unseen.set(event.task.id, event.task.prompt);
  }
  if (event.type === 'refresh') {
    for (const id of event.taskIds) {
      const prompt = unseen.get(id);
      if (prompt !== undefined && unseen.delete(id)) show(prompt, event.at);
    }
  }
}

function show(prompt: string, at: number): void {
  counts.finished += 1;
  if (news.length === 0) setTimeout(() => tell({ is: 'visible', tasks: news.splice(0) }), tellEveryMs);
  news.push({ prompt, at });
}

function count({ path, body }: Extract<StandInEvent, { type: 'request' }>['request']): void {
  if (path.includes('/mj/submit/')) counts.submits += 1;
  else if (path.includes('/mj/task/')) {
    counts.looks += 1;
    const { ids } = (body ?? {}) as { ids?: unknown[] };
    counts.lookedAt += ids?.length ?? 1;
  } else counts.pictures += 1;
}

/** A factor that makes the stand-in's times log-normal around 70 s, as users see them at busy gateways. */
function stretch(): number {
  const normal = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  return Math.min(300_000, Math.max(30_000, 70_000 * Math.exp(0.5 * normal))) / usualMs;
}

async function start(): Promise<StandIn> {
  const [prompt, seed] = ['a lighthouse on a cliff at dusk', 1];
  const picture = await drawGrid(createViews({ prompt, seed, aspect: 1 }), { height, caption: prompt });
  return makers[kind]({
    pace,
    picture,
    // Tasks are slow on purpose, and none is given up.
    taskTimeoutMs: 24 * 3_600_000,
    ...(spread === 'wide' && { stretch }),
    habits: { slots: Number.POSITIVE_INFINITY, queueLength: Number.POSITIVE_INFINITY },
  });
}

const standIn = await start();
standIn.on(follow);
process.on('message', () => tell({ is: 'counts', counts }));
process.on('disconnect', () => process.exit());
tell({ is: 'address', url: standIn.url, key: standIn.key });
