import type { MetricRow } from './metric-row.ts';
import { METRICS } from './metric-table.ts';
import { OUTCOMES } from './watcher.ts';
import { METHODS } from './work-metrics.ts';

/** The table of `gateway/docs/metrics.md`, Markdown. A test keeps page and code the same. */
export function metricsTable(): string {
  const rows = Object.values<MetricRow>(METRICS).map(({ name, type, help, labels }) => {
    const said = Object.entries(labels).map(([label, values]) => `\`${label}\`: ${valuesOf(values)}`);
    return `| \`${name}\` | ${type} | ${help} | ${said.join('; ')} |`;
  });
  return ['| Metric | Type | Meaning | Labels |', '|---|---|---|---|', ...rows].join('\n');
}

function valuesOf(values: readonly string[]): string {
  if (values === METHODS) return 'the contract’s methods';
  if (values === OUTCOMES) return '`OK`, `CANCELLED` or a reason of [errors](design/errors.md)';
  return values.map((value) => `\`${value}\``).join(' ');
}
