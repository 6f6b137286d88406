import { expect, it } from 'vitest';
import { nameMessage } from '../../sandbox/page/traffic-words.ts';

it.each([
  ['its first line, as people read it', { content: '**a fox \\*\\*' }, 'a fox **'],
  ['no more than its first line', { content: '**a fox** - <@1> (Fast)\nmore' }, 'a fox - @somebody (Fast)'],
  ['the title of its embed, without a text', { content: '', embeds: [{ title: 'Points' }] }, 'Points'],
  ['the beginning of a long one', { content: 'x'.repeat(70) }, `${'x'.repeat(60)}…`],
  ['nothing, if it says nothing', { content: null, embeds: [] }, ''],
])('a message is called by %s', (_what, message, name) => {
  expect(nameMessage(message)).toBe(name);
});
