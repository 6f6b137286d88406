import type { Accounts } from '../accounts.ts';
import { type Answer, type Body, toJson } from '../answer.ts';
import type { Clock } from '../clock.ts';
import { findWrongField, forward, hasWrongIndex, readText } from './bodies.ts';
import { refuseAs } from './dialect.ts';
import type { Front, Submission, Taken } from './front.ts';
import type { Habits } from './habits.ts';
import { toBilledAction, toPriceUsd } from './prices.ts';
import { toGatewayRefusal, toMiddlewareError } from './refusals.ts';
import { createRow, type GatewayRow, toFetchAnswer } from './rows.ts';
import { hasSeed } from './task.ts';
import type { Upstream } from './upstream.ts';

export interface GatewayParts {
  habits: Habits;
  clock: Clock;
  upstream: Upstream;
  accounts: Accounts;
  /** Scheme and host that picture addresses start with. */
  serverAddress(): string;
  /** What every picture shows, if given. */
  picture: Buffer | undefined;
  taskTimeoutMs: number;
}

/** new-api in front of a midjourney-proxy: its own rows follow the upstream's tasks every 15 seconds. */
export function createGateway(parts: GatewayParts): Front {
  const { habits, clock, upstream, accounts, taskTimeoutMs } = parts;
  /** By id, oldest first. */
  const rows = new Map<string, GatewayRow[]>();
  const unfinished = new Set<GatewayRow>();
  /** ServerAddress is http://localhost:3000 until somebody sets it (QuantumNous/new-api#144). */
  const servers = { localhost: () => 'http://localhost:3000', path: () => '', gateway: parts.serverAddress };

  function findAll(id: string, account: number): GatewayRow[] {
    return (rows.get(id) ?? []).filter((row) => row.account === account && isKnown(row));
  }

  function find(id: string, account: number): GatewayRow | undefined {
    return findAll(id, account)[0];
  }

  function add(row: GatewayRow): void {
    rows.set(row.id, [...(rows.get(row.id) ?? []), row]);
    unfinished.add(row);
  }

  function isKnown(row: GatewayRow): boolean {
    return upstream.find(row.id)?.fault?.do !== 'vanish';
  }

  /** The checks before anything is forwarded, in new-api's order; returns the action and the parent's row. */
  function check(kind: string, body: Body, account: number): Checked | Answer {
    const wrong = findWrongField(body) ?? (hasWrongIndex(body) ? 'index' : undefined);
    if (wrong !== undefined) {
      const type = wrong === 'index' ? 'int' : 'string';
      const problem = `json: cannot unmarshal into Go struct field MidjourneyRequest.${wrong} of type ${type}`;
      return toMiddlewareError(400, `Invalid request, ${problem}`);
    }
    if (kind === 'imagine' && (body['prompt'] ?? '') === '') return toGatewayRefusal(4, 'prompt_is_required');
    if (kind === 'swap' && (readText(body, 'sourceBase64') === '' || readText(body, 'targetBase64') === '')) {
      return toGatewayRefusal(4, 'sour_base64_and_target_base64_is_required');
    }
    const named = toBilledAction(kind, body);
    // splits[1] of a customId without "::" panics; gin's recovery answers (new-api main.go).
    if (named === undefined) return toPanic();
    // The price is looked up first, by the middleware, and so is the action (middleware/distributor.go).
    if ('refusal' in named) return toMiddlewareError(400, `Invalid request, ${named.refusal}`);
    const isMoreOfVideo = kind === 'video' && readText(body, 'taskId') !== '';
    if (kind !== 'action' && kind !== 'modal' && !isMoreOfVideo) {
      return { action: named.action, parent: undefined };
    }
    const parent = find(readText(body, 'taskId'), account);
    if (parent === undefined) return toGatewayRefusal(4, 'task_not_found');
    if (kind !== 'modal' && parent.status !== 'SUCCESS') {
      return toGatewayRefusal(4, 'task_status_not_success');
    }
    return { action: named.action, parent };
  }

  function submit(submission: Submission): Taken {
    const { kind, body, account } = submission;
    const refused = (answer: Answer): Taken => ({ answer, forwarded: {}, chargedUsd: 0 });
    const checked = check(kind, body, account);
    if ('status' in checked) return refused(checked);
    const { action, parent } = checked;
    const price = toPriceUsd(action);
    if (!accounts.canPay(account, price)) return refused(toGatewayRefusal(4, 'quota_not_enough'));
    const forwarded = forward(body, habits);
    const { answer, task } = upstream.submit({ ...submission, body: forwarded });
    if (task === undefined) return { answer, forwarded, chargedUsd: 0 };
    accounts.charge(account, price);
    // A follow-up's row shows its parent's prompt, even if something else was typed in the modal.
    const own = kind === 'swap' ? 'InsightFace' : readText(body, 'prompt');
    const prompt = parent?.prompt ?? own;
    const row = createRow({ task, action, prompt, account, chargedUsd: price, now: clock.now() });
    add(row);
    if (task.status === 'SUCCESS') row.follow(task);
    return { answer: rewrite(answer, action, habits), task, forwarded, chargedUsd: price };
  }

  /** What the 15-second updater does to one row (controller/midjourney.go, UpdateMidjourneyTaskBulk). */
  function update(row: GatewayRow): void {
    const task = upstream.find(row.id);
    if (task !== undefined) row.follow(task);
    // One hour after the submit; an abandoned MODAL too.
    if (row.progress !== '100%' && clock.now() - row.insertedAt >= taskTimeoutMs) row.giveUp();
    if (row.progress !== '100%') return;
    unfinished.delete(row);
    if (row.status === 'FAILURE' && row.chargedUsd > 0) accounts.refund(row.account, row.chargedUsd);
  }

  return {
    submit,
    row: (id) => rows.get(id)?.[0],
    fetch(id, account) {
      const row = find(id, account);
      // The space at the end is theirs: description and an empty result, joined.
      if (row === undefined) return toGatewayRefusal(4, 'task_no_found');
      return toJson(200, toFetchAnswer(row, toImageUrl(row)));
    },
    list(ids, account) {
      const shown = [...new Set(ids)].flatMap((id) => {
        const found = findAll(id, account);
        return habits.listDuplicatesAfterModal ? found : found.slice(-1);
      });
      const answers = shown.map((row) => toFetchAnswer(row, toImageUrl(row)));
      return toJson(200, answers);
    },
    seed(id, account) {
      const task = upstream.find(id);
      if (task === undefined || task.account !== account) return toGatewayRefusal(4, 'task_no_found');
      // Code 4 if there's no picture to ask about (midjourney-proxy-plus, trueai); new-api writes all four fields.
      const isSeeded = hasSeed(task);
      const [code, description] = isSeeded ? [1, '成功'] : [4, '关联任务状态错误'];
      return toJson(200, { code, description, properties: null, result: isSeeded ? String(task.seed) : '' });
    },
    // It doesn't have these routes (router/relay-router.go).
    latest: () => refuseAs(habits, 'not-supported'),
    cancel: () => refuseAs(habits, 'not-supported'),
    changed() {},
    hasMoreToRefresh: () => [...unfinished].some((row) => isOver(upstream.find(row.id)?.status)),
    refresh() {
      // Keyed by the task's id: of two rows only the last one is updated, until it is done.
      const last = new Map([...unfinished].map((row) => [row.id, row]));
      for (const row of last.values()) update(row);
      return [...last.keys()];
    },
  };

  function toImageUrl(row: GatewayRow): string {
    if (row.imageUrl === '' || habits.imageUrls === 'upstream') return row.imageUrl;
    if (habits.imageUrls === 'data')
      return `data:image/png;base64,${parts.picture?.toString('base64') ?? ''}`;
    const address = `${servers[habits.imageUrls]()}/mj/image/${row.id}`;
    return row.status === 'SUCCESS' ? address : `${address}?rand=${clock.now()}000000`;
  }
}

function isOver(status: string | undefined): boolean {
  return status === 'SUCCESS' || status === 'FAILURE';
}

interface Checked {
  action: string;
  parent: GatewayRow | undefined;
}

/** In the answer's text, so that description and properties stay (relay/mjproxy_handler.go). */
function rewrite(answer: Answer, action: string, habits: Habits): Answer {
  let body = String(answer.body);
  const keepsCode21 = action === 'INPAINT' || action === 'CUSTOM_ZOOM';
  if (habits.rewritesCode21 && !keepsCode21) body = body.replace('"code":21', '"code":1');
  if (habits.rewritesCode22) body = body.replace('"code":22', '"code":1');
  return { ...answer, body };
}

function toPanic(): Answer {
  const message =
    'Panic detected, error: runtime error: index out of range [1] with length 1. ' +
    'Please submit a issue here: https://github.com/Calcium-Ion/new-api';
  return toJson(500, { error: { message, type: 'new_api_panic' } });
}
