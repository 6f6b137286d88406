import { brokenGateway, rateLimited, refusedWith, silent, type TroubleRule } from '../discord/index.ts';
import type { SwitchOption } from './protocol.ts';

export interface DiscordTrouble extends SwitchOption {
  makeRule?: () => TroubleRule;
}

/** The word that AutoMod blocks. */
const forbiddenWord = 'forbidden';

const always = (act: TroubleRule['do']): TroubleRule => ({
  match: /./,
  times: Number.POSITIVE_INFINITY,
  do: act,
});

/** What can be wrong with Discord. With the first, nothing is. */
export const discordTroubles: Readonly<Record<string, DiscordTrouble>> = {
  fine: { value: 'fine', label: 'Works', says: 'Answers as it should' },
  slow: {
    value: 'slow',
    label: 'Slow',
    says: 'Every request takes 1.5 s more',
    makeRule: () => always({ type: 'delay', ms: 1_500, when: 'first' }),
  },
  limited: {
    value: 'limited',
    label: '429',
    says: 'Answers 429 to everything',
    makeRule: () => always(rateLimited('user', 1_000)),
  },
  failing: {
    value: 'failing',
    label: '5xx',
    says: 'Answers 502 to everything',
    makeRule: () => always(brokenGateway(502)),
  },
  silent: {
    value: 'silent',
    label: '204',
    says: 'Takes first answers, and says nothing of their message',
    makeRule: () => ({ ...always(silent()), match: /^POST .*\/callback$/ }),
  },
  automod: {
    value: 'automod',
    label: 'AutoMod',
    says: `Refuses messages with the word “${forbiddenWord}” (200000)`,
    makeRule: () => ({
      ...always(refusedWith(400, 200_000, 'Message was blocked by automatic moderation')),
      match: /^(?:POST|PATCH) \/(?:channels|interactions|webhooks)\//,
      holding: new RegExp(`\\b${forbiddenWord}\\b`, 'i'),
    }),
  },
};
