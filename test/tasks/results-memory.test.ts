import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { Agent } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDownload } from '../../src/images/download.ts';
import { createPictures } from '../../src/storage/pictures.ts';
import { createByteBudget } from '../../src/tasks/byte-budget.ts';
import { createResults, type Results } from '../../src/tasks/results.ts';
import { fixture } from '../helpers/files.ts';
import { aFolder } from '../helpers/folder.ts';
import { aTask } from '../helpers/tasks.ts';

const budgetBytes = 1_000_000;

/** A real file server, and real files on disk. */
describe('results of a backlog', () => {
  let close: (() => Promise<void>)[];
  let results: Results;
  let origin: string;
  let film: Buffer;
  /** Answers with a film of as many bytes as the path says. */
  let answer: (response: ServerResponse, bytes: Buffer) => void;

  beforeEach(async () => {
    const folder = await aFolder();
    film = await fixture('film.mp4');
    answer = (response, bytes) => response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    const server = createServer(({ url = '' }, response) => {
      answer(response, Buffer.concat([film, Buffer.alloc(Number(/\d+/.exec(url)?.[0]) - film.length)]));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const agent = new Agent();
    const download = createDownload(agent);
    results = createResults({
      downloadOwn: download,
      downloadFrom: () => download,
      pictures: await createPictures({
        directory: folder.path,
        days: 30,
        maxBytes: 100_000_000,
        clock: { now: Date.now },
      }),
      database: { tasks: { get: async () => undefined } as never },
      readOwnFiles: async () => [],
      log: pino({ level: 'silent' }),
    });
    close = [
      () => agent.destroy(),
      async () => {
        server.closeAllConnections();
        server.close();
      },
      folder.remove,
    ];
  });
  afterEach(async () => {
    for (const one of close) await one();
  });

  const tasksOf = (...sets: number[][]) =>
    sets.map((sizes, place) => {
      const media = sizes.map((bytes, index) => {
        return { kind: 'video', url: `${origin}/${bytes}/${place}/${index}` } as const;
      });
      return aTask({ state: 'done', result: { media, offers: [] } });
    });

  /** Holds each one until its turn is over; returns the most bytes held at once, and the total. */
  async function deliver(tasks: ReturnType<typeof tasksOf>): Promise<{ peak: number; total: number }> {
    const budget = createByteBudget(budgetBytes);
    let [held, peak, total] = [0, 0, 0];
    await Promise.all(
      tasks.map((task) =>
        budget.share(async (share) => {
          const files = await results.openEach(task, share);
          const bytes = files.reduce((sum, file) => sum + (file instanceof Buffer ? file.length : 0), 0);
          held += bytes;
          peak = Math.max(peak, held);
          await new Promise((resolve) => setImmediate(resolve));
          held -= bytes;
          total += bytes;
        }),
      ),
    );
    return { peak, total };
  }

  const many = Array.from({ length: 16 }, () => [300_000]);

  it.each([
    ['of many', many, 4_800_000, budgetBytes],
    ['of sets', Array.from({ length: 6 }, () => [200_000, 200_000, 200_000]), 3_600_000, 1_600_000],
    [
      'with one that is larger than the whole budget',
      [[300_000], [3_000_000], ...many],
      8_100_000,
      4_000_000,
    ],
    ['with large ones only', [[800_000], [900_000], [800_000], [900_000]], 3_400_000, budgetBytes],
  ])('are in memory a few at a time, fetched or kept: %s', async (_what, sizes, total, most) => {
    const tasks = tasksOf(...sizes);
    for (const _round of ['fetched', 'kept']) {
      const seen = await deliver(tasks);
      expect(seen.total).toBe(total);
      expect(seen.peak).toBeLessThanOrEqual(most);
    }
  });

  it("are all fetched even if the server doesn't say how large they are", async () => {
    answer = (response, bytes) => {
      response.write(bytes.subarray(0, 10));
      response.end(bytes.subarray(10));
    };
    const seen = await deliver(tasksOf(...many));
    expect(seen.total).toBe(4_800_000);
    expect(seen.peak).toBeLessThanOrEqual(budgetBytes);
  });

  it("return their room if they can't be fetched", async () => {
    let asked = 0;
    const serve = answer;
    answer = (response, bytes) => {
      asked += 1;
      if (asked % 2 === 1) return serve(response, bytes);
      response.writeHead(200, { 'content-length': bytes.length }).write('x', () => response.destroy());
    };
    const seen = await deliver(tasksOf(...many));
    expect(seen.total).toBeGreaterThan(0);
    expect(seen.peak).toBeLessThanOrEqual(budgetBytes);
  });
});
