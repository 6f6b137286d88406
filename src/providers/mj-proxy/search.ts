import type { Ref } from '../../task.ts';
import type { HttpAnswer } from '../http.ts';
import type { Provider } from '../provider.ts';
import { isAlike } from './alike.ts';
import { readList } from './answers.ts';
import { toRef } from './ref.ts';
import { isInTrouble, throwForGateway } from './refusals.ts';
import type { Routes } from './routes.ts';
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
  async function search(isWanted: (task: MjTask) => boolean, signal: AbortSignal): Promise<Ref[]> {
    const found: Ref[] = [];
    for (const prefix of prefixes) {
      const route = `${prefix}/task/list`;
      if (routes.isMissing(route)) continue;
      const answer = await send(prefix, '/task/list', signal);
      const tasks = readList(answer);
      if (tasks === undefined) {
        if (isInTrouble(answer)) throwForGateway(answer);
        routes.noteMissing(route);
      }
      found.push(...(tasks ?? []).filter(isWanted).map(({ id }) => toRef(id, prefix)));
    }
    // The same list may come with every prefix.
    return [...new Map(found.toReversed().map((ref) => [ref['id'], ref])).values()].toReversed();
  }

  return {
    /** Tasks keep the `state` that they were sent with. */
    async find(reference, signal) {
      const [found] = await search(({ state }) => state === reference, signal);
      return found;
    },
    /** The Java original takes pictures out of the words; here, only words alone are compared. */
    async findAlike(sent, signal) {
      const found = await search((task) => isAlike(task, sent), signal);
      return found.map((ref) => ({ ...ref, action: sent.action }));
    },
  };
}
