import { ProviderError } from '../../errors.ts';
import type { FilterTable } from '../../filter-table.ts';
import { usesEditModel } from '../../prompt/edit-model.ts';
import { isPlainAddress } from '../../prompt/scan.ts';
import type { HttpAnswer } from '../http.ts';
import { layersOf } from '../layers.ts';
import type { Picture, ProviderRequest } from '../provider.ts';
import { isNoSuchRoute, readCode, throwForGateway, toRefusal, unreadable, wordsOf } from './refusals.ts';
import { toDataUrl } from './submits.ts';

const path = '/submit/upload-discord-images';
/** How many tasks' addresses to keep; the oldest are dropped. */
const mostKept = 100;

/**
 * Uploads a request's pictures to Discord, and returns the request with their addresses: in front of the words of an imagine,
 * for gateways that don't take pictures with it (midjourney-proxy-plus docs/api.md), and as those of an edit's pictures. Gateways charge for that, too, so a task that
 * has to wait afterwards isn't uploaded again. If it fails, no task was begun: nothing will come, and only what a definite
 * refusal refused may be tried elsewhere.
 */
export type WithUploads = (
  request: ProviderRequest,
  send: (path: string, body: object) => Promise<HttpAnswer>,
  filter?: FilterTable['accountFilter'],
) => Promise<ProviderRequest>;

export function createWithUploads(): WithUploads {
  const kept = new Map<string, readonly string[]>();
  return async (request, send, filter) => {
    const { action, pictures, reference } = request;
    const isEdit = usesEditModel(request);
    if ((action !== 'imagine' && !isEdit) || pictures.length === 0) return request;
    const addresses = kept.get(reference) ?? (await upload(pictures, send, filter));
    kept.set(reference, addresses);
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
    if (isEdit)
      return {
        ...request,
        pictures: pictures.map((picture, at) => ({ ...picture, url: addresses[at] ?? '' })),
      };
    return { ...request, prompt: [...addresses, request.prompt].join(' ').trim(), pictures: [] };
  };
}

/** Returns the addresses of the pictures, in their order. */
async function upload(
  pictures: readonly Picture[],
  send: (path: string, body: object) => Promise<HttpAnswer>,
  filter: FilterTable['accountFilter'] = {},
): Promise<readonly string[]> {
  const { channelId, instanceId, remark } = filter;
  const named = Object.entries({ channelId, instanceId, remark }).filter(([, value]) => value !== undefined);
  // trueai-org's calls it as everywhere else.
  const filters = named.length === 0 ? {} : { filter: Object.fromEntries(named), accountFilter: filter };
  try {
    const answer = await send(path, { base64Array: pictures.map(toDataUrl), ...filters });
    return readUpload(answer, pictures.length);
  } catch (error) {
    throw error instanceof ProviderError && !error.definite ? toEnd(error) : error;
  }
}

/** Whether the upload was made is unknown, but it's known that there's no task. */
function toEnd({ kind, message, reason, status }: ProviderError): ProviderError {
  return new ProviderError(kind, `the pictures were not uploaded: ${message}`, {
    definite: false,
    isRefusal: true,
    ...(reason === undefined ? {} : { reason }),
    ...(status === undefined ? {} : { status }),
  });
}

/** One address for each picture, in their order; the words of the prompt follow them, so they must be nothing but addresses. */
function readUpload(answer: HttpAnswer, count: number): string[] {
  if (isNoSuchRoute(answer))
    throw new ProviderError('rejected', 'the gateway has no way to upload pictures', {
      status: answer.status,
      reason: 'This gateway has no way to upload pictures.',
    });
  const [layer] = layersOf(answer.json);
  const code = layer && readCode(layer);
  const result = [layer?.['result'] ?? []].flat();
  const addresses = result.filter((one): one is string => typeof one === 'string' && isUsable(one));
  // 4allapi's example has code 0. Addresses can't be mistaken for anything else.
  const isGiven = answer.status < 300 && (code === 1 || code === 0);
  if (isGiven && result.length === count && addresses.length === count) return addresses;
  throwForGateway(answer);
  if (layer === undefined || code === undefined || Number.isNaN(code) || code === 1) throw unreadable(answer);
  throw toRefusal(code, { reason: wordsOf(layer), bannedWord: undefined }, answer);
}

function isUsable(address: string): boolean {
  return /^https?:\/\/[^\s{}<>|]+$/u.test(address) && URL.canParse(address) && isPlainAddress(address);
}
