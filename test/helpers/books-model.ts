import { chargeFor, resettable } from '../../src/points/charge.ts';
import { monthAt, periodAt } from '../../src/points/period.ts';
import { type Asker, allowanceOf, budgetOf, calendarOf, type Settings } from '../../src/points/policy.ts';
import { defaultLimits } from '../../src/points/server-rules.ts';

/** The parts of a row that sums depend on. */
export interface ModelRow {
  id: string;
  kind: 'charge' | 'refund' | 'grant' | 'reset';
  book: string;
  userId: string;
  allowancePart: number;
  grantPart: number;
  monthPart: number;
  period: string;
  month: string;
}

interface ModelTask {
  userId: string;
  book: string;
  price: number;
  state: 'waits' | 'runs' | 'asks' | 'done' | 'ended';
  /** Whether the provider has accepted it, and was asked to cancel it. */
  isAccepted: boolean;
  isCancelling: boolean;
  /** When it was decided whether its person gets the points back, and whether they do. */
  stop: { at: number; isRefunded: boolean } | undefined;
}

/** What can end a task without a result. */
export type ModelEnd = 'refused' | 'timeout' | 'unshown' | 'cancelled';

const dayMs = 24 * 3_600_000;

/**
 * The books as they are meant to be, in memory and without a database: a list of rows, and sums over it. What a charge takes
 * is the program's own arithmetic; everything else is written again here.
 */
export function createBooksModel() {
  const rows = new Map<string, ModelRow>();
  const tasks = new Map<string, ModelTask>();

  const sum = (fits: (row: ModelRow) => boolean, part: (row: ModelRow) => number) =>
    [...rows.values()].filter(fits).reduce((total, row) => total + part(row), 0);
  const isOf =
    ({ book, userId }: { book: string; userId: string }) =>
    (row: ModelRow) =>
      row.book === book && row.userId === userId;

  const model = {
    rows,
    tasks,
    spent: (who: { book: string; userId: string }, period: string) =>
      0 -
      sum(
        (row) => isOf(who)(row) && row.period === period,
        ({ allowancePart }) => allowancePart,
      ),
    granted: (who: { book: string; userId: string }) => sum(isOf(who), ({ grantPart }) => grantPart),
    serverSpent: (book: string, month: string) =>
      0 -
      sum(
        (row) => row.book === book && row.month === month,
        ({ monthPart }) => monthPart,
      ),
    /** What the server's month has spent and people got back. */
    serverKept: (book: string, month: string) =>
      model.serverSpent(book, month) +
      sum(
        (row) => row.book === book && row.month === month && (row.kind === 'charge' || row.kind === 'refund'),
        ({ allowancePart, grantPart }) => allowancePart + grantPart,
      ),
    periods: () => new Set([...rows.values()].map(({ period }) => period)),

    charge(id: string, asker: Asker, settings: Settings, price: number, now: number) {
      const where = toWhere(asker, settings, now);
      const purse = {
        allowance: allowanceOf(settings, asker).allowance,
        spent: model.spent(asker, where.period),
        granted: model.granted(asker),
      };
      const parts = chargeFor(price, purse);
      const open = [...tasks.values()].filter((task) => isOpen(task) && task.userId === asker.userId);
      const budget = budgetOf(settings, asker) ?? Number.POSITIVE_INFINITY;
      if (parts === undefined || open.length >= defaultLimits.personRunning + defaultLimits.personWaiting)
        return false;
      // A free task may start, no matter what is left.
      if (price > 0 && model.serverSpent(asker.book, where.month) + price > budget) return false;
      tasks.set(id, {
        userId: asker.userId,
        book: asker.book,
        price,
        state: 'waits',
        isAccepted: false,
        isCancelling: false,
        stop: undefined,
      });
      const { allowancePart, grantPart } = parts;
      const taken = { allowancePart: 0 - allowancePart, grantPart: 0 - grantPart, monthPart: 0 - price };
      rows.set(`charge:${id}`, { id: `charge:${id}`, kind: 'charge', ...where, ...taken });
      return true;
    },

    /** The provider accepts it. */
    begin(id: string) {
      const task = tasks.get(id);
      if (task?.state === 'waits') Object.assign(task, { state: 'runs', isAccepted: true });
    },

    /** The provider has a question; from then on it is decided what leaving it unanswered costs. */
    ask(id: string, refundsADay: number, now: number) {
      model.begin(id);
      const task = tasks.get(id);
      if (task?.state !== 'runs') return;
      task.state = 'asks';
      task.stop ??= model.promise(task, refundsADay, now);
    },

    /** A result came. */
    finish(id: string) {
      model.begin(id);
      const task = tasks.get(id);
      if (task?.state === 'runs' || task?.state === 'asks')
        Object.assign(task, { state: 'done', stop: undefined });
    },

    promise: ({ userId, price }: ModelTask, refundsADay: number, now: number) => {
      const today = [...tasks.values()].filter(
        ({ stop, ...task }) =>
          task.userId === userId &&
          task.price > 0 &&
          stop?.isRefunded === true &&
          stop.at >= now - (now % dayMs),
      );
      return { at: now, isRefunded: price === 0 || today.length < refundsADay };
    },

    /** Somebody presses Cancel; returns what that says. */
    cancel(id: string, isAgreed: boolean, refundsADay: number, now: number) {
      const task = tasks.get(id);
      if (task?.state === 'waits') {
        model.end(id, 'cancelled');
        return 'cancelled';
      }
      const isAsking = task?.state === 'asks';
      if (task === undefined || !(isAsking || (task.state === 'runs' && !task.isCancelling)))
        return 'too-late';
      const stop = task.stop?.isRefunded === true ? task.stop : model.promise(task, refundsADay, now);
      if (!stop.isRefunded && !isAgreed) return 'unrefunded';
      task.stop = stop;
      task.isCancelling = !isAsking;
      if (isAsking) model.end(id, 'cancelled');
      return isAsking ? 'cancelled' : 'cancelling';
    },

    end(id: string, how: ModelEnd) {
      const task = tasks.get(id);
      const charge = rows.get(`charge:${id}`);
      const isOver = how === 'unshown' ? task?.state !== 'done' : !isOpen(task);
      if (task === undefined || charge === undefined || isOver) return;
      task.state = 'ended';
      const isPersons = task.stop?.isRefunded !== false;
      const isMonths = isPersons && task.stop === undefined && (how === 'refused' || !task.isAccepted);
      rows.set(`refund:${id}`, {
        ...charge,
        id: `refund:${id}`,
        kind: 'refund',
        allowancePart: isPersons ? 0 - charge.allowancePart : 0,
        grantPart: isPersons ? 0 - charge.grantPart : 0,
        monthPart: isMonths && how !== 'timeout' ? 0 - charge.monthPart : 0,
      });
    },

    grant(id: string, asker: Asker, settings: Settings, points: number, now: number) {
      const row = { ...toWhere(asker, settings, now), allowancePart: 0, grantPart: points, monthPart: 0 };
      if (!rows.has(`grant:${id}`)) rows.set(`grant:${id}`, { ...row, id: `grant:${id}`, kind: 'grant' });
    },

    reset(id: string, asker: Asker, settings: Settings, what: 'spending' | 'grants', now: number) {
      if (rows.has(`reset:${id}`)) return;
      const where = toWhere(asker, settings, now);
      const held = [...tasks].filter(([, task]) => isOpen(task)).map(([taskId]) => `charge:${taskId}`);
      const heldPoints = sum(
        (row) => held.includes(row.id) && isOf(asker)(row) && row.period === where.period,
        ({ allowancePart }) => 0 - allowancePart,
      );
      const row =
        what === 'grants'
          ? { allowancePart: 0, grantPart: 0 - model.granted(asker) }
          : {
              allowancePart: resettable({ spent: model.spent(asker, where.period) }, heldPoints),
              grantPart: 0,
            };
      if (row.allowancePart === 0 && row.grantPart === 0) return;
      rows.set(`reset:${id}`, { id: `reset:${id}`, kind: 'reset', ...where, ...row, monthPart: 0 });
    },
  };
  return model;
}

function isOpen(task: ModelTask | undefined): boolean {
  return task?.state === 'waits' || task?.state === 'runs' || task?.state === 'asks';
}

function toWhere({ book, userId }: Asker, settings: Settings, now: number) {
  const period = periodAt(now, calendarOf(settings.book)).key;
  return { book, userId, period, month: monthAt(now).key };
}
