import type { Command } from '../src/discord/command.ts';
import { account } from './account.ts';
import { imagine } from './imagine.ts';
import { queue } from './queue.ts';
import { quota } from './quota.ts';

/** Every slash command, for the bot and for `npm run deploy`. */
export const commands: readonly Command[] = [imagine, queue, account, quota];
