/** Takes secrets out of a text that is about to be stored, shown or written. */
export interface Hiding {
  /** The text with `[secret]` in place of each secret: the known ones, and whatever has the form of a key. */
  hide(text: string): string;
  /** Whether a known secret stands in it. What merely has the form of one doesn't count: pictures have signed addresses. */
  holdsKnown(text: string): boolean;
}

const mark = '[secret]';
/** Shorter ones would be found in every other sentence. */
const shortestSecret = 6;
/** Of a secret that was cut or masked: as much of it as no word shares by chance. */
const shortestPart = 8;
const shortestMaskedPart = 4;
/** If both ends are there. */
const shortestMaskedEnd = 2;
/** Only secrets of that length are looked for in parts, and in any case of their letters. */
const longSecret = 16;
/** What stands on one side of a mask, at most: so that a long text is read once. */
const longestMaskedPart = 100;

/** `/` as it stands in addresses, in JSON and in queries. */
const slash = String.raw`(?:\\*\/|%2F)`;
const signature = String.raw`[0-9a-z]{8,9}\.[\w-]{43}(?![\w-])`;

/**
 * What has the form of a secret, whoever's it is. Each begins with letters of its own and is limited in length, so that
 * a text is read once.
 */
const forms: readonly (readonly [form: RegExp, replacement: string])[] = [
  // OpenAI's form, which new-api, one-api and their kin use: the last part is long, and holds a digit.
  [/(?<![\w-])[sprt]k-(?:[a-z0-9]{1,12}-){0,4}(?=[a-z_]{0,64}\d)\w{16,256}/giu, mark],
  // The same masked: `sk-ab****yz`.
  [/(?<![\w-])[sp]k-[\w-]{0,64}(?:\*{2,}|•{2,}|(?:…|\.{3})(?=\w{2}))[\w*•-]{0,64}/giu, mark],
  [/\b(Bearer|Basic)\s+[\w.~+/-]{16,2048}={0,2}/giu, `$1 ${mark}`],
  // JSON Web Tokens.
  [/(?<![\w-])eyJ[\w-]{8,2048}\.[\w-]{8,4096}\.[\w-]{8,2048}/gu, mark],
  // `api_key=…`, `"mj-api-secret":"…"`: the value holds a letter and a digit, as words in a prompt don't.
  [
    /((?:api[-_ ]?(?:key|secret|token)|access[-_ ]?token|secret|password)\\?["']?\s?[:=]\s?\\?["']?)(?=[^\s"'\\&,;}]{0,64}\d)(?=[^\s"'\\&,;}]{0,64}[a-z])[^\s"'\\&,;}]{8,256}/giu,
    `$1${mark}`,
  ],
  // Tokens of bots, of interactions (`interaction:` in base64) and of webhooks (Discord docs, reference).
  [/(?<![\w-])[MNO][\w-]{22,28}\.[\w-]{6}\.[\w-]{27,45}/gu, mark],
  [/(?<![\w-])aW50ZXJhY3Rpb2[\w-]{16,512}/gu, mark],
  [/(\/webhooks\/\d{17,20}\/)[\w-]{60,128}/gu, `$1${mark}`],
  // User name and password of an address or a database.
  [/(:\/\/)[^\s/@"'\\<>]{1,200}:[^\s/@"'\\<>]{1,200}@/gu, `$1${mark}@`],
  // Addresses that the APIs may call back: each is a capability (tasks/callbacks.ts).
  [
    new RegExp(String.raw`callbacks${slash}[a-z0-9-]{1,32}${slash}[\w-]{1,64}${slash}[^\s"'<>\\&]+`, 'giu'),
    `callbacks/${mark}`,
  ],
  [new RegExp(String.raw`(?<![\w.])${signature}`, 'gu'), mark],
];

/** Places that nobody else needs to know. */
export interface HiddenPlaces {
  /** Where callbacks come in: their addresses go as a whole. */
  readonly publicUrl?: string | undefined;
  /** The absolute path of the folder with the databases. */
  readonly dataDirectory?: string | undefined;
}

/**
 * Hides these values in every spelling in which they travel, whole, cut or masked, and everything that has the form of a
 * secret.
 */
export function createHiding(secrets: readonly string[], places: HiddenPlaces = {}): Hiding {
  const known = [...new Set(secrets)].filter((secret) => secret.length >= shortestSecret);
  const long = known.filter((secret) => secret.length >= longSecret);
  const values = [
    toPattern(known.flatMap(spellingsOf), 'gu'),
    toPattern(long.flatMap(spellingsOf), 'giu'),
    toAddresses(places.publicUrl),
    toPaths(places.dataDirectory),
  ].filter((pattern) => pattern !== undefined);

  const hideKnown = (text: string) => {
    const whole = values.reduce((rest, pattern) => rest.replace(pattern, mark), text);
    return long.reduce(hideParts, hideMasked(whole, known));
  };
  return {
    hide: (text) =>
      forms.reduce((rest, [form, replacement]) => rest.replace(form, replacement), hideKnown(text)),
    holdsKnown: (text) => hideKnown(text) !== text,
  };
}

/** As it is, in JSON, in an address, and as what is sent for it. */
function spellingsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/u, '');
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), base64];
}

/** Of two that begin alike, the longer one is found first: nothing of it is left. */
function toPattern(texts: readonly string[], flags: string): RegExp | undefined {
  const sorted = [...new Set(texts)].sort((a, b) => b.length - a.length);
  return sorted.length === 0 ? undefined : new RegExp(sorted.map(RegExp.escape).join('|'), flags);
}

function toAddresses(publicUrl: string | undefined): RegExp | undefined {
  if (publicUrl === undefined) return undefined;
  const spelled = [publicUrl, publicUrl.replaceAll('/', '\\/'), encodeURIComponent(publicUrl)].map(
    RegExp.escape,
  );
  return new RegExp(
    String.raw`(?:${spelled.join('|')})${slash}callbacks${slash}[^\s"'<>\\]*(?:\\/[^\s"'<>\\]*)*`,
    'giu',
  );
}

/** The folder and all in it; of one whose name is short, as `/data`, only the databases. */
function toPaths(directory: string | undefined): RegExp | undefined {
  if (directory === undefined) return undefined;
  const rest = directory.length >= shortestSecret ? '(?![\\w-])' : String.raw`/(?:relay|documents|lock)\.db`;
  return new RegExp(String.raw`${RegExp.escape(directory)}${rest}[^\s"'<>\\]{0,500}`, 'gu');
}

/** `sk-ab****yz`, `sk-ab…`, `...wxyz`: what still stands of a secret before or behind a mask goes with it. */
function hideMasked(text: string, secrets: readonly string[]): string {
  let shown = '';
  let from = 0;
  for (const { 0: dots, index } of text.matchAll(/\*{2,}|•{2,}|…|\.{3,}/gu)) {
    if (index < from) continue;
    const before =
      /[\w.+/=-]*$/u.exec(text.slice(Math.max(from, index - longestMaskedPart), index))?.[0] ?? '';
    const end = index + dots.length;
    const behind = /^[\w+/=-]*/u.exec(text.slice(end, end + longestMaskedPart))?.[0] ?? '';
    if (!secrets.some((secret) => isMasked(secret, before, behind))) continue;
    shown += `${text.slice(from, index - before.length)}${mark}`;
    from = end + behind.length;
  }
  return shown + text.slice(from);
}

function isMasked(secret: string, before: string, behind: string): boolean {
  const beginning = secret.startsWith(before) ? before.length : 0;
  const end = secret.endsWith(behind) ? behind.length : 0;
  const hasBoth = beginning >= shortestMaskedEnd && end >= shortestMaskedEnd;
  return hasBoth || Math.max(beginning, end) >= shortestMaskedPart;
}

/** A secret that was cut: its beginning or its end, where a word could begin or end. */
function hideParts(text: string, secret: string): string {
  const beginning = secret.slice(0, shortestPart);
  const end = secret.slice(-shortestPart);
  let rest = text;
  for (let at = rest.indexOf(beginning); at !== -1; at = rest.indexOf(beginning, at + mark.length)) {
    let length = beginning.length;
    while (length < secret.length && rest[at + length] === secret[length]) length += 1;
    if (!isWordly(rest[at - 1]) && !isWordly(rest[at + length]))
      rest = rest.slice(0, at) + mark + rest.slice(at + length);
  }
  for (let at = rest.indexOf(end); at !== -1; at = rest.indexOf(end, at + mark.length)) {
    let length = end.length;
    while (length < secret.length && rest[at - 1 - length + end.length] === secret.at(-1 - length))
      length += 1;
    const start = at + end.length - length;
    if (!isWordly(rest[start - 1]) && !isWordly(rest[at + end.length]))
      rest = rest.slice(0, start) + mark + rest.slice(at + end.length);
  }
  return rest;
}

function isWordly(character: string | undefined): boolean {
  return character !== undefined && /\w/u.test(character);
}
