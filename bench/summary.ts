import { describeGoal, type Figure, formatNumber, isMet, type Report } from './figures.ts';
import { percentile } from './statistics.ts';

/** Several runs as Markdown: the median of each figure, its smallest and largest, and its goal. */
export function summarize(reports: readonly Report[]): string {
  const [first] = reports;
  if (first === undefined) throw new Error('There is no report to summarize');
  const sections = first.sections.map(({ title, figures }) => {
    const rows = figures.map((figure) => toRow(figure, valuesOf(reports, title, figure.name)));
    return [
      `### ${title}`,
      '',
      '| figure | median | range | goal | |',
      '| --- | --- | --- | --- | --- |',
      ...rows,
    ].join('\n');
  });
  const machine = Object.entries(first.machine).map(([name, value]) => `${name} ${value}`);
  return [`${reports.length} runs · ${machine.join(' · ')}`, ...sections].join('\n\n');
}

function valuesOf(reports: readonly Report[], title: string, name: string): number[] {
  return reports
    .flatMap(({ sections }) => sections)
    .filter((section) => section.title === title)
    .flatMap(({ figures }) => figures.filter((figure) => figure.name === name))
    .map(({ value }) => value);
}

function toRow(figure: Figure, values: readonly number[]): string {
  const { name, unit, goal } = figure;
  const median = percentile(values, 0.5);
  const range = `${formatNumber(percentile(values, 0))} to ${formatNumber(percentile(values, 1))}`;
  const verdict = goal === undefined ? '' : isMet(median, goal) ? 'met' : '**missed**';
  const cells = [name, `${formatNumber(median)} ${unit}`.trim(), range, describeGoal(figure), verdict];
  return `| ${cells.join(' | ')} |`;
}
