/** What a thread that serves calls counts and times of them: the metrics that are no readings. */
import { Counter, Histogram, Registry } from 'prom-client';
import { STAGES, type Stage } from '../exchange/stage-names.ts';
import type { MetricRow } from './metric-row.ts';
import { METRICS, type MetricName } from './metric-table.ts';
import { outcomeOfError, type Watcher } from './watcher.ts';
import { ALARMED_OUTCOMES, METHODS, POLICY_FAULTS, VERDICTS } from './work-metrics.ts';

/** Counters and histograms as they stand, to be added to those of other threads. */
export type Counted = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

export interface Counting {
  /** Told of calls, chunks and stages. */
  readonly watcher: Watcher;
  /** Counts a refusal that was not logged. */
  unlogged(): void;
  /** Counts a decision that was denied for want of an answer. */
  policyFault(fault: (typeof POLICY_FAULTS)[number]): void;
  chunksInFlight(): number;
  readonly registry: Registry;
}

export const baseOf = ({ name, help, labels }: MetricRow, registry: Registry) => ({
  name,
  help,
  labelNames: Object.keys(labels),
  registers: [registry],
});

const seconds = (since: number) => (performance.now() - since) / 1000;

export function createCounting(isCallEnded: (error: unknown) => boolean): Counting {
  const registry = new Registry();
  const counter = (of: MetricName) => new Counter(baseOf(METRICS[of], registry));
  const histogram = (of: MetricName) => {
    const row: MetricRow = METRICS[of];
    return new Histogram({ ...baseOf(row, registry), buckets: [...(row.buckets ?? [])] });
  };
  const calls = counter('calls');
  const callSeconds = histogram('callSeconds');
  const chunks = counter('chunks');
  const chunkSeconds = histogram('chunkSeconds');
  const rows = counter('rows');
  const unlogged = counter('unloggedRefusals');
  const policyFaults = counter('policyFaults');
  const stageSeconds = histogram('stageSeconds');
  // Found once: a look-up by labels costs more than what a fast stage takes.
  const ofStage = Object.fromEntries(STAGES.map((stage) => [stage, stageSeconds.labels({ stage })])) as Record<
    Stage,
    ReturnType<typeof stageSeconds.labels>
  >;
  const ofVerdict = VERDICTS.map((verdict) => rows.labels({ verdict }));
  for (const outcome of ALARMED_OUTCOMES) {
    for (const method of METHODS) calls.inc({ method, outcome }, 0);
    chunks.inc({ outcome }, 0);
  }
  for (const fault of POLICY_FAULTS) policyFaults.inc({ fault }, 0);
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
    policyFault: (fault) => policyFaults.inc({ fault }),
    chunksInFlight: () => chunksInFlight,
    registry,
  };
}
