import type { Clock } from '../clock.ts';
import { UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { monthAt, type PeriodUnit, periodAt } from '../points/period.ts';
import type { Policies } from '../points/policies.ts';
import { type Asker, calendarOf } from '../points/policy.ts';
import type { Ranking, Span } from '../storage/book-reports.ts';
import type { ReportFile, Reports } from '../storage/reports.ts';

/** Which bookings a ranking counts: those of a period of allowances, or of a month of the server's limit. */
export const rankingSpans = ['period', 'last-period', 'month', 'last-month'] as const;
export type RankingSpan = (typeof rankingSpans)[number];

export interface SpanRanking extends Ranking {
  readonly span: RankingSpan;
  readonly unit: PeriodUnit;
}

/**
 * What administrators may read about everybody in their book. Each call checks that right first; nobody learns anything about
 * another book.
 */
export interface BookReports {
  /** Throws a `UserError` if the asker may read none of it: a report takes a while, and a refusal shouldn't. */
  requireReader(asker: Asker): Promise<void>;
  rank(asker: Asker, span: RankingSpan): Promise<SpanRanking>;
  /**
   * Returns the ledger as a CSV file, gzipped if it's larger than `mostBytes` otherwise. `month` is one like `2026-11`. Throws a
   * `UserError` if there's no such month, or if the file is too large all the same.
   */
  exportLedger(
    asker: Asker,
    options: { month?: string | undefined; mostBytes: number },
  ): Promise<ReportFile & { readonly name: string }>;
}

export interface BookReportsDependencies {
  reports: Pick<Reports, 'rank' | 'exportLedger'>;
  policies: Pick<Policies, 'requireRight'>;
  clock: Pick<Clock, 'now'>;
  log: Logger;
}

export function createBookReports({ reports, policies, clock, log }: BookReportsDependencies): BookReports {
  return {
    async requireReader(asker) {
      await policies.requireRight(asker, 'administer');
    },

    async rank(asker, span) {
      const settings = await policies.requireRight(asker, 'administer');
      const calendar = calendarOf(settings.book);
      const now = clock.now();
      const isMonth = span === 'month' || span === 'last-month';
      const at = (moment: number) => (isMonth ? monthAt(moment) : periodAt(moment, calendar));
      const current = at(now);
      const { key } = span === 'period' || span === 'month' ? current : at(current.startsAt - 1);
      const column: Span['column'] = isMonth ? 'month' : 'period';
      const ranking = await reports.rank({ book: asker.book, span: { column, key } });
      return { ...ranking, span, unit: calendar.unit };
    },

    async exportLedger(asker, { month, mostBytes }) {
      await policies.requireRight(asker, 'administer');
      const asked = month?.trim();
      if (asked !== undefined && !/^\d{4}-(?:0[1-9]|1[0-2])$/u.test(asked))
        throw new UserError('month-malformed', { value: asked });
      const file = await reports.exportLedger({ book: asker.book, month: asked, mostBytes });
      if (file === undefined) throw new UserError('ledger-too-large');
      log.info({ book: asker.book, actorId: asker.userId }, "a book's ledger is exported");
      const name = asked === undefined ? 'ledger.csv' : `ledger-${asked}.csv`;
      return { ...file, name: file.isCompressed ? `${name}.gz` : name };
    },
  };
}
