import { readFileSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { formatNumber } from './figures.ts';

const shownRows = 30;

/** Where the time of a `.cpuprofile` went, by function and by file: self time, the largest first. */
export function describeProfile(path: string): string {
  const { nodes, samples = [], timeDeltas = [] } = JSON.parse(readFileSync(path, 'utf8')) as Profiler.Profile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byFunction = new Map<string, number>();
  const byFile = new Map<string, number>();
  let total = 0;
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    const microseconds = timeDeltas[index] ?? 0;
    if (frame === undefined) continue;
    total += microseconds;
    const file = toFile(frame.url);
    const name = `${frame.functionName || '(anonymous)'}  ${file}:${frame.lineNumber + 1}`;
    byFunction.set(name, (byFunction.get(name) ?? 0) + microseconds);
    byFile.set(file, (byFile.get(file) ?? 0) + microseconds);
  }
  return [render('by function', byFunction, total), render('by file', byFile, total)].join('\n\n');
}

function render(title: string, times: ReadonlyMap<string, number>, total: number): string {
  const rows = [...times].sort(([, a], [, b]) => b - a).slice(0, shownRows);
  const lines = rows.map(
    ([name, microseconds]) => `${formatNumber((100 * microseconds) / total).padStart(6)} %  ${name}`,
  );
  return [title, ...lines].join('\n');
}

/** The path within the repository or the package. */
function toFile(url: string): string {
  const [, inside] = /\/(node_modules\/.+|src\/.+|commands\/.+)$/.exec(url) ?? [];
  return inside ?? (url || '(native)');
}
