import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Http } from '../../src/providers/http.ts';
import { mjProxyGateways } from '../../src/providers/mj-proxy/gateways.ts';
import { createMjProxy } from '../../src/providers/mj-proxy/index.ts';
import { submitsOf } from './mj-proxy-fixtures.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const pages = ['4allapi', 'yutoai', 'mjproxy'].map((kind) => read(`docs/providers/${kind}.md`)).join('\n');
/** Every word in code style. */
const named = new Set([...pages.matchAll(/`([^`]+)`/gu)].flatMap(([, code = '']) => code.split(/[^\w-]+/u)));

/** The names of all fields inside, except of those whose names are their values. */
function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...namesIn(inner)]);
}

it('the pages of this family name each field that the bot sends', async () => {
  const bodies: unknown[] = [];
  const http: Http = {
    async request({ body }) {
      bodies.push(body);
      const json = { code: 1, result: '1799000000000001' };
      return { status: 200, retryAfterMs: undefined, text: JSON.stringify(json), json };
    },
  };
  const accountFilter = {
    channelId: '1',
    instanceId: '1',
    remark: '1',
    remix: true,
    nijiRemix: true,
    remixAutoConsidered: true,
  };
  const provider = createMjProxy({
    gateway: mjProxyGateways.mjproxy,
    http,
    apiKey: 'k',
    baseUrl: 'https://gateway.example',
    filter: { accountFilter, chooseSameChannel: true },
  });
  const signal = AbortSignal.timeout(60_000);
  const wire = { headers: {}, prefix: '', lacks: [], extendIndexAs: 'number' } as const;
  for (const { request } of submitsOf(wire)) await provider.submit(request, signal);
  await provider.answer?.({ id: '1' }, { prompt: 'a fox' }, signal);
  await provider.look([{ id: '1' }], signal).catch(() => undefined);
  const sent = new Set(namesIn(bodies));
  expect(sent.size).toBeGreaterThan(25);
  expect([...sent].filter((name) => !named.has(name))).toEqual([]);
});

it('the pages of this family name each field of a task that the bot reads', () => {
  const [, schema = ''] =
    /const taskSchema = z\.object\(\{(.*?)\n\}\);/su.exec(read('src/providers/mj-proxy/task.ts')) ?? [];
  const fields = [...schema.matchAll(/(\w+): (?:words|address|listOfEach|z\b)/gu)].map(
    ([, name]) => name ?? '',
  );
  expect(fields).toContain('messageContent');
  expect(fields.filter((name) => !named.has(name))).toEqual([]);
});
