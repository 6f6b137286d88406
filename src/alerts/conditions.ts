import type { Account } from '../accounts/accounts.ts';
import { variablesOf } from '../providers/front-door.ts';
import type { BooksReport } from '../storage/books-check.ts';

/** Something that an operator has to know. */
export interface Condition {
  /** Its name in storage: `account:main:balance`. */
  readonly id: string;
  /** `unknown` changes nothing about what was told before: after a start, nobody has seen yet whether an account works. */
  readonly state: 'bad' | 'good' | 'unknown';
  /** What is wrong, in a few words, as it stands in both messages: "The account `main` has no credit left". */
  readonly what: string;
  /** What to do about it. */
  readonly cure: string;
}

/** How long an account may fail before somebody has to look; most troubles are over by then. */
const patienceMs = 10 * 60_000;
const gibibyte = 1024 ** 3;
/** What the doctor warns about, too; and so much has to be free again before it's over. */
const lowSpaceBytes = gibibyte;
const enoughSpaceBytes = 1.25 * gibibyte;

export function listAccountConditions(
  { name, breaker }: Pick<Account, 'name' | 'breaker'>,
  now: number,
): Condition[] {
  const { trouble, isProven } = breaker.health();
  const works = trouble === undefined && isProven;
  const stateOf = (isBad: boolean) => (isBad ? 'bad' : works ? 'good' : 'unknown');
  const { kind, since = now } = trouble ?? {};
  const isFirm = kind === 'auth' || kind === 'balance';
  const variables = variablesOf(name);
  return [
    {
      id: `account:${name}:balance`,
      state: stateOf(kind === 'balance'),
      what: `The account \`${name}\` has no credit left`,
      cure: 'Top it up at the provider. The bot tries it again by itself.',
    },
    {
      id: `account:${name}:auth`,
      state: stateOf(kind === 'auth'),
      what: `The provider of the account \`${name}\` refuses its key`,
      cure: `Check ${variables}API_KEY, and restart the bot if you change it.`,
    },
    {
      id: `account:${name}:down`,
      state: stateOf(kind !== undefined && !isFirm && now - since >= patienceMs),
      what: `The account \`${name}\` hasn't worked for ten minutes`,
      cure: 'Look at the log, run `npm run doctor`, or ask the provider. The bot tries it again every five minutes.',
    },
  ];
}

/** `undefined`: they haven't been read since the start. */
export function toLedgerCondition(books: Pick<BooksReport, 'findings'> | undefined): Condition {
  return {
    id: 'ledger',
    state: books === undefined ? 'unknown' : books.findings.length > 0 ? 'bad' : 'good',
    what: "The ledger doesn't add up",
    cure: 'Run `npm run doctor`, which names the rows. Keep a copy of the data folder before you change anything.',
  };
}

/** `undefined`: the system doesn't say. */
export function toDiskCondition(freeBytes: number | undefined): Condition {
  const isLow = freeBytes !== undefined && freeBytes < lowSpaceBytes;
  const isEnough = freeBytes !== undefined && freeBytes >= enoughSpaceBytes;
  return {
    id: 'disk',
    state: isLow ? 'bad' : isEnough ? 'good' : 'unknown',
    what: 'The disk with the data folder is nearly full',
    cure: 'Make room, or lower PICTURE_MAX_BYTES or PICTURE_DAYS.',
  };
}

export type TokenState = 'refused' | 'works' | 'unknown';

export function toTokenCondition(token: TokenState): Condition {
  return {
    id: 'discord-token',
    state: token === 'refused' ? 'bad' : token === 'works' ? 'good' : 'unknown',
    what: "Discord doesn't let the bot in any longer, so it has stopped",
    cure: "Check DISCORD_TOKEN: reset it on Discord's developer page if necessary, and start the bot again.",
  };
}
