import type { Accounts } from '../accounts/accounts.ts';
import { cleanText } from '../clean-text.ts';
import { UserError } from '../errors.ts';
import { type Download, DownloadError } from '../images/download.ts';
import { translations } from '../locales/index.ts';
import { mostBudget, mostPoints } from '../points/administration.ts';
import { type Policies, requirePoints } from '../points/policies.ts';
import {
  type Asker,
  type BookSettings,
  ceilingOf,
  directBook,
  isOperator,
  type Settings,
} from '../points/policy.ts';
import { defaultLimits, type Limits, limitsOf } from '../points/server-rules.ts';
import { takeSpeed } from '../prompt/compose.ts';
import { requireDefaults } from '../prompt/preferences.ts';
import type { Database } from '../storage/database.ts';
import { longestSuffix, type ServerRules, serverRules } from '../storage/settings-document.ts';
import type { SettingChange } from '../storage/settings-journal.ts';
import { type ReadFile, readSettings, requireKnown, writeSettings } from './settings-file.ts';

export { longestSuffix };

/** What each rule becomes; `undefined` takes it away, and what isn't named stays. */
export type RuleChanges = { readonly [Name in keyof ServerRules]?: ServerRules[Name] | undefined };

/** All that was decided for a server, and the latest changes of it. */
export interface SettingsView {
  readonly book: BookSettings;
  readonly latest: readonly SettingChange[];
}

/** What administrators decide for their server. Each call checks the asker's right again, or throws a `UserError`. */
export interface ServerSettings {
  /** Returns what was decided, to somebody who may decide it. */
  require(asker: Asker): Promise<BookSettings>;
  view(asker: Asker): Promise<SettingsView>;
  /** Makes the changes that `work` finds, or throws a `UserError` and makes none. */
  change(asker: Asker, work: (before: BookSettings) => RuleChanges): Promise<void>;
  /** Returns the settings as the text of a file that {@link ServerSettings.import} takes. */
  export(asker: Asker): Promise<string>;
  /** Replaces the settings by those of a file that was sent; what isn't in the file has its default then. */
  import(asker: Asker, file: SentFile): Promise<void>;
}

/** A file as Discord describes it. */
export interface SentFile {
  readonly url: string;
  readonly bytes: number;
}

/** Which channels and roles a server has. */
export interface Places {
  readonly channels: ReadonlySet<string>;
  readonly roles: ReadonlySet<string>;
}

/**
 * Asks Discord for a server's roles and channels; of its threads, only those with these ids. Resolves to `undefined` if it
 * doesn't say.
 */
export type FindPlaces = (guildId: string, channelIds: readonly string[]) => Promise<Places | undefined>;

const latestShown = 5;
/** More than a full file has. */
const largestFileBytes = 64 * 1024;
const fileTimeoutMs = 10_000;

/** Discord's codes of the languages that the bot speaks. */
export const languages: readonly string[] = ['en-US', ...translations.keys()];

export function createServerSettings({
  accounts,
  policies,
  database,
  loadFile,
  findPlaces,
}: {
  accounts: Pick<Accounts, 'all'>;
  policies: Pick<Policies, 'requireRight' | 'update'>;
  database: Pick<Database, 'settingsJournal'>;
  loadFile: Download;
  findPlaces: FindPlaces;
}): ServerSettings {
  const accountKinds = accounts.all.map(({ kind }) => kind);

  async function requireRight(asker: Asker): Promise<Settings> {
    const settings = await policies.requireRight(asker, 'administer');
    if (asker.book === directBook) throw new UserError('servers-only');
    return settings;
  }

  async function update(asker: Asker, work: (before: BookSettings) => BookSettings): Promise<void> {
    const { operator } = await requireRight(asker);
    const change = (book: BookSettings) => {
      const after = work(book);
      requireSound(asker, { operator, book }, after);
      return after;
    };
    await policies.update(asker.book, change, asker.userId);
  }

  /** Checks what the shape of settings doesn't say. What was decided before may stay as it is. */
  function requireSound(asker: Asker, before: Settings, after: BookSettings): void {
    const { suffix, language } = after;
    if (suffix !== undefined && suffix !== before.book.suffix) requireSuffix(suffix);
    if (language !== undefined && !languages.includes(language)) throw new UserError('language-unknown');
    if (listRoles(after).includes(asker.book)) throw new UserError('everyone-needs-no-rule');
    requireFewPoints(after);
    if (isOperator(before, asker)) return;
    requireNotRaised(limitsOf(before.book), limitsOf(after));
    const ceiling = ceilingOf(before, asker.book);
    const { budget } = after;
    if (ceiling !== undefined && budget !== undefined && budget > ceiling && budget !== before.book.budget)
      throw new UserError('budget-too-high', { ceiling });
  }

  async function readPlaces(
    book: string,
    places: ReadFile['places'],
  ): Promise<(place: ReadFile['places'][number]) => boolean> {
    const named = places.flatMap(({ kind, id }) => (kind === 'channel' ? [id] : []));
    const found = await findPlaces(book, named);
    if (found === undefined) throw new UserError('settings-file-unchecked');
    return ({ kind, id }) => (kind === 'channel' ? found.channels : found.roles).has(id);
  }

  async function loadText({ url, bytes }: SentFile): Promise<string> {
    if (bytes > largestFileBytes) throw new UserError('settings-file-too-large');
    try {
      const signal = AbortSignal.timeout(fileTimeoutMs);
      return (await loadFile(url, { maxBytes: largestFileBytes, signal })).toString('utf8');
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error;
      throw new UserError('settings-file-unreachable');
    }
  }

  function requireSuffix(suffix: string): void {
    const { speed } = takeSpeed(suffix, undefined);
    if (speed !== undefined) throw new UserError('suffix-speed', { flag: `--${speed}` });
    requireDefaults({ suffix }, accountKinds);
  }

  return {
    require: async (asker) => (await requireRight(asker)).book,
    async view(asker) {
      const { book } = await requireRight(asker);
      return { book, latest: await database.settingsJournal.list(asker.book, latestShown) };
    },
    change: (asker, work) => update(asker, (before) => dropUnset({ ...before, ...toChecked(work(before)) })),
    export: async (asker) => writeSettings((await requireRight(asker)).book),
    async import(asker, file) {
      await requireRight(asker);
      const { settings: read, places } = readSettings(await loadText(file));
      if (places.length > 0) requireKnown(places, await readPlaces(asker.book, places));
      await update(asker, ({ people, blocked, accounts: chosen, ceiling }) =>
        dropUnset({ ...read, people, blocked, accounts: chosen, ceiling }),
      );
    },
  };
}

/** Anybody can send anything: what no setting can be is refused with the name of the setting. */
function toChecked(changes: RuleChanges): RuleChanges {
  const { suffix } = changes;
  const checked = suffix === undefined ? changes : { ...changes, suffix: cleanText(suffix) || undefined };
  const parsed = serverRules.safeParse(checked);
  if (parsed.success) return checked;
  throw new UserError('setting-malformed', { setting: String(parsed.error.issues[0]?.path[0] ?? '') });
}

function dropUnset(values: object): BookSettings {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Nobody is listed as having the role that everybody has, so a rule about it would keep everybody out. */
function listRoles({ commandRoles = {}, speedRoles = {}, buttons, roles = {} }: BookSettings): string[] {
  const ofButtons = buttons?.who === 'roles' ? buttons.roles : [];
  const named = [...Object.values(commandRoles), ...Object.values(speedRoles)].flat();
  return [...named, ...ofButtons, ...Object.keys(roles)];
}

function requireFewPoints({ points = 0, roles = {}, budget = 0 }: BookSettings): void {
  for (const value of [points, ...Object.values(roles)]) requirePoints(value, 0, mostPoints);
  requirePoints(budget, 0, mostBudget);
}

/** Operators pay for what runs, so only they allow more than the default; what they allowed may stay. */
function requireNotRaised(before: Limits, after: Limits): void {
  for (const limit of ['personRunning', 'personWaiting', 'serverWaiting'] as const) {
    const most = Math.max(defaultLimits[limit], before[limit]);
    if (after[limit] > most) throw new UserError('limit-too-high', { limit, most });
  }
}
