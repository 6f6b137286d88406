import { EmbedBuilder, embedLength } from '@discordjs/builders';
import type { Words } from '../../locales/index.ts';
import type { SavedCode } from '../../prompt/preferences.ts';
import type { OwnPreferences, OwnPrice, Preferences } from '../../service/preferences.ts';
import type { PrivateMessage } from '../respond.ts';
import { descriptionLimit, embedsLimit, takeFitting } from './embed.ts';
import { toPlain, toQuote } from './foreign-text.ts';
import { colors } from './message.ts';

const suffixLimit = 500;
/** How much a sentence shows of a code's name: all of it. */
const nameLimit = 40;
/** How much each row shows of what people wrote, before it's escaped: with the last of these, everything always fits. */
const amounts = [
  { preset: 70, name: nameLimit, value: 60 },
  { preset: 50, name: 30, value: 40 },
] as const;
type Amount = (typeof amounts)[number];

/** What a person has set for themselves, after a sentence about what has changed. */
export function renderPreferences(
  {
    own,
    price,
    remixable = 'all',
    sentence,
  }: {
    own: OwnPreferences;
    price?: OwnPrice | undefined;
    remixable?: ReturnType<Preferences['remixable']>;
    sentence?: string | undefined;
  },
  words: Words,
): PrivateMessage {
  const { say } = words;
  const settings = new EmbedBuilder().setColor(colors.open).setTitle(say('preferences.title'));
  const fields = toFields(own, words);
  const presets = Object.entries(own.presets);
  const isEmpty = fields.length === 0 && presets.length === 0 && own.codes.length === 0;
  if (isEmpty) settings.setDescription(say('preferences.none'));
  settings.addFields(fields);
  const cost = price === undefined || price.own === price.usual ? [] : [say('preferences.price', price)];
  const fitting = amounts.map((amount) => [settings, ...toLists(own, amount, words)]);
  const embeds = fitting.find((some) => lengthOf(some) <= embedsLimit) ?? fitting.at(-1) ?? [];
  return {
    content: [
      ...(sentence === undefined ? [] : [sentence]),
      ...cost,
      ...toRemixWords(own, remixable, words),
    ].join(' '),
    embeds: embeds.map((embed) => embed.toJSON()),
  };
}

/** What its switch can't do here. */
function toRemixWords(
  { remix }: OwnPreferences,
  remixable: ReturnType<Preferences['remixable']>,
  { say }: Words,
): string[] {
  return remix !== true || remixable === 'all' ? [] : [say(`preferences.remix.${remixable}`)];
}

function lengthOf(embeds: readonly EmbedBuilder[]): number {
  return embeds.reduce((sum, embed) => sum + embedLength(embed.toJSON()), 0);
}

function toLists(
  own: Pick<OwnPreferences, 'presets' | 'codes'>,
  amount: Amount,
  words: Words,
): EmbedBuilder[] {
  const { say } = words;
  const presets = Object.entries(own.presets).map(([name, text]) =>
    say('preferences.preset', { name, text: toQuote(text, amount.preset) }),
  );
  const codes = own.codes.map((code) => toCodeLine(code, amount, words));
  return [
    ...(presets.length === 0 ? [] : [toList(say('preferences.presets'), presets)]),
    ...(codes.length === 0 ? [] : [toList(say('preferences.codes'), codes)]),
  ];
}

function toFields(
  { version, aspect, speed, stylize, raw, translate, remix, notify, metadata, suffix }: OwnPreferences,
  { say }: Words,
) {
  const on = say('preference.on');
  const short = [
    [say('preference.version'), version],
    [say('preference.aspect'), aspect],
    [say('preference.speed'), speed && say(`speed.${speed}`)],
    [say('preference.stylize'), stylize === undefined ? undefined : String(stylize)],
    [say('preference.raw'), raw === true ? on : undefined],
    [say('preference.translate'), translate === true ? on : undefined],
    [say('preference.remix'), remix === true ? on : undefined],
    [say('preference.notify'), notify && say('preference.off')],
    [say('preference.metadata'), metadata && say('preference.off')],
  ] as const;
  const fields = short.flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value, inline: true }],
  );
  if (suffix === undefined) return fields;
  return [
    ...fields,
    { name: say('preference.suffix'), value: `\`${toQuote(suffix, suffixLimit)}\``, inline: false },
  ];
}

function toCodeLine({ name, kind, value }: SavedCode, amount: Amount, { say }: Words): string {
  return say(`preferences.code.${kind}`, {
    name: toPlain(name, amount.name),
    value: toQuote(value, amount.value),
  });
}

function toList(title: string, lines: readonly string[]): EmbedBuilder {
  return new EmbedBuilder()
    .setColor(colors.open)
    .setTitle(title)
    .setDescription(takeFitting(lines, descriptionLimit));
}

/** What a saved preset costs, if that isn't what an imagine costs otherwise. */
export function toPresetSentence(name: string, price: OwnPrice | undefined, { say }: Words): string {
  const saved = say('preferences.preset-saved', { name });
  return price === undefined || price.own === price.usual
    ? saved
    : `${saved} ${say('preferences.preset-price', price)}`;
}

export function toPresetGone({ name, text }: { name: string; text: string }, { say }: Words): string {
  return say('preferences.preset-removed', { name, text: toQuote(text, 1_000) });
}

export function toCodeSentence({ name, kind }: SavedCode, { say }: Words): string {
  return say(`preferences.code-saved.${kind}`, { name: toPlain(name, nameLimit) });
}

export function toCodeGone({ name, value }: SavedCode, { say }: Words): string {
  return say('preferences.code-removed', { name: toPlain(name, nameLimit), value: toQuote(value, 100) });
}
