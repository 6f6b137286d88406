import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProgram } from '../../sandbox/bot.ts';
import { quick, useSandbox } from '../helpers/whole.ts';

const whole = useSandbox({ kinds: ['mjproxy'] });
const token = 'webhook-token-that-nobody-may-see';

let server: Server;
let status: number;
let posted: { url: string; content: string; allowed_mentions: unknown }[];

/** A webhook of the operator's own, in their own network. */
beforeEach(async () => {
  [status, posted] = [204, []];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (status === 204)
      posted.push({ url: request.url ?? '', ...JSON.parse(Buffer.concat(chunks).toString()) });
    response.writeHead(status, status === 429 ? { 'retry-after': '1' } : {}).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => void server.close());

const contents = () => posted.map(({ content }) => content);
const told = (text: string) =>
  expect.poll(() => contents().filter((content) => content.includes(text)).length, { timeout: 25_000 });

function withWebhook() {
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...quick,
    ALERT_WEBHOOK_URL: `http://${host}/hooks/${token}?wait=true`,
    TRUSTED_HOSTS: `${whole.sandbox.environment['TRUSTED_HOSTS']},${host}`,
  };
}

describe('an account without credit', () => {
  it('is told once, not again after kill -9, and once more when it works again', async () => {
    const { provider } = whole.sandbox;
    status = 429;
    const bot = await whole.sandbox.startBot(withWebhook());
    provider.trouble.always('submit', { do: 'refuse', as: 'no-quota' });
    await whole.end(await whole.imagine('a fox'));
    await bot.line('the operators could not be told of something');
    status = 204;
    await told('The account `mjproxy` has no credit left. Top it up').toBe(1);
    expect(posted[0]?.url).toBe(`/hooks/${token}?wait=true`);
    expect(posted[0]?.allowed_mentions).toEqual({ parse: [] });
    await bot.line('the operators were told');
    await bot.end('SIGKILL');

    const again = await whole.sandbox.startBot(withWebhook());
    await whole.end(await whole.imagine('a hare'));
    provider.trouble.always('submit', undefined);
    // It's tried again after half a minute.
    const works = async () => {
      const asked = await whole.imagine('an owl');
      await asked.acknowledged;
      return asked.message?.visibleTo === undefined;
    };
    await expect.poll(works, { timeout: 40_000, interval: 2_000 }).toBe(true);
    await told('✅ Over: The account `mjproxy` has no credit left.').toBe(1);
    expect(contents().filter((content) => content.includes('⚠️'))).toHaveLength(1);
    for (const { lines } of [bot, again]) expect(lines.join('\n')).not.toContain(token);
  }, 120_000);

  it('is told to the operators themselves if there is no webhook', async () => {
    const { world } = whole.sandbox.discord;
    const operator = world.people.administrator;
    whole.sandbox.provider.trouble.always('submit', { do: 'refuse', as: 'no-quota' });
    const bot = await whole.sandbox.startBot({ ...quick, OPERATOR_IDS: operator.id });
    await whole.end(await whole.imagine('a fox'));
    await bot.line('the operators were told');
    const sent = whole.sandbox.discord.requests.filter(
      ({ method, path }) => method === 'POST' && path.endsWith('/messages'),
    );
    expect(JSON.stringify(sent.map(({ body }) => body))).toContain('has no credit left');
  });
});

describe('a token that Discord refuses', () => {
  it('is told before the bot ends, once however often it is started, and once more when it works', async () => {
    for (const _start of [1, 2]) {
      const bot = whole.sandbox.launchBot({ ...withWebhook(), DISCORD_TOKEN: 'MTU3.wrong.token' });
      expect(await bot.exited).toBe(1);
      expect(bot.lines.join('\n')).not.toContain(token);
    }
    await told("Discord doesn't let the bot in any longer").toBe(1);
    expect(posted).toHaveLength(1);
    await whole.sandbox.startBot(withWebhook());
    await told('✅ Over: Discord').toBe(1);
  });

  it('keeps nobody waiting if the webhook does not answer', async () => {
    server.removeAllListeners('request');
    const bot = whole.sandbox.launchBot({ ...withWebhook(), DISCORD_TOKEN: 'MTU3.wrong.token' });
    expect(await bot.exited).toBe(1);
  });
});

describe('a webhook in a private network that nobody trusts', () => {
  it('is never called, and the doctor says why', async () => {
    whole.sandbox.provider.trouble.always('submit', { do: 'refuse', as: 'no-quota' });
    const { TRUSTED_HOSTS: _trusted, ...environment } = withWebhook();
    const bot = await whole.sandbox.startBot(environment);
    await whole.end(await whole.imagine('a fox'));
    await bot.line('the operators could not be told of something');
    expect(posted).toEqual([]);
    expect(bot.lines.join('\n')).not.toContain(token);
    const doctor = startProgram('src/doctor.ts', { ...whole.sandbox.environment, ...environment });
    await doctor.exited;
    const line = doctor.lines.find((one) => one.includes('alerts: '));
    expect(line).toMatch(/^FAIL {2}alerts: ALERT_WEBHOOK_URL is not https, or private/u);
    expect(doctor.lines.join('\n')).not.toContain(token);
  });
});
