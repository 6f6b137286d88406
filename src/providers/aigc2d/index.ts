import { ProviderError } from '../../errors.ts';
import type { Action, Ref, Speed, Update } from '../../task.ts';
import { variablesOf } from '../front-door.ts';
import type { Http, HttpAnswer, HttpRequest } from '../http.ts';
import { locateMedia } from '../media-address.ts';
import { lookOneByOne } from '../one-by-one.ts';
import { mjProxyInputs, type Provider, type ProviderTraits } from '../provider.ts';
import { readBalance, readCallbackId, readSubmit, readTask } from './answers.ts';
import { actions, createRequests, type RouteTable } from './requests.ts';

export interface Aigc2dOptions {
  http: Http;
  /** The account's name, to say which variables fix a wrong address. */
  account: string;
  apiKey: string;
  baseUrl?: string | undefined;
  routes?: RouteTable | undefined;
}

export const aigc2dBaseUrl = 'https://api.aigc2d.com';
/** "Backup host" (AIGC2D/aigc2d-docs, midjourney/index.md). */
const secondBaseUrl = 'https://apigw.aigc2d.com';

export const aigc2dTraits: ProviderTraits = {
  maxInFlight: 3,
  taskTimeoutMs: 16 * 60_000, // after 15 minutes the API counts a task as failed (AIGC2D/aigc2d-docs)
  pollFloorMs: 3_000,
  findsByPrompt: true, // most likely a midjourney-proxy
  lookBatch: 10,
  inputs: mjProxyInputs,
  usualMs: { set: { fast: 49_000 } }, // as long as the example took (AIGC2D/aigc2d-docs, midjourney/index.md)
};

/**
 * AIGC2D (AIGC2D/aigc2d-docs, midjourney/index.md): a queue, a task by its id, a callback with the same body. Its refs hold
 * `id` and `action`. The public service was suspended in October 2023; only people's own deployments are left, so errors
 * of a wrong address say what to set.
 */
export function createAigc2d(options: Aigc2dOptions): Provider {
  const { http, apiKey } = options;
  const base = options.baseUrl ?? aigc2dBaseUrl;
  const headers = { authorization: `Bearer ${apiKey}` };
  const requests = createRequests(options.routes);
  const variables = variablesOf(options.account);
  const hint =
    `set ${variables}BASE_URL to a deployment of AIGC2D and ${variables}ROUTES to its paths ` +
    `(the public service was suspended in October 2023; its second host was ${secondBaseUrl})`;

  async function send(
    request: Pick<HttpRequest, 'method' | 'signal' | 'body'>,
    path: string,
  ): Promise<HttpAnswer> {
    try {
      return await http.request({ ...request, url: `${base}${path}`, headers });
    } catch (error) {
      // No connection was made: no such name, or nobody there.
      if (!(error instanceof ProviderError) || error.kind !== 'unavailable' || !error.definite) throw error;
      const { message, code = 'unknown' } = error;
      throw new ProviderError('unavailable', `${message}: ${hint}`, {
        definite: true,
        hasOwnMarks: true,
        code,
      });
    }
  }

  async function lookAt(ref: Ref, signal: AbortSignal): Promise<Update | undefined> {
    const id = ref['id'] ?? '';
    const answer = await send({ method: 'GET', signal }, requests.toPath('task', id));
    const update = readTask(answer, (ref['action'] ?? 'imagine') as Action, hint);
    return update === undefined ? undefined : locateMedia(update, base);
  }

  return {
    actions: new Set<Action>(actions),
    speeds: new Set<Speed>(['fast']),
    async submit(request, signal) {
      const { path, body } = requests.toSubmit(request);
      const { id, update } = readSubmit(await send({ method: 'POST', body, signal }, path), hint);
      return { ref: { id, action: request.action }, update };
    },
    look: (refs, signal) => lookOneByOne(refs, (ref) => lookAt(ref, signal)),
    async balance(signal) {
      const answer = await send({ method: 'GET', signal }, requests.toPath('balance'));
      return { amount: readBalance(answer, hint), unit: 'points' };
    },
    callback(body, { action }) {
      const id = readCallbackId(body);
      return id === undefined ? undefined : { id, action };
    },
  };
}
