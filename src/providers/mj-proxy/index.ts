import { z } from 'zod';
import { ProviderError } from '../../errors.ts';
import type { Action, Ref, Speed, Update } from '../../task.ts';
import { type Http, readShape } from '../http.ts';
import type { Picture, Provider, ProviderRequest, ProviderTraits, Submitted } from '../provider.ts';
import { readSubmit, readTask, taskSchema, throwForGateway } from './answers.ts';

/** What differs between gateways that speak midjourney-proxy's API. */
export interface MjProxyRow {
  readonly baseUrl?: string;
  /** What stands before `/mj/`. */
  readonly pathPrefix: string;
  readonly authorization: (key: string) => Record<string, string>;
  readonly actions: readonly Action[];
  readonly speeds: readonly Speed[];
  readonly traits: ProviderTraits;
}

const minute = 60_000;

/** Follow-ups that need no more than a press. */
const pressActions = [
  'upscale',
  'reroll',
  'variation',
  'vary-subtle',
  'vary-strong',
  'upscale-2x',
  'upscale-4x',
  'upscale-subtle',
  'upscale-creative',
  'zoom',
  'zoom-2x',
  'zoom-1.5x',
  'square',
  'pan-left',
  'pan-right',
  'pan-up',
  'pan-down',
] as const satisfies readonly Action[];

/**
 * 4allapi publishes new-api's own documentation with another host, so new-api's habits are expected: it
 * refreshes its tasks every 15 s (controller/midjourney.go), holds no turbo, and refuses buttons other
 * than these with HTTP 400 (`CoverPlusActionToNormalAction`).
 */
export const mjProxyRows = {
  '4allapi': {
    baseUrl: 'https://api.4allapi.com',
    pathPrefix: '',
    authorization: (key) => ({ authorization: `Bearer ${key}` }),
    actions: ['imagine', ...pressActions],
    speeds: ['relax', 'fast'],
    traits: { maxInFlight: 10, taskTimeoutMs: 65 * minute, pollFloorMs: 5_000, lookBatch: 50 },
  },
} as const satisfies Record<string, MjProxyRow>;

export interface MjProxyOptions {
  row: MjProxyRow;
  http: Http;
  apiKey: string;
  /** Overrides the row's. */
  baseUrl?: string | undefined;
}

/** A provider that speaks midjourney-proxy's `/mj/submit/…`, `/mj/task/…`. Its refs hold `id`. */
export function createMjProxy({ row, http, apiKey, baseUrl }: MjProxyOptions): Provider {
  const base = baseUrl ?? row.baseUrl;
  if (base === undefined) throw new Error('a midjourney-proxy account needs a base URL');
  const root = `${base}${row.pathPrefix}/mj`;
  const headers = row.authorization(apiKey);

  async function submit(request: ProviderRequest, signal: AbortSignal): Promise<Submitted> {
    const { path, body } = toSubmit(request);
    const answer = await http.request({ method: 'POST', url: `${root}${path}`, headers, body, signal });
    const { id, update } = readSubmit(answer);
    return { ref: { id }, update };
  }

  async function look(refs: readonly Ref[], signal: AbortSignal): Promise<Map<string, Update>> {
    const ids = refs.map((ref) => ref['id'] ?? '');
    const answer = await http.request({
      method: 'POST',
      url: `${root}/task/list-by-condition`,
      headers,
      body: { ids },
      signal,
    });
    throwForGateway(answer);
    const tasks = readShape(z.array(z.unknown()), answer.json, 'the task list');
    const updates = new Map<string, Update>();
    for (const item of tasks) {
      const task = taskSchema.safeParse(item);
      if (!task.success || !ids.includes(task.data.id)) continue; // one bad entry costs the others nothing
      const update = readListed(task.data);
      const known = updates.get(task.data.id);
      if (update !== undefined && (known === undefined || rank(update) > rank(known))) {
        updates.set(task.data.id, update);
      }
    }
    if (updates.size === 0 && tasks.length > 0) {
      throw new ProviderError('malformed', 'the task list holds nothing that can be read');
    }
    return updates;
  }

  function readListed(task: z.infer<typeof taskSchema>): Update | undefined {
    try {
      return readTask(task, (url, id) => toPictureUrl(url, id, base ?? ''));
    } catch (error) {
      // Finished without a picture: the gateway may still be copying it, so the next look may read it.
      if (error instanceof ProviderError && error.kind === 'malformed') return { state: 'running' };
      throw error;
    }
  }

  return { actions: new Set<Action>(row.actions), speeds: new Set<Speed>(row.speeds), submit, look };
}

function toSubmit(request: ProviderRequest): { path: string; body: Record<string, unknown> } {
  const speed = toSpeed(request.speed);
  if (request.parent !== undefined) {
    const body = {
      taskId: request.parent.ref['id'],
      customId: request.parent.offer.token,
      state: request.reference,
    };
    return { path: '/submit/action', body: { ...body, ...speed.filter } };
  }
  const body = {
    botType: /(?:^|\s)--niji\b/u.test(request.prompt) ? 'NIJI_JOURNEY' : 'MID_JOURNEY',
    prompt: `${request.prompt}${speed.flag}`,
    base64Array: request.pictures.map(toDataUrl),
    state: request.reference,
  };
  return { path: '/submit/imagine', body: { ...body, ...speed.filter } };
}

/**
 * Speed goes as a flag and as a filter: new-api deletes the filter unless its operator allows it, and can be
 * set to strip the flag. Fast is every gateway's default and is not spelled out.
 */
function toSpeed(speed: Speed): { flag: string; filter: Record<string, unknown> } {
  if (speed === 'fast') return { flag: '', filter: {} };
  return { flag: ` --${speed}`, filter: { accountFilter: { modes: [speed.toUpperCase()] } } };
}

function toDataUrl(picture: Picture): string {
  return `data:${picture.type};base64,${picture.bytes.toString('base64')}`;
}

/**
 * Where to fetch a picture. A new-api whose ServerAddress was never set hands out its own route with a
 * `localhost` host (QuantumNous/new-api#144); that route is at the gateway's real address.
 */
function toPictureUrl(url: string, id: string, base: string): string {
  if (!URL.canParse(url)) return url;
  const { host, hostname, pathname, search } = new URL(url);
  const isLocal = hostname === 'localhost' || hostname === '127.0.0.1';
  const isRoute = pathname === `/mj/image/${id}`;
  return isLocal && isRoute && new URL(base).host !== host ? `${base}${pathname}${search}` : url;
}

/** A list behind new-api can name a task twice after a window was answered; the furthest state is true. */
function rank(update: Update): number {
  return { asking: 0, running: 1, failed: 2, done: 3 }[update.state];
}
