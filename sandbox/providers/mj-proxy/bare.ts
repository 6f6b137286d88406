import type { Accounts } from '../accounts.ts';
import { type Answer, toJson, toText } from '../answer.ts';
import type { Clock } from '../clock.ts';
import { findWrongField, forward, readParentId } from './bodies.ts';
import { refuseAs } from './dialect.ts';
import type { Front, Submission, Taken } from './front.ts';
import type { Habits } from './habits.ts';
import { toBilledAction, toPriceUsd } from './prices.ts';
import { chooseSpeed } from './speed.ts';
import { hasSeed, type MjTask } from './task.ts';
import { toTaskAnswer } from './task-answer.ts';
import type { Upstream } from './upstream.ts';

export interface BareParts {
  habits: Habits;
  clock: Clock;
  upstream: Upstream;
  accounts: Accounts;
  taskTimeoutMs: number;
}

/** How many tasks GET /mj/task/list returns (trueai TaskController.cs). */
const latestCount = 100;

/** No new-api in front of the proxy: its tasks are shown as they are, at once, and paid by the speed they ran at. */
export function createBare({ habits, clock, upstream, accounts, taskTimeoutMs }: BareParts): Front {
  const charges = new Map<MjTask, number>();

  function find(id: string, account: number): MjTask | undefined {
    const task = upstream.find(id);
    return task !== undefined && isShown(task, account) ? task : undefined;
  }

  function isShown(task: MjTask, account: number): boolean {
    if (task.fault?.do === 'vanish' || task.action === 'UPLOAD') return false;
    return habits.showsTasksOfOthers || task.account === account;
  }

  function show(tasks: readonly MjTask[]): Answer {
    const texts = tasks.map((task) => toTaskAnswer(task, { habits, channel: upstream.channel }));
    return { ...toJson(200, []), body: `[${texts.join(',')}]` };
  }

  function toPrice(submission: Submission): number {
    const billed = toBilledAction(submission.kind, submission.body);
    const action = billed !== undefined && 'action' in billed ? billed.action : '';
    const speed = chooseSpeed(submission, upstream.find(readParentId(submission.body)));
    return toPriceUsd(action) * habits.priceFactors[speed];
  }

  function submit(submission: Submission): Taken {
    const { kind, account } = submission;
    const forwarded = forward(submission.body, habits);
    const passedOn = { ...submission, body: forwarded };
    const refused = (answer: Answer): Taken => ({ answer, forwarded, chargedUsd: 0 });
    if (habits.flavour === 'trueai' && findWrongField(submission.body) !== undefined) {
      return refused(refuseAs(habits, 'bad-body'));
    }
    const price = toPrice(passedOn);
    if (!accounts.canPay(account, price)) return refused(refuseAs(habits, 'no-quota'));
    const { answer, task } = upstream.submit(passedOn);
    if (task === undefined) return refused(answer);
    // A task that existed isn't paid again; a window is.
    const chargedUsd = charges.has(task) && kind !== 'modal' ? 0 : price;
    charges.set(task, (charges.get(task) ?? 0) + chargedUsd);
    accounts.charge(account, chargedUsd);
    return { answer, task, forwarded, chargedUsd };
  }

  return {
    submit,
    fetch(id, account) {
      const task = find(id, account);
      if (task === undefined) return toUnknownTask(habits.unknownTask);
      return { ...toJson(200, {}), body: toTaskAnswer(task, { habits, channel: upstream.channel }) };
    },
    list: (ids, account) => show([...new Set(ids)].flatMap((id) => find(id, account) ?? [])),
    latest(account) {
      const tasks = upstream.list().filter((task) => isShown(task, account));
      return show(tasks.reverse().slice(0, latestCount));
    },
    seed(id, account) {
      const task = find(id, account);
      if (task === undefined) return refuseAs(habits, 'parent-unknown');
      if (!hasSeed(task)) {
        const { body, headers } = refuseAs(habits, 'parent-unfinished');
        return { status: habits.flavour === 'trueai' ? 400 : 200, headers, body };
      }
      return toJson(200, { code: 1, description: '成功', result: String(task.seed) });
    },
    cancel(id, account) {
      const task = find(id, account);
      if (task?.account === account) {
        const status = habits.flavour === 'trueai' ? 'FAILURE' : 'CANCEL';
        upstream.end(task, status, status === 'FAILURE' ? '取消任务' : '');
      }
      // In any state (trueai TaskController.cs, Cancel).
      return toText(200, '');
    },
    row: () => undefined,
    hasMoreToRefresh: () => false,
    refresh() {
      const late = upstream.list().filter((task) => isLate(task));
      for (const task of late) upstream.end(task, 'FAILURE', toLateText());
      return late.map(({ id }) => id);
    },
    changed(task) {
      if (task.status !== 'FAILURE' && task.status !== 'CANCEL') return;
      accounts.refund(task.account, charges.get(task) ?? 0);
      charges.set(task, 0);
    },
  };

  /** Counted from its start (midjourney-proxy), so waiting in a queue or a window doesn't count. */
  function isLate({ finishTime, startTime }: MjTask): boolean {
    return finishTime === 0 && startTime !== 0 && clock.now() - startTime >= taskTimeoutMs;
  }

  function toLateText(): string {
    return habits.flavour === 'trueai' ? `执行超时 ${Math.ceil(taskTimeoutMs / 60_000)} 分钟` : '任务超时';
  }
}

function toUnknownTask(form: Habits['unknownTask']): Answer {
  const said = { code: 4, description: 'task_no_found ' };
  const forms: Record<typeof form, () => Answer> = {
    empty: () => toText(200, ''),
    'no-content': () => ({ status: 204, headers: {}, body: '' }),
    null: () => toJson(200, null),
    object: () => toJson(200, {}),
    code: () => toJson(200, said),
    'code-400': () => toJson(400, { ...said, type: 'upstream_error' }),
    'code-404': () => toJson(404, { code: 3, description: '任务不存在或已失效' }),
  };
  return forms[form]();
}
