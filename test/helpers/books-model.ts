import { chargeFor, resettable } from '../../src/quota/charge.ts';
import { monthAt, periodAt } from '../../src/quota/period.ts';
import {
  type Asker,
  allowanceOf,
  budgetOf,
  calendarOf,
  limits,
  type Settings,
} from '../../src/quota/policy.ts';

/** A row as far as sums depend on it. */
export interface ModelRow {
  id: string;
  kind: 'charge' | 'refund' | 'grant' | 'reset';
  book: string;
  userId: string;
  allowancePart: number;
  grantPart: number;
  period: string;
  month: string;
}

interface ModelTask {
  userId: string;
  book: string;
  isOpen: boolean;
}

/**
 * The books as they are meant, in memory and without a database: a list of rows, and sums over it. What a charge takes
 * is the program's own arithmetic; everything else is written down anew here.
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
      const open = [...tasks.values()].filter((task) => task.isOpen && task.userId === asker.userId);
      const budget = budgetOf(settings, asker) ?? Number.POSITIVE_INFINITY;
      if (parts === undefined || open.length >= limits.personRunning + limits.personWaiting) return false;
      // What costs nothing may start, whatever is left.
      if (price > 0 && model.serverSpent(asker.book, where.month) + price > budget) return false;
      tasks.set(id, { userId: asker.userId, book: asker.book, isOpen: true });
      const { allowancePart, grantPart } = parts;
      const taken = { allowancePart: 0 - allowancePart, grantPart: 0 - grantPart };
      rows.set(`charge:${id}`, { id: `charge:${id}`, kind: 'charge', ...where, ...taken });
      return true;
    },

    end(id: string, isRefunded: boolean) {
      const task = tasks.get(id);
      const charge = rows.get(`charge:${id}`);
      if (task === undefined || charge === undefined || !task.isOpen) return;
      task.isOpen = false;
      if (!isRefunded) return;
      const back = { allowancePart: 0 - charge.allowancePart, grantPart: 0 - charge.grantPart };
      rows.set(`refund:${id}`, { ...charge, id: `refund:${id}`, kind: 'refund', ...back });
    },

    grant(id: string, asker: Asker, settings: Settings, points: number, now: number) {
      const row = { ...toWhere(asker, settings, now), allowancePart: 0, grantPart: points };
      if (!rows.has(`grant:${id}`)) rows.set(`grant:${id}`, { ...row, id: `grant:${id}`, kind: 'grant' });
    },

    reset(id: string, asker: Asker, settings: Settings, what: 'spending' | 'grants', now: number) {
      if (rows.has(`reset:${id}`)) return;
      const where = toWhere(asker, settings, now);
      const held = [...tasks].filter(([, task]) => task.isOpen).map(([taskId]) => `charge:${taskId}`);
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
      rows.set(`reset:${id}`, { id: `reset:${id}`, kind: 'reset', ...where, ...row });
    },
  };
  return model;
}

function toWhere({ book, userId }: Asker, settings: Settings, now: number) {
  const period = periodAt(now, calendarOf(settings.book)).key;
  return { book, userId, period, month: monthAt(now).key };
}
