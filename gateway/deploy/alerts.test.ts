import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCounting } from '../telemetry/counting.ts';
import type { MetricRow } from '../telemetry/metric-row.ts';
import { METRICS } from '../telemetry/metric-table.ts';
import { ALARMED_OUTCOMES } from '../telemetry/work-metrics.ts';

const RULE =
  /^ {6}- alert: (\w+)\n {8}expr: (.+)\n {8}for: (\d+[sm])\n {8}labels: \{ severity: (\w+) \}\n {8}annotations: /gm;
const SELECTOR = /(lienthong_\w+)(?:\{([^}]*)\})?/g;
const MATCHER = /(\w+)(=~|!=|=)"([^"]*)"/g;

const text = readFileSync(join(import.meta.dirname, 'alerts.yml'), 'utf8');
const rules = [...text.matchAll(RULE)].map(([, alert = '', expr = '', wait = '', severity = '']) => ({
  ...{ alert, expr, wait, severity },
}));
const rows = new Map(Object.values<MetricRow>(METRICS).map((row) => [row.name, row]));
const selectors = rules.flatMap(({ expr }) =>
  [...expr.matchAll(SELECTOR)].map(([, name = '', matchers = '']) => ({
    ...{ name, expr },
    matchers: [...matchers.matchAll(MATCHER)].map(([, label = '', how = '', value = '']) => ({ label, how, value })),
  })),
);

test('every alarm is read, waits, and has a name of its own', () => {
  expect(rules).toHaveLength(text.match(/- alert:/g)?.length ?? 0);
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  for (const { severity } of rules) expect(['critical', 'warning']).toContain(severity);
});

test('every metric of an alarm is one of ours, with labels and values that it can have', () => {
  expect(selectors.length).toBeGreaterThan(15);
  for (const { name, matchers } of selectors) {
    const row = rows.get(name);
    expect(row, name).toBeDefined();
    for (const { label, value } of matchers) {
      for (const one of value.split('|')) expect(row?.labels[label], `${name} ${label}`).toContain(one);
    }
  }
});

/** Made of the edge's own count at each scrape, every series of it. */
const OF_THE_EDGE = new Set<string>([METRICS.turnedAway.name, METRICS.refusedHandshakes.name]);

test('counts that an alarm sees rise stand at 0 from the start', async () => {
  const alarmed = selectors.filter(({ expr }) => expr.includes('increase('));
  const told = await createCounting(() => false).registry.metrics();
  const seen = alarmed.flatMap(({ name, matchers }) => {
    const outcome = matchers.find(({ label }) => label === 'outcome')?.value.split('|');
    if (outcome !== undefined) expect(outcome).toEqual(ALARMED_OUTCOMES);
    return OF_THE_EDGE.has(name) ? [] : [{ row: rows.get(name), outcome }];
  });
  expect(seen).toHaveLength(4);
  for (const { row, outcome } of seen) {
    const values = { ...row?.labels, ...(outcome === undefined ? {} : { outcome }) };
    const series = Object.entries(values).reduce<string[]>(
      (all, [label, of]) =>
        all.flatMap((one) => of.map((value) => `${one === '' ? '' : `${one},`}${label}="${value}"`)),
      [''],
    );
    for (const one of series) expect(told).toContain(`\n${row?.name}${one === '' ? '' : `{${one}}`} 0\n`);
  }
});
