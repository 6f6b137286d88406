import { describe, expect, it } from 'vitest';
import { mostListed, readTargetMessage } from '../../src/discord/target-message.ts';
import { inputLimitBytes } from '../../src/images/accepted.ts';
import { codeOf } from '../helpers/errors.ts';

const us = '111111111111111111';
const id = '555555555555555555';
const cdn = 'https://cdn.discordapp.com/attachments/1/2';

function read(message: unknown) {
  const data = { target_id: id, resolved: { messages: { [id]: message } } };
  return readTargetMessage({ id: '1', token: 'token', application_id: us, data });
}

function attach(filename: string, more: object = {}) {
  const url = `${cdn}/${filename}?ex=7fffffff&is=1&hm=1&`;
  return { id: '2', filename, size: 1_000, url, content_type: 'image/png', width: 64, height: 48, ...more };
}

const copied = 'https://images-ext-1.discordapp.net/external/abc/https/example.com/fox.png';
const media = { url: 'https://example.com/fox.png', proxy_url: copied, width: 64, height: 48 };

describe('the pictures of a message', () => {
  const found: readonly [string, object, readonly string[]][] = [
    ['an attachment', { attachments: [attach('a.png')] }, ['a.png']],
    ['several, in their order', { attachments: [attach('a.png'), attach('b.png')] }, ['a.png', 'b.png']],
    [
      'a picture next to a video and a text',
      {
        attachments: [
          attach('clip.mp4', { content_type: 'video/mp4' }),
          attach('a.png'),
          attach('notes.txt', { content_type: 'text/plain; charset=utf-8', width: null, height: null }),
        ],
      },
      ['a.png'],
    ],
    [
      'one that fits next to one that is too large',
      { attachments: [attach('large.png', { size: inputLimitBytes + 1 }), attach('a.png')] },
      ['a.png'],
    ],
    [
      'one without a type that Discord measured',
      { attachments: [attach('a', { content_type: null })] },
      ['a'],
    ],
    ['the preview of a link', { embeds: [{ type: 'image', thumbnail: media }] }, ['fox.png']],
    ['the picture of an embed', { embeds: [{ type: 'rich', image: media }] }, ['fox.png']],
    [
      'an attachment that an embed shows, too',
      {
        attachments: [attach('a.png')],
        embeds: [
          { image: { url: `${cdn}/a.png`, proxy_url: 'https://media.discordapp.net/attachments/1/2/a.png' } },
        ],
      },
      ['a.png'],
    ],
    [
      'a gallery, and a thumbnail in a section in a container',
      {
        flags: 32_768,
        components: [
          {
            type: 17,
            components: [
              { type: 9, components: [{ type: 10, content: 'words' }], accessory: { type: 11, media } },
              { type: 12, items: [{ media: { url: `${cdn}/a.png` } }, { media: { url: `${cdn}/b.png` } }] },
            ],
          },
        ],
      },
      ['fox.png', 'a.png', 'b.png'],
    ],
    [
      'a forwarded message',
      { message_snapshots: [{ message: { attachments: [attach('a.png')], embeds: [] } }] },
      ['a.png'],
    ],
    [
      'a message with parts that nobody knows yet',
      {
        attachments: [null, 'x', attach('a.png')],
        embeds: [{ image: 5 }],
        components: [7, { type: 99 }],
        poll: {},
      },
      ['a.png'],
    ],
  ];
  it.each(found)('are found: %s', (_, message, names) => {
    expect(
      read(message)
        .listPictures()
        .map(({ name }) => name),
    ).toEqual(names);
  });

  const refused: readonly [string, unknown, string][] = [
    ['nothing', {}, 'message-without-picture'],
    ['no message at all', undefined, 'message-without-picture'],
    ['words', { content: 'https://example.com/fox.png' }, 'message-without-picture'],
    ['a video', { attachments: [attach('a.mp4', { content_type: 'video/mp4' })] }, 'message-without-picture'],
    [
      'a file without type and size',
      { attachments: [attach('a', { content_type: null, width: null })] },
      'message-without-picture',
    ],
    ['a drawing', { attachments: [attach('a.svg', { content_type: 'image/svg+xml' })] }, 'picture-type'],
    [
      'a picture that is too large',
      { attachments: [attach('a.png', { size: inputLimitBytes + 1 })] },
      'picture-too-large',
    ],
    ['an empty picture', { attachments: [attach('a.png', { size: 0 })] }, 'picture-unreadable'],
    [
      'too many pixels',
      { attachments: [attach('a.png', { width: 60_000, height: 60_000 })] },
      'picture-too-many-pixels',
    ],
    [
      'a preview over http',
      { embeds: [{ thumbnail: { url: 'http://example.com/fox.png' } }] },
      'message-without-picture',
    ],
    [
      'a preview with a password',
      { embeds: [{ image: { url: 'https://a:b@example.com/fox.png' } }] },
      'message-without-picture',
    ],
    [
      'a file as its address',
      { embeds: [{ image: { url: 'data:image/png;base64,AAAA' } }] },
      'message-without-picture',
    ],
    [
      'a video in a gallery',
      { components: [{ type: 12, items: [{ media: { url: `${cdn}/a.mp4`, content_type: 'video/mp4' } }] }] },
      'message-without-picture',
    ],
    [
      'the icon of an author',
      { embeds: [{ author: { icon_url: media.url }, footer: { icon_url: media.url } }] },
      'message-without-picture',
    ],
  ];
  it.each(refused)('are not: %s', async (_, message, code) => {
    expect(await codeOf((async () => read(message).listPictures())())).toBe(code);
  });

  it('go through the door for links if anybody could have written their address', () => {
    const [shown] = read({ embeds: [{ image: media }] }).listPictures();
    expect(shown).toEqual({ url: copied, name: 'fox.png', isLink: true, isFromMessage: true });
    const [attached] = read({ attachments: [attach('a.png')] }).listPictures();
    expect(attached).toMatchObject({ name: 'a.png', bytes: 1_000, isFromMessage: true });
    expect(attached).not.toHaveProperty('isLink');
  });

  it('are as many as a menu can list', () => {
    const attachments = Array.from({ length: 40 }, (_, index) => attach(`${index}.png`));
    expect(read({ attachments }).listPictures()).toHaveLength(mostListed);
  });
});

describe('the author of a message', () => {
  it.each([
    ['the bot', { author: { id: us } }, true],
    ['somebody else', { author: { id: '222222222222222222' } }, false],
    ['nobody', {}, false],
    ['something else', { author: us }, false],
  ])('%s', (_, message, isOurs) => {
    expect(read(message)).toMatchObject({ id, isOurs });
  });
});
