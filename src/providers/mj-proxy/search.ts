import type { Ref } from '../../task.ts';
import type { HttpAnswer } from '../http.ts';
import type { Provider } from '../provider.ts';
import { isAlike, isNamed } from './alike.ts';
import { readList } from './answers.ts';
import { toRef } from './ref.ts';
import { isInTrouble, throwForGateway } from './refusals.ts';
import type { Routes } from './routes.ts';
import { isPartOf } from './several.ts';
import type { MjTask } from './task.ts';

export interface SearchOptions {
  send(prefix: string, path: string, signal: AbortSignal): Promise<HttpAnswer>;
  routes: Routes;
  prefixes: readonly string[];
}

/** Searches everybody's latest tasks (trueai: 100 of them) for those whose answer was lost. */
export function createSearch({
  send,
  routes,
  prefixes,
}: SearchOptions): Required<Pick<Provider, 'find' | 'findAlike'>> {
  async function list(signal: AbortSignal): Promise<Listed[]> {
    const listed: Listed[] = [];
    for (const prefix of prefixes) {
      const route = `${prefix}/task/list`;
      if (routes.isMissing(route)) continue;
      const answer = await send(prefix, '/task/list', signal);
      const tasks = readList(answer);
      if (tasks === undefined) {
        if (isInTrouble(answer)) throwForGateway(answer);
        routes.noteMissing(route);
      }
      listed.push(...(tasks ?? []).map((task) => ({ task, ref: toRef(task.id, prefix) })));
    }
    // The same list may come with every prefix.
    return [...new Map(listed.toReversed().map((one) => [one.task.id, one])).values()].toReversed();
  }

  return {
    /** Tasks keep the `state` that they were sent with; several that one button started are one task here. */
    async find(reference, signal) {
      const listed = await list(signal);
      const own = listed.find(({ task }) => task.state === reference);
      if (own !== undefined) return own.ref;
      const parts = listed
        .filter(({ task }) => isPartOf(task.state, reference))
        .toSorted((one, other) => (one.task.state ?? '').localeCompare(other.task.state ?? ''));
      const [first] = parts;
      return first && { ...first.ref, id: parts.map(({ task }) => task.id).join(',') };
    },
    /**
     * If the gateway keeps anybody's reference, it would have kept ours, so tasks without one are somebody else's. The Java
     * original takes pictures out of the words; here, only words alone are compared.
     */
    async findAlike(sent, signal) {
      const listed = await list(signal);
      if (listed.some(({ task }) => isNamed(task))) return [];
      return listed
        .filter(({ task }) => isAlike(task, sent))
        .map(({ ref }) => ({ ...ref, action: sent.action }));
    },
  };
}

interface Listed {
  readonly task: MjTask;
  readonly ref: Ref;
}
