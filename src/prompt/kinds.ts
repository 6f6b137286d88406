import { modelOf, type Rules, type Version, versions } from './models.ts';

/** What an API makes of a prompt, if not what Midjourney's bot does. */
export interface KindRules {
  /** Replaces rules of a version, by its name. */
  readonly versions?: Readonly<Record<string, Rules>>;
  /** Versions that it still has although Midjourney doesn't. */
  readonly keeps?: readonly string[];
  /** The only parameters that it has fields for; it would drop everything else. */
  readonly only?: ReadonlySet<string>;
  /** The only versions that it can be asked for. */
  readonly onlyVersions?: readonly string[];
  /** The source, and when it was read. */
  readonly source: string;
}

const aceQuality = { is: 'choice', values: ['.25', '.5', '1', '2', '4'] } as const;

/** By the kind of account; those that aren't here pass prompts on to Midjourney's bot as they are. */
export const kinds: Readonly<Record<string, KindRules>> = {
  /** `quality` isn't for 8.1, and 8.1 alone has no turbo. */
  acedata: {
    versions: {
      '8.2': { q: aceQuality, turbo: { is: 'taken' } },
      '8': { q: aceQuality, turbo: { is: 'taken' } },
    },
    keeps: ['8'],
    source:
      'AceDataCloud/Docs, openapi/midjourney.json; AceDataCloud/Nexior, v81Capabilities.test.ts, 2026-11',
  },
  apixo: {
    only: new Set(['ar', 's', 'c', 'w', 'v', 'draft']),
    onlyVersions: ['7'],
    source: 'apixo.ai, docs/models/image/midjourney, 2026-11',
  },
};

/** Versions that Ace Data Cloud bills by its `version` field, and qualities that its field takes (openapi/midjourney.json). */
export const aceVersions: ReadonlySet<string> = new Set(['5.2', '6', '6.1', '7', '8', '8.1', '8.2']);
export const aceQualities: ReadonlySet<string> = new Set(aceQuality.values);

/** Apixo's fields take steps, and one of these ratios (docs/models/image/midjourney). */
export const apixoFields = {
  stylize: { step: 50, largest: 1_000 },
  chaos: { step: 5, largest: 100 },
  weird: { step: 100, largest: 3_000 },
  ratios: ['1:1', '1:2', '2:1', '2:3', '3:2', '3:4', '4:3', '5:6', '6:5', '9:16', '16:9'],
} as const;

/** The versions that `/imagine` offers, as far as one of those kinds of accounts takes them. */
export function listVersions(accountKinds: readonly string[]): readonly Version[] {
  const isTaken = (version: Version) =>
    accountKinds.some((kind) => kinds[kind]?.onlyVersions?.includes(version) ?? true);
  return accountKinds.length === 0 ? versions : versions.filter(isTaken);
}

/** Whether an account of that kind, or else Midjourney, makes pictures of a version at turbo speed, as far as anybody knows. */
export function hasTurbo(kind: string | undefined, version: string): boolean {
  const rule = kinds[kind ?? '']?.versions?.[version]?.['turbo'] ?? modelOf(version)?.rules['turbo'];
  return rule?.is !== 'missing';
}
