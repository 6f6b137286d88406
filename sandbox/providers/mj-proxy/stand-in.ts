import { createFoundation } from '../foundation.ts';
import type { ProviderOptions, StandIn } from '../stand-in.ts';
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
  const foundation = createFoundation({ kind, key: `sk-sandbox${kind}`, refusals: refusalNames, options });
  const { clock, random, trouble, traffic, caller, accounts } = foundation;
  const taskTimeoutMs = options.taskTimeoutMs ?? foundation.atPace(hourMs);
  const host = createPictureHost({
    clock,
    secret: String(foundation.seed),
    lifeMs: options.pictureLifeMs ?? dayMs,
    height: foundation.pictureHeight,
    ...(options.picture && { picture: options.picture }),
    origin: foundation.pictureOrigin,
    previewOrigin: foundation.previewOrigin,
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
    ids: createIds(random),
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
    serverAddress: foundation.apiOrigin,
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
      // A task's second row is only updated once the first one is done.
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

  const service = createService({ habits, clock, traffic, front, host, accepted });
  const server = createServer({ habits, clock, trouble, traffic, accounts, service });
  const standIn = await foundation.open(server, {
    list: () => upstream.list().map(toTaskView),
    find(id) {
      const task = upstream.find(id);
      return task && toTaskView(task);
    },
    refresh: () => refresher.now(),
    callsBack: () => !habits.stripsHooksAndFilters,
  });
  return Object.assign(standIn, { habits });
}
