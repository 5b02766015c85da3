/** Prometheus metrics, made from the table. Asked of the process when they are read; calls only count and time. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { STAGES, type Stage } from '../exchange/stage-names.ts';
import { METRICS, type MetricName, type MetricRow, VERDICTS } from './metric-table.ts';
import { type Readings, readGauges } from './read-gauges.ts';
import { outcomeOfError, type Watcher } from './watcher.ts';

export interface Metrics {
  /** Told of calls, chunks and stages. */
  readonly watcher: Watcher;
  /** Counts a refusal that was not logged. */
  unlogged(): void;
  /** The text that a scrape is answered with. */
  text(): Promise<string>;
  readonly contentType: string;
  /** For tests: what stands in the registry. */
  readonly registry: Registry;
}

export interface MetricsOptions {
  readonly readings: Readings;
  readonly isCallEnded: (error: unknown) => boolean;
}

const seconds = (since: number) => (performance.now() - since) / 1000;

export function createMetrics({ readings, isCallEnded }: MetricsOptions): Metrics {
  const registry = new Registry();
  // Memory, CPU, event loop and garbage collection, under the names that every dashboard knows.
  collectDefaultMetrics({ register: registry });
  const base = ({ name, help, labels }: MetricRow) => ({
    name,
    help,
    labelNames: Object.keys(labels),
    registers: [registry],
  });
  const counter = (of: MetricName) => new Counter(base(METRICS[of]));
  const histogram = (of: MetricName) => {
    const row: MetricRow = METRICS[of];
    return new Histogram({ ...base(row), buckets: [...(row.buckets ?? [])] });
  };
  const gauges = new Map(
    Object.entries(METRICS).flatMap(([of, row]) => (row.type === 'gauge' ? [[of, new Gauge(base(row))] as const] : [])),
  );
  const calls = counter('calls');
  const callSeconds = histogram('callSeconds');
  const chunks = counter('chunks');
  const chunkSeconds = histogram('chunkSeconds');
  const rows = counter('rows');
  const unlogged = counter('unloggedRefusals');
  const turnedAway = counter('turnedAway');
  const stageSeconds = histogram('stageSeconds');
  // Found once: a look-up by labels costs more than what a fast stage takes.
  const ofStage = Object.fromEntries(STAGES.map((stage) => [stage, stageSeconds.labels({ stage })])) as Record<
    Stage,
    ReturnType<typeof stageSeconds.labels>
  >;
  const ofVerdict = VERDICTS.map((verdict) => rows.labels({ verdict }));
  let chunksInFlight = 0;

  const watcher: Watcher = {
    async call({ method }, work, endingOf) {
      const began = performance.now();
      // A call whose client has left rejects, and is told of no other ending.
      let outcome = 'CANCELLED';
      try {
        const result = await work();
        outcome = endingOf(result).outcome;
        return result;
      } catch (error) {
        outcome = outcomeOfError(error, isCallEnded);
        throw error;
      } finally {
        calls.inc({ method, outcome });
        callSeconds.observe({ method }, seconds(began));
      }
    },
    async chunk(work) {
      const began = performance.now();
      let outcome = 'OK';
      chunksInFlight += 1;
      try {
        return await work();
      } catch (error) {
        outcome = outcomeOfError(error, isCallEnded);
        throw error;
      } finally {
        chunksInFlight -= 1;
        chunks.inc({ outcome });
        chunkSeconds.observe(seconds(began));
      }
    },
    stage(stage) {
      const began = performance.now();
      return () => ofStage[stage].observe(seconds(began));
    },
    rows(totals) {
      for (const [i, of] of ofVerdict.entries()) {
        const count = totals[i + 1] ?? 0;
        if (count > 0) of.inc(count);
      }
    },
  };

  return {
    watcher,
    unlogged: () => unlogged.inc(),
    contentType: registry.contentType,
    registry,
    async text() {
      for (const { of, labels, value } of await readGauges(readings, chunksInFlight)) {
        gauges.get(of)?.set(labels, value);
      }
      turnedAway.reset();
      for (const [why, count] of Object.entries(readings.edge().turnedAway)) turnedAway.inc({ why }, count);
      return registry.metrics();
    },
  };
}
