import type { Ref } from '../../task.ts';

/** What a task is called: its id and, if something comes before `/mj/`, that prefix. */
export function toRef(id: string, prefix: string): Ref {
  return prefix === '' ? { id } : { id, prefix };
}
