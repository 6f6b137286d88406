import { gzipSync } from 'node:zlib';
import type { FastifyReply } from 'fastify';
import type { Answer } from './answer.ts';
import type { Clock } from './clock.ts';
import { parseBody } from './parse-body.ts';
import type { RecordedRequest } from './stand-in.ts';
import type { Fault, Garbling } from './trouble.ts';

const hugeBytes = 50 * 2 ** 20;
const longestRecordedAnswer = 4_000;

export interface Delivery {
  reply: FastifyReply;
  request: RecordedRequest;
  fault: Fault | undefined;
  clock: Clock;
  /** Called when the answer has been sent, or never will be. */
  done(): void;
}

/** Writes an answer as the fault says: complete, garbled, late, half, or not at all. */
export function deliver(answer: Answer, delivery: Delivery): void {
  const { fault, clock, request } = delivery;
  if (fault !== undefined) request.fault = fault.do === 'garble' ? `garble: ${fault.how}` : fault.do;
  switch (fault?.do) {
    case 'hang':
      break;
    case 'drop':
    case 'lose':
      cut(delivery);
      break;
    case 'replace':
      send({ status: fault.status, headers: fault.headers ?? {}, body: fault.body }, delivery);
      break;
    case 'garble':
      if (fault.how === 'cut-short') sendHalf(answer, delivery);
      else send(garble(answer, fault.how), delivery);
      break;
    case 'delay':
      clock.after(fault.ms, () => send(answer, delivery));
      break;
    default:
      send(answer, delivery);
  }
}

function send(answer: Answer, { reply, request, done }: Delivery): void {
  const { raw } = reply;
  if (raw.destroyed) return;
  request.status = answer.status;
  request.outcome = 'answered';
  request.answer = toRecord(answer);
  // A 204 has no length (RFC 9110, 8.6).
  const length = answer.status === 204 ? {} : { 'content-length': String(Buffer.byteLength(answer.body)) };
  raw.writeHead(answer.status, { ...answer.headers, ...length });
  raw.end(answer.body, done);
}

/** Destroys the connection; the other side sees it reset. */
function cut({ reply, request, done }: Delivery): void {
  request.outcome = 'cut';
  reply.raw.socket?.resetAndDestroy();
  done();
}

function sendHalf(answer: Answer, { reply, request, done }: Delivery): void {
  const { raw } = reply;
  const body = Buffer.from(answer.body);
  request.status = answer.status;
  request.outcome = 'cut';
  raw.writeHead(answer.status, { ...answer.headers, 'content-length': String(body.length) });
  raw.write(body.subarray(0, Math.floor(body.length / 2)), () => {
    raw.socket?.destroy();
    done();
  });
}

function garble(answer: Answer, how: Exclude<Garbling, 'cut-short'>): Answer {
  const text = answer.body.toString();
  const page =
    '<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><p>nginx</p></body></html>';
  const html = { 'content-type': 'text/html; charset=utf-8' };
  const spoilt: Record<typeof how, () => Answer> = {
    truncated: () => ({ ...answer, body: text.slice(0, Math.floor(text.length / 2)) }),
    html: () => ({ status: 200, headers: html, body: page }),
    'html-502': () => ({ status: 502, headers: html, body: page }),
    empty: () => ({ ...answer, body: '' }),
    huge: () => ({
      ...answer,
      body: Buffer.concat([Buffer.from('{"description":"'), Buffer.alloc(hugeBytes, 'x')]),
    }),
    'wrong-type': () => ({ ...answer, headers: { 'content-type': 'application/octet-stream' } }),
    'number-ids': () => ({ ...answer, body: text.replace(/"(id|result)":"(\d+)"/g, '"$1":$2') }),
    'two-documents': () => ({
      ...answer,
      body: `${text}{"error":{"message":"again","type":"new_api_error"}}`,
    }),
    'not-an-object': () => ({ ...answer, body: '"ok"' }),
    mark: () => ({ ...answer, body: `\uFEFF${text}` }),
    gzip: () => ({
      ...answer,
      headers: { ...answer.headers, 'content-encoding': 'gzip' },
      body: gzipSync(text),
    }),
    'plain-text': () => ({ ...answer, headers: { 'content-type': 'text/plain; charset=utf-8' } }),
    // As text, since a number may have more digits than JavaScript can hold.
    'other-types': () => ({ ...answer, body: isJson(text) ? withOtherTypes(text) : text }),
    envelope: () => ({ ...answer, body: isJson(text) ? `{"code":200,"message":"ok","data":${text}}` : text }),
    'in-text': () => ({ ...answer, body: isJson(text) ? JSON.stringify(text) : text }),
  };
  return spoilt[how]();
}

function isJson(text: string): boolean {
  return typeof parseBody(text) !== 'string';
}

/** Numbers become text, and digits become numbers if a number can hold them. */
function withOtherTypes(text: string): string {
  const change = (_name: string, value: unknown, context?: { source?: string }) => {
    if (typeof value === 'number') return context?.source;
    return typeof value === 'string' && /^[1-9]\d{0,14}$/.test(value) ? Number(value) : value;
  };
  return JSON.stringify(JSON.parse(text, change as (name: string, value: unknown) => unknown));
}

function toRecord({ body, headers }: Answer): string {
  if (typeof body === 'string') return body.slice(0, longestRecordedAnswer);
  return `${headers['content-type'] ?? 'bytes'}, ${body.length} bytes`;
}
