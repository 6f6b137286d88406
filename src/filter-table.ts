import { z } from 'zod';

/** Fields of midjourney-proxy's `accountFilter` that hold text, and how long one may be. */
const texts = ['channelId', 'instanceId', 'remark'] as const;
const longestText = 100;
/** Those that are on or off. */
const switches = ['remix', 'nijiRemix', 'remixAutoConsidered'] as const;
/** What else is on or off. */
const others = ['chooseSameChannel', 'modes'] as const;
const partNames: readonly string[] = [...texts, ...switches, ...others];

/** Which of its accounts at Midjourney an API should use, as its operator says. */
export interface FilterTable {
  /** `accountFilter` of each request, without its speed. */
  readonly accountFilter: Readonly<
    Partial<Record<(typeof texts)[number], string> & Record<(typeof switches)[number], boolean>>
  >;
  /** Sent with the press of a button: whether an account in the same channel is chosen. */
  readonly chooseSameChannel?: boolean;
  /** Whether the filter says the speed; it does unless set. */
  readonly modes?: boolean;
}

/** `channelId=1118138338562560102, remix=on`: what isn't named isn't sent. */
export const filterTable = z.string().transform((text, context): FilterTable => {
  const parts = text.split(',').map(splitOnce);
  const problems = parts.map(([name, value], index) =>
    parts.findIndex((part) => part[0] === name) < index ? findTwice(name) : findProblem(name, value),
  );
  for (const problem of problems) if (problem !== undefined) context.addIssue(problem);
  const { chooseSameChannel, modes, ...accountFilter } = Object.fromEntries(
    parts.map(([name, value]) => [name, isText(name) ? value : value === 'on']),
  );
  return {
    accountFilter,
    ...(chooseSameChannel === undefined ? {} : { chooseSameChannel: chooseSameChannel === true }),
    ...(modes === undefined ? {} : { modes: modes === true }),
  };
});

function isText(name: string): boolean {
  return texts.some((one) => one === name);
}

/** Quotes only words that we know: what was typed may be a secret in the wrong place. */
function findTwice(name: string): string | undefined {
  return partNames.includes(name) ? `names ${name} twice` : undefined;
}

function findProblem(name: string, value: string): string | undefined {
  if (!partNames.includes(name))
    return `each part must be one of ${partNames.join(', ')}, then = and a value`;
  if (!isText(name)) return value === 'on' || value === 'off' ? undefined : `${name} must be on or off`;
  if (value === '') return `${name} must not be empty: leave it out instead`;
  return value.length > longestText ? `${name} must have at most ${longestText} characters` : undefined;
}

function splitOnce(part: string): readonly [name: string, value: string] {
  const at = part.indexOf('=');
  return at === -1 ? [part.trim(), ''] : [part.slice(0, at).trim(), part.slice(at + 1).trim()];
}
