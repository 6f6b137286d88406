import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Acknowledge } from './discord/acknowledge.ts';
import { toSentence } from './discord/render/error.ts';
import { toFindingSentence } from './discord/render/findings.ts';
import { wordsFor } from './locales/index.ts';
import type { Logger } from './log.ts';
import type { Relay } from './relay.ts';
import { createPublicServer } from './web/public.ts';
import { createRegionDesk } from './web/region-desk.ts';

/** What the outside sees. The region editor is there only if people can reach it. */
export function createOutside(
  { callbacks }: Pick<Config, 'callbacks'>,
  {
    relay,
    acknowledge,
    clock,
    log,
  }: {
    relay: Pick<Relay, 'callbacks' | 'regionPages'>;
    acknowledge: Pick<Acknowledge, 'post'>;
    clock: Clock;
    log: Logger;
  },
) {
  const report = (error: unknown) => log.error({ error }, 'a request from outside failed');
  if (callbacks === undefined) return createPublicServer(relay.callbacks, { report });
  const createDesk = (assetPath: string) =>
    createRegionDesk({
      pages: relay.regionPages,
      post: acknowledge.post,
      sayError: (error, words) => toSentence(error, words),
      sayFinding: toFindingSentence,
      words: wordsFor,
      assetPath,
      clock,
    });
  const prefix = new URL(callbacks.publicUrl).pathname.replace(/\/$/u, '');
  return createPublicServer(relay.callbacks, { region: { createDesk, prefix }, report });
}
