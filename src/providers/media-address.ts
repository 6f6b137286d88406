import type { Update } from '../task.ts';
import { isPrivateHost } from './address-guard.ts';
import { limitUpdate } from './foreign-words.ts';

/**
 * What a look tells, with addresses of media that can be called from here, and no more than can be shown. Anything that
 * can't be an address is left out; a result without any address is still on its way. A preview is shown by its address,
 * so one that holds its picture is dropped.
 */
export function locateMedia(told: Update, baseUrl: string): Update {
  const update = limitUpdate(told);
  switch (update.state) {
    case 'running': {
      const { preview: written, ...rest } = update;
      const preview = written === undefined ? undefined : toMediaAddress(written, baseUrl);
      return preview === undefined || preview.startsWith('data:') ? rest : { ...rest, preview };
    }
    case 'done': {
      const media = update.media.flatMap((one) => {
        const url = toMediaAddress(one.url, baseUrl);
        return url === undefined ? [] : [{ ...one, url }];
      });
      const isMissing = media.length === 0 && update.media.length > 0;
      return isMissing ? { state: 'running' } : { ...update, media };
    }
    default:
      return update;
  }
}

/**
 * The address that an API means: with a scheme it stays as it is, since its query may be signed; a path is relative to the
 * API's base; a host gets https; a picture in Base64 becomes a `data:` address. `undefined` if it isn't an address.
 */
export function toMediaAddress(written: string, baseUrl: string): string | undefined {
  const text = written.trim();
  if (/^data:/iu.test(text)) return `data:${text.slice(5)}`;
  if (isBase64Picture(text)) return `data:;base64,${text}`;
  // A longer one can't be called, or shown as a link.
  if (text.length > longestAddress) return undefined;
  if (/^https?:\/\//iu.test(text)) return reachable(text, baseUrl);
  if (text.startsWith('//')) return reachable(`https:${text}`, baseUrl);
  if (startsWithHost.test(text)) return reachable(`https://${text}`, baseUrl);
  return isPath.test(text) ? atBase(text, baseUrl) : undefined;
}

/** File servers refuse longer ones; signed addresses have fewer than a thousand characters. */
const longestAddress = 8_000;

/** `cdn.example/…`, `203.0.113.7/…`, `[2001:db8::1]/…`, `localhost/…`, `new-api:3000/…`. */
const startsWithHost =
  /^(?:(?:[\w-]+\.)+[a-z]{2,}|(?:\d{1,3}\.){3}\d{1,3}|\[[\da-f:.]+\]|localhost|[\w-]+(?=:\d))(?::\d+)?\//iu;

/** A path from the root, or a file name that clearly is a picture or a video. */
const isPath =
  /^\.?\/\S+$|^[\w-][^\s:]*\.(?:png|jpe?g|webp|gif|avif|mp4|mov|webm)(?:[?#]\S*)?$|^mj\/[^\s:]+$/iu;

/** How PNG, JPEG, WebP and GIF begin in Base64. */
function isBase64Picture(text: string): boolean {
  return text.length > 100 && /^(?:iVBORw0KGgo|\/9j\/|UklGR|R0lGOD)[\w+/=\s]+$/u.test(text);
}

/**
 * A gateway whose own address was never set names a host that only it knows, mostly `localhost` (QuantumNous/new-api#144),
 * for its own routes. Those are at its base.
 */
function reachable(address: string, baseUrl: string): string | undefined {
  const url = URL.parse(address);
  if (url === null) return undefined;
  const isOwnRoute = /\/mj\//u.test(url.pathname) && isPrivateHost(url.hostname);
  return isOwnRoute && url.origin !== new URL(baseUrl).origin
    ? atBase(url.pathname + url.search, baseUrl)
    : address;
}

/** Some write a path from the root of their host, others from their base: either way, the base's path is there once. */
function atBase(path: string, baseUrl: string): string {
  const { origin, pathname } = new URL(baseUrl);
  const prefix = pathname.replace(/\/+$/u, '');
  const rooted = `/${path.replace(/^\.?\/+/u, '')}`;
  return rooted.startsWith(`${prefix}/`) ? origin + rooted : origin + prefix + rooted;
}
