import { element } from './element.ts';

/** What mentions and times in a text stand for. */
export interface MarkdownWords {
  personName(id: string): string | undefined;
  channelName(id: string): string | undefined;
  roleName(id: string): string | undefined;
  locale: string;
  now: number;
}

type Rule = readonly [RegExp, (match: RegExpExecArray, words: MarkdownWords) => Node];

const wrap =
  (tag: string, properties = {}) =>
  (match: RegExpExecArray, words: MarkdownWords) =>
    element(tag, properties, ...renderInline(match[1] ?? '', words));

/** Discord's inline markup, the longer mark before the shorter one (support.discord.com, "Markdown Text 101"). */
const rules: readonly Rule[] = [
  [/^\\([^\p{L}\p{N}\s])/u, ([, character = '']) => document.createTextNode(character)],
  [/^``([^`]+)``/, ([, text = '']) => element('code', {}, text)],
  [/^`([^`\n]+)`/, ([, text = '']) => element('code', {}, text)],
  [/^\*\*\*(?=\S)([\s\S]*?\S)\*\*\*/, (match, words) => element('strong', {}, wrap('em')(match, words))],
  [/^\*\*(?=\S)([\s\S]*?\S)\*\*(?!\*)/, wrap('strong')],
  [/^__(?=\S)([\s\S]*?\S)__(?!_)/, wrap('u')],
  [/^\*(?=\S)([^*]*?\S)\*(?!\*)/, wrap('em')],
  [/^_(?=\S)([^_]*?\S)_(?![_\p{L}\p{N}])/u, wrap('em')],
  [/^~~(?=\S)([\s\S]*?\S)~~/, wrap('s')],
  [/^\|\|([\s\S]+?)\|\|/, (match, words) => toSpoiler(renderInline(match[1] ?? '', words))],
  [/^<@!?(\d+)>/, ([, id = ''], words) => toMention(`@${words.personName(id) ?? 'unknown-user'}`)],
  [/^<@&(\d+)>/, ([, id = ''], words) => toMention(`@${words.roleName(id) ?? 'unknown-role'}`)],
  [/^<#(\d+)>/, ([, id = ''], words) => toMention(`#${words.channelName(id) ?? 'unknown'}`)],
  [/^<\/([^:>]+):\d+>/, ([, name = '']) => toMention(`/${name}`)],
  [
    /^<t:(-?\d+)(?::([tTdDfFR]))?>/,
    ([, seconds = '0', style = 'f'], words) => toTime(Number(seconds), style, words),
  ],
  [/^<a?:(\w+):\d+>/, ([, name = '']) => document.createTextNode(`:${name}:`)],
  [
    /^\[([^\]\n]+)\]\(<?(https?:\/\/[^\s)>]+)>?\)/,
    ([, text = '', url = ''], words) => toLink(url, renderInline(text, words), words),
  ],
  [/^<(https?:\/\/[^\s>]+)>/, ([, url = ''], words) => toLink(url, [], words)],
  [/^https?:\/\/[^\s<]*[^\s<.,:;"')\]!?]/, ([url = ''], words) => toLink(url, [], words)],
];

/** Characters that a rule may begin with; everything else is text. */
const plain = /^(?:[^\\`*_~|<[h]+|h(?!ttps?:\/\/)|[\s\S])/;

export function renderInline(text: string, words: MarkdownWords): Node[] {
  const nodes: Node[] = [];
  let rest = text;
  let before = '';
  const flush = () => {
    if (before !== '') nodes.push(document.createTextNode(before));
    before = '';
  };
  while (rest !== '') {
    const [length, node] = matchRule(rest, words) ?? [0, undefined];
    if (node) {
      flush();
      nodes.push(node);
      rest = rest.slice(length);
      continue;
    }
    const [taken = rest] = plain.exec(rest) ?? [];
    before += taken;
    rest = rest.slice(taken.length);
  }
  flush();
  return nodes;
}

function matchRule(rest: string, words: MarkdownWords): [number, Node] | undefined {
  for (const [pattern, render] of rules) {
    const match = pattern.exec(rest);
    if (match) return [match[0].length, render(match, words)];
  }
  return undefined;
}

/** A whole text with its blocks: code, quotes, headings, lists. */
export function renderMarkdown(text: string, words: MarkdownWords): DocumentFragment {
  const fragment = document.createDocumentFragment();
  const parts = text.split(/```(?:[\w+-]*\n)?([\s\S]*?)```\n?/);
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 1)
      fragment.append(element('pre', {}, element('code', {}, part.replace(/^\n|\n$/g, ''))));
    // The line break before a block is the block's own beginning.
    else if (part !== '')
      fragment.append(...renderLines(index < parts.length - 1 ? part.replace(/\n$/, '') : part, words));
  }
  return fragment;
}

function renderLines(text: string, words: MarkdownWords): Node[] {
  const nodes: Node[] = [];
  let paragraph: string[] = [];
  const flush = () => {
    if (paragraph.length > 0) nodes.push(...renderInline(paragraph.join('\n'), words));
    paragraph = [];
  };
  for (const line of text.split('\n')) {
    const block = toBlock(line, words);
    if (!block) {
      paragraph.push(line);
      continue;
    }
    flush();
    nodes.push(block);
  }
  flush();
  return nodes;
}

function toBlock(line: string, words: MarkdownWords): HTMLElement | undefined {
  const heading = /^(#{1,3}) +(.+)/.exec(line);
  if (heading)
    return element(`h${(heading[1]?.length ?? 1) + 2}`, {}, ...renderInline(heading[2] ?? '', words));
  const small = /^-# +(.+)/.exec(line);
  if (small) return element('small', { class: 'subtext' }, ...renderInline(small[1] ?? '', words));
  const quote = /^> ?(.*)/.exec(line);
  if (quote) return element('blockquote', {}, ...renderInline(quote[1] ?? '', words));
  const item = /^( *)[-*] +(.+)/.exec(line);
  if (item) return element('div', { class: 'list-item' }, ...renderInline(item[2] ?? '', words));
  return undefined;
}

function toMention(text: string): HTMLElement {
  return element('span', { class: 'mention' }, text);
}

function toSpoiler(children: Node[]): HTMLElement {
  const spoiler = element(
    'button',
    { type: 'button', class: 'spoiler', 'aria-label': 'Spoiler' },
    ...children,
  );
  spoiler.onclick = () => spoiler.classList.add('open');
  return spoiler;
}

function toLink(url: string, children: Node[], words: MarkdownWords): HTMLElement {
  const jump = /^https:\/\/discord\.com\/channels\/[^/]+\/(\d+)\/(\d+)$/.exec(url);
  if (jump) {
    const label =
      children.length > 0 ? children : [`#${words.channelName(jump[1] ?? '') ?? 'unknown'} › message`];
    return element('button', { type: 'button', class: 'mention jump', 'data-message': jump[2] }, ...label);
  }
  const properties = { href: url, target: '_blank', rel: 'noreferrer noopener' };
  return element('a', properties, ...(children.length > 0 ? children : [url]));
}

const timeStyles: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  t: { timeStyle: 'short' },
  T: { timeStyle: 'medium' },
  d: { dateStyle: 'short' },
  D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' },
  F: { dateStyle: 'full', timeStyle: 'short' },
};

function toTime(seconds: number, style: string, { locale, now }: MarkdownWords): HTMLElement {
  const at = new Date(seconds * 1_000);
  if (Number.isNaN(at.getTime())) return element('span', {}, 'an impossible time');
  const full = new Intl.DateTimeFormat(locale, timeStyles['F']).format(at);
  const properties = { datetime: at.toISOString(), title: full };
  if (style === 'R') {
    const shown = tellRelative(at.getTime(), now, locale);
    return element('time', { ...properties, 'data-relative': at.getTime() }, shown);
  }
  return element('time', properties, new Intl.DateTimeFormat(locale, timeStyles[style]).format(at));
}

const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_628_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** "in 3 hours", "12 seconds ago". */
export function tellRelative(at: number, now: number, locale: string): string {
  const seconds = Math.round((at - now) / 1_000);
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  return new Intl.RelativeTimeFormat(locale).format(Math.round(seconds / size), unit);
}
