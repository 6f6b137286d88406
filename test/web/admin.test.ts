import { describe, expect, it } from 'vitest';
import { createAdminServer } from '../../src/web/admin.ts';

/** A server whose readiness the test decides, and how often it was checked. */
function createServer() {
  const state = { isReady: false, looks: 0, now: 1_000_000 };
  const health = {
    async isReady() {
      state.looks += 1;
      return state.isReady;
    },
  };
  const server = createAdminServer(health, { now: () => state.now });
  return { state, server, statusOf: async (url: string) => (await server.inject({ url })).statusCode };
}

describe('the admin server', () => {
  it('is alive, and ready only when the bot is', async () => {
    const { state, server, statusOf } = createServer();
    expect(await statusOf('/livez')).toBe(200);
    expect(await statusOf('/readyz')).toBe(503);
    state.isReady = true;
    state.now += 1_000;
    expect(await statusOf('/readyz')).toBe(200);
    expect(await statusOf('/anything')).toBe(404);
    await server.close();
  });

  it('checks the disk at most once a second, no matter how many ask', async () => {
    const { state, server, statusOf } = createServer();
    expect(await Promise.all(Array.from({ length: 50 }, () => statusOf('/readyz')))).toEqual(
      Array(50).fill(503),
    );
    state.now += 999;
    await statusOf('/readyz');
    expect(state.looks).toBe(1);
    state.now += 1;
    await statusOf('/readyz');
    expect(state.looks).toBe(2);
    await server.close();
  });

  it('checks again after the clock was set back', async () => {
    const { state, server, statusOf } = createServer();
    await statusOf('/readyz');
    state.now -= 3_600_000;
    await statusOf('/readyz');
    expect(state.looks).toBe(2);
    await server.close();
  });
});
