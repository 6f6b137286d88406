import { describe, expect, it } from 'vitest';
import { createPublicServer } from '../../src/web/public.ts';

/** Node ends who is slower by itself; that it is told to is all that can be seen without waiting. */
describe('a slow caller of the public port', () => {
  it('has ten seconds for a whole request, and no longer for its headers', async () => {
    const app = createPublicServer({ hear: async () => true });
    const { requestTimeout, headersTimeout } = app.server;
    await app.close();
    for (const limit of [requestTimeout, headersTimeout]) {
      expect(limit).toBeGreaterThan(0); // which is what switches it off
      expect(limit).toBeLessThanOrEqual(10_000);
    }
  });
});
