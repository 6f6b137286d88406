import { describeGoal, type Figure, formatNumber, isMet, type Report, type Section } from './figures.ts';

/** A report for a terminal: each figure, its goal, and whether it is met. */
export function renderReport({ machine, sections }: Report): string {
  const facts = Object.entries(machine).map(([name, value]) => `${name} ${value}`);
  return [facts.join(' · '), ...sections.map(renderSection)].join('\n\n');
}

export function renderSection({ title, figures }: Section): string {
  const rows = figures.map(toCells);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map(([name = '', value = '', goal = '', verdict = '']) =>
    `  ${name.padEnd(widths[0] ?? 0)}  ${value.padStart(widths[1] ?? 0)}  ${goal.padEnd(widths[2] ?? 0)}  ${verdict}`.trimEnd(),
  );
  return [title, ...lines].join('\n');
}

function toCells(figure: Figure): string[] {
  const { name, value, unit, goal } = figure;
  const verdict = goal === undefined ? '' : isMet(value, goal) ? 'met' : 'MISSED';
  return [name, `${formatNumber(value)} ${unit}`.trim(), describeGoal(figure), verdict];
}
