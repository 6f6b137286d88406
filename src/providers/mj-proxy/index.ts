import { z } from 'zod';
import { ProviderError, UserError } from '../../errors.ts';
import type { Action, Adjustment, Ref, Speed, Update } from '../../task.ts';
import type { Http, HttpAnswer } from '../http.ts';
import type { Answer, Provider, ProviderRequest, Submitted } from '../provider.ts';
import {
  type MjTask,
  readLook,
  readSeed,
  readSubmit,
  readTask,
  taskSchema,
  throwForGateway,
} from './answers.ts';
import type { AuthStyle, MjProxyRow, PathPrefix } from './rows.ts';
import { isVideoAction, toDataUrl, toSubmit } from './submits.ts';

export interface MjProxyOptions {
  row: MjProxyRow;
  http: Http;
  apiKey: string;
  /** Overrides of the row's own. */
  baseUrl?: string | undefined;
  pathPrefix?: PathPrefix | undefined;
  auth?: AuthStyle | undefined;
}

/**
 * A provider that speaks midjourney-proxy's `/mj/submit/…`, `/mj/task/…`. Its refs hold `id`, and `prefix` where
 * something stands before `/mj/`: follow-ups and looks go the way that their task went.
 */
export function createMjProxy(options: MjProxyOptions): Provider {
  const { row, http, apiKey } = options;
  const base = options.baseUrl ?? row.baseUrl;
  if (base === undefined) throw new Error('a midjourney-proxy account needs a base URL');
  const prefixes = options.pathPrefix ?? row.pathPrefix;
  const headers = toHeaders(options.auth ?? row.auth, apiKey);

  function send(prefix: string, path: string, signal: AbortSignal, body?: unknown): Promise<HttpAnswer> {
    const url = `${base}${prefix}/mj${path}`;
    return body === undefined
      ? http.request({ method: 'GET', url, headers, signal })
      : http.request({ method: 'POST', url, headers, body, signal });
  }

  async function submit(request: ProviderRequest, signal: AbortSignal): Promise<Submitted> {
    const prefix = request.parent?.ref['prefix'] ?? prefixFor(prefixes, request.speed);
    const { path, body } = toSubmit(request, { row, isSpeedInPath: typeof prefixes !== 'string' });
    const { id, update } = readSubmit(await send(prefix, path, signal, body));
    return { ref: toRef(id, prefix), update };
  }

  async function answer(ref: Ref, { prompt, mask }: Answer, signal: AbortSignal): Promise<Submitted> {
    // Most read `taskId`, the innk family `task_id`; each ignores the other (docs.rixapi.com).
    const ids = { taskId: ref['id'], task_id: ref['id'] };
    // White is painted anew; trueai strips this very prefix, `data:image/png;base64,`, and no other.
    const body = { ...ids, prompt, ...(mask === undefined ? {} : { maskBase64: toDataUrl(mask) }) };
    const { id, update } = readSubmit(await send(ref['prefix'] ?? '', '/submit/modal', signal, body));
    // The answer repeats what was asked about the window; that it was taken is what counts.
    return {
      ref: toRef(id, ref['prefix'] ?? ''),
      update: update.state === 'asking' ? { state: 'running' } : update,
    };
  }

  async function look(refs: readonly Ref[], signal: AbortSignal): Promise<Map<string, Update>> {
    const updates = new Map<string, Update>();
    const byPrefix = Map.groupBy(refs, (ref) => ref['prefix'] ?? '');
    for (const [prefix, group] of byPrefix) {
      const ids = group.map((ref) => ref['id'] ?? '');
      const tasks = row.hasList ? await readList(prefix, ids, signal) : await fetchEach(prefix, ids, signal);
      for (const task of tasks) keepFurthest(updates, task.id, readLooked(task));
    }
    return updates;
  }

  async function readList(prefix: string, ids: string[], signal: AbortSignal): Promise<MjTask[]> {
    const answer = await send(prefix, '/task/list-by-condition', signal, { ids });
    throwForGateway(answer);
    return readTasks(answer).filter((task) => ids.includes(task.id));
  }

  /**
   * Where there is no list: one call a task. One that cannot be read tells nothing about the others; that the key
   * is refused, that the API asks to wait, and that nothing can be read at all, holds for all of them.
   */
  async function fetchEach(prefix: string, ids: string[], signal: AbortSignal): Promise<MjTask[]> {
    const settled = await Promise.allSettled(ids.map((id) => fetchOne(prefix, id, signal)));
    const errors = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    const isForAll = (error: unknown) =>
      !(error instanceof ProviderError) || error.kind === 'auth' || error.kind === 'busy';
    const decisive = errors.find(isForAll) ?? (errors.length === ids.length ? errors[0] : undefined);
    if (decisive !== undefined) throw decisive;
    return settled.flatMap((one, index) => {
      if (one.status === 'rejected') return [{ id: ids[index] ?? '' }]; // known, and no more than that
      return one.value ?? [];
    });
  }

  async function fetchOne(prefix: string, id: string, signal: AbortSignal): Promise<MjTask | undefined> {
    const answer = await send(prefix, `/task/${encodeURIComponent(id)}/fetch`, signal);
    throwForGateway(answer);
    // An unknown task: 204 (trueai), 200 with nothing (java), 400 `task_no_found` (new-api).
    // With 404 the same nothing means that the address is none (trueai).
    const isNothing = answer.status < 300 && answer.text.trim() === '';
    const isUnknown = isNothing || answer.text.includes('task_no_found');
    return isUnknown ? undefined : readLook(taskSchema, answer, 'a task');
  }

  /** The latest tasks of everybody, with the `state` that was sent along (trueai: 100 of them). */
  async function find(reference: string, signal: AbortSignal): Promise<Ref | undefined> {
    for (const prefix of new Set(typeof prefixes === 'string' ? [prefixes] : Object.values(prefixes))) {
      const answer = await send(prefix, '/task/list', signal);
      throwForGateway(answer);
      const found = readTasks(answer).find((task) => task.state === reference);
      if (found !== undefined) return toRef(found.id, prefix);
    }
    return undefined;
  }

  async function cancel(ref: Ref, signal: AbortSignal): Promise<void> {
    const path = `/task/${encodeURIComponent(ref['id'] ?? '')}/cancel`;
    throwForGateway(await send(ref['prefix'] ?? '', path, signal, {}));
  }

  /** Up to a minute: the API asks Midjourney's bot in a direct message (litter-coder's and trueai-org's). */
  async function seed(ref: Ref, signal: AbortSignal): Promise<string> {
    const path = `/task/${encodeURIComponent(ref['id'] ?? '')}/image-seed`;
    return readSeed(await send(ref['prefix'] ?? '', path, signal));
  }

  function readLooked(task: MjTask): Update {
    try {
      return readTask(task, (url, id) => toPictureUrl(url, id, base ?? ''), row);
    } catch (error) {
      // Finished without a picture or a text: the gateway may still be copying it, so the next look may read it.
      if (error instanceof ProviderError && error.kind === 'malformed') return { state: 'running' };
      throw error;
    }
  }

  /** "Turbo mode isn't supported for video jobs", says Midjourney: they are asked for as fast ones. */
  function review({ action, prompt, speed }: Parameters<NonNullable<Provider['review']>>[0]): Adjustment[] {
    if (action === 'video' && row.videoNeedsWords && prompt.trim() === '')
      throw new UserError('prompt-empty');
    const isTooFast = speed === 'turbo' && isVideoAction(action);
    return isTooFast ? [{ flag: '--turbo', asked: 'turbo', used: 'fast' }] : [];
  }

  const speeds = new Set<Speed>(
    typeof prefixes === 'string' ? row.speeds : (Object.keys(prefixes) as Speed[]),
  );

  return {
    actions: new Set<Action>(row.actions),
    speeds,
    submit,
    look,
    answer,
    callback: (body, { speed }) => {
      const id = readCallbackId(body);
      return id === undefined ? undefined : toRef(id, prefixFor(prefixes, speed));
    },
    ...(speeds.has('turbo') || row.videoNeedsWords ? { review } : {}),
    ...(row.hasSeed ? { seed } : {}),
    ...(row.hasTaskList ? { find } : {}),
    ...(row.canCancel ? { cancel } : {}),
  };
}

const callbackSchema = z.object({ id: z.union([z.string().min(1), z.int().positive()]) });

/**
 * `notifyHook` brings the task as a fetch does, unsigned, more than once and in any order (NotifyServiceImpl.java,
 * NotifyService.cs).
 */
function readCallbackId(body: unknown): string | undefined {
  const { data } = callbackSchema.safeParse(body);
  return data === undefined ? undefined : String(data.id);
}

/** Every entry that can be read; one bad entry costs the others nothing. */
function readTasks(answer: HttpAnswer): MjTask[] {
  const entries = readLook(z.array(z.unknown()), answer, 'the task list');
  const tasks = entries.map((entry) => taskSchema.safeParse(entry)).flatMap(({ data }) => data ?? []);
  if (tasks.length === 0 && entries.length > 0) {
    throw new ProviderError('malformed', 'the task list holds nothing that can be read');
  }
  return tasks;
}

function toRef(id: string, prefix: string): Ref {
  return prefix === '' ? { id } : { id, prefix };
}

function prefixFor(prefixes: PathPrefix, speed: Speed): string {
  return typeof prefixes === 'string' ? prefixes : (prefixes[speed] ?? '');
}

function toHeaders(auth: AuthStyle, key: string): Record<string, string> {
  switch (auth) {
    case 'bearer':
      return { authorization: `Bearer ${key}` };
    case 'raw':
      return { authorization: key };
    case 'mj-api-secret':
      return { 'mj-api-secret': key };
  }
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

/** A list behind new-api names a task twice after its window was answered; the furthest state is true. */
function keepFurthest(updates: Map<string, Update>, id: string, update: Update): void {
  const known = updates.get(id);
  if (known === undefined || rank(update) > rank(known)) updates.set(id, update);
}

function rank(update: Update): number {
  return { asking: 0, running: 1, failed: 2, done: 3 }[update.state];
}
