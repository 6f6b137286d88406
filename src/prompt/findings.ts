import type { Finding, FindingDetails } from '../errors.ts';
import type { Action, Speed } from '../task.ts';
import type { KindRules } from './kinds.ts';
import type { Model, Rule, Rules } from './models.ts';
import type { Parameter } from './reading.ts';

/** What a prompt is for, and who gets it. */
export interface LintContext {
  readonly action: Action;
  readonly speed: Speed;
  /** How many pictures come with it. */
  readonly pictures: number;
  /** Whether one of them only lends its style. */
  readonly hasStyle?: boolean;
  /** The kind of account that gets it; Midjourney's own rules if it's `undefined`, or has none of its own. */
  readonly kind?: string | undefined;
}

/** A prompt while it's corrected: each rule reads what the ones before it have left. */
export interface Draft {
  words: string;
  parameters: Parameter[];
  speed: Speed;
  readonly findings: Finding[];
  readonly context: LintContext;
  readonly kind: KindRules | undefined;
}

/** The version that a prompt is made with, as far as it's known. */
export interface KnownModel {
  readonly model: Model;
  /** Whether the corrected prompt names it. */
  readonly isNamed: boolean;
  /** Whether the prompt named it as it was written: then what the version turns down is certain. */
  readonly isCertain: boolean;
}

/** One thing to look for. Notes what it finds, and leaves a prompt in which there's nothing to find. */
export type LintRule = (draft: Draft) => void;

export function note<Code extends keyof FindingDetails>(
  { findings }: Pick<Draft, 'findings'>,
  code: Code,
  details: FindingDetails[Code],
  isCertain = false,
): void {
  findings.push({ code, details, isCertain } as Finding);
}

/** Puts parameters in the place of each one; `[]` drops it. */
export function replaceEach(
  draft: Draft,
  replace: (parameter: Parameter, index: number) => readonly Parameter[],
): void {
  draft.parameters = draft.parameters.flatMap(replace);
}

/** How the version takes a parameter at that kind of account; `undefined` if that isn't documented. */
export function ruleFor(
  { kind }: Pick<Draft, 'kind'>,
  { name, rules }: { name: string; rules: Rules },
  parameter: string,
): Rule | undefined {
  return kind?.versions?.[name]?.[parameter] ?? rules[parameter];
}
