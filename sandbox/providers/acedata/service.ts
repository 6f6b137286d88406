import { createRandom, type Random } from '../../pictures/random.ts';
import type { Accounts } from '../accounts.ts';
import { type Answer, toJson } from '../answer.ts';
import type { Clock } from '../clock.ts';
import { createIds } from '../mj-proxy/ids.ts';
import { describePicture, shortenPrompt } from '../mj-proxy/texts.ts';
import type { Traffic } from '../traffic.ts';
import type { Troubles } from '../trouble.ts';
import { type Body, readAddress, readText, readTexts } from './bodies.ts';
import type { Engine } from './engine.ts';
import { type Endpoint, type Order, readOrder } from './orders.ts';
import type { PictureHost } from './picture-host.ts';
import { toHeldAnswer, toRecord } from './records.ts';
import { refuseAs, refuseBody } from './refusals.ts';
import { type AceTask, hasEnded } from './task.ts';

/** What a key may do, with the API's answers. */
export interface Service {
  submit(endpoint: Endpoint, body: Body, account: number): Answer | Promise<Answer>;
  tasks(body: Body, account: number): Answer;
  describe(body: Body, account: number): Answer;
  shorten(body: Body): Answer;
  seed(body: Body, account: number): Answer;
  translate(body: Body): Answer;
  /** Called when a task has changed. */
  changed(task: AceTask): void;
  find(id: string): AceTask | undefined;
  list(): AceTask[];
}

export interface ServiceParts {
  clock: Clock;
  random: Random;
  engine: Engine;
  host: PictureHost;
  accounts: Accounts;
  traffic: Traffic;
  trouble: Troubles;
  /** How long to wait after a submit before the next one, in real milliseconds. */
  submitEveryMs: number;
  /** How long a second of a synchronous call takes, in real milliseconds. */
  heldSecondMs: number;
  /** Makes the callback. */
  callBack(task: AceTask): void;
}

/** For each key (faq/concurrency). */
const maxInFlight = 5;
const describeUsd = 0.005;
const heldSeconds = 480;
/** The API only gets an address; a square picture is as good as any. */
const describedAs = { size: { width: 1, height: 1 }, lineEnd: '\n' };
const shownByDefault = 12;

export function createService(parts: ServiceParts): Service {
  const { clock, random, engine, host, accounts, traffic, trouble } = parts;
  const ids = createIds(random);
  const tasks = new Map<string, AceTask>();
  const prices = new Map<string, number>();
  const lastSubmits = new Map<number, number>();
  const waiting = new Map<string, () => void>();

  function toTask(facts: Pick<AceTask, 'type' | 'action' | 'account' | 'request' | 'prompt'>): AceTask {
    const now = clock.now();
    const task: AceTask = {
      id: ids.job(),
      traceId: ids.job(),
      mode: 'fast',
      parent: undefined,
      resultId: facts.type === 'videos' ? ids.task(now, 16) : ids.snowflake(now),
      seed: Math.floor(random() * 2 ** 32),
      outcome: undefined,
      descriptions: [],
      progress: undefined,
      createdAt: now,
      startedAt: undefined,
      finishedAt: undefined,
      error: undefined,
      fault: undefined,
      ...facts,
    };
    tasks.set(task.id, task);
    return task;
  }

  function listOf(account: number): AceTask[] {
    return [...tasks.values()].filter((task) => task.account === account && task.fault?.do !== 'vanish');
  }

  function findResult(account: number, resultId: string): AceTask | undefined {
    const isIt = (task: AceTask) => task.resultId === resultId && hasEnded(task) && task.error === undefined;
    return listOf(account).find(isIt);
  }

  /** Five in flight and one submit a second (faq/concurrency); if it says no, nothing is accepted. */
  function findLimit(account: number, usd: number): Answer | undefined {
    const now = clock.now();
    const running = listOf(account).filter((task) => !hasEnded(task)).length;
    if (running >= maxInFlight) return refuseAs('rate-limited');
    const last = lastSubmits.get(account) ?? Number.NEGATIVE_INFINITY;
    if (now - last < parts.submitEveryMs) return refuseAs('too-many-requests');
    if (!accounts.canPay(account, usd)) return refuseAs('used-up');
    lastSubmits.set(account, now);
    return undefined;
  }

  function take(
    order: Order,
    { endpoint, body, account }: { endpoint: Endpoint; body: Body; account: number },
  ) {
    const { action, prompt, mode, parent, usd } = order;
    const task = toTask({ type: endpoint, action, account, request: body, prompt });
    Object.assign(task, { mode, parent, fault: trouble.take('task', prompt) });
    prices.set(task.id, usd);
    traffic.accept({
      at: clock.now(),
      kind: endpoint,
      taskId: task.id,
      account,
      body,
      forwarded: body,
      prompt,
      customId: action === 'generate' ? undefined : action,
      parentId: parent?.id,
      state: undefined,
      chargedUsd: usd,
    });
    engine.start(task, () => order.work(task));
    return task;
  }

  /** Answers at the end, unless it's asked to answer at once (concepts/async-tasks). */
  function hold(task: AceTask, body: Body): Answer | Promise<Answer> {
    const isLetGo = body['async'] === true || readText(body, 'callback_url') !== '';
    if (isLetGo) return toJson(200, { success: true, task_id: task.id, trace_id: task.traceId });
    const seconds = typeof body['timeout'] === 'number' ? body['timeout'] : heldSeconds;
    return new Promise((resolve) => {
      waiting.set(task.id, () => resolve(toHeldAnswer(task, host)));
      clock.afterExactly(seconds * parts.heldSecondMs, () => resolve(refuseAs('timeout')));
    });
  }

  return {
    find: (id) => tasks.get(id),
    list: () => [...tasks.values()],
    submit(endpoint, body, account) {
      const order = readOrder(endpoint, body, (resultId) => findResult(account, resultId));
      if ('status' in order) return order;
      const refusal = findLimit(account, order.usd);
      if (refusal !== undefined) return refusal;
      return hold(take(order, { endpoint, body, account }), body);
    },
    changed(task) {
      if (!hasEnded(task)) return;
      // Only successes are charged (faq/billing).
      if (task.error === undefined) accounts.charge(task.account, prices.get(task.id) ?? 0);
      waiting.get(task.id)?.();
      waiting.delete(task.id);
      if (task.fault?.do !== 'vanish') parts.callBack(task);
    },
    tasks(body, account) {
      const action = readText(body, 'action') || 'retrieve';
      const own = listOf(account);
      if (action === 'retrieve') {
        const [id, trace] = [readText(body, 'id'), readText(body, 'trace_id')];
        if (id === '' && trace === '') return refuseBody('id or trace_id is required');
        const task = own.find((one) => one.id === id || one.traceId === trace);
        // Unknown ids aren't an error (tasks guide).
        return toJson(200, task === undefined ? {} : toRecord(task, host));
      }
      if (action !== 'retrieve_batch') return refuseBody('action is not supported');
      const [named, traces] = [readTexts(body, 'ids'), readTexts(body, 'trace_ids')];
      const isNamed = (task: AceTask) => named?.includes(task.id) || traces?.includes(task.traceId);
      const isAll = named === undefined && traces === undefined;
      const found = own.filter((task) => isAll || isNamed(task)).reverse();
      const offset = Number(body['offset'] ?? 0);
      const shown = found.slice(offset, offset + Number(body['limit'] ?? shownByDefault));
      return toJson(200, { items: shown.map((task) => toRecord(task, host)), count: found.length });
    },
    describe(body, account) {
      if (readAddress(body, 'image_url') === undefined) return refuseBody('image_url is required');
      if (!accounts.canPay(account, describeUsd)) return refuseAs('used-up');
      const task = toTask({ type: 'describe', action: 'describe', account, request: body, prompt: '' });
      const descriptions = toLines(describePicture(createRandom(task.seed), describedAs).en);
      Object.assign(task, { descriptions, startedAt: task.createdAt, finishedAt: clock.now() });
      accounts.charge(account, describeUsd);
      return toJson(200, { descriptions });
    },
    shorten(body) {
      const prompt = readText(body, 'prompt');
      if (prompt === '') return refuseBody('prompt is required');
      return toJson(200, { prompts: toLines(shortenPrompt(prompt).en) });
    },
    seed(body, account) {
      const task = findResult(account, readText(body, 'image_id'));
      return task === undefined
        ? refuseBody('image_id is unknown')
        : toJson(200, { seed: String(task.seed) });
    },
    translate(body) {
      const content = readText(body, 'content');
      if (content === '') return refuseBody('content is required');
      return toJson(200, { content: `${content} (in English)` });
    },
  };
}

/** The numbered lines of a text, without their keycaps and link targets. */
function toLines(text: string): string[] {
  const lines = text.split(/\n+/).filter((line) => /^\d\uFE0F\u20E3 /.test(line));
  return lines.map((line) => line.slice(4).replace(/\[([^\]]*)\]\([^)]*\)/g, '$1'));
}
