import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { findFreePort } from '../../sandbox/free-port.ts';
import { readScrape } from '../helpers/scrape.ts';
import { quick, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox({ kinds: ['mjproxy'] });
const account = 'mjproxy';

/** Reads the figures of the bot once they have what is waited for. */
async function scrapeUntil(port: string, isThere: (scrape: ReturnType<typeof readScrape>) => boolean) {
  let scrape = readScrape('\n');
  const read = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    scrape = readScrape(await response.text());
    return isThere(scrape);
  };
  await expect.poll(read, { timeout: 20_000, interval: 500 }).toBe(true);
  return scrape;
}

describe('/metrics of the whole bot', () => {
  it('counts a picture from the command to its message, and a failure', async () => {
    const port = String(await findFreePort());
    await whole.sandbox.startBot({ ...quick, ADMIN_PORT: port });
    await whole.picture(await whole.imagine('a fox'));
    whole.sandbox.provider.trouble.next('submit', { do: 'refuse', as: 'banned' });
    await whole.end(await whole.imagine('a hare'));
    const { value, histogram } = await scrapeUntil(
      port,
      (scrape) =>
        scrape.histogram('shown_delay_seconds', { account }).count === 2 &&
        (scrape.value('ledger_checked_timestamp_seconds') ?? 0) > 0,
    );
    expect(value('tasks_ended_total', { account, state: 'done' })).toBe(1);
    expect(value('tasks_ended_total', { account, state: 'failed' })).toBe(1);
    expect(histogram('submit_duration_seconds', { account, outcome: 'accepted' }).count).toBe(1);
    expect(histogram('submit_duration_seconds', { account, outcome: 'refused' }).count).toBe(1);
    expect(histogram('task_duration_seconds', { account }).count).toBe(1);
    expect(histogram('look_batch_size', { account }).count).toBeGreaterThan(0);
    expect(histogram('acknowledgement_seconds').count).toBe(2);
    expect(value('discord_responses_total', { class: '2xx' })).toBeGreaterThan(4);
    expect(value('account_up', { account })).toBe(1);
    expect(value('ledger_drift')).toBe(0);
    expect(value('deliveries_waiting')).toBe(0);
  });

  it('finds out after a crash that somebody has changed the ledger', async () => {
    const port = String(await findFreePort());
    const bot = await whole.sandbox.startBot({ ...quick, ADMIN_PORT: port });
    await whole.picture(await whole.imagine('a fox'));
    await bot.end('SIGKILL');
    const sqlite = new DatabaseSync(join(whole.sandbox.environment['DATA_DIR'] ?? '', 'relay.db'));
    sqlite.exec("update ledger set allowance_part = -1 where kind = 'charge'");
    sqlite.close();
    const again = await whole.sandbox.startBot({ ...quick, ADMIN_PORT: port });
    await again.line('the ledger does not add up');
    const { value } = await scrapeUntil(port, (scrape) => (scrape.value('ledger_drift') ?? 0) > 0);
    expect(value('ledger_drift')).toBe(1);
    expect(value('ledger_rows_total', { kind: 'charge' })).toBe(1);
    expect(value('ledger_points', { kind: 'charge' })).toBe(-1);
  });

  it('is not on the public port, and nowhere without an admin port', async () => {
    const [port, open] = [String(await findFreePort()), String(await findFreePort())];
    const environment = { ...quick, PUBLIC_URL: 'https://relay.example', HTTP_PORT: open };
    await whole.sandbox.startBot({ ...environment, ADMIN_PORT: port });
    const statusOf = async (at: string) => (await fetch(`http://127.0.0.1:${at}/metrics`)).status;
    expect([await statusOf(port), await statusOf(open)]).toEqual([200, 404]);
  });
});
