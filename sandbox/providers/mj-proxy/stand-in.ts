import type { AddressInfo } from 'node:net';
import { createRandom } from '../../pictures/random.ts';
import { createCaller } from '../caller.ts';
import { createClock } from '../clock.ts';
import type { ProviderOptions, StandIn } from '../stand-in.ts';
import { createTraffic } from '../traffic.ts';
import { createTrouble } from '../trouble.ts';
import { createAccounts } from './accounts.ts';
import { createBare } from './bare.ts';
import { createEngine } from './engine.ts';
import { createGateway } from './gateway.ts';
import type { Habits } from './habits.ts';
import { createHooks } from './hooks.ts';
import { createIds } from './ids.ts';
import { createPictureHost } from './picture-host.ts';
import { createRefresher } from './refresher.ts';
import { refusalNames } from './refusals.ts';
import { createServer } from './server.ts';
import { createService } from './service.ts';
import { type MjTask, toTaskView } from './task.ts';
import { toTaskAnswer } from './task-answer.ts';
import { createUpstream } from './upstream.ts';

export interface MjProxyStandIn extends StandIn {
  readonly habits: Habits;
}

export interface MjProxyParts {
  kind: string;
  habits: Habits;
  options: ProviderOptions;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const gatewayRefreshMs = 15_000;

export async function createMjProxy({ kind, habits, options }: MjProxyParts): Promise<MjProxyStandIn> {
  const { pace = 0, seed = 1, pictureHeight = 1024, key = `sk-sandbox${kind}` } = options;
  const taskTimeoutMs = options.taskTimeoutMs ?? (pace === 0 ? hourMs : hourMs * pace);
  let origin = '';
  const clock = createClock(pace);
  const random = createRandom(seed);
  const ids = createIds(random);
  const trouble = createTrouble(refusalNames);
  const traffic = createTraffic();
  const caller = createCaller({ clock, traffic });
  const keys = [key, ...(options.otherKeys ?? [])];
  const accounts = createAccounts(keys, options.creditUsd ?? Number.POSITIVE_INFINITY);
  const host = createPictureHost({
    clock,
    secret: String(seed),
    lifeMs: options.pictureLifeMs ?? dayMs,
    height: pictureHeight,
    ...(options.picture && { picture: options.picture }),
    origin: () => options.origins?.pictures ?? origin,
    findByMessage: (messageId) => upstream.findByMessage(messageId),
  });
  const engine = createEngine({
    clock,
    habits,
    stretch: options.stretch ?? (() => 1),
    address: host.address,
    changed,
  });
  const upstream = createUpstream({
    habits,
    clock,
    engine,
    ids,
    random,
    trouble,
    address: (task) => host.address(task, 100),
  });
  const hooks = createHooks({
    habits,
    caller,
    show: (task) => toTaskAnswer(task, { habits, channel: upstream.channel }),
  });
  const parts = {
    habits,
    clock,
    upstream,
    accounts,
    serverAddress: () => options.origins?.api ?? origin,
    picture: options.picture,
    taskTimeoutMs,
  };
  const front = habits.front === 'new-api' ? createGateway(parts) : createBare(parts);
  const refresher = createRefresher({
    clock,
    periodMs: options.refreshMs ?? gatewayRefreshMs,
    isExact: options.refreshMs !== undefined,
    refresh() {
      const taskIds = front.refresh();
      if (taskIds.length > 0) traffic.emit({ type: 'refresh', at: clock.now(), taskIds });
      // A task's second row is only updated after the first one is done.
      if (front.hasMoreToRefresh()) refresher.soon();
    },
  });

  function changed(task: MjTask): void {
    front.changed(task);
    hooks.notify(task);
    traffic.emit({ type: 'task', at: clock.now(), task: toTaskView(task) });
    refresher.soon();
    // A timer may be a little early by the wall clock.
    if (task.status === 'SUBMITTED') clock.afterExactly(taskTimeoutMs + 5, refresher.soon);
  }

  function accepted(): void {
    refresher.soon();
    clock.afterExactly(taskTimeoutMs, refresher.soon);
  }

  const server = createServer({
    habits,
    clock,
    trouble,
    traffic,
    accounts,
    service: createService({
      habits,
      clock,
      traffic,
      front,
      host,
      accepted,
    }),
  });
  await server.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  const { port } = server.server.address() as AddressInfo;
  origin = `http://127.0.0.1:${port}`;

  return {
    kind,
    key,
    url: origin,
    habits,
    trouble,
    submits: traffic.submits,
    requests: traffic.requests,
    tasks: () => upstream.list().map(toTaskView),
    task(id) {
      const task = upstream.find(id);
      return task && toTaskView(task);
    },
    money(ofKey = key) {
      const account = accounts.find(ofKey);
      if (account === undefined) throw new Error('There is no account with that key');
      return accounts.money(account);
    },
    setPace: clock.setPace,
    get callbacks() {
      return habits.stripsHooksAndFilters ? undefined : caller.mode;
    },
    set callbacks(mode) {
      if (mode !== undefined) caller.mode = mode;
    },
    refresh: () => refresher.now(),
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
