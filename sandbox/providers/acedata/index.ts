import type { AddressInfo } from 'node:net';
import { createRandom } from '../../pictures/random.ts';
import { createCaller } from '../caller.ts';
import { createClock } from '../clock.ts';
import { createAccounts } from '../mj-proxy/accounts.ts';
import type { ProviderOptions, StandIn } from '../stand-in.ts';
import { createTraffic } from '../traffic.ts';
import { createTrouble } from '../trouble.ts';
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
 * A local stand-in for Ace Data Cloud, over real HTTP on loopback. Looks show a task as it is: there is no gateway
 * that refreshes, so `refresh` does nothing. It doesn't stream (NDJSON).
 */
export async function createAcedata(options: ProviderOptions = {}): Promise<StandIn> {
  const { pace = 0, seed = 1, pictureHeight = 1024, key = 'sandbox-acedata' } = options;
  let origin = '';
  const clock = createClock(pace);
  const trouble = createTrouble(refusalNames);
  const traffic = createTraffic();
  const keys = [key, ...(options.otherKeys ?? [])];
  const accounts = createAccounts(keys, options.creditUsd ?? Number.POSITIVE_INFINITY);
  const caller = createCaller({ clock, traffic });
  const host = createPictureHost({
    clock,
    lifeMs: options.pictureLifeMs ?? monthMs,
    height: pictureHeight,
    origin: () => options.origins?.pictures ?? origin,
    find: (id) => service.find(id),
  });
  const engine = createEngine({ clock, changed });
  const service = createService({
    clock,
    random: createRandom(seed),
    engine,
    host,
    accounts,
    traffic,
    trouble,
    submitEveryMs: submitEveryMs * pace,
    // Immediately would be before any work is done.
    heldSecondMs: 1_000 * (pace === 0 ? 1 : pace),
    callBack,
  });

  function changed(task: AceTask): void {
    service.changed(task);
    traffic.emit({ type: 'task', at: clock.now(), task: toTaskView(task) });
  }

  /** Once, at the end. It isn't documented that a failed call is repeated (concepts/async-tasks). */
  function callBack(task: AceTask): void {
    const url = task.request['callback_url'];
    if (typeof url === 'string') caller.call(url, JSON.stringify(toResult(task, host) ?? {}));
  }

  const server = createServer({ clock, trouble, traffic, accounts, service, host });
  await server.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  origin = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;

  return {
    kind: 'acedata',
    key,
    url: origin,
    trouble,
    submits: traffic.submits,
    requests: traffic.requests,
    tasks: () => service.list().map(toTaskView),
    task(id) {
      const task = service.find(id);
      return task && toTaskView(task);
    },
    money(ofKey = key) {
      const account = accounts.find(ofKey);
      if (account === undefined) throw new Error('There is no account with that key');
      return accounts.money(account);
    },
    get callbacks() {
      return caller.mode;
    },
    set callbacks(mode) {
      caller.mode = mode;
    },
    refresh: () => undefined,
    setPace: clock.setPace,
    on: traffic.on,
    next: traffic.next,
    until: traffic.until,
    async close() {
      clock.close();
      caller.close();
      await server.close();
    },
  };
}
