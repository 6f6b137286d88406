import { createFoundation } from '../foundation.ts';
import type { ProviderOptions, StandIn } from '../stand-in.ts';
import { createEngine } from './engine.ts';
import { createPictureHost } from './picture-host.ts';
import { toResult } from './records.ts';
import { refusalNames } from './refusals.ts';
import { createServer } from './server.ts';
import { createService } from './service.ts';
import { type AceTask, toTaskView } from './task.ts';

/** For image and video addresses (AceDataCloud/Docs, faq/storage). */
const monthMs = 30 * 86_400_000;
const submitEveryMs = 1_000;

/**
 * A local stand-in for Ace Data Cloud, over real HTTP on loopback. Looks show a task as it is: there's no gateway
 * that refreshes, so `refresh` does nothing. It doesn't stream (NDJSON).
 */
export async function createAcedata(options: ProviderOptions = {}): Promise<StandIn> {
  const { pace = 0 } = options;
  const foundation = createFoundation({
    kind: 'acedata',
    key: 'sandbox-acedata',
    refusals: refusalNames,
    options,
  });
  const { clock, traffic, caller } = foundation;
  const host = createPictureHost({
    clock,
    lifeMs: options.pictureLifeMs ?? monthMs,
    height: foundation.pictureHeight,
    origin: foundation.pictureOrigin,
    previewOrigin: foundation.previewOrigin,
    find: (id) => service.find(id),
  });
  const engine = createEngine({ clock, changed });
  const service = createService({
    ...foundation,
    engine,
    host,
    submitEveryMs: submitEveryMs * pace,
    // With 0 it would end before any work is done.
    heldSecondMs: foundation.atPace(1_000),
    callBack,
  });

  function changed(task: AceTask): void {
    service.changed(task);
    traffic.emit({ type: 'task', at: clock.now(), task: toTaskView(task) });
  }

  /** Calls once, at the end. The documents don't say that a failed call is repeated (concepts/async-tasks). */
  function callBack(task: AceTask): void {
    const url = task.request['callback_url'];
    if (typeof url === 'string') caller.call(url, JSON.stringify(toResult(task, host) ?? {}));
  }

  return foundation.open(createServer({ ...foundation, service, host }), {
    list: () => service.list().map(toTaskView),
    find(id) {
      const task = service.find(id);
      return task && toTaskView(task);
    },
  });
}
