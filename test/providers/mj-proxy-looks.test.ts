import { describe, expect, it } from 'vitest';
import type { HttpAnswer } from '../../src/providers/http.ts';
import { createLooks } from '../../src/providers/mj-proxy/looks.ts';
import { createRoutes } from '../../src/providers/mj-proxy/routes.ts';

const signal = AbortSignal.timeout(60_000);

function answerOf(status: number, json: unknown): HttpAnswer {
  return { status, json, text: JSON.stringify(json), retryAfterMs: undefined };
}

/** A gateway whose list names these, and which knows every task on its own route. */
function open({
  listed,
  hasList = true,
}: {
  listed?: (ids: readonly string[]) => unknown;
  hasList?: boolean;
}) {
  const calls: string[] = [];
  const looks = createLooks({
    async send(_prefix, path, _signal, body) {
      calls.push(path);
      if (body !== undefined) return answerOf(200, listed?.((body as { ids: string[] }).ids));
      const id = /^\/task\/(.+)\/fetch$/.exec(path)?.[1] ?? '';
      return answerOf(200, { id: decodeURIComponent(id), status: 'IN_PROGRESS', progress: '10%' });
    },
    routes: createRoutes(() => 0),
    hasList,
  });
  return { looks, calls };
}

const idsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => `${1_700_000_000_000_000 + index}`);
const taskOf = (id: string) => ({ id, status: 'IN_PROGRESS', progress: '20%' });

describe('more than a handful of tasks', () => {
  it.each([1, 9, 10, 11, 20, 25, 50])('are all asked about if there is no list: %i', async (count) => {
    const { looks, calls } = open({ hasList: false });
    const ids = idsOf(count);
    const tasks = await looks.read('/mj', ids, signal);
    expect(tasks.map(({ id }) => id)).toEqual(ids);
    expect(calls).toHaveLength(count);
  });

  it.each([0, 1, 10, 30, 49])('are asked about one by one if the list ends after %i', async (known) => {
    const { looks, calls } = open({ listed: (ids) => ids.slice(0, known).map(taskOf) });
    const ids = idsOf(50);
    const tasks = await looks.read('/mj', ids, signal);
    expect(tasks.map(({ id }) => id)).toEqual(ids);
    expect(calls).toHaveLength(1 + 50 - known);
  });

  it('take one call if the list has them all', async () => {
    const { looks, calls } = open({ listed: (ids) => ids.map(taskOf) });
    const ids = idsOf(50);
    expect(await looks.read('/mj', ids, signal)).toHaveLength(50);
    expect(calls).toEqual(['/task/list-by-condition']);
  });

  it("exclude other people's, which a list that ignores the ids returns", async () => {
    const { looks } = open({ listed: () => ['9', '8'].map(taskOf) });
    const ids = idsOf(3);
    expect((await looks.read('/mj', ids, signal)).map(({ id }) => id)).toEqual(ids);
  });
});
