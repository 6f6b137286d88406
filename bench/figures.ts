/** What a figure should be. */
export interface Goal {
  readonly is: 'at most' | 'below' | 'at least';
  readonly value: number;
  /** A wish, not a promise. */
  readonly isAim?: boolean;
}

/** One number of a measure. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: Goal;
}

/** All numbers of one measure under one load. */
export interface Section {
  /** The measure and its load: `acknowledge, 200/s`. */
  readonly title: string;
  readonly figures: readonly Figure[];
}

/** A whole run, as it is written to a file. */
export interface Report {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly machine: Readonly<Record<string, string>>;
  readonly sections: readonly Section[];
}

export function isMet(value: number, goal: Goal): boolean {
  if (goal.is === 'at least') return value >= goal.value;
  return goal.is === 'below' ? value < goal.value : value <= goal.value;
}

const signs = { 'at most': '≤', below: '<', 'at least': '≥' };

/** `≤ 250 ms`, `aim < 1.5 ×`; empty without a goal. */
export function describeGoal({ goal, unit }: Pick<Figure, 'goal' | 'unit'>): string {
  if (goal === undefined) return '';
  const sign = signs[goal.is];
  return `${goal.isAim ? 'aim ' : ''}${sign} ${formatNumber(goal.value)} ${unit}`.trim();
}

/** Three significant digits, with as few decimals as possible. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
