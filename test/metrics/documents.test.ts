import { readFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createSeries } from '../../src/metrics/series.ts';

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const registry = new Registry();
createSeries(registry);

/** Each series as a scrape names it, with the labels that it has. */
const known = new Map<string, readonly string[]>(
  registry.getMetricsAsArray().flatMap((metric) => {
    const { name, type, labelNames } = metric as unknown as {
      name: string;
      type: string;
      labelNames: string[];
    };
    const suffixes = type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
    return suffixes.map((suffix) => [`${name}${suffix}`, labelNames] as const);
  }),
);

const namesIn = (text: string) => text.match(/(?:midjourney_relay|process|nodejs)_[a-z_]+/gu) ?? [];

/** The labels that an expression groups by, and those in a text for people. */
const labelsIn = (text: string) =>
  [
    ...[...text.matchAll(/by \(([^)]*)\)/gu)].flatMap(([, list = '']) => list.split(/,\s*/u)),
    ...[...text.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/gu)].map(([, label = '']) => label),
  ].filter((label) => label !== 'le');

function expectKnown(expr: string, shown = ''): void {
  const names = namesIn(expr);
  expect(names.length, expr).toBeGreaterThan(0);
  for (const name of names) expect([...known.keys()], expr).toContain(name);
  const labels = names.flatMap((name) => known.get(name) ?? []);
  for (const label of labelsIn(`${expr} ${shown}`)) expect(labels, `${expr}: ${label}`).toContain(label);
  for (const [opening, closing] of ['()', '[]', '{}']) {
    expect(expr.split(opening ?? '').length, expr).toBe(expr.split(closing ?? '').length);
  }
}

describe('docs/alerts.yml', () => {
  const { groups } = parse(read('alerts.yml')) as { groups: { name: string; rules: Rule[] }[] };
  const rules = groups.flatMap((group) => group.rules);

  it('has six rules with names of their own', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(6);
  });

  it.each(rules.map((rule) => [rule.alert, rule] as const))('%s uses series that exist', (name, rule) => {
    const { summary, description } = rule.annotations;
    expect(name).toMatch(/^[A-Za-z]+$/u);
    expectKnown(rule.expr, summary);
    for (const named of namesIn(description))
      expect([...known.keys(), ...[...known.keys()].map((one) => one.replace(/_bucket$/u, ''))]).toContain(
        named,
      );
    expect(['warning', 'critical']).toContain(rule.labels.severity);
    expect(rule.for ?? '1m').toMatch(/^\d+m$/u);
  });
});

describe('docs/grafana.json', () => {
  const { panels } = JSON.parse(read('grafana.json')) as { panels: Panel[] };

  it.each(panels.map((panel) => [panel.title, panel] as const))(
    '%s uses series that exist',
    (_title, panel) => {
      for (const { expr, legendFormat } of panel.targets) expectKnown(expr, legendFormat);
    },
  );

  it('has panels that do not cover each other', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}:${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  it('shows every series of the bot', () => {
    const shown = new Set(panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => namesIn(expr))));
    const missing = [...known.keys()].filter(
      (name) =>
        name.startsWith('midjourney_relay_') &&
        ![...shown].some(
          (one) => one.replace(/_(?:bucket|sum|count)$/u, '') === name.replace(/_(?:bucket|sum|count)$/u, ''),
        ),
    );
    // Those that only rules and people who look for a cause need.
    expect(missing).toEqual([
      'midjourney_relay_account_slots',
      'midjourney_relay_ledger_points',
      'midjourney_relay_ledger_checked_timestamp_seconds',
    ]);
  });
});
