import { toSeed } from '../../pictures/random.ts';
import type { Answer } from '../answer.ts';
import { createFoundation, type Foundation } from '../foundation.ts';
import type { ProviderOptions, StandIn } from '../stand-in.ts';
import { createEngine, type Engine } from './engine.ts';
import { createServer, type Route, type ServerParts } from './server.ts';
import { createShelf, type Shelf } from './shelf.ts';
import { type PlainTask, toTaskView } from './task.ts';

/** What every API of this sort is built on. */
export interface Workshop extends Omit<Foundation, 'open'> {
  readonly engine: Engine;
  readonly shelf: Shelf;
  /** When the API gives up a task, counted from its submit. */
  readonly taskTimeoutMs: number;
  /** Files a new task and charges for it; `undefined` if the account can't pay. */
  accept(order: Order): PlainTask | undefined;
  find(id: string): PlainTask | undefined;
}

/** A checked submit. */
export interface Order
  extends Pick<
    PlainTask,
    | 'id'
    | 'kind'
    | 'prompt'
    | 'account'
    | 'parent'
    | 'index'
    | 'speed'
    | 'reference'
    | 'callbackUrl'
    | 'priceUsd'
  > {
  /** The whole body, for the record. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** What differs between APIs. */
export interface Api extends Pick<ServerParts, 'refuse' | 'unknownPath' | 'readPrompt'> {
  readonly routes: readonly Route[];
  /** Called when a task has changed, to make the callbacks. */
  changed(task: PlainTask): void;
}

export interface PlainParts {
  kind: string;
  options: ProviderOptions;
  /** Names of the refusals that can be asked for. */
  refusals: readonly string[];
  /** When the API gives up a task, in realistic milliseconds. */
  timeoutMs: number;
  create(workshop: Workshop): Api;
}

const dayMs = 86_400_000;

/** A stand-in for an API that doesn't need its own simulation, over real HTTP on loopback. */
export async function createPlain({
  kind,
  options,
  refusals,
  timeoutMs,
  create,
}: PlainParts): Promise<StandIn> {
  const foundation = createFoundation({ kind, key: `key-sandbox${kind}`, refusals, options });
  const { clock, trouble, traffic, accounts, seed } = foundation;
  const tasks = new Map<string, PlainTask>();
  const shelf = createShelf({
    clock,
    lifeMs: options.pictureLifeMs ?? dayMs,
    origin: foundation.pictureOrigin,
    alterAddress: options.alterAddress,
    ...(options.alterPicture && { alter: options.alterPicture }),
  });
  const engine = createEngine(clock, (task) => {
    traffic.emit({ type: 'task', at: clock.now(), task: toTaskView(task) });
    api.changed(task);
  });
  const workshop: Workshop = {
    ...foundation,
    engine,
    shelf,
    taskTimeoutMs: options.taskTimeoutMs ?? foundation.atPace(timeoutMs),
    accept,
    find: (id) => tasks.get(id),
  };
  const api = create(workshop);

  function accept({ body, ...facts }: Order): PlainTask | undefined {
    if (!accounts.canPay(facts.account, facts.priceUsd)) return undefined;
    const task: PlainTask = {
      ...facts,
      seed: toSeed(facts.id, seed),
      submittedAt: clock.now(),
      state: 'waiting',
      percent: 0,
      startedAt: undefined,
      finishedAt: undefined,
      views: [],
      text: undefined,
      urls: [],
      failCode: '',
      failReason: '',
      fault: trouble.take('task', facts.prompt),
    };
    tasks.set(task.id, task);
    accounts.charge(task.account, task.priceUsd);
    traffic.accept({
      at: clock.now(),
      kind: task.kind,
      taskId: task.id,
      account: task.account,
      body,
      forwarded: body,
      prompt: task.prompt || undefined,
      customId: task.index === undefined ? undefined : String(task.index),
      parentId: task.parent?.id,
      state: task.reference || undefined,
      chargedUsd: task.priceUsd,
    });
    return task;
  }

  const pictures: Route = {
    method: 'GET',
    path: '/pictures/*',
    place: 'picture',
    answer: ({ path }): Promise<Answer> => shelf.serve(path),
  };
  const routes = [...api.routes, pictures];
  const server = createServer({ ...api, clock, trouble, traffic, findAccount: accounts.find, routes });
  return foundation.open(server, {
    list: () => [...tasks.values()].map(toTaskView),
    find(id) {
      const task = tasks.get(id);
      return task && toTaskView(task);
    },
  });
}
