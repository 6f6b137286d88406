import { type Adjustment, type Speed, speeds } from '../task.ts';
import type { Provider } from './provider.ts';

/** Returns the speed that a task runs at, and is charged for: if the API adjusts the one that was asked for, the adjusted one. */
export function speedOf({ speed }: { readonly speed: Speed }, adjustments: readonly Adjustment[]): Speed {
  const adjusted = adjustments.find(({ flag }) => flag === `--${speed}`)?.used;
  return speeds.find((known) => known === adjusted) ?? speed;
}

/** Whether an imagine can really run at that speed, so that it has a price of its own. */
export function hasOwnSpeed(provider: Pick<Provider, 'speeds' | 'review'>, speed: Speed): boolean {
  const request = { action: 'imagine', prompt: 'a fox', speed } as const;
  return provider.speeds.has(speed) && speedOf(request, provider.review?.(request) ?? []) === speed;
}
