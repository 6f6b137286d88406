import { EmbedBuilder } from '@discordjs/builders';
import type { AccountState } from '../../accounts/administration.ts';
import { cutText } from '../../clean-text.ts';
import { relativeTime } from '../../locales/format.ts';
import type { Words } from '../../locales/index.ts';
import type { PrivateMessage } from '../respond.ts';
import { colors } from './message.ts';

/** Discord's limits for an embed (docs, message resource, "Embed Limits"). */
const mostFields = 25;
/** Out of an embed's 6,000, to leave room for its title, description and footer. */
const mostCharacters = 5_000;
const longestName = 256;
const longestValue = 1_024;
/** How many sentences about prices fit into a field. */
const mostDifferences = 5;

/** The accounts and how they're doing, for operators only. */
export function renderAccounts(
  states: readonly AccountState[],
  words: Words,
  isChanged: boolean,
): PrivateMessage {
  const { say } = words;
  const embed = new EmbedBuilder().setColor(colors.open).setTitle(say('accounts.title'));
  embed.setDescription(say(isChanged ? 'accounts.saved' : 'accounts.explanation'));
  const fields: { name: string; value: string }[] = [];
  let place = 0;
  let characters = 0;
  for (const state of states) {
    if (state.isChosen) place += 1;
    const name = `${state.isChosen ? `${place}. ` : ''}${state.name}`;
    const field = {
      name: cutText(state.name === state.kind ? name : `${name} · ${state.kind}`, longestName),
      value: cutText(toLines(state, words), longestValue),
    };
    characters += field.name.length + field.value.length;
    if (fields.length === mostFields || characters > mostCharacters) break;
    fields.push(field);
  }
  embed.addFields(fields);
  const left = states.length - fields.length;
  if (left > 0) embed.setFooter({ text: say('more', { count: left }) });
  return { embeds: [embed.toJSON()] };
}

function toLines(state: AccountState, words: Words): string {
  const { say } = words;
  const { isChosen, outage, pausedUntil, closing, limits, differences } = state;
  const lines = [
    isChosen ? undefined : say('accounts.unused'),
    outage === undefined
      ? undefined
      : say(`accounts.outage.${outage.trouble}`, { retryAt: relativeTime(outage.until) }),
    outage === undefined && pausedUntil !== undefined
      ? say('accounts.paused', { retryAt: relativeTime(pausedUntil) })
      : undefined,
    closing === undefined
      ? undefined
      : say(`accounts.closed.${closing.reason}`, { opensAt: relativeTime(closing.until) }),
    limits.hours === undefined
      ? undefined
      : say('accounts.hours', { hours: limits.hours.text, timeZone: limits.timeZone }),
    limits.dailyPoints === undefined
      ? undefined
      : say('accounts.daily', { spent: state.spentToday, limit: limits.dailyPoints }),
    toLoad(state, words),
    toBalance(state, words),
    state.callsBack ? say('accounts.calls-back') : undefined,
    ...differences.slice(0, mostDifferences).map((difference) => toDifference(difference, words)),
    differences.length > mostDifferences
      ? say('more', { count: differences.length - mostDifferences })
      : undefined,
  ];
  return lines.filter((line) => line !== undefined).join('\n');
}

function toLoad({ running, slots, waiting }: AccountState, { say }: Words): string {
  return waiting === 0
    ? say('accounts.load', { running, slots })
    : say('accounts.load.waiting', { running, slots, waiting });
}

function toBalance({ balance }: AccountState, { say }: Words): string {
  if (balance === undefined) return say('accounts.balance.none');
  if (typeof balance === 'object') return say('accounts.balance', balance);
  const reason = balance === 'auth' ? say('accounts.key-refused') : say(`failure.${balance}`);
  return `${say('accounts.balance.unknown')} ${reason}`;
}

function toDifference(
  { action, charged, taken }: AccountState['differences'][number],
  { say }: Words,
): string {
  return say('accounts.price-differs', { action: say(`action.${action}`), charged, taken });
}
