import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Kind, Sandbox } from '../../sandbox/index.ts';
import type { RecordedCall } from '../../sandbox/providers/stand-in.ts';
import { useSandbox } from '../helpers/whole.ts';

/** Polling alone wouldn't show anything for twenty seconds. */
const slow = { POLL_FIRST_MS: '20000', POLL_MIN_MS: '20000', POLL_MAX_MS: '20000' };

/** The calls that the provider makes. */
function collectCalls({ provider }: Sandbox): RecordedCall[] {
  const calls: RecordedCall[] = [];
  provider.on((event) => {
    if (event.type === 'callback') calls.push(event.call);
  });
  return calls;
}

describe.each(['mjproxy', 'acedata', 'aigc2d'] satisfies Kind[])('callbacks of %s', (kind) => {
  const whole = useSandbox({ kind, callbacks: true });

  it('show a result at once although it is polled rarely, and decide nothing', async () => {
    const { provider, startBot } = whole.sandbox;
    const calls = collectCalls(whole.sandbox);
    const bot = await startBot(slow);
    provider.callbacks = 'doubled';
    const asked = await whole.imagine('a lighthouse');
    await whole.picture(asked); // fails after 15 seconds
    expect(calls.map(({ status }) => status)).toEqual(calls.map(() => 200));
    expect(calls.length).toBeGreaterThanOrEqual(2);
    expect(provider.submits).toHaveLength(1);
    expect(await whole.points()).toBe('1,900 points');
    // The address is proof enough to call it: it is in no log.
    const sent = JSON.stringify(provider.submits[0]?.body);
    const [, task = '', signature = ''] = /\/callbacks\/main\/([^/]+)\/([^"/]+)/.exec(sent) ?? [];
    expect(signature).not.toBe('');
    expect(bot.lines.some((line) => line.includes(task))).toBe(true);
    expect(bot.lines.some((line) => line.includes(signature))).toBe(false);

    const address = `${whole.sandbox.publicUrl}/callbacks/main/${task}`;
    const post = async (url: string) => (await fetch(url, { method: 'POST', body: '{}' })).status;
    expect(await post(`${address}/${signature}`)).toBe(200);
    expect(await post(`${address}/${signature.slice(0, -3)}AAA`)).toBe(404);
    expect(await post(`${address}`)).toBe(404);
  });
});

describe('callbacks that do not arrive', () => {
  const whole = useSandbox({ kind: 'mjproxy', callbacks: true });
  beforeEach(() => {
    whole.sandbox.provider.callbacks = 'off';
  });
  afterEach(() => expect(whole.sandbox.provider.submits).toHaveLength(1));

  it('only cost time', async () => {
    await whole.sandbox.startBot({ POLL_FIRST_MS: '1000', POLL_MIN_MS: '500' });
    await whole.picture(await whole.imagine('a lighthouse'));
  });
});
