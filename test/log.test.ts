import { spawnSync } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createLog } from '../src/log.ts';

function logTo(lines: string[], secrets: string[]) {
  return createLog({ level: 'debug', secrets, destination: { write: (line) => void lines.push(line) } });
}

describe('createLog', () => {
  it('writes no secret, no matter where it turns up', () => {
    const lines: string[] = [];
    const log = logTo(lines, ['canary-token', 'quote"d-key']);
    const cause = new Error('the cause names canary-token');
    log.info(
      { apiKey: 'canary-token', deep: { er: { anything: 'canary-token' } } },
      'a sentence with canary-token',
    );
    log.error({ error: new Error('refused: canary-token', { cause }) }, 'failed');
    log.info({ text: 'quote"d-key' }, 'quoted');
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toMatch(/canary|d-key/);
  });

  it('hides all of a secret that begins like another one', () => {
    const lines: string[] = [];
    logTo(lines, ['sk-one', 'sk-one-canary']).info('the key is sk-one-canary');
    expect(lines[0]).not.toContain('canary');
  });

  it('writes no secret in the spelling of an address', () => {
    const lines: string[] = [];
    logTo(lines, ['key/with+signs']).info('asked https://api.example.org/?key=key%2Fwith%2Bsigns');
    expect(lines[0]).not.toContain('signs');
  });

  it('writes no callback address, and no token that it has never seen', () => {
    const lines: string[] = [];
    const publicUrl = 'https://relay.example.org';
    const destination = { write: (line: string) => void lines.push(line) };
    const log = createLog({ level: 'debug', secrets: [], publicUrl, destination });
    const cause = new Error(`no answer from ${publicUrl}/callbacks/main/task/mf3k2a9z.${'c'.repeat(43)}`);
    log.error({ error: new Error('failed', { cause }), token: 'x' }, 'refused');
    log.warn(
      { reason: 'POST /webhooks/12/aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4 with Bearer 0123456789abcdef0' },
      'so',
    );
    expect(lines.join('')).not.toMatch(/callbacks\/main|ccc|aW50|0123456789abcdef0/);
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('msg');
  });

  it('stops at an error that is its own cause', () => {
    const lines: string[] = [];
    const error = new Error('in circles');
    error.cause = error;
    logTo(lines, []).error({ error }, 'failed');
    expect(lines[0]).toContain('in circles');
  });

  it.skipIf(!existsSync('/dev/full'))('keeps running if nothing can be written', () => {
    const program = [
      `import { createLog } from ${JSON.stringify(new URL('../src/log.ts', import.meta.url).href)};`,
      "const log = createLog({ level: 'info', secrets: [] });",
      "for (let line = 0; line < 100; line += 1) log.info('a line');",
      "process.stderr.write('still here');",
    ].join('\n');
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    });
    expect([status, String(stderr)]).toEqual([0, 'still here']);
  });

  it('writes an error without address, body and headers', () => {
    const lines: string[] = [];
    const error = Object.assign(new Error('Unknown interaction'), {
      code: 10_062,
      status: 404,
      url: 'https://discord.com/api/webhooks/1/interaction-token',
      requestBody: { json: { content: 'a private prompt' } },
    });
    logTo(lines, []).error({ error }, 'failed');
    expect(lines[0]).toContain('10062');
    expect(lines[0]).not.toMatch(/interaction-token|private prompt/);
  });

  it.each([
    [
      'https://discord.com/api/v10/webhooks/12/aW50ZXJh/messages/@original',
      '/webhooks/:id/:token/messages/@original',
    ],
    ['https://discord.com/api/v10/webhooks/12/UPPER_-token', '/webhooks/:id/:token'],
    [
      'https://discord.com/api/v10/interactions/12/aW50ZXJh.x-y_z/callback?with_response=true',
      '/interactions/:id/:token/callback',
    ],
    ['http://127.0.0.1:80/api/v10/channels/12/messages/34', '/channels/:id/messages/:id'],
    [
      'https://proxy.example/discord/api/v10/applications/1/guilds/2/commands',
      '/applications/:id/guilds/:id/commands',
    ],
    ['https://discord.com/api/v10/gateway/bot', '/gateway/bot'],
    ['https://discord.com/api/v10/webhooks/12/lowercase/messages/34', '/webhooks/:id/:token/messages/:id'],
    ['https://discord.com/api/v10/somewhere/aW50ZXJh', '/somewhere/:hidden'],
  ])('names the route of a failed call, and no token: %s', (url, route) => {
    const lines: string[] = [];
    const error = Object.assign(new Error('Bad Gateway'), { status: 502, method: 'PATCH', url });
    logTo(lines, []).error({ error }, 'failed');
    expect(JSON.parse(lines[0] ?? '').error).toMatchObject({ status: 502, route: `PATCH ${route}` });
  });

  it("names no route if there isn't one", () => {
    const lines: string[] = [];
    const log = logTo(lines, []);
    for (const facts of [
      { method: 'GET' },
      { method: 'GET', url: 'nowhere' },
      { url: 'https://a.example/api/x' },
    ])
      log.error({ error: Object.assign(new Error('failed'), facts) }, 'failed');
    expect(lines.join('')).not.toContain('route');
  });
});
