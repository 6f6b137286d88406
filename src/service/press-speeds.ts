import type { Accounts } from '../accounts/accounts.ts';
import { lint } from '../prompt/lint.ts';
import type { Offer, Speed, Task } from '../task.ts';
import type { Preferences } from './preferences.ts';

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
  return async ({ account: name, request }, { isLocal }, userId) => {
    const account = accounts.get(name);
    const usual = request.speed;
    if (account?.traits.takesPressSpeeds !== true || isLocal === true) return usual;
    const { speed = usual } = await preferences.read(userId);
    if (!account.provider.speeds.has(speed)) return usual;
    // A version without turbo is made at another speed.
    const { action, prompt } = request;
    return lint(prompt, { action, speed, pictures: 0, kind: account.kind }).speed === speed ? speed : usual;
  };
}
