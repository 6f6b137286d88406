import { z } from 'zod';
import type { Reader } from './reader.ts';

/** The way out, as `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` describe it. */
export interface Proxies {
  /** For https addresses, with user name and password if there are any. */
  readonly https: string;
  /** For http addresses; empty if they are called directly. */
  readonly http: string;
  /** Hosts that are called directly, separated by commas. */
  readonly except: string;
}

/** Other programs read these variables in lower case, too, and fall back to `HTTP_PROXY` for https addresses. */
export function readProxies(reader: Reader): Proxies | undefined {
  const read = (name: string, schema: z.ZodType<string>) =>
    reader.optional(name, schema) ?? reader.optional(name.toLowerCase(), schema) ?? '';
  const http = read('HTTP_PROXY', proxyUrl);
  const https = read('HTTPS_PROXY', proxyUrl) || http;
  const except = read('NO_PROXY', z.string());
  return https === '' ? undefined : { https, http, except };
}

/** Passwords of proxies, as they are written in the address and as they are sent. */
export function passwordsOf(proxies: Proxies | undefined): string[] {
  const addresses = [proxies?.https ?? '', proxies?.http ?? ''].filter((address) => address !== '');
  return addresses.flatMap((address) => {
    const { username, password } = new URL(address);
    if (password === '') return [];
    const sent = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return [password, decodeURIComponent(password), Buffer.from(sent).toString('base64')];
  });
}

/** Many leave the scheme out, as curl allows: `proxy.example.org:3128`. */
const proxyUrl = z
  .string()
  .transform((text) => (text.includes('://') ? text : `http://${text}`))
  .refine(isProxyUrl, 'must be an http or https address, as in http://proxy.example.org:3128');

function isProxyUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password, pathname, search, hash } = new URL(value);
  return (
    /^https?:$/.test(protocol) && pathname === '/' && !search && !hash && isDecodable(username + password)
  );
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}
