/** What became of one mutant. */
export type Verdict =
  | 'caught'
  /** Every test passed: the suite is blind here. */
  | 'SURVIVED'
  /** Its place in the code isn't there exactly once. */
  | 'DOES NOT APPLY'
  /** Nothing ran, so nothing was noticed: the mutant isn't valid code, or a test file can't be loaded. */
  | 'BROKEN'
  /** Its tests fail without it, too. */
  | 'TESTS ARE RED'
  | 'means nothing';

export interface Outcome {
  readonly name: string;
  readonly file: string;
  readonly breaks: string;
  readonly verdict: Verdict;
  readonly seconds: number;
  /** The first test that failed, or why it means nothing. */
  readonly by?: string;
}

/** The part of vitest's JSON report that counts here. */
export interface VitestReport {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** What a run of a mutant's tests says of it; `undefined` stands for a run that never ended or left no report. */
export function judge(report: VitestReport | undefined): Pick<Outcome, 'verdict' | 'by'> {
  if (report === undefined) return { verdict: 'caught', by: 'the tests never end' };
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = tests.find(({ status }) => status === 'failed');
  if (failed !== undefined) return { verdict: 'caught', by: failed.fullName };
  const isWhole =
    report.testResults.length > 0 && report.testResults.every((one) => one.assertionResults.length > 0);
  return { verdict: isWhole && report.numPassedTests > 0 ? 'SURVIVED' : 'BROKEN' };
}

export function isFine({ verdict }: Pick<Outcome, 'verdict'>): boolean {
  return verdict === 'caught' || verdict === 'means nothing';
}

/** One line. */
export function describeOutcome({ name, verdict, seconds, by }: Outcome, width: number): string {
  return `${name.padEnd(width)}  ${`${seconds.toFixed(1)} s`.padStart(7)}  ${verdict}${by === undefined ? '' : ` · ${by}`}`;
}

export function summarize(outcomes: readonly Outcome[]): string {
  const counts = new Map<Verdict, number>();
  for (const { verdict } of outcomes) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const parts = [...counts].map(([verdict, count]) => `${count} ${verdict}`);
  return `${outcomes.length} mutants: ${parts.join(', ')}`;
}
