import type { Body } from '../answer.ts';

export type Speed = 'relax' | 'fast' | 'turbo';

/** How Midjourney writes it at the end of a message. */
export const speedTexts: Readonly<Record<Speed, string>> = {
  relax: 'relaxed',
  fast: 'fast',
  turbo: 'turbo',
};

/** The path wins over the filter, and the filter over the flag; a follow-up keeps its parent's (trueai SubmitController.cs, TaskInfo.cs). */
export function chooseSpeed(
  { speed, body }: { speed: Speed | undefined; body: Body },
  parent: { speed: Speed } | undefined,
): Speed {
  return speed ?? readFilter(body) ?? readFlag(body) ?? parent?.speed ?? 'fast';
}

function readFilter(body: Body): Speed | undefined {
  const filter = body['accountFilter'];
  if (typeof filter !== 'object' || filter === null || !('modes' in filter)) return undefined;
  const [mode] = Array.isArray(filter.modes) ? filter.modes : [];
  return toSpeed(String(mode).toLowerCase());
}

function readFlag(body: Body): Speed | undefined {
  const prompt = typeof body['prompt'] === 'string' ? body['prompt'] : '';
  return toSpeed(/\s--(relax|fast|turbo)\b/i.exec(prompt)?.[1]?.toLowerCase() ?? '');
}

function toSpeed(word: string): Speed | undefined {
  return word === 'relax' || word === 'fast' || word === 'turbo' ? word : undefined;
}
