import { describe, expect, it } from 'vitest';
import { createWebhook, toOperators } from '../../src/alerts/ways.ts';
import { ProviderError } from '../../src/errors.ts';
import type { HttpRequest } from '../../src/providers/http.ts';

const url = 'https://discord.com/api/webhooks/123456789012345678/a-token-that-nobody-may-see';

function aWebhook(answer: { status: number; retryAfterMs?: number } | Error) {
  const requests: HttpRequest[] = [];
  const webhook = createWebhook(url, {
    async request(request) {
      requests.push(request);
      if (answer instanceof Error) throw answer;
      return { retryAfterMs: undefined, text: '', json: undefined, ...answer };
    },
  });
  return { webhook, requests };
}

describe('a webhook', () => {
  it.each([200, 204])('takes the words with %s, and pings nobody', async (status) => {
    const { webhook, requests } = aWebhook({ status });
    expect(await webhook.send('it is broken, @everyone')).toEqual({ isDone: true });
    const body = { content: 'it is broken, @everyone', allowed_mentions: { parse: [] } };
    expect(requests).toMatchObject([{ method: 'POST', url, body }]);
  });

  it.each([301, 400, 401, 404, 429, 500])('has not taken them with %s', async (status) => {
    const { webhook } = aWebhook({ status, retryAfterMs: 1_500 });
    const reason = `ALERT_WEBHOOK_URL answered ${status}`;
    expect(await webhook.send('x')).toEqual({ isDone: false, reason, retryAfterMs: 1_500 });
  });

  it('says why it cannot be reached, without its address', async () => {
    const { webhook } = aWebhook(new ProviderError('unavailable', 'the request failed (ECONNREFUSED)'));
    const sent = await webhook.send('x');
    expect(sent).toMatchObject({ isDone: false });
    expect(JSON.stringify(sent)).not.toContain('a-token');
  });

  it('gets no more than Discord takes', async () => {
    const { webhook, requests } = aWebhook({ status: 204 });
    await webhook.send('x'.repeat(5_000));
    expect(requests).toMatchObject([{ body: { content: 'x'.repeat(2_000) } }]);
  });
});

describe('direct messages', () => {
  const send = (closed: readonly string[], reached: string[]) => async (userId: string) => {
    if (closed.includes(userId)) throw new Error('Cannot send messages to this user');
    reached.push(userId);
  };

  it('go to each operator, and count if one of them has it', async () => {
    const reached: string[] = [];
    expect(await toOperators(['1', '2', '3'], send(['2'], reached)).send('x')).toEqual({ isDone: true });
    expect(reached).toEqual(['1', '3']);
  });

  it("don't count if nobody takes them", async () => {
    expect(await toOperators(['1', '2'], send(['1', '2'], [])).send('x')).toMatchObject({ isDone: false });
  });
});
