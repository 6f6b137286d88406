/** Takes secrets out of a text that is about to be stored, shown or written. */
export interface Hiding {
  /** The text with `[secret]` in place of each secret: the known ones, and anything that looks like a key. */
  hide(text: string): string;
  /** Whether a known secret is in the text. What only looks like one doesn't count: pictures have signed addresses. */
  holdsKnown(text: string): boolean;
}

const mark = '[secret]';
/** Shorter secrets, and single words and numbers up to `longSecret`, would be found in every other sentence. */
const shortestSecret = 6;
/** From here on, a secret is found inside longer words, and in parts. */
const longSecret = 16;
/** How much of a cut secret has to be left. */
const shortestPart = 8;
/** How much of a masked secret has to be left on one side of the mask, */
const shortestMaskedPart = 4;
/** or on each of both sides. */
const shortestMaskedEnd = 2;
/** How far to read on each side of a mask, so that a long text is read only once. */
const longestMaskedPart = 100;
/** Less of it in Base64 could be part of anything else that is encoded. */
const shortestEncoded = 8;

/** `/` as it stands in addresses, in JSON and in queries. */
const slash = String.raw`(?:\\*\/|%2F)`;
const deadline = '[0-9a-z]{8,9}';
/** An escaped character of JSON or of an address: its last letter is no part of the word behind it. */
const escaped = String.raw`\\[bfnrt]|\\u[\da-fA-F]{4}|%[\da-fA-F]{2}`;
/** Where a key may begin. */
const start = String.raw`(?:(?<![\w-])|(?<=${escaped}))`;
/** A digit, or a capital behind a small letter: keys have one, words don't. */
const unlikeWords = String.raw`(?=[\w.~+/-]{0,64}(?:\d|[a-z][A-Z]))`;

/** From the end of a picture's name in an address. */
const pictureQuery = String.raw`\.(?:avif|gif|jpe?g|mp4|png|webp)\?[^\s"'<>\\]{0,2000}`;

/**
 * What looks like a secret, no matter whose. Each form begins with letters of its own and has a limited length, so that a
 * text is read only once.
 */
const forms: readonly RegExp[] = [
  // OpenAI's form, which new-api, one-api and their kin use: the last part is long, and holds a digit.
  toForm(String.raw`${start}[sprt]k-(?:[a-z0-9]{1,12}-){0,4}(?=[a-z_]{0,64}\d)\w{16,256}`, 'giu'),
  // The same masked: `sk-ab****yz`.
  toForm(String.raw`${start}[sp]k-[\w-]{0,64}(?:\*{2,}|•{2,}|(?:…|\.{3})(?=\w{2}))[\w*•-]{0,64}`, 'giu'),
  toForm(String.raw`\b(?<name>(?:[Bb]earer|BEARER|[Bb]asic|BASIC)\s+)${unlikeWords}[\w.~+/-]{16,2048}={0,2}`),
  // JSON Web Tokens, but for those that sign the address of a picture: prompts hold such addresses.
  toForm(String.raw`${start}eyJ(?<!${pictureQuery}eyJ)[\w-]{8,2048}\.[\w-]{8,4096}\.[\w-]{8,2048}`),
  // `api_key=…`, `"mj-api-secret":"…"`: the value holds a letter and a digit, as words in a prompt don't.
  toForm(
    String.raw`(?<name>(?:api[-_ ]?(?:key|secret|token)|access[-_ ]?token|secret|password)\\?["']?\s?[:=]\s?\\?["']?)(?=[^\s"'\\&,;}]{0,64}\d)(?=[^\s"'\\&,;}]{0,64}[a-z])[^\s"'\\&,;}]{8,256}`,
    'giu',
  ),
  // Tokens of bots, of interactions (`interaction:` in Base64) and of webhooks (Discord docs, reference).
  toForm(String.raw`${start}[MNO][\w-]{22,28}\.[\w-]{6}\.[\w-]{27,45}`),
  toForm(String.raw`${start}aW50ZXJhY3Rpb2[\w-]{16,512}`),
  toForm(String.raw`(?<name>\/webhooks\/\d{17,20}\/)[\w-]{60,128}`),
  // User name and password of an address or a database.
  toForm(String.raw`(?<name>:\/\/)[^\s\/@"'\\<>]{1,200}:[^\s\/@"'\\<>]{1,200}(?=@)`),
  // Addresses that the APIs may call back: each is a capability (runner/callbacks.ts).
  toForm(
    String.raw`(?<name>callbacks${slash})[a-z0-9-]{1,32}${slash}[\w-]{1,64}${slash}${deadline}\.[^\s"'<>\\&]+`,
    'giu',
  ),
  toForm(String.raw`(?:(?<![\w.])|(?<=${escaped}))${deadline}\.[\w-]{43}(?![\w-])`),
  // Links to the region editor: who has one acts as somebody else (service/page-tokens.ts).
  toForm(String.raw`(?<name>region${slash})[\w-]{59}(?![\w-])`, 'giu'),
];

/** Places that nobody else needs to know. */
export interface HiddenPlaces {
  /** Where callbacks come in: their addresses are hidden as a whole. */
  readonly publicUrl?: string | undefined;
  /** The absolute path of the folder with the databases. */
  readonly dataDirectory?: string | undefined;
}

/**
 * Hides these values in every spelling in which they travel, whole, cut or masked, and anything that looks like a secret.
 * A secret that is an ordinary word or number is hidden only where it is named as one (`key: test`): taken out of every
 * sentence, it would spoil them, and tell everybody which word it is.
 */
export function createHiding(secrets: readonly string[], places: HiddenPlaces = {}): Hiding {
  const known = [...new Set(secrets)].filter(Boolean).sort((a, b) => b.length - a.length);
  const guessable = known.filter(isGuessable);
  const distinct = known.filter((secret) => !isGuessable(secret));
  const long = distinct.filter(({ length }) => length >= longSecret);
  const values = [
    toWhole(long.map(spell)),
    toWhole(known.flatMap(spellEncoded)),
    toWords(distinct.filter(({ length }) => length < longSecret)),
    toNamed(guessable),
    toAddresses(places.publicUrl),
    toPaths(places.dataDirectory),
  ].filter((pattern) => pattern !== undefined);
  const maskable = known.filter(({ length }) => length >= shortestSecret);

  const hideKnown = (text: string) =>
    long.reduce(hideParts, hideMasked(values.reduce(hidePattern, text), maskable));
  return {
    hide: (text) => forms.reduce(hidePattern, hideKnown(text)),
    holdsKnown: (text) => hideKnown(text) !== text,
  };
}

/** What is named `name` stays in front of what is hidden. */
function toForm(source: string, flags = 'gu'): RegExp {
  return new RegExp(source.includes('(?<name>') ? source : `(?<name>)(?:${source})`, flags);
}

function hidePattern(text: string, pattern: RegExp): string {
  return text.replace(pattern, `$<name>${mark}`);
}

function isGuessable(secret: string): boolean {
  return secret.length < shortestSecret || (secret.length < longSecret && /^(?:\p{L}+|\d+)$/u.test(secret));
}

/** Of two that begin alike the longer one comes first, so that nothing of it is left. */
function toWhole(spelled: readonly string[]): RegExp | undefined {
  return spelled.length === 0 ? undefined : toForm(spelled.join('|'), 'giu');
}

function toWords(secrets: readonly string[]): RegExp | undefined {
  if (secrets.length === 0) return undefined;
  const spelled = secrets.map(spell).join('|');
  return toForm(String.raw`(?:(?<!\w)|(?<=${escaped}))(?:${spelled})(?!\w)`, 'giu');
}

const labels = `(?:key|token|secret|passw(?:or)?d|authori[sz]ation|credentials?|令牌|密钥|密码)s?`;
const quotes = String.raw`[\\"'\x60\[(<]`;
const named = String.raw`${labels}[\\"'\x60\])]{0,8}(?:(?:\s{1,3}(?:is|was))?\s{0,3}(?:[:=：]|%3D)\s{0,3}${quotes}{0,8}|\s{0,3}${quotes}{1,8})`;

function toNamed(secrets: readonly string[]): RegExp | undefined {
  if (secrets.length === 0) return undefined;
  const spelled = secrets.map(spell).join('|');
  return toForm(String.raw`(?<name>${named}|(?:bearer|basic)\s{1,3})(?!secret\])(?:${spelled})(?!\w)`, 'giu');
}

/** In a text, in JSON, in an address and on a web page, also one within another. */
function spell(secret: string): string {
  return Array.from(secret, spellCharacter).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
};

/** Escapes what comes next; an address encodes it. */
const backslash = String.raw`(?:\\|%(?:25){0,3}5c)`;

function spellCharacter(character: string): string {
  if (/\w/u.test(character)) return character;
  const bytes = Array.from(Buffer.from(character), (byte) => `%(?:25){0,3}${toHex(byte, 2)}`).join('');
  const units = Array.from(
    { length: character.length },
    (_, index) => `${backslash}{1,8}u${toHex(character.charCodeAt(index), 4)}`,
  ).join('');
  const code = character.codePointAt(0) ?? 0;
  const names = [`#0{0,4}${code}`, `#x0{0,4}${code.toString(16)}`, entities[character] ?? []]
    .flat()
    .join('|');
  const entity = `(?:&|%(?:25){0,3}26)(?:${names.replaceAll('#', '(?:#|%(?:25){0,3}23)')})(?:;|%(?:25){0,3}3b)`;
  // The longest first, so that nothing of one is left.
  return `(?:${entity}|${units}|${backslash}{0,8}(?:${bytes}|${RegExp.escape(character)}))`;
}

function toHex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/**
 * What Base64 makes of a secret, alone or behind anything else, as in `user:key`: three bytes are four characters, so that
 * it depends on how many bytes stand before it. Characters that hold bits of its neighbors are left out.
 */
function spellEncoded(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const own = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    if (own.length < shortestEncoded) return [];
    return spell(own)
      .replaceAll(spell('+'), `(?:-|${spell('+')})`)
      .replaceAll(spell('/'), `(?:_|${spell('/')})`);
  });
}

function toAddresses(publicUrl: string | undefined): RegExp | undefined {
  if (publicUrl === undefined) return undefined;
  const rest = String.raw`${slash}callbacks${slash}[^\s"'<>\\]*(?:\\/[^\s"'<>\\]*)*`;
  return toForm(spell(publicUrl) + rest, 'giu');
}

/** The folder and all in it, but no path of an address. Of one with a short name, as `/data`, only the databases. */
function toPaths(directory: string | undefined): RegExp | undefined {
  if (directory === undefined) return undefined;
  const rest = directory.length >= shortestSecret ? '(?![\\w-])' : String.raw`/(?:relay|documents|lock)\.db`;
  return toForm(
    String.raw`(?:(?<![\w.\]-])|(?<=${escaped}))${RegExp.escape(directory)}${rest}[^\s"'<>\\]{0,500}`,
  );
}

/** `sk-ab****yz`, `sk-ab…`, `...wxyz`: what is left of a secret on each side of a mask is hidden with it. */
function hideMasked(text: string, secrets: readonly string[]): string {
  let shown = '';
  let from = 0;
  for (const { 0: dots, index } of text.matchAll(/\*{2,}|•{2,}|…|\.{3,}/gu)) {
    if (index < from) continue;
    const end = index + dots.length;
    const before =
      text
        .slice(Math.max(from, index - longestMaskedPart), index)
        .split(/\s/u)
        .at(-1) ?? '';
    const [behind = ''] = text.slice(end, end + longestMaskedPart).split(/\s/u, 1);
    if (before === '' && behind === '') continue;
    const left = secrets
      .map((secret) => findMasked(secret, before, behind))
      .find((found) => found !== undefined);
    if (left === undefined) continue;
    shown += `${text.slice(from, index - left.before)}${mark}`;
    from = end + left.behind;
  }
  return shown + text.slice(from);
}

/** How many characters of a secret stand before and behind a mask, if they are enough. */
function findMasked(secret: string, before: string, behind: string) {
  const beginning = findLength(
    Math.min(secret.length, before.length),
    (length) =>
      before.at(-1) === secret[length - 1] &&
      before.endsWith(secret.slice(0, length)) &&
      !endsInWord(before.slice(0, -length)),
  );
  const end = findLength(
    Math.min(secret.length, behind.length),
    (length) =>
      behind[0] === secret.at(-length) &&
      behind.startsWith(secret.slice(-length)) &&
      !startsInWord(behind.slice(length)),
  );
  const isOnBothSides = Math.min(beginning, end) >= shortestMaskedEnd;
  const isOnOne =
    (beginning >= shortestMaskedPart && isDistinct(secret.slice(0, beginning))) ||
    (end >= shortestMaskedPart && isDistinct(secret.slice(-end)));
  return isOnBothSides || isOnOne ? { before: beginning, behind: end } : undefined;
}

/** The greatest length up to that one that is right, or 0. */
function findLength(longest: number, isRight: (length: number) => boolean): number {
  let length = longest;
  while (length > 0 && !isRight(length)) length -= 1;
  return length;
}

/** A secret that was cut: its beginning or its end, as a word of its own. */
function hideParts(text: string, secret: string): string {
  const beginning = secret.slice(0, shortestPart);
  const end = secret.slice(-shortestPart);
  let rest = text;
  const hideAt = (start: number, stop: number) => {
    const isPart = isDistinct(rest.slice(start, stop));
    if (isPart && !endsInWord(rest.slice(0, start)) && !startsInWord(rest.slice(stop)))
      rest = rest.slice(0, start) + mark + rest.slice(stop);
  };
  for (let at = rest.indexOf(beginning); at !== -1; at = rest.indexOf(beginning, at + mark.length)) {
    let length = beginning.length;
    while (length < secret.length && rest[at + length] === secret[length]) length += 1;
    hideAt(at, at + length);
  }
  for (let at = rest.indexOf(end); at !== -1; at = rest.indexOf(end, at + mark.length)) {
    let length = end.length;
    while (length < secret.length && rest[at - 1 - length + end.length] === secret.at(-1 - length))
      length += 1;
    hideAt(at + end.length - length, at + end.length);
  }
  return rest;
}

/** Whether a part can be told from words and numbers, which a key may begin or end with. */
function isDistinct(part: string): boolean {
  return (/\d/u.test(part) && /\p{L}/u.test(part)) || /\p{Ll}\p{Lu}/u.test(part);
}

const startsInWordPattern = /^\w/u;
const endsInWordPattern = /\w$/u;
const endsInEscapePattern = new RegExp(`(?:${escaped})$`, 'u');

function startsInWord(text: string): boolean {
  return startsInWordPattern.test(text);
}

function endsInWord(text: string): boolean {
  const nearest = text.slice(-6);
  return endsInWordPattern.test(nearest) && !endsInEscapePattern.test(nearest);
}
