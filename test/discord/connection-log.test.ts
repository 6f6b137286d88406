import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createConnectionLog } from '../../src/discord/connection-log.ts';
import { createFakeClock } from '../helpers/clock.ts';

describe('the log of connections', () => {
  function open() {
    const clock = createFakeClock();
    const lines: Record<string, unknown>[] = [];
    const log = pino({ base: null }, { write: (line) => void lines.push(JSON.parse(line)) });
    return { clock, lines, connections: createConnectionLog({ clock, log }) };
  }

  it('reports the first loss with its code, then every five minutes, and the return', async () => {
    const { clock, lines, connections } = open();
    for (let second = 0; second < 12 * 60; second += 1) {
      connections.lost(0, { code: second === 0 ? 4000 : 1006 });
      await clock.pass(1_000);
    }
    connections.back(0);
    await clock.pass(60 * 60_000);
    expect(lines.map(({ msg, code, losses, awayMs }) => [msg, code, losses, awayMs])).toEqual([
      ['the gateway connection was lost; reconnecting', 4000, undefined, undefined],
      ['there is still no gateway connection', 1006, 300, 300_000],
      ['there is still no gateway connection', 1006, 600, 600_000],
      ['the gateway connection is back', undefined, 720, 720_000],
    ]);
  });

  it('goes on reporting when nothing happens anymore, for each shard', async () => {
    const { clock, lines, connections } = open();
    connections.lost(0, { error: new Error('getaddrinfo ENOTFOUND gateway') });
    connections.lost(1, { code: 1006 });
    connections.back(1);
    await clock.pass(16 * 60_000);
    expect(lines.filter(({ msg }) => msg === 'there is still no gateway connection')).toHaveLength(3);
    connections.stop();
    await clock.pass(60 * 60_000);
    expect(lines.filter(({ msg }) => msg === 'there is still no gateway connection')).toHaveLength(3);
  });

  it('reports each loss of a connection that comes back', () => {
    const { lines, connections } = open();
    for (let time = 0; time < 3; time += 1) {
      connections.lost(0, { code: 1001 });
      connections.back(0);
    }
    connections.back(0);
    expect(lines).toHaveLength(6);
  });
});
