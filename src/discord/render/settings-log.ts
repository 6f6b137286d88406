import { shortenText } from '../../clean-text.ts';
import { mentionPerson } from '../../locales/format.ts';
import type { Words } from '../../locales/index.ts';
import type { SettingsView } from '../../service/server-settings.ts';
import { takeFitting } from './embed.ts';
import { toQuote } from './foreign-text.ts';
import { contentLimit } from './message.ts';
import { toSettingName } from './settings.ts';

type SettingChange = SettingsView['latest'][number];

const valueLength = 150;

/** One line for each setting that somebody changed. More people than administrators may see the channel. */
export function renderSettingChanges(changes: readonly SettingChange[], words: Words): string {
  return takeFitting(
    changes.map((change) => toLine(change, words)),
    contentLimit,
  );
}

function toLine(change: SettingChange, words: Words): string {
  const { say } = words;
  const { actorId, setting, before, after } = change;
  const who = actorId === undefined ? say('settings.change.bot') : mentionPerson(actorId);
  const name = toSettingName(setting, words);
  if (setting === 'suffix') return say('settings.log.hidden', { who, name });
  return say('settings.log', { who, name, before: toValue(before, words), after: toValue(after, words) });
}

function toValue(json: string | undefined, { say }: Words): string {
  return json === undefined
    ? say('settings.log.default')
    : `\`${toQuote(shortenText(json, valueLength), valueLength)}\``;
}
