import { EmbedBuilder } from '@discordjs/builders';
import type { Words } from '../../locales/index.ts';
import type { SavedCode } from '../../prompt/preferences.ts';
import type { OwnPreferences, OwnPrice } from '../../service/preferences.ts';
import type { PrivateMessage } from '../respond.ts';
import { descriptionLimit, takeFitting } from './embed.ts';
import { toPlain, toQuote } from './foreign-text.ts';
import { colors } from './message.ts';

const suffixLimit = 500;
/** Twenty presets fit into an embed, and 25 codes into another one: both together have to stay below 6,000 characters. */
const presetLimit = 70;
const nameLimit = 40;
const valueLimit = 60;

/** What a person has set for themselves, after a sentence about what has changed. */
export function renderPreferences(
  {
    own,
    price,
    sentence,
  }: { own: OwnPreferences; price?: OwnPrice | undefined; sentence?: string | undefined },
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
  const embeds = [settings];
  if (presets.length > 0) {
    const lines = presets.map(([name, text]) =>
      say('preferences.preset', { name, text: toQuote(text, presetLimit) }),
    );
    embeds.push(toList(say('preferences.presets'), lines));
  }
  if (own.codes.length > 0) {
    const lines = own.codes.map((code) => toCodeLine(code, words));
    embeds.push(toList(say('preferences.codes'), lines));
  }
  return {
    content: [...(sentence === undefined ? [] : [sentence]), ...cost].join(' '),
    embeds: embeds.map((embed) => embed.toJSON()),
  };
}

function toFields(
  { version, aspect, speed, stylize, raw, translate, notify, suffix }: OwnPreferences,
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
    [say('preference.notify'), notify && say('preference.off')],
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

function toCodeLine({ name, kind, value }: SavedCode, { say }: Words): string {
  return say(`preferences.code.${kind}`, {
    name: toPlain(name, nameLimit),
    value: toQuote(value, valueLimit),
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
