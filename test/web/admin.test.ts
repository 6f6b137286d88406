import { describe, expect, it } from 'vitest';
import { createAdminServer } from '../../src/web/admin.ts';

describe('the admin server', () => {
  it('is alive, and ready only when the bot is', async () => {
    let isReady = false;
    const server = createAdminServer({ isReady: async () => isReady });
    const statusOf = async (url: string) => (await server.inject({ url })).statusCode;
    expect(await statusOf('/livez')).toBe(200);
    expect(await statusOf('/readyz')).toBe(503);
    isReady = true;
    expect(await statusOf('/readyz')).toBe(200);
    expect(await statusOf('/anything')).toBe(404);
    await server.close();
  });
});
