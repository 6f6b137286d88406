import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { createDiscord, type Discord } from '../../sandbox/discord/index.ts';
import { createGateway, type Gateway } from '../../src/discord/gateway.ts';
import { createTransport } from '../../src/discord/transport.ts';
import { createLog } from '../../src/log.ts';
import { createOpenAgent } from '../../src/providers/agents.ts';
import { NotConnectedError } from '../../src/providers/connections.ts';
import { createFakeClock } from '../helpers/clock.ts';

/** A real client with the local Discord. */
describe('the gateway', () => {
  let discord: Discord;
  let gateway: Gateway;
  const agent = createOpenAgent();
  const clock = createFakeClock(Date.now());

  afterEach(async () => {
    gateway.expectEnd();
    await gateway.leave();
    await discord.close();
  });

  it.each([
    [10_000, 24_000, 26_000],
    [41_250, 100_000, 110_000],
    [120_000, 290_000, 310_000],
  ])(
    'with a heartbeat every %i ms, counts as connected %i ms later and no longer after %i ms',
    async (...times) => {
      const [heartbeatIntervalMs, connectedAfterMs, lostAfterMs] = times;
      discord = await createDiscord({ heartbeatIntervalMs });
      discord.gateway.answerHeartbeats(false);
      gateway = createGateway({
        token: discord.token,
        apiUrl: discord.url,
        makeRequest: createTransport(agent),
        listener: { built: () => undefined, unbuilt: () => undefined },
        clock,
        log: pino({ level: 'silent' }),
        onClosed: () => undefined,
      });
      await gateway.start();
      await discord.until(() => gateway.isConnected());
      const connectedAt = clock.now();
      clock.set(connectedAt + connectedAfterMs);
      expect(gateway.isConnected()).toBe(true);
      clock.set(connectedAt + lostAfterMs);
      expect(gateway.isConnected()).toBe(false);
    },
  );
});

describe('a connection to Discord that fails', () => {
  it('is in the log with its code', async () => {
    const told = Promise.withResolvers<string>();
    const lines = { write: (line: string) => told.resolve(line) };
    const refused = new NotConnectedError(new Error('Proxy response (407) !== 200 when HTTP Tunneling'));
    const gateway = createGateway({
      token: 'a-token',
      apiUrl: 'https://discord.example/api',
      makeRequest: () => Promise.reject(refused),
      listener: { built: () => undefined, unbuilt: () => undefined },
      clock: createFakeClock(),
      log: createLog({ level: 'warn', secrets: [], destination: lines }),
      onClosed: () => undefined,
    });
    void gateway.start(); // it tries again as long as its clock runs
    expect(JSON.parse(await told.promise)).toMatchObject({
      msg: expect.stringContaining('Discord cannot be reached'),
      error: { code: 'PROXY_407' },
    });
    await gateway.leave();
  });
});
