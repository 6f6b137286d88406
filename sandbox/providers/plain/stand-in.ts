import type { AddressInfo } from 'node:net';
import { createRandom, type Random, toSeed } from '../../pictures/random.ts';
import type { Answer } from '../answer.ts';
import { type Caller, createCaller } from '../caller.ts';
import { type Clock, createClock } from '../clock.ts';
import { type Accounts, createAccounts } from '../mj-proxy/accounts.ts';
import type { ProviderOptions, StandIn } from '../stand-in.ts';
import { createTraffic, type Traffic } from '../traffic.ts';
import { createTrouble, type Troubles } from '../trouble.ts';
import { createEngine, type Engine } from './engine.ts';
import { createServer, type Route, type ServerParts } from './server.ts';
import { createShelf, type Shelf } from './shelf.ts';
import { type PlainTask, toTaskView } from './task.ts';

/** What every API of this sort is built on. */
export interface Workshop {
  readonly clock: Clock;
  readonly random: Random;
  readonly trouble: Troubles;
  readonly traffic: Traffic;
  readonly accounts: Accounts;
  readonly engine: Engine;
  readonly shelf: Shelf;
  readonly caller: Caller;
  /** Height of a picture alone, pixels. */
  readonly pictureHeight: number;
  /** When the API gives a task up; counted from its submit. */
  readonly taskTimeoutMs: number;
  /** Adds a new task and charges for it; returns `undefined` if the account can't pay. */
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
  /** A task has changed: calls back, if it has an address. */
  changed(task: PlainTask): void;
}

export interface PlainParts {
  kind: string;
  options: ProviderOptions;
  /** Names of the refusals that can be asked for. */
  refusals: readonly string[];
  /** After how long the API gives up a task, in realistic milliseconds. */
  timeoutMs: number;
  create(workshop: Workshop): Api;
}

const dayMs = 86_400_000;

/** A stand-in for an API that doesn't simulate anything behind it, over real HTTP on loopback. */
export async function createPlain({
  kind,
  options,
  refusals,
  timeoutMs,
  create,
}: PlainParts): Promise<StandIn> {
  const { pace = 0, seed = 1, pictureHeight = 1024, key = `key-sandbox${kind}` } = options;
  let origin = '';
  const tasks = new Map<string, PlainTask>();
  const clock = createClock(pace);
  const random = createRandom(seed);
  const trouble = createTrouble(refusals);
  const traffic = createTraffic();
  const accounts = createAccounts(
    [key, ...(options.otherKeys ?? [])],
    options.creditUsd ?? Number.POSITIVE_INFINITY,
  );
  const shelf = createShelf({
    clock,
    lifeMs: options.pictureLifeMs ?? dayMs,
    origin: () => options.origins?.pictures ?? origin,
    alterAddress: options.alterAddress,
    ...(options.alterPicture && { alter: options.alterPicture }),
  });
  const caller = createCaller({ clock, traffic });
  const engine = createEngine(clock, (task) => {
    traffic.emit({ type: 'task', at: clock.now(), task: toTaskView(task) });
    api.changed(task);
  });
  const taskTimeoutMs = options.taskTimeoutMs ?? (pace === 0 ? timeoutMs : timeoutMs * pace);
  const workshop: Workshop = {
    clock,
    random,
    trouble,
    traffic,
    accounts,
    engine,
    shelf,
    caller,
    pictureHeight,
    taskTimeoutMs,
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
  await server.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  origin = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;

  return {
    kind,
    key,
    url: origin,
    trouble,
    submits: traffic.submits,
    requests: traffic.requests,
    tasks: () => [...tasks.values()].map(toTaskView),
    task(id) {
      const task = tasks.get(id);
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
    refresh() {}, // its tasks are shown as they are
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
