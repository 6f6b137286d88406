import type { Command, PricedAccount } from '../src/discord/command.ts';
import { account } from './account.ts';
import { blend } from './blend.ts';
import { describe } from './describe.ts';
import { edit } from './edit.ts';
import { help } from './help.ts';
import { imagine } from './imagine.ts';
import { preferences } from './preferences.ts';
import { queue } from './queue.ts';
import { quota } from './quota.ts';
import { settings } from './settings.ts';
import { shorten } from './shorten.ts';
import { swap } from './swap.ts';
import { task } from './task.ts';
import { video } from './video.ts';

/** Every slash command, for the bot and for `npm run deploy`. */
export const commands: readonly Command[] = [
  imagine,
  blend,
  describe,
  shorten,
  edit,
  video,
  swap,
  task,
  queue,
  account,
  preferences,
  help,
  quota,
  settings,
];

/** What Discord is told of every command, with what it costs at those accounts. */
export function listBodies(accounts: readonly PricedAccount[]) {
  return commands.map((command) => (command.describe?.(accounts) ?? command.data).toJSON());
}
