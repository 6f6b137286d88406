import type { Adjustment, Task } from '../../task.ts';

/** What its API does differently, except what would tell that a parameter is in the hidden suffix. */
export function listShownAdjustments({ adjustments = [], request }: Task): Adjustment[] {
  const { prompt, hidden } = request;
  return adjustments.filter((one) => hidden === undefined || isSpeed(one) || prompt.includes(one.flag));
}

/** Whether it's about the speed, which everybody sees. */
export function isSpeed({ flag, asked }: Pick<Adjustment, 'flag' | 'asked'>): boolean {
  return flag === `--${asked}`;
}
