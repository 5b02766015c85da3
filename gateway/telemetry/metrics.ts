/** Prometheus metrics, made from the table. Asked of the process when they are read; calls only count and time. */
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { baseOf, type Counted, type Counting } from './counting.ts';
import { type EdgeUsage, HANDSHAKE_FAULTS, TURNED_AWAY } from './edge-usage.ts';
import type { MetricRow } from './metric-row.ts';
import { METRICS, type MetricName } from './metric-table.ts';
import { type Readings, readGauges, type ThreadUsage } from './read-gauges.ts';

/** What another thread that serves calls says of itself. */
export interface ThreadFigures {
  readonly usage: ThreadUsage;
  /** Empty where it counts nothing. */
  readonly counted: Counted;
}

export interface Metrics {
  /** The text that a scrape is answered with. */
  text(): Promise<string>;
  readonly contentType: string;
}

export interface MetricsOptions {
  readonly readings: Readings;
  /** What the process's own thread counts. */
  readonly counting: Pick<Counting, 'registry' | 'chunksInFlight'>;
}

/** What is not read this time is absent, and not what it last was; a gauge without labels that is only reset reads 0. */
function forget(of: string, gauge: Gauge): void {
  const { labels }: MetricRow = METRICS[of as MetricName];
  if (Object.keys(labels).length === 0) gauge.remove();
  else gauge.reset();
}

export function createMetrics({ readings, counting }: MetricsOptions): Metrics {
  const registry = new Registry();
  // Memory, CPU, event loop and garbage collection, under the names that every dashboard knows.
  collectDefaultMetrics({ register: registry });
  const gauges = new Map(
    Object.entries(METRICS).flatMap(([of, row]) =>
      row.type === 'gauge' ? [[of, new Gauge(baseOf(row, registry))] as const] : [],
    ),
  );

  const turnedAway = new Counter(baseOf(METRICS.turnedAway, registry));
  const refusedHandshakes = new Counter(baseOf(METRICS.refusedHandshakes, registry));

  return {
    contentType: registry.contentType,
    async text() {
      const others = await readings.others();
      const usages = others.map(({ usage }) => usage);
      const read = await readGauges(readings, counting.chunksInFlight(), usages);
      for (const [of, gauge] of gauges) forget(of, gauge);
      for (const { of, labels, value } of read) {
        gauges.get(of)?.set(labels, value);
      }
      const edges = [readings.edge(), ...usages.flatMap(({ edge }) => edge ?? [])];
      const summed = (read: (edge: EdgeUsage) => number) => edges.reduce((sum, edge) => sum + read(edge), 0);
      turnedAway.reset();
      for (const why of TURNED_AWAY)
        turnedAway.inc(
          { why },
          summed((edge) => edge.turnedAway[why]),
        );
      refusedHandshakes.reset();
      for (const why of HANDSHAKE_FAULTS)
        refusedHandshakes.inc(
          { why },
          summed((edge) => edge.refusedHandshakes[why]),
        );
      const counted =
        others.length === 0
          ? counting.registry
          : AggregatorRegistry.aggregate([
              await counting.registry.getMetricsAsJSON(),
              ...others.map((other) => other.counted),
            ]);
      return `${await registry.metrics()}\n${await counted.metrics()}`;
    },
  };
}
