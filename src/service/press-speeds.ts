import type { Account, Accounts } from '../accounts/accounts.ts';
import { UserError } from '../errors.ts';
import { lint } from '../prompt/lint.ts';
import type { Offer, Speed, Task, TaskRequest } from '../task.ts';
import type { Preferences } from './preferences.ts';
import { toPressRequest } from './press-prices.ts';

/**
 * Returns the speed of a press: what its person prefers, where the API can be told with a button; elsewhere, and for everybody
 * without a preference, it's that of the picture, whose price the button says.
 */
export type ChoosePressSpeed = (parent: Task, offer: Offer, userId: string) => Promise<Speed>;

export function createPressSpeeds({
  accounts,
  preferences,
}: {
  accounts: Pick<Accounts, 'get'>;
  preferences: Pick<Preferences, 'read'>;
}): ChoosePressSpeed {
  return async ({ account: name, request }, offer, userId) => {
    const account = accounts.get(name);
    const usual = request.speed;
    if (account?.traits.takesPressSpeeds !== true || offer.isLocal === true) return usual;
    const { speed = usual } = await preferences.read(userId);
    if (
      !account.provider.speeds.has(speed) ||
      isRefused(account, { ...toPressRequest({ request }, offer), speed })
    )
      return usual;
    // A version without turbo is made at another speed.
    const { action, prompt } = request;
    return lint(prompt, { action, speed, pictures: 0, kind: account.kind }).speed === speed ? speed : usual;
  };
}

/** Whether that API has no such speed for what the button makes, as Ace Data Cloud has no relax for videos. */
function isRefused({ provider }: Account, request: TaskRequest): boolean {
  try {
    provider.review?.(request);
    return false;
  } catch (error) {
    if (error instanceof UserError) return true;
    throw error;
  }
}
