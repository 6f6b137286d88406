import type { Command, MessageCommand, PricedAccount } from '../src/discord/command.ts';
import { account } from './account.ts';
import { blend } from './blend.ts';
import { block } from './block.ts';
import { describe } from './describe.ts';
import { describeImage } from './describe-image.ts';
import { edit } from './edit.ts';
import { editImage } from './edit-image.ts';
import { help } from './help.ts';
import { imagine } from './imagine.ts';
import { imagineAgain } from './imagine-again.ts';
import { preferences } from './preferences.ts';
import { privacy } from './privacy.ts';
import { queue } from './queue.ts';
import { quota } from './quota.ts';
import { settings } from './settings.ts';
import { shorten } from './shorten.ts';
import { swap } from './swap.ts';
import { task } from './task.ts';
import { taskDetails } from './task-details.ts';
import { useAsReference } from './use-as-reference.ts';
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
  privacy,
  quota,
  settings,
  block,
];

/** Every command in the menu of a message. */
export const messageCommands: readonly MessageCommand[] = [
  describeImage,
  editImage,
  useAsReference,
  imagineAgain,
  taskDetails,
];

/** What Discord is told of every command, with what it costs at those accounts. */
export function listBodies(accounts: readonly PricedAccount[]) {
  return [
    ...commands.map((command) => (command.describe?.(accounts) ?? command.data).toJSON()),
    ...messageCommands.map(({ data }) => data.toJSON()),
  ];
}
