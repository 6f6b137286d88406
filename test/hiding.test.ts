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
  ['a link to the region editor', `GET https://other.example/region/${'Ab3_-'.repeat(11)}wxyz 410`, /wxyz/],
  ["another account's key", 'channel key sk-proj-T3BlbkFJabcdefghijkl0123456789 is banned', /T3Blbk/],
  ["another account's masked key", 'Incorrect API key provided: sk-ab****yz.', /sk-ab|yz/],
  ['a key that this bot has never seen', 'sk-ant-api03-Zx81kLmNoPqRsTuVwXyZ012345', /Zx81/],
  ['a bearer token', 'authorization: Bearer abcdef0123456789abcdef', /abcdef0/],
  ['a field with a key', '{"api_key":"k9f8e7d6c5b4","ok":false}', /k9f8/],
  ['a field with a key in a string of JSON', String.raw`{\"mj-api-secret\":\"a1b2c3d4e5\"}`, /a1b2c3/],
  [
    'a JSON Web Token behind a picture',
    'https://x.example/fox.png?a=1 eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.c2lnbmF0dXJl',
    /c2ln/,
  ],
  ['a key in the address of a picture', `https://x.example/fox.png?key=${key}`, /Qa7w/],
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
  ['the signature alone', `signature ${signature}`, /Ab3/],
  [
    'a token in an address with small digits',
    `?key=${encodeURIComponent(token).toLowerCase()}`,
    /signs|quotes/,
  ],
  ['a token encoded twice', `?to=${encodeURIComponent(`?key=${encodeURIComponent(token)}`)}`, /signs|quotes/],
  ['a token in JSON within JSON', JSON.stringify(JSON.stringify({ token })), /signs|quotes/],
  ['a token as PHP writes JSON', JSON.stringify({ token }).replaceAll('/', '\\/'), /signs|quotes/],
  [
    'a token as .NET writes JSON',
    String.raw`{"key":"canary/with\u002Bsigns=and\u0022quotes"}`,
    /signs|quotes/,
  ],
  ['a token on a web page', 'refused: canary/with+signs=and&quot;quotes', /signs|quotes/],
  [
    'a token on a web page, by number',
    'refused: canary&#x2F;with&#43;signs&#61;and&#34;quotes',
    /signs|quotes/,
  ],
  ...['', 'me:', 'user:', 'admin:'].map((user): (typeof leaks)[number] => {
    const sent = btoa(`${user}${key}`);
    return [`a key behind "${user}" in Base64`, `sent ${sent}`, new RegExp(sent.slice(12, 30))];
  }),
  [
    'a key in Base64 for addresses',
    `sent ${Buffer.from(`:?${token}`).toString('base64url')}`,
    /YW5hcnkvd2l0aC/,
  ],
  ['a key over two lines', `the key ${key.slice(0, 15)}\n${key.slice(15)}`, /Qa7w|GhJ0/],
  [
    'a key over two lines in JSON',
    JSON.stringify(`key:\n${key.slice(0, 15)}\n${key.slice(15)}`),
    /Qa7w|GhJ0/,
  ],
  ['a short secret on a line of its own in JSON', JSON.stringify('refused:\nshort1\n'), /short1/],
  ['a short secret in capitals', 'NO SUCH SECRET: SHORT1', /SHORT1/],
  ['a masked token in an address', `?key=${token.slice(0, 9)}***${token.slice(-4)}&b=1`, /canary|otes/],
  [
    "another account's key on a line of its own in JSON",
    JSON.stringify('refused:\nsk-ant-api03-Zx81kLmNoPqRsTuVwXyZ012345'),
    /Zx81/,
  ],
  ['a masked key on a line of its own in JSON', JSON.stringify(`refused:\n${key.slice(0, 7)}…`), /Qa7w/],
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
  'src/region/mask.ts, the region/corner, https://their.example/region/europe-west/pictures',
  'C:\\fakepath\\fox.png /home/fox/pictures',
  'MJ::JOB::upsample::1::5b1c7f0e-3a52-4a3e-9d0f-2f6f1f3b8a11, MJ::Inpaint::1::5b1c7f0e-3a52-4a3e-9d0f-2f6f1f3b8a11::SOLO',
  'https://cdn.discordapp.com/attachments/1024691357280501760/1234567890123456789/user_a_red_fox_5b1c7f0e-3a52-4a3e-9d0f-2f6f1f3b8a11.png?ex=66f1a2b3&is=66f05133&hm=0123456789abcdef&',
  'https://b.s3.example/a.png?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1&X-Amz-Security-Token=FwoGZXIvYXdzEJr%2F&X-Amz-Signature=fe5f80f77d5fa3beca038a248ff027d0',
  'https://x.blob.example/c/a.png?sv=2020-08-04&sig=pL8%2Bz1abcd%3D&se=2026-11-28T00%3A00%3A00Z',
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  '{"id":18014398509481985,"progress":"57%","submitTime":1732791234567,"seed":"3798492874","ratio":0.5625}',
  'a basic characterization in pencil, basic understanding, Basic Instinct',
  'the bearer transformationally photographed',
  'https://relay.example.org/bot and relay.example.org are known to everybody',
  'https://xyz.supabase.co/storage/v1/object/sign/art/fox.png?token=eyJhbGciOiJIUzI1NiJ9.eyJ1cmwiOiJhcnQifQ.c2lnbmF0dXJlLW9mLWl0 in snow --iw 2',
  'https://d1.cloudfront.net/fox.webp?Policy=eyJTdGF0ZW1lbnQiOlt7fV19&Signature=Ab3-xY~&Key-Pair-Id=APKA1234567890',
  'https://firebasestorage.googleapis.com/v0/b/x/o/fox.jpg?alt=media&token=5b1c7f0e-3a52-4a3e-9d0f-2f6f1f3b8a11',
  'see src/callbacks/main/task-1/index.ts and https://their.example/callbacks/mj/123/done',
  'https://files.example/srv/midjourney-relay/fox.png',
  'wait...2026, from 10...20, a year…2025 and so on, tk-421...done',
  'https://example.com:8080/@user, https://medium.example/@user:name, 12:30@noon',
];

/** Secrets that an operator may have, and texts in which their letters mean something else. */
const harmlessWith: readonly (readonly [secret: string, text: string])[] = [
  ['test', 'a test of the test of Test'],
  ['1234', '--seed 1234 --sref 12345, {"id":1234}'],
  ['sk', 'a sk-ateboard, ask sk'],
  ['midjourney', 'a midjourney picture by midjourney-proxy, https://cdn.example/midjourney/fox.png'],
  ['secret', 'a secret garden, secretly kept: the secret'],
  ['password', 'the password is wrong'],
  ['orchid', 'an orchid among orchids, key light on an orchid'],
  ['12345678', 'https://files.example/12345678/1234567890.png --seed 12345678 {"at":1732123456789}'],
  ['admin1', 'superadmin1, admin12 and my_admin1_account'],
  ['midjourney-proxy-secret', 'midjourney-proxy is down: midjourney... said no; the proxy-secret'],
  ['canary-key-of-2026', 'in the year…2026'],
  ['a-picture-of-a-fox-0815', 'a-picture-of a fox: a-picture, a-pictur...'],
];

/** The same kind of secrets where they stand as one. */
const leaksWith: readonly (readonly [secret: string, text: string])[] = [
  ['test', 'Invalid token: test'],
  ['test', 'no such API key "test"'],
  ['test', '{"mj-api-secret":"test"}'],
  ['test', String.raw`{\"apiKey\": \"test\"}`],
  ['test', 'GET https://api.example/mj?key=test&page=1'],
  ['test', 'Authorization: Bearer test'],
  ['test', '无效的令牌 [test]'],
  ['midjourney', 'the password was: MIDJOURNEY.'],
  ['midjourney', `authorization: ${btoa('admin:midjourney')}`],
  ['12345678', 'secret=12345678'],
  ['12345678', 'the token 1234****78 is disabled'],
  ['admin1', 'who is admin1?'],
  ['midjourney-proxy-secret', 'no such key as midjourney-proxy-secret'],
  ['secret', 'the secret: secret'],
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
    for (const [secret, text] of leaksWith) {
      const { hide: hideIt } = createHiding([secret]);
      expect(hideIt(hideIt(text))).toBe(hideIt(text));
    }
  });

  it.each(leaksWith)(
    'is a secret that anybody could guess, where it stands as one: %s in %s',
    (secret, text) => {
      const { hide: hideIt, holdsKnown: holdsIt } = createHiding([secret]);
      expect(hideIt(text)).toContain('[secret]');
      expect(hideIt(text).replaceAll('[secret]', '').replace('the secret', '')).not.toContain(secret);
      expect(holdsIt(text)).toBe(true);
    },
  );
});

describe('what is not hidden', () => {
  it.each(harmless)('%s', (text) => {
    expect(hide(text)).toBe(text);
  });

  it.each(harmlessWith)('is what only looks like the secret "%s": %s', (secret, text) => {
    const { hide: hideIt, holdsKnown: holdsIt } = createHiding([secret]);
    expect(hideIt(text)).toBe(text);
    expect(holdsIt(text)).toBe(false);
  });

  it('is a number in JSON, which has to stay JSON', () => {
    for (const secret of ['1234', '123456', '1732123456', '1732123456789']) {
      const line = JSON.stringify({ at: 1_732_123_456_789, progress: 1234, id: '1732123456789123' });
      expect(JSON.parse(createHiding([secret]).hide(line))).toEqual(JSON.parse(line));
    }
  });

  it('is any text of words, without secrets to hide', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { maxLength: 30 });
    fc.assert(
      fc.property(words, (list) => {
        expect(hide(list.join(' '))).toBe(list.join(' '));
      }),
    );
  });

  it('is the address of a picture that is signed by others', () => {
    for (const name of ['a.png', 'a'])
      expect(
        holdsKnown(
          `https://files.example/${name}?token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.c2lnbmF0dXJlLW9mLWl0`,
        ),
      ).toBe(false);
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

it('hides every key that a header can hold, in two spellings, one within the other', () => {
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
  const onPage = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
  const inPhp = (text: string) => inJson(text).replaceAll('/', '\\/');
  const spellings = [(text: string) => text, encodeURIComponent, inJson, inPhp];
  fc.assert(
    fc.property(
      fc.stringMatching(/^[\x21-\x7e]{16,60}$/),
      fc.constantFrom(...spellings, onPage),
      fc.constantFrom(...spellings),
      (key, inner, outer) => {
        const { hide: hideKey } = createHiding([key]);
        expect(hideKey(`before ${outer(inner(key))} after`)).toBe('before [secret] after');
      },
    ),
    { numRuns: 50 },
  );
});

it('hides every key in Base64, with anything before and behind it', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[\x21-\x7e]{16,60}$/),
      fc.string({ maxLength: 10 }),
      fc.string({ maxLength: 10 }),
      fc.constantFrom('base64', 'base64url'),
      (key, before, behind, encoding) => {
        const sent = Buffer.from(`${before}${key}${behind}`).toString(encoding as BufferEncoding);
        const rest = createHiding([key]).hide(`sent ${sent}`).replace('[secret]', '').replace('sent ', '');
        // What is left encodes the neighbors, and two characters of the key at most.
        expect(rest.length).toBeLessThanOrEqual(sent.length - Math.floor((key.length * 4) / 3) + 2);
      },
    ),
    { numRuns: 50 },
  );
});

it('leaves every line of JSON as readable as it was, and its numbers as they were', () => {
  const pieces = [
    'key',
    ': ',
    '="',
    '\\',
    '\n',
    '…',
    '***',
    'sk-',
    '[',
    ']',
    'test',
    '1234',
    '%2F',
    'Bearer ',
    '.png?',
    key,
  ];
  const words = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 6 })), {
    maxLength: 40,
  });
  const { hide: hideAll } = createHiding(['test', '1234', key], { publicUrl, dataDirectory: '/data' });
  fc.assert(
    fc.property(words, (parts) => {
      const line = JSON.stringify({ msg: parts.join(''), progress: 1234, after: 1 });
      expect(JSON.parse(hideAll(line))).toMatchObject({ progress: 1234, after: 1 });
      expect(hideAll(line)).not.toContain(key);
    }),
    { numRuns: 500 },
  );
});
