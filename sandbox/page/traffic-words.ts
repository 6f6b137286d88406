import type { RecordedRequest } from '../discord/index.ts';
import type { RecordedCall } from '../providers/stand-in.ts';

/** Discord docs, receiving-and-responding, "Interaction Callback Type". */
const callbacks: Readonly<Record<number, string>> = {
  4: 'a message',
  5: 'thinking',
  6: 'understood, the message stays',
  7: 'the message changes',
  8: 'choices',
  9: 'a modal',
};

export function tellCallback(type: number): string {
  return callbacks[type] ?? `type ${type}`;
}

/** What a provider does with a task's callback address. */
export function tellCall({ path, status }: RecordedCall): string {
  return `calls back ${path} → ${status ?? 'no answer'}`;
}

interface Body {
  readonly content?: string | null;
  readonly embeds?: readonly { readonly title?: string; readonly description?: string }[] | null;
}

const longestName = 60;

/** What people would call a message: the first line of its text or, without one, the title of its embed; `''` if neither. */
export function nameMessage({ content, embeds }: Body, nameOf = (_id: string) => 'somebody'): string {
  const [line = ''] = (content ?? '').split('\n');
  // Bold, and the characters that the bot escapes.
  const plain = line.replaceAll('**', '').replaceAll(/\\([^\p{L}\p{N}\s])/gu, '$1');
  const text = plain.replaceAll(/<@(\d+)>/gu, (_, id: string) => `@${nameOf(id)}`);
  const name = text || (embeds?.[0]?.title ?? '');
  return name.length > longestName ? `${name.slice(0, longestName)}…` : name;
}

/** The bot's request in words; undefined if another line covers it, or nobody needs it. */
export function tellRequest({ method, path, body, files }: RecordedRequest): string | undefined {
  if (path.endsWith('/callback') || method === 'GET') return undefined;
  if (/^\/applications\/\d+(\/guilds\/\d+)?\/commands$/.test(path)) {
    return `registers ${Array.isArray(body) ? body.length : 'its'} commands`;
  }
  const about = tellBody((body ?? {}) as Body, files);
  const way = path.startsWith('/channels/') ? ' by the channel' : '';
  if (method === 'DELETE') return `deletes a message${way}`;
  if (method === 'PATCH') return `edits its message${way}${about}`;
  if (method === 'POST') return `${path.startsWith('/webhooks/') ? 'follows up' : 'writes'}${way}${about}`;
  return undefined;
}

function tellBody(body: Body, files: RecordedRequest['files']): string {
  const [embed] = body.embeds ?? [];
  const progress = /\d+ ?%/.exec(embed?.description ?? '')?.[0];
  const words = [nameMessage(body), progress].filter(Boolean).join(', ');
  const sent = files.map(({ name, size }) => `${name}, ${toSize(size)}`).join('; ');
  return `${words && `: ${words}`}${sent && ` with ${sent}`}`;
}

export function toSize(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  if (bytes < 1_048_576) return `${Math.round(bytes / 1_024)} KiB`;
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}

const longestText = 400;
const longestDetail = 6_000;

/** Indented JSON, with long texts (pictures in base64) cut. */
export function toDetail(parts: Readonly<Record<string, unknown>>): string {
  const shorten = (_name: string, value: unknown) => {
    if (typeof value !== 'string') return value;
    const parsed = value.startsWith('{') || value.startsWith('[') ? parse(value) : undefined;
    if (parsed !== undefined) return parsed;
    return value.length > longestText
      ? `${value.slice(0, longestText)}… (${value.length} characters)`
      : value;
  };
  const text = JSON.stringify(parts, shorten, 2);
  return text.length > longestDetail ? `${text.slice(0, longestDetail)}\n…` : text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
