import { EmbedBuilder } from '@discordjs/builders';
import type { AccountState } from '../../accounts/administration.ts';
import { cutText } from '../../clean-text.ts';
import type { Words } from '../../locales/index.ts';
import type { PrivateMessage } from '../respond.ts';
import { colors } from './message.ts';

/** Of an embed (Discord docs, message resource, "Embed Limits"). */
const mostFields = 25;
/** Of all of an embed's 6,000, without its title, description and footer. */
const mostCharacters = 5_000;
const longestName = 256;
const longestValue = 1_024;
/** So many sentences fit into a field. */
const mostDifferences = 5;

/** The accounts and how they do, for operators only. */
export function renderAccounts(
  states: readonly AccountState[],
  words: Words,
  isChanged: boolean,
): PrivateMessage {
  const { accounts } = words;
  const embed = new EmbedBuilder().setColor(colors.open).setTitle(accounts.title);
  embed.setDescription(isChanged ? accounts.changed : accounts.explanation);
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
  if (left > 0) embed.setFooter({ text: words.andMore(left) });
  return { embeds: [embed.toJSON()] };
}

function toLines(state: AccountState, words: Words): string {
  const { accounts } = words;
  const { isChosen, outage, pausedUntil, running, slots, waiting, balance, callsBack, differences } = state;
  const lines = [
    isChosen ? undefined : accounts.unused,
    outage === undefined ? undefined : accounts.outage(outage.trouble, outage.until),
    outage === undefined && pausedUntil !== undefined ? accounts.paused(pausedUntil) : undefined,
    accounts.load(running, slots, waiting),
    balance === undefined ? accounts.noBalance : undefined,
    typeof balance === 'string' ? accounts.balanceFailed(balance) : undefined,
    typeof balance === 'object' ? accounts.balance(balance.amount, balance.unit) : undefined,
    callsBack ? accounts.callsBack : undefined,
    ...differences
      .slice(0, mostDifferences)
      .map(({ action, charged, taken }) => accounts.priceDiffers(words.action(action), charged, taken)),
    differences.length > mostDifferences ? words.andMore(differences.length - mostDifferences) : undefined,
  ];
  return lines.filter((line) => line !== undefined).join('\n');
}
