import { discord } from './list/discord.ts';
import { guards } from './list/guards.ts';
import { money } from './list/money.ts';
import { operator } from './list/operator.ts';
import { prompts } from './list/prompt.ts';
import { providers } from './list/providers.ts';
import { tasks } from './list/tasks.ts';
import type { Mutant } from './mutant.ts';

/** Every mutant. A new check gets one here: take the check out, and name the test that notices. */
export const mutants: readonly Mutant[] = [
  ...guards,
  ...prompts,
  ...money,
  ...tasks,
  ...providers,
  ...discord,
  ...operator,
];
