import { agreements } from './list/agreements.ts';
import { books } from './list/books.ts';
import { busy, lostAnswers } from './list/busy.ts';
import { corrections } from './list/corrections.ts';
import { delivery } from './list/delivery.ts';
import { edits } from './list/edits.ts';
import { guards } from './list/guards.ts';
import { life } from './list/life.ts';
import { accountLimits } from './list/limits.ts';
import { looking } from './list/looking.ts';
import { messages } from './list/messages.ts';
import { monitoring } from './list/monitoring.ts';
import { proofs } from './list/never-twice.ts';
import { operator } from './list/operator.ts';
import { otherButtons } from './list/other-buttons.ts';
import { people } from './list/people.ts';
import { preferences } from './list/preferences.ts';
import { prices } from './list/prices.ts';
import { privateResults } from './list/private.ts';
import { prompts } from './list/prompt.ts';
import { providers } from './list/providers.ts';
import { refundsOfCancels } from './list/refunds.ts';
import { regionPages } from './list/region-pages.ts';
import { remixes } from './list/remix.ts';
import { secrecy } from './list/secrecy.ts';
import { serverSettings } from './list/server-settings.ts';
import { sharing } from './list/sharing.ts';
import { spending } from './list/spending.ts';
import { translation } from './list/translation.ts';
import { useCases } from './list/use-cases.ts';
import { videos } from './list/videos.ts';
import { sentences } from './list/words.ts';
import type { Mutant } from './mutant.ts';

/** Every mutant. A new check gets one here: take the check out, and name the tests that notice. */
export const mutants: readonly Mutant[] = [
  ...guards,
  ...prompts,
  ...prices,
  ...preferences,
  ...remixes,
  ...agreements,
  ...privateResults,
  ...corrections,
  ...books,
  ...accountLimits,
  ...life,
  ...translation,
  ...useCases,
  ...spending,
  ...looking,
  ...regionPages,
  ...providers,
  ...otherButtons,
  ...people,
  ...messages,
  ...sentences,
  ...delivery,
  ...operator,
  ...monitoring,
  ...refundsOfCancels,
  ...proofs,
  ...serverSettings,
  ...sharing,
  ...secrecy,
  ...busy,
  ...lostAnswers,
  ...videos,
  ...edits,
];
