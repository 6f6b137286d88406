import { shortenText } from '../clean-text.ts';
import { UserError } from '../errors.ts';
import type { Speed } from '../task.ts';
import {
  composePrompt,
  findOverridden,
  hasWords,
  normalizePrompt,
  type PromptOptions,
  refuseSeveralJobs,
  requireLength,
  takeSpeed,
  toFlags,
} from './compose.ts';
import { modelOf, type Version } from './models.ts';
import { optionFlags } from './parameters.ts';
import { type Presets, readPresetName, takePresets } from './presets.ts';
import { joinWords, type Parameter, readPrompt, writeParameter } from './reading.ts';

/** What somebody has set once, for every prompt that doesn't say otherwise. */
export interface PromptDefaults extends Pick<PromptOptions, 'aspect' | 'version' | 'stylize' | 'raw'> {
  readonly speed?: Speed;
  /** Behind every prompt: words, parameters, or both. */
  readonly suffix?: string;
  readonly presets?: Presets;
}

/** What somebody asks for now. */
export interface TypedPrompt {
  readonly text: string;
  readonly options?: PromptOptions & { readonly speed?: Speed | undefined };
  /** The name of a preset that was chosen next to the text. */
  readonly preset?: string | undefined;
  readonly pictures?: number;
}

/** One prompt out of both, and which options don't count since the text sets the same. */
export interface Combined {
  readonly prompt: string;
  readonly speed: Speed;
  readonly overridden: { flag: string; option: string }[];
}

/** A part of a prompt that was written earlier. */
interface Layer {
  readonly words: string;
  readonly parameters: readonly Parameter[];
  readonly speed: Speed | undefined;
}

/**
 * Puts a prompt together. What was typed counts first, then the options, then presets in the order they were named, then the
 * suffix, and then the other defaults: each adds only what those before it didn't set. Throws a {@link UserError} for what
 * can't be a prompt, and for a preset that doesn't exist.
 */
export function combinePrompt(typed: TypedPrompt, defaults: PromptDefaults = {}): Combined {
  const { presets = {}, suffix = '', speed: usualSpeed, ...settings } = defaults;
  const { speed: chosenSpeed, ...options } = typed.options ?? {};
  refuseSeveralJobs(normalizePrompt(typed.text)); // the first one of them gets its suffix when it's typed
  const found = takePresets(typed.text, presets);
  const taken = takeSpeed(found.text, chosenSpeed);
  const written = normalizePrompt(taken.text);
  const read = readPrompt(written);
  const chosen = listPresets(found.names, typed.preset, presets).map(readLayer);
  const words = joinWords([read.words, ...chosen.map((layer) => layer.words)]);
  if (words === '' && !hasWords(written) && (typed.pictures ?? 0) === 0) throw new UserError('prompt-empty');
  const layers = [...chosen, readLayer(suffix)];
  const all = joinWords([read.words, ...layers.map((layer) => layer.words)]);
  const text = [all, ...read.parameters.map(writeWhole)].filter(Boolean).join(' ');
  const isSet = new Set([
    ...read.parameters.map(({ name }) => settingOf(name)),
    ...Object.entries(options).flatMap(([option, value]) => (value === undefined ? [] : [option])),
  ]);
  const added = layers.flatMap(({ parameters }) => takeMissing(parameters, isSet));
  const asked = composePrompt([text, ...added].join(' '), options, typed.pictures);
  const usual = readPrompt(toFlags(spellFor(asked, settings)).join(' ')).parameters;
  return {
    prompt: requireLength([asked, ...takeMissing(usual, isSet)].join(' ')),
    speed: taken.speed ?? layers.find(({ speed }) => speed !== undefined)?.speed ?? usualSpeed ?? 'fast',
    overridden: findOverridden(found.text, { ...options, speed: chosenSpeed }),
  };
}

function listPresets(names: readonly string[], chosen: string | undefined, presets: Presets): string[] {
  const all = chosen === undefined ? names : [...names, readPresetName(chosen)];
  return [...new Set(all)].map((name) => {
    const text = Object.hasOwn(presets, name) ? presets[name] : undefined;
    if (text === undefined) throw new UserError('preset-unknown', { name: shortenText(name, 100) });
    return text;
  });
}

function readLayer(written: string): Layer {
  const { text, speed } = takeSpeed(written, undefined);
  const { words, parameters } = readPrompt(normalizePrompt(text));
  const behind = parameters.map(({ wordsBehind }) => wordsBehind);
  return { words: joinWords([words, ...behind]), parameters, speed };
}

/** A parameter as it was typed, with the words behind it. */
function writeWhole({ wordsBehind, ...parameter }: Parameter & { readonly wordsBehind: string }): string {
  return [writeParameter(parameter), wordsBehind].filter(Boolean).join(' ');
}

/** Writes the parameters that set something which isn't set yet, and notes that it is now. */
function takeMissing(parameters: readonly Parameter[], isSet: Set<string>): string[] {
  const missing = parameters.filter(({ name }) => {
    const setting = settingOf(name);
    if (isSet.has(setting)) return false;
    isSet.add(setting);
    return true;
  });
  return missing.map(writeParameter);
}

/** What sets the same as another one: a version of niji sets the version, and `--style raw` is `--raw`. */
function settingOf(name: string): string {
  const options: [string, readonly string[]][] = Object.entries(optionFlags);
  return options.find(([, names]) => names.includes(name))?.[0] ?? name;
}

/** How the raw style is spelled depends on the version, which the prompt may name. */
function spellFor(prompt: string, { version: usual, ...settings }: PromptOptions): PromptOptions {
  const named = readPrompt(prompt).parameters.find(({ name }) => settingOf(name) === 'version');
  const name = [...(named?.name === 'niji' ? ['niji'] : []), ...(named?.values ?? [])].join(' ');
  const version = named === undefined ? usual : (modelOf(name)?.name as Version | undefined);
  return version === undefined ? settings : { ...settings, version };
}
