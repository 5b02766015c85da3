import type { GatewayConfig } from '../config/read-config.ts';
import type { Stages } from '../exchange/pipeline.ts';
import type { RefusalBudget } from '../exchange/refusal-budget.ts';
import type { createVerifyChunk } from '../exchange/verify-chunk.ts';
import type { Counted, Counting } from '../telemetry/counting.ts';
import type { Log } from '../telemetry/log.ts';
import type { MetricsListener } from '../telemetry/metrics-listener.ts';
import type { Readings } from '../telemetry/read-gauges.ts';
import { type Ports, watchPorts } from '../telemetry/watch-ports.ts';
import { watchStages, watchVerifyChunk } from '../telemetry/watch-stages.ts';
import { allOf, type Watcher } from '../telemetry/watcher.ts';
import { portProblem } from './port-problem.ts';

export interface TelemetryOptions {
  readonly config: Pick<GatewayConfig, 'metrics' | 'traces' | 'deployment'>;
  readonly version: string;
  readonly log: Log;
  readonly faultFields: (error: unknown) => object;
  /** Knows what the edge rejects with once a client has gone. */
  readonly isCallEnded: (error: unknown) => boolean;
}

export type Telemetry = Awaited<ReturnType<typeof openTelemetry>>;

/**
 * Metrics and traces as configured. Where neither is, nothing is wrapped and none of their libraries is loaded: what is given comes
 * back as it was.
 */
export async function openTelemetry({ config, version, log, faultFields, isCallEnded }: TelemetryOptions) {
  const onFault = (error: unknown) => log.error({ task: 'metrics', ...faultFields(error) }, 'a task failed');
  const counting = config.metrics && (await import('../telemetry/counting.ts')).createCounting(isCallEnded);
  const tracing =
    config.traces &&
    (await import('../telemetry/tracing.ts')).createTracing({
      ...config.traces,
      version,
      deployment: config.deployment.id,
      isCallEnded,
    });
  const watchers = [counting?.watcher, tracing?.watcher].filter((one): one is Watcher => one !== undefined);
  const watcher = watchers.length === 0 ? undefined : allOf(watchers);
  const unlogged = counting?.unlogged;
  let listener: MetricsListener | undefined;

  return {
    stages: (stages: Stages): Stages => (watcher === undefined ? stages : watchStages(stages, watcher)),
    verifyChunk: (verify: ReturnType<typeof createVerifyChunk>) =>
      watcher === undefined ? verify : watchVerifyChunk(verify, watcher),
    ports: (ports: Ports, streamMethod: string): Ports =>
      watcher === undefined ? ports : watchPorts(ports, watcher, streamMethod),
    /** Runs a chunk. */
    aroundChunk: <T>(work: () => Promise<T>): Promise<T> => (watcher === undefined ? work() : watcher.chunk(work)),
    /** The same budget, with what goes beyond it counted at once. */
    budget: (budget: RefusalBudget): RefusalBudget =>
      unlogged === undefined
        ? budget
        : {
            take(certificate) {
              const taken = budget.take(certificate);
              if (!taken) unlogged();
              return taken;
            },
          },
    policyFault: (fault: Parameters<Counting['policyFault']>[0]) => counting?.policyFault(fault),
    /**
     * The port that metrics are read at; undefined where none is configured. Of the threads one is scraped, and asks the others for
     * what they counted.
     */
    async listen(readings: Readings): Promise<number | undefined> {
      if (counting === undefined || config.metrics === undefined) return undefined;
      const { createMetrics } = await import('../telemetry/metrics.ts');
      const { listenForScrapes } = await import('../telemetry/metrics-listener.ts');
      const at = config.metrics;
      const metrics = createMetrics({ readings, counting });
      listener = await listenForScrapes(at, metrics, onFault).catch((error: unknown) => {
        throw portProblem('metrics', at, error);
      });
      return listener.port;
    },
    /** What a thread that is not scraped has counted. */
    counted: async (): Promise<Counted> => (await counting?.registry.getMetricsAsJSON()) ?? [],
    chunksInFlight: () => counting?.chunksInFlight() ?? 0,
    async close(): Promise<void> {
      await listener?.close();
      await tracing?.close().catch(() => log.warn({ task: 'traces' }, 'the last traces were not sent'));
    },
  };
}
