import type { RecordedRequest as DiscordRequest, TrafficEvent } from '../discord/index.ts';
import type { RecordedCall, RecordedRequest, StandInEvent } from '../providers/stand-in.ts';
import type { TrafficLine } from './protocol.ts';
import { tellCall, tellCallback, tellRequest, toDetail } from './traffic-words.ts';

export type NewLine = Pick<TrafficLine, 'who' | 'text'> &
  Partial<Pick<TrafficLine, 'tone' | 'detail' | 'tookMs'>> & {
    /** Lines in a row with the same key are merged and counted. */
    sort?: string;
  };

/** What happens, line by line and in order: the page's panel. */
export interface Feed {
  readonly lines: readonly TrafficLine[];
  add(line: NewLine): TrafficLine;
  hearDiscord(event: TrafficEvent): void;
  hearProvider(kind: string, event: StandInEvent): void;
  clear(): void;
}

const keptLines = 400;

export function createFeed(show: (line: TrafficLine) => void): Feed {
  const lines: TrafficLine[] = [];
  /** Lines of requests that wait for their answers. */
  const open = new Map<RecordedRequest, TrafficLine>();
  let lastSort: string | undefined;
  let nextId = 1;

  function put(line: TrafficLine): TrafficLine {
    const index = lines.findLastIndex(({ id }) => id === line.id);
    if (index < 0) lines.push(line);
    else lines[index] = line;
    if (lines.length > keptLines) lines.shift();
    show(line);
    return line;
  }

  function add({ sort, ...line }: NewLine): TrafficLine {
    const last = lines.at(-1);
    const repeats = sort !== undefined && sort === lastSort && last !== undefined;
    lastSort = sort;
    const count = repeats ? last.count + 1 : 1;
    const id = repeats ? last.id : nextId++;
    return put({ id, at: Date.now(), tone: 'plain', ...line, count });
  }

  function hearAnswer(request: DiscordRequest, isRefused: boolean): void {
    const told = tellRequest(request);
    if (told === undefined && !isRefused) return;
    const { method, path, status, code } = request;
    const refusal = `: Discord answers ${status}${code ? ` (${code})` : ''}`;
    add({
      who: 'bot',
      text: `${told ?? `${method} ${path.replace(/\/webhooks\/.*/, '/webhooks/…')}`}${isRefused ? refusal : ''}`,
      tone: isRefused ? 'bad' : 'plain',
      tookMs: (request.answeredAt ?? request.at) - request.at,
      detail: toDetail({
        request: request.body,
        files: request.files.length > 0 ? request.files : undefined,
      }),
    });
  }

  function hearProviderRequest(kind: string, request: RecordedRequest): void {
    const [path = ''] = request.path.split('?');
    const isLook = path.includes('/task/');
    const isPicture = !isLook && !path.includes('/submit/');
    const line: NewLine = {
      who: 'provider',
      text: `${kind} ← ${request.method} ${isPicture ? path.replace(/[^/]+$/, '…') : path}`,
      tone: isLook || isPicture ? 'quiet' : 'plain',
      detail: toDetail({ request: request.body }),
      ...(isLook && { sort: `${kind} look` }),
    };
    open.set(request, add(line));
  }

  function hearProviderAnswer(request: RecordedRequest): void {
    const line = open.get(request);
    if (line === undefined) return;
    open.delete(request);
    const { status, fault, outcome, answer } = request;
    const isBad = outcome === 'cut' || (status ?? 0) >= 400 || fault !== undefined;
    const became = outcome === 'cut' ? 'connection cut' : String(status);
    const current = lines.find(({ id }) => id === line.id) ?? line;
    put({
      ...current,
      text: `${line.text} → ${became}${fault === undefined ? '' : ` (${fault})`}`,
      tone: isBad ? 'bad' : line.tone,
      tookMs: Date.now() - request.at,
      detail: toDetail({ request: request.body, answer }),
    });
  }

  function hearProviderCall(kind: string, call: RecordedCall): void {
    const text = `${kind} ${tellCall(call)}`;
    add({
      who: 'provider',
      text,
      tone: call.status === undefined || call.status >= 400 ? 'bad' : 'quiet',
      tookMs: Date.now() - call.at,
      detail: toDetail({ call: call.body }),
      sort: text,
    });
  }

  return {
    lines,
    add,
    clear() {
      lines.length = 0;
      lastSort = undefined;
    },
    hearDiscord(event) {
      switch (event.type) {
        case 'interaction': {
          const { person, summary, payload, channel } = event.interaction;
          const place = channel.guild ? `#${channel.name}` : 'a direct message';
          const { data } = payload as { data?: unknown };
          add({
            who: 'person',
            text: `${person.name} in ${place}: ${summary}`,
            detail: toDetail({ sent: data }),
          });
          return;
        }
        case 'acknowledged':
          add({
            who: 'bot',
            text: `answers: ${tellCallback(event.callback)}`,
            tone: 'good',
            tookMs: event.afterMs,
          });
          return;
        case 'unacknowledged':
          add({
            who: 'discord',
            text: `gives up on ${event.interaction.summary}: no answer within 3 s`,
            tone: 'bad',
          });
          return;
        case 'answered':
        case 'refused':
          hearAnswer(event.request, event.type === 'refused');
          return;
        case 'violation':
          add({ who: 'discord', text: `a rule was broken: ${event.text}`, tone: 'bad' });
          return;
        case 'gateway': {
          const code = event.code === undefined ? '' : ` (${event.code})`;
          add({ who: 'discord', text: `gateway ${event.what}${code}`, tone: 'quiet' });
          return;
        }
        default:
      }
    },
    hearProvider(kind, event) {
      if (event.type === 'request') hearProviderRequest(kind, event.request);
      if (event.type === 'answer') hearProviderAnswer(event.request);
      if (event.type === 'callback') hearProviderCall(kind, event.call);
      if (event.type === 'task' && event.task.finishedAt !== undefined) {
        const { kind: sort, id, status, failReason } = event.task;
        const reason = failReason === '' ? '' : `: ${failReason}`;
        add({
          who: 'provider',
          text: `${kind} finishes ${sort} ${id}: ${status}${reason}`,
          tone: status === 'SUCCESS' ? 'good' : 'bad',
        });
      }
    },
  };
}
