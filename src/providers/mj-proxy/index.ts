import { z } from 'zod';
import { ProviderError, UserError } from '../../errors.ts';
import type { FilterTable } from '../../filter-table.ts';
import type { Adjustment, Ref, Speed, Update } from '../../task.ts';
import type { Http, HttpAnswer } from '../http.ts';
import { locateMedia } from '../media-address.ts';
import { toUnread } from '../one-by-one.ts';
import { type Answer, type Provider, type ProviderRequest, refKey, type Submitted } from '../provider.ts';
import { readTask } from './answers.ts';
import type { AuthStyle, MjProxyGateway, PathPrefix } from './gateways.ts';
import { createLooks } from './looks.ts';
import { createEmptyResults, toActionOfResult } from './other-results.ts';
import { toRef } from './ref.ts';
import { isCertainlyNoSuchRoute, isNoSuchRoute, throwForGateway } from './refusals.ts';
import { createRoutes } from './routes.ts';
import { createSearch } from './search.ts';
import { createStranded, idsOf, mergeUpdates } from './several.ts';
import { readSeed, readSubmit } from './submit-answers.ts';
import {
  canRemix,
  hasSpeedFlag,
  isVideoAction,
  optionalStarts,
  type Submit,
  toChangeInstead,
  toDataUrl,
  toSubmit,
} from './submits.ts';
import type { MjTask } from './task.ts';
import { toTaskAction } from './task-action.ts';
import { createWithUploads } from './uploads.ts';

export interface MjProxyOptions {
  gateway: MjProxyGateway;
  http: Http;
  apiKey: string;
  /** Overrides the gateway's own. */
  baseUrl?: string | undefined;
  pathPrefix?: PathPrefix | undefined;
  auth?: AuthStyle | undefined;
  /** Those that the account has, in place of the gateway's; all of them are if the path says the speed. */
  speeds?: readonly Speed[] | undefined;
  filter?: FilterTable | undefined;
  /** Whether pictures for an imagine are uploaded first, and sent as addresses. */
  uploads?: boolean | undefined;
  /** Epoch milliseconds; the clock unless given. */
  now?: () => number;
}

/**
 * A provider that speaks midjourney-proxy's `/mj/submit/…`, `/mj/task/…`. Its refs hold `id`; `action`, which says how to
 * read a result; `prefix` if something comes before `/mj/`: follow-ups and looks use the same prefix as their task; and
 * `shared` if the task had begun before it was asked for.
 */
export function createMjProxy(options: MjProxyOptions): Provider {
  const { gateway, http, apiKey } = options;
  const base = requireBaseUrl(options.baseUrl ?? gateway.baseUrl);
  const prefixes = options.pathPrefix ?? gateway.pathPrefix;
  const headers = toHeaders(options.auth ?? gateway.auth, apiKey);
  const prefixList = [...new Set(typeof prefixes === 'string' ? [prefixes] : Object.values(prefixes))];
  const now = options.now ?? Date.now;
  const routes = createRoutes(now);
  const looks = createLooks({ send, routes, hasList: gateway.hasList });
  const emptyResults = createEmptyResults();
  const stranded = createStranded(now);
  const withUploads = createWithUploads();
  const speeds = speedsOf(prefixes, gateway, options.speeds);
  const usual = (['fast', 'relax', 'turbo'] as const).find((speed) => speeds.has(speed)) ?? 'fast';

  function send(prefix: string, path: string, signal: AbortSignal, body?: unknown): Promise<HttpAnswer> {
    const url = `${base}${prefix}/mj${path}`;
    return body === undefined
      ? http.request({ method: 'GET', url, headers, signal })
      : http.request({ method: 'POST', url, headers, body, signal });
  }

  async function submit(original: ProviderRequest, signal: AbortSignal): Promise<Submitted> {
    const prefix = original.parent?.ref['prefix'] ?? prefixFor(prefixes, original.speed);
    const upload = (path: string, body: object) => send(prefix, path, signal, body);
    const request =
      options.uploads === true
        ? await withUploads(original, upload, options.filter?.accountFilter)
        : original;
    const asked = toSubmit(request, {
      gateway,
      isSpeedInPath: typeof prefixes !== 'string',
      saysFast: prefixes === '',
      filter: options.filter,
    });
    const spent = await spend(prefix, request, asked, signal);
    const { id, update, hasExisted } = readSubmit(spent.answer, {
      isPress: spent.path === '/submit/action',
      needsOneOfSome: request.speed !== usual || request.parent !== undefined,
    });
    const shared = hasExisted ? { shared: 'yes' } : {};
    return { ref: { ...toRef(id, prefix), action: request.action, ...shared }, update };
  }

  /**
   * A gateway without `action` gets the same request as a `change`, if there is such a change. It's sent a second time only
   * if the first answer certainly says that there's no such route: then nobody has accepted it. What a page says counts
   * from the next task on.
   */
  async function spend(
    prefix: string,
    request: ProviderRequest,
    asked: Submit,
    signal: AbortSignal,
  ): Promise<{ path: string; answer: HttpAnswer }> {
    const ways = [asked, toChangeInstead(request, asked)].filter((way) => way !== undefined);
    const open = ways.filter(({ path }) => !routes.isMissing(`${prefix}${path}`));
    let status = 0;
    for (const { path, body } of open.length > 0 ? open : [asked]) {
      const answer = await send(prefix, path, signal, body);
      if (isNoSuchRoute(answer)) routes.noteMissing(`${prefix}${path}`);
      if (!isCertainlyNoSuchRoute(answer) || request.parent === undefined) return { path, answer };
      status = answer.status;
    }
    // The address is right, since the parent came from there: only this action isn't available.
    throw new ProviderError('rejected', `the gateway has no ${asked.path}`, {
      status,
      reason: 'This gateway has no way to do that.',
    });
  }

  /** Whether no speed has such an endpoint. */
  function lacks(path: string): boolean {
    return prefixList.every((prefix) => routes.isMissing(`${prefix}${path}`));
  }

  async function answer(ref: Ref, { prompt, mask }: Answer, signal: AbortSignal): Promise<Submitted> {
    // Most read `taskId`, the innk family reads `task_id`; each ignores the other (docs.rixapi.com).
    const ids = { taskId: ref['id'], task_id: ref['id'] };
    // White is repainted; trueai strips exactly this prefix, `data:image/png;base64,`, and no other.
    const body = { ...ids, prompt, ...(mask === undefined ? {} : { maskBase64: toDataUrl(mask) }) };
    const answer = await send(ref['prefix'] ?? '', '/submit/modal', signal, body);
    const { id, update } = readSubmit(answer, { knownId: ref['id'] });
    // The answer may ask about the window again; it was accepted, and that's what counts.
    return {
      ref: { ...ref, id },
      update: update.state === 'asking' ? { state: 'running' } : update,
    };
  }

  async function look(refs: readonly Ref[], signal: AbortSignal): Promise<Map<string, Update>> {
    const updates = new Map<string, Update>();
    const byPrefix = Map.groupBy(refs, (ref) => ref['prefix'] ?? '');
    for (const [prefix, group] of byPrefix) {
      const tasks = await looks.read(prefix, [...new Set(group.flatMap(idsOf))], signal);
      for (const ref of group) {
        const read = new Map<string, Update>();
        const own = tasks.filter(({ id }) => idsOf(ref).includes(id));
        for (const task of own) keepFurthest(read, task.id, readLooked(task, ref['action']));
        for (const id of stranded.among(refKey(ref), own, read)) read.delete(id);
        const update = mergeUpdates(idsOf(ref).map((id) => read.get(id)));
        if (update !== undefined) updates.set(refKey(ref), update);
      }
    }
    return updates;
  }

  async function cancel(ref: Ref, signal: AbortSignal): Promise<void> {
    if (ref['shared'] !== undefined)
      throw new ProviderError('rejected', 'somebody else may be waiting for it, since it had begun before');
    for (const id of idsOf(ref)) {
      const path = `/task/${encodeURIComponent(id)}/cancel`;
      const answer = await send(ref['prefix'] ?? '', path, signal, {});
      if (isNoSuchRoute(answer) || isPage(answer))
        throw new ProviderError('rejected', 'the gateway cannot cancel', { status: answer.status });
      throwForGateway(answer);
    }
  }

  /** Takes up to a minute: the API asks Midjourney's bot in a direct message (litter-coder's and trueai-org's). */
  async function seed(ref: Ref, signal: AbortSignal): Promise<string> {
    if (idsOf(ref).length > 1) throw new UserError('action-unavailable');
    const path = `/task/${encodeURIComponent(ref['id'] ?? '')}/image-seed`;
    const answer = await send(ref['prefix'] ?? '', path, signal);
    if (isNoSuchRoute(answer) || isPage(answer)) throw new UserError('action-unavailable');
    return readSeed(answer);
  }

  function readLooked(task: MjTask, asked: string | undefined): Update {
    try {
      const usesChange = gateway.usesChange && !lacks('/submit/change');
      const action = toActionOfResult(task, asked, toTaskAction(asked, task.action));
      return locateMedia(readTask({ ...task, action }, { ...gateway, usesChange }), base);
    } catch (error) {
      // Finished without a picture or text: the gateway may still be copying it, so the next look may have it.
      if (error instanceof ProviderError && error.kind === 'malformed')
        return emptyResults.read(task.id, asked);
      return toUnread(error);
    }
  }

  /**
   * Midjourney says "Turbo mode isn't supported for video jobs", so videos are asked for as fast ones. So is every request
   * that can't carry its speed, unless the account has no fast speed: then it runs at the one that it has.
   */
  function review(request: Parameters<NonNullable<Provider['review']>>[0]): Adjustment[] {
    const { action, prompt, speed } = request;
    if (action === 'video' && gateway.videoNeedsWords && prompt.trim() === '')
      throw new UserError('prompt-empty');
    const isTooFast = speed === 'turbo' && isVideoAction(action);
    const isUntold = typeof prefixes === 'string' && !hasSpeedFlag(request);
    // A button goes the way of its parent.
    const isMissing = request.offer === undefined && !speeds.has(speed);
    const isOther = isTooFast || isUntold || isMissing;
    return isOther && speed !== usual ? [{ flag: `--${speed}`, asked: speed, used: usual }] : [];
  }

  return {
    get actions() {
      const missing = optionalStarts.filter(([, path]) => lacks(path)).map(([action]) => action);
      return new Set(gateway.actions.filter((action) => !missing.some((one) => one === action)));
    },
    speeds,
    submit,
    look,
    answer,
    // `prompt` isn't required there, and trueai-org's takes the parent's (SubmitController.cs, Modal).
    takesEmptyAnswers: true,
    canRemix: (offer) => canRemix(offer) && !lacks('/submit/modal'),
    callback: (body, { action, speed }) => {
      // Each of its tasks calls by itself: only the list tells which others there are.
      if (action === 'imagine-all' && gateway.hasTaskList) return undefined;
      const id = readCallbackId(body);
      return id === undefined ? undefined : { ...toRef(id, prefixFor(prefixes, speed)), action };
    },
    review,
    ...(gateway.hasSeed ? { seed } : {}),
    ...(gateway.hasTaskList ? createSearch({ send, routes, prefixes: prefixList }) : {}),
    ...(gateway.canCancel ? { cancel } : {}),
  };
}

const callbackSchema = z.object({ id: z.union([z.string().min(1), z.int().positive()]) });

/**
 * `notifyHook` gets the task as a fetch shows it, unsigned, more than once, and in any order (NotifyServiceImpl.java,
 * NotifyService.cs).
 */
function readCallbackId(body: unknown): string | undefined {
  const { data } = callbackSchema.safeParse(body);
  return data === undefined ? undefined : String(data.id);
}

/** A web page with a success status: the gateway's own interface, for a route that it doesn't have. */
function isPage({ status, text }: HttpAnswer): boolean {
  return status < 300 && text.trimStart().startsWith('<');
}

/** The speeds that the operator names, as far as there's a path for each; if none are named, the gateway's. */
function speedsOf(
  prefixes: PathPrefix,
  gateway: MjProxyGateway,
  named: readonly Speed[] | undefined,
): ReadonlySet<Speed> {
  if (typeof prefixes === 'string') return new Set(named ?? gateway.speeds);
  const inPath = Object.keys(prefixes) as Speed[];
  return new Set(inPath.filter((speed) => named?.includes(speed) !== false));
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

function requireBaseUrl(baseUrl: string | undefined): string {
  if (baseUrl === undefined) throw new Error('a midjourney-proxy account needs a base URL');
  return baseUrl;
}

/** Behind new-api, a list has a task twice once its window was answered; the furthest state is the true one. */
function keepFurthest(updates: Map<string, Update>, id: string, update: Update): void {
  const known = updates.get(id);
  if (known === undefined || rank(update) > rank(known)) updates.set(id, update);
}

function rank(update: Update): number {
  return { asking: 0, running: 1, failed: 2, done: 3 }[update.state];
}
