import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHiding } from '../src/hiding.ts';

const key = 'sk-Qa7wXk29LmPzR4tYv81BnCdEfGhJ0sUi';
const token = 'canary/with+signs=and"quotes';
const publicUrl = 'https://relay.example.org/bot';
const signature = `mf3k2a9z.${'Ab3_-'.repeat(8)}xyz`;
const path = `/callbacks/main/task_1-a/${signature}`;
const { hide, holdsKnown } = createHiding([key, token, 'short1', 'hi'], {
  publicUrl,
  dataDirectory: '/srv/midjourney-relay',
});

/** Texts, and what must not be left of them. */
const leaks: readonly (readonly [what: string, text: string, secret: RegExp])[] = [
  ['a key', `Invalid token ${key}.`, /Qa7w/],
  ['a key in another case', `INVALID ${key.toUpperCase()}`, /QA7W/],
  ['a key in JSON', JSON.stringify({ error: `no such key: ${token}` }), /signs|quotes/],
  ['a key in a query', `GET /x?key=${encodeURIComponent(token)} failed`, /signs|quotes/],
  ['a key in base64', `Basic ${Buffer.from(key).toString('base64')}`, new RegExp(btoa(key).slice(0, 20))],
  ['a key that was cut', `token ${key.slice(0, 14)}`, /Qa7w/],
  ['a key that was cut in JSON', `{"token":"${key.slice(0, 20)}"}`, /Qa7w/],
  ['the end of a key', `the key that ends in ${key.slice(-8)}`, /GhJ0/],
  ['the end of a key, twice', `${key.slice(-9)} is not ${key.slice(-9)}`, /GhJ0/],
  ['a masked key', `无效的令牌 [${key.slice(0, 6)}***${key.slice(-3)}]`, /Qa7|sUi/],
  ['a key masked with dots', `key ${key.slice(0, 7)}...${key.slice(-4)}`, /Qa7w|0sUi/],
  ['a key masked with an ellipsis', `key …${key.slice(-4)} is disabled`, /0sUi/],
  ['a short secret', 'the secret is short1', /short1/],
  ["another account's key", 'channel key sk-proj-T3BlbkFJabcdefghijkl0123456789 is banned', /T3Blbk/],
  ["another account's masked key", 'Incorrect API key provided: sk-ab****yz.', /sk-ab|yz/],
  ['a key that this bot has never seen', 'sk-ant-api03-Zx81kLmNoPqRsTuVwXyZ012345', /Zx81/],
  ['a bearer token', 'authorization: Bearer abcdef0123456789abcdef', /abcdef0/],
  ['a field with a key', '{"api_key":"k9f8e7d6c5b4","ok":false}', /k9f8/],
  ['a field with a key in a JSON string', String.raw`{\"mj-api-secret\":\"a1b2c3d4e5\"}`, /a1b2c3/],
  ['a JSON Web Token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.c2lnbmF0dXJlLW9mLWl0', /eyJ|c2ln/],
  [
    'the token of another bot',
    'discord: MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs',
    /Cl2F|ZnCj/,
  ],
  ['an interaction token', 'POST /webhooks/1/aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4', /aW50/],
  ['a webhook', `https://discord.com/api/webhooks/123456789012345678/${'aB3-'.repeat(17)}`, /aB3-/],
  ['the password of a database', 'postgres://relay:hunter2@db.example/relay', /hunter2/],
  ['the user of an address', 'https://me:pa55@gateway.example/mj refused', /pa55/],
  ['a callback address', `could not call ${publicUrl}${path}`, /relay\.example|Ab3|task_1/],
  [
    'a callback address in JSON',
    `{"notifyHook":"${(publicUrl + path).replaceAll('/', '\\/')}"}`,
    /Ab3|task_1/,
  ],
  ['a callback address in a query', `hook=${encodeURIComponent(publicUrl + path)}`, /Ab3|task_1/],
  ['a callback address that was cut', `hook: ${publicUrl}${path.slice(0, 40)}`, /mf3k/],
  ['a callback address at another host', `http://10.0.0.5:8787${path} timed out`, /Ab3/],
  ['the path of a database', 'SQLITE_BUSY: /srv/midjourney-relay/relay.db-wal', /srv|relay\.db/],
  ['a callback address at another host, cut', `http://10.0.0.5:8787${path.slice(0, 40)}`, /mf3k/],
  ['a token in base64 on its own', `sent ${btoa(token)}`, new RegExp(btoa(token).slice(0, 12))],
  ['a token in capitals', `NO SUCH TOKEN: ${token.toUpperCase()}`, /SIGNS|QUOTES/],
  ['a signature on its own', `signature ${signature}`, /Ab3/],
];

/** What people want to read unchanged. */
const harmless: readonly string[] = [
  'a red fox in the snow --ar 16:9 --v 7 --sref 3798492874 --p m7349812734',
  'a sk-8 board, a desk-lamp and a mask-of-a-thousand-faces-of-1900',
  'sk-ate park at night, ultra-detailed, f/1.8, 85mm',
  'a secret: a hidden garden; the password is friendship',
  'secret=friendship, password: swordfish',
  'the Bearer of bad news, basic instincts',
  'wait... what? *** stars *** and **bold** words… and more',
  'https://cdn.discordapp.com/attachments/1/2/fox.png?ex=66f1a2b3&is=66f05133&hm=0123456789abcdef0123456789abcdef&',
  'https://s3.example/a.png?X-Amz-Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024',
  'https://oss.example/b.webp?Expires=1800000000&OSSAccessKeyId=LTAI&Signature=Ab%2Fcd',
  'job 5b1c7f0e-3a52-4a3e-9d0f-2f6f1f3b8a11, task 1732791234567890, index 3',
  'the keyboard.callbacks of a phone, callbacks/again',
  'rejected: banned word "blood" (request id: 20261128T0426)',
  '违禁词：血。请修改后重试',
  'user@example.org: contact us @midjourney',
  'asked by midjourney-relay/0.1.0, see /srv/midjourney-relays',
  'hi there, the shortest of the short stories',
  'Qa7w is a name, and sUi is one too',
  'C:\\fakepath\\fox.png /home/fox/pictures',
];

describe('what is hidden', () => {
  it.each(leaks)('%s', (_what, text, secret) => {
    expect(text).toMatch(secret);
    expect(hide(text)).not.toMatch(secret);
    expect(hide(text)).toContain('[secret]');
  });

  it('leaves the rest of a sentence as it was', () => {
    expect(hide(`Invalid token ${key}, ask us`)).toBe('Invalid token [secret], ask us');
    expect(hide(`see ${publicUrl}${path} (timeout)`)).toBe('see [secret] (timeout)');
  });

  it('includes databases in a folder with a short name', () => {
    const { hide: hideData } = createHiding([], { dataDirectory: '/data' });
    expect(hideData('cannot open /data/relay.db, see /data/help')).toBe(
      'cannot open [secret] see /data/help',
    );
  });

  it('leaves valid JSON', () => {
    for (const [, text] of leaks) {
      const line = JSON.stringify({ msg: text, after: 1 });
      expect(JSON.parse(hide(line))).toMatchObject({ after: 1 });
    }
  });

  it('hides nothing more the second time', () => {
    for (const [, text] of leaks) expect(hide(hide(text))).toBe(hide(text));
  });
});

describe('what is not hidden', () => {
  it.each(harmless)('%s', (text) => {
    expect(hide(text)).toBe(text);
  });

  it('is any text without secrets', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { maxLength: 30 });
    fc.assert(
      fc.property(words, (list) => {
        expect(hide(list.join(' '))).toBe(list.join(' '));
      }),
    );
  });

  it("is a picture's address that somebody else has signed", () => {
    const signed =
      'https://files.example/a.png?token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.c2lnbmF0dXJlLW9mLWl0';
    expect(holdsKnown(signed)).toBe(false);
    expect(holdsKnown(`https://files.example/a.png?key=${key}`)).toBe(true);
    expect(holdsKnown(`https://files.example/?to=${encodeURIComponent(publicUrl + path)}`)).toBe(true);
  });
});

it('hides every kind of secret that providers issue, anywhere in a text', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9_-]{16,60}$/);
  fc.assert(
    fc.property(
      secret,
      fc.string({ maxLength: 40 }),
      fc.string({ maxLength: 40 }),
      (value, before, behind) => {
        expect(createHiding([value]).hide(`${before}${value}${behind}`)).not.toContain(value);
      },
    ),
  );
});
