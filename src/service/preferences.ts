import type { Accounts } from '../accounts/accounts.ts';
import type { Remixing } from '../accounts/remixing.ts';
import { cleanText } from '../clean-text.ts';
import { UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Asker } from '../points/policy.ts';
import { combinePrompt, type PromptDefaults } from '../prompt/combine.ts';
import { listVersions } from '../prompt/kinds.ts';
import { type Version, versions } from '../prompt/models.ts';
import {
  findCode,
  requireCode,
  requireDefaults,
  requirePreset,
  requirePresetName,
  type SavedCode,
} from '../prompt/preferences.ts';
import { readPresetName } from '../prompt/presets.ts';
import type { Documents, StoredPreferences } from '../storage/documents.ts';
import type { Action, Offer, TaskRequest } from '../task.ts';
import type { Starts } from './start.ts';

export const mostPresets = 20;
export const mostCodes = 25;

/** What somebody has set for everything they start. */
export interface PersonSettings extends Omit<PromptDefaults, 'presets'> {
  readonly translate?: boolean;
  /** Whether 🔄, V, zoom and pan ask for the prompt first. */
  readonly remix?: boolean;
  /** Whether they're mentioned when a task that took long has ended; they are unless it's `off`. */
  readonly notify?: 'off';
  /** Whether their pictures say how they were made; they do unless it's `off`. */
  readonly metadata?: 'off';
}

/** All that somebody has set for themselves. */
export interface OwnPreferences extends PersonSettings {
  readonly presets: Readonly<Record<string, string>>;
  readonly codes: readonly SavedCode[];
}

/** What each setting becomes; `undefined` takes it away, and what isn't named stays. */
export type SettingChanges = { readonly [Name in keyof PersonSettings]?: PersonSettings[Name] | undefined };

/** What an imagine costs with the preferences, and without; or with a preset, and with the preferences alone. */
export interface OwnPrice {
  readonly own: number;
  readonly usual: number;
}

/** What people have set for themselves: only they read it, and it goes with them to every server. */
export interface Preferences {
  /** Those that the accounts here take, newest first. */
  readonly versions: readonly Version[];
  read(userId: string): Promise<OwnPreferences>;
  /** Throws a `UserError` for what never works, contradicts or has no price; nothing is changed then. */
  set(userId: string, changes: SettingChanges): Promise<OwnPreferences>;
  /** Takes settings away; presets and codes, too, if they're named. */
  reset(userId: string, names: readonly (keyof OwnPreferences)[]): Promise<OwnPreferences>;
  /** Saves a preset, in place of the one with that name. Returns its name. */
  savePreset(userId: string, name: string, text: string): Promise<string>;
  /** Returns the preset that is gone. */
  removePreset(userId: string, name: string): Promise<{ name: string; text: string }>;
  /** Saves a code, in place of the one with that name. */
  saveCode(userId: string, code: Parameters<typeof requireCode>[0]): Promise<SavedCode>;
  /** Returns the code that is gone. */
  removeCode(userId: string, name: string): Promise<SavedCode>;
  /** Which buttons here can be pressed with another prompt: all that Midjourney's Remix mode has, or only some of them. */
  remixable(): 'all' | 'reroll-and-zoom' | 'reroll' | 'none';
  /** Returns what an imagine costs the person, maybe with a preset; `undefined` if nothing can be made here. */
  price(asker: Asker, preset?: string): Promise<OwnPrice | undefined>;
  forget(userId: string): Promise<void>;
}

/** Under Remix, V is what all of Midjourney's versions have. */
const aVariation: Offer = { action: 'variation', index: 1, token: 'MJ::JOB::variation::1' };

/** How many people's preferences to keep in memory. */
const mostKnown = 2_000;

export function createPreferences({
  accounts,
  documents: { preferences },
  remixing,
  starts,
  log,
}: {
  accounts: Pick<Accounts, 'all'>;
  documents: Pick<Documents, 'preferences'>;
  remixing: Pick<Remixing, 'takesPrompts'>;
  starts: Pick<Starts, 'quote'>;
  log: Logger;
}): Preferences {
  const accountKinds = accounts.all.map(({ kind }) => kind);
  const changing = new Map<string, Promise<unknown>>();
  /** Suggestions are answered while somebody types, and only this process changes preferences. */
  const known = new Map<string, OwnPreferences>();

  async function read(userId: string): Promise<OwnPreferences> {
    const stored = known.has(userId) ? undefined : await preferences.get(userId);
    const own = known.get(userId) ?? toOwn(stored ?? {}); // known by now if it was changed in the meantime
    remember(userId, own);
    return own;
  }

  function remember(userId: string, own: OwnPreferences): void {
    known.delete(userId);
    known.set(userId, own);
    const [oldest] = known.keys();
    if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
  }

  /** Changes of one person happen one after another, so that none is lost. */
  function change(userId: string, work: (own: OwnPreferences) => OwnPreferences): Promise<OwnPreferences> {
    return inTurn(userId, async () => {
      const own = work(toOwn((await preferences.get(userId)) ?? {}));
      await preferences.set(userId, own);
      remember(userId, own);
      log.info({ userId }, 'preferences changed');
      return own;
    });
  }

  function inTurn<Result>(userId: string, work: () => Promise<Result>): Promise<Result> {
    const turn = (changing.get(userId) ?? Promise.resolve()).then(work);
    const settled = Promise.allSettled([turn]).then(() => {
      if (changing.get(userId) === settled) changing.delete(userId);
    });
    changing.set(userId, settled);
    return turn;
  }

  return {
    versions: listVersions(accountKinds),
    read,
    async set(userId, changes) {
      return change(userId, (own) => {
        const { presets, codes, ...settings } = { ...own, ...changes };
        const { translate, remix, notify, metadata, ...defaults } = dropUnset({
          ...settings,
          suffix: cleanText(settings.suffix ?? ''),
        });
        const checked = requireDefaults(defaults, accountKinds);
        return { ...checked, ...dropUnset({ translate, remix, notify, metadata }), presets, codes };
      });
    },
    async reset(userId, names) {
      return change(userId, (own) => {
        const kept = Object.entries(own).filter(([name]) => !names.some((one) => one === name));
        return { presets: {}, codes: [], ...Object.fromEntries(kept) };
      });
    },
    async savePreset(userId, typedName, typed) {
      const name = requirePresetName(typedName);
      const text = requirePreset(typed, accountKinds);
      await change(userId, (own) => {
        const presets = { ...own.presets, [name]: text };
        if (Object.keys(presets).length > mostPresets)
          throw new UserError('presets-full', { limit: mostPresets });
        return { ...own, presets };
      });
      return name;
    },
    async removePreset(userId, typedName) {
      const name = readPresetName(typedName);
      const removed: string[] = [];
      await change(userId, (own) => {
        const { [name]: text, ...presets } = own.presets;
        if (text === undefined || !Object.hasOwn(own.presets, name))
          throw new UserError('preset-unknown', { name });
        removed.push(text);
        return { ...own, presets };
      });
      return { name, text: removed[0] ?? '' };
    },
    async saveCode(userId, typed) {
      const code = requireCode(typed);
      await change(userId, (own) => {
        const replaced = findCode(own.codes, code.name);
        const codes = [...own.codes.filter((one) => one !== replaced), code];
        if (codes.length > mostCodes) throw new UserError('codes-full', { limit: mostCodes });
        return { ...own, codes };
      });
      return code;
    },
    async removeCode(userId, name) {
      const removed: SavedCode[] = [];
      await change(userId, (own) => {
        const code = findCode(own.codes, name);
        if (code === undefined) throw new UserError('code-unknown', { name });
        removed.push(code);
        return { ...own, codes: own.codes.filter((one) => one !== code) };
      });
      return removed[0] as SavedCode;
    },
    remixable() {
      const asks = accounts.all.some(
        ({ name, provider }) => provider.canRemix?.(aVariation) === true && remixing.takesPrompts(name),
      );
      const can = (...actions: Action[]) =>
        accounts.all.some(({ provider }) => actions.every((action) => provider.actions.has(action)));
      if (asks) return 'all';
      if (!can('reroll', 'imagine')) return 'none';
      return can('custom-zoom') ? 'reroll-and-zoom' : 'reroll';
    },
    async price(asker, preset) {
      const own = await read(asker.userId);
      const text = 'x';
      const mine = await starts.quote(toRequest(combinePrompt({ text, preset }, own)), asker.book);
      const without = preset === undefined ? {} : own;
      const usual = await starts.quote(toRequest(combinePrompt({ text }, without)), asker.book);
      return mine === undefined || usual === undefined ? undefined : { own: mine, usual };
    },
    async forget(userId) {
      await inTurn(userId, async () => {
        await preferences.delete(userId);
        known.delete(userId);
      });
    },
  };
}

function toRequest({ prompt, speed }: Pick<TaskRequest, 'prompt' | 'speed'>): TaskRequest {
  return { action: 'imagine', prompt, speed, pictures: [] };
}

/** A version that this bot no longer offers isn't anybody's default. */
function toOwn({
  version: stored,
  presets = {},
  codes = [],
  ...settings
}: StoredPreferences): OwnPreferences {
  const version: Version | undefined = versions.find((one) => one === stored);
  return { ...dropUnset({ ...settings, version }), presets, codes };
}

/** What is off or empty is as if it had never been set. */
function dropUnset<Values extends object>(values: Values) {
  const isSet = (value: unknown) => value !== undefined && value !== false && value !== '';
  const set = Object.entries(values).filter(([, value]) => isSet(value));
  return Object.fromEntries(set) as { [Key in keyof Values]: Exclude<Values[Key], undefined> };
}
