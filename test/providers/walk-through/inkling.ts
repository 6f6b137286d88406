import { z } from 'zod';
import { ProviderError, type ProviderErrorKind } from '../../../src/errors.ts';
import { type Http, type HttpAnswer, readShape } from '../../../src/providers/http.ts';
import type {
  Provider,
  ProviderRequest,
  ProviderTraits,
  Submitted,
} from '../../../src/providers/provider.ts';
import type { Action, Offer, Ref, Update } from '../../../src/task.ts';

export const inklingTraits: ProviderTraits = {
  maxInFlight: 5,
  taskTimeoutMs: 15 * 60_000,
  pollFloorMs: 3_000,
  findsByPrompt: false,
  lookBatch: 50,
  inputs: {
    by: 'address',
    types: ['image/jpeg', 'image/png', 'image/webp'],
    mostBytes: 10_000_000,
    takesAnimations: false,
  },
};

const id = z.string().min(1);
const acceptedSchema = z.object({ job: id });
const jobSchema = z.object({
  id,
  phase: z.enum(['waiting', 'drawing', 'ready', 'broken']),
  percent: z.number().min(0).max(100).nullish(),
  image: z.url().nullish(),
  why: z.string().nullish(),
});
const listSchema = z.object({ jobs: z.array(z.unknown()) });
const errorSchema = z.object({ error: z.object({ code: z.string(), text: z.string() }) });

/** Inkling (an invented API). Its refs hold `id`. */
export function createInkling(options: { http: Http; apiKey: string; baseUrl: string }): Provider {
  const { http, apiKey, baseUrl } = options;
  const headers = { authorization: `Bearer ${apiKey}` };

  async function submit(request: ProviderRequest, signal: AbortSignal): Promise<Submitted> {
    const { path, body } = toCall(request);
    const url = `${baseUrl}${path}`;
    const answer = await http.request({ method: 'POST', url, headers, body, signal });
    throwForRefusal(answer);
    const { job } = readShape(acceptedSchema, answer.json, 'the answer to a submit');
    return { ref: { id: job }, update: { state: 'running' } };
  }

  async function look(refs: readonly Ref[], signal: AbortSignal): Promise<Map<string, Update>> {
    const ids = refs.map((ref) => encodeURIComponent(ref['id'] ?? '')).join(',');
    const answer = await http.request({
      method: 'GET',
      url: `${baseUrl}/v1/jobs?ids=${ids}`,
      headers,
      signal,
    });
    throwForRefusal(answer);
    const { jobs } = readShape(listSchema, answer.json, 'the jobs');
    // If one entry can't be read, the others still count.
    const read = jobs.flatMap((entry) => jobSchema.safeParse(entry).data ?? []);
    if (read.length === 0 && jobs.length > 0) throw new ProviderError('malformed', 'no job can be read');
    return new Map(read.map((job) => [job.id, toUpdate(job)]));
  }

  return {
    actions: new Set<Action>(['imagine', 'variation']),
    speeds: new Set(['fast']),
    submit,
    look,
    callback(body) {
      const { data } = acceptedSchema.safeParse(body);
      return data === undefined ? undefined : { id: data.job };
    },
  };
}

function toCall({ action, prompt, parent, reference, callbackUrl }: ProviderRequest) {
  const common = { tag: reference, ...(callbackUrl === undefined ? {} : { hook: callbackUrl }) };
  return action === 'variation'
    ? { path: '/v1/redraw', body: { job: parent?.ref['id'], picture: parent?.offer.index, ...common } }
    : { path: '/v1/draw', body: { text: prompt, ...common } };
}

function toUpdate({ phase, percent, image, why }: z.infer<typeof jobSchema>): Update {
  if (phase === 'broken') {
    return why ? { state: 'failed', kind: 'rejected', reason: why } : { state: 'failed', kind: 'rejected' };
  }
  // Ready but without a picture: it is still being copied, and the next look may see it.
  if (phase !== 'ready' || !image) return { state: 'running', progress: percent ?? 0 };
  const offers = [1, 2, 3, 4].map((index): Offer => ({ action: 'variation', index, token: 'redraw' }));
  return { state: 'done', media: [{ kind: 'picture', url: image }], offers };
}

const kinds: Readonly<Record<string, ProviderErrorKind>> = {
  flagged: 'rejected',
  bad_key: 'auth',
  no_credit: 'balance',
  slow_down: 'busy',
};

/** By documented codes; an answer from something else doesn't say whether the API accepted the submit. */
function throwForRefusal({ status, json, retryAfterMs }: HttpAnswer): void {
  if (status < 400) return;
  const { data } = errorSchema.safeParse(json);
  const kind = kinds[data?.error.code ?? ''] ?? (status >= 500 ? 'unavailable' : 'malformed');
  throw new ProviderError(kind, `the API answered ${status}`, {
    status,
    ...(kind === 'rejected' && data ? { reason: data.error.text } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
