import { Agent } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { standIns } from '../../sandbox/providers/index.ts';
import { writings } from '../../sandbox/providers/trouble.ts';
import type { ProviderConfig } from '../../src/config.ts';
import { createHttp } from '../../src/providers/http.ts';
import { createProvider } from '../../src/providers/index.ts';
import { refKey } from '../../src/providers/provider.ts';
import { anImagine } from '../helpers/requests.ts';

describe.each(Object.keys(standIns) as (keyof typeof standIns)[])(
  'answers of %s over a real socket',
  (kind) => {
    const open: { close(): Promise<unknown> }[] = [];
    afterEach(async () => {
      await Promise.all(open.splice(0).map((one) => one.close()));
    });

    it.each(writings)('are read as %s', async (how) => {
      const standIn = await standIns[kind]({ pictureHeight: 64 });
      const dispatcher = new Agent();
      open.push(standIn, dispatcher);
      const account = { name: 'main', kind, apiKey: standIn.key, baseUrl: standIn.url } as ProviderConfig;
      const { provider } = createProvider(account, createHttp({ dispatcher }));
      const signal = AbortSignal.timeout(10_000);
      standIn.trouble.always('submit', { do: 'garble', how });
      standIn.trouble.always('look', { do: 'garble', how });
      const { ref } = await provider.submit(anImagine, signal);
      const [submit] = standIn.submits;
      expect(refKey(ref)).toBe(submit?.taskId);
      await standIn.until(() => standIn.tasks().every(({ finishedAt }) => finishedAt !== undefined));
      standIn.refresh();
      const update = (await provider.look([ref], signal)).get(refKey(ref));
      expect(update).toMatchObject({
        state: 'done',
        media: expect.arrayContaining([expect.objectContaining({ kind: 'picture' })]),
      });
      expect(update?.state === 'done' && update.offers.length).toBeGreaterThan(0);
    });
  },
);
