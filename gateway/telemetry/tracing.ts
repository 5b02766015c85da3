/** OpenTelemetry traces: a span a call, stream or chunk, and one below it for each stage. Attributes are codes and ids of requests. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { linksOf } from './traceparent.ts';
import { outcomeOfError, type Watcher } from './watcher.ts';

export interface TracingOptions {
  /** OTLP over HTTP. Example: "http://127.0.0.1:4318/v1/traces". */
  readonly endpoint: string;
  /** Share of calls and chunks that are traced; drawn here, whatever the client's own trace says. */
  readonly ratio: number;
  readonly version: string;
  readonly deployment: string;
  readonly isCallEnded: (error: unknown) => boolean;
}

export interface Tracing {
  readonly watcher: Watcher;
  /** Sends what waits. */
  close(): Promise<void>;
}

/** Spans that may wait to be sent: beyond, they are dropped, and calls are served as before. */
const QUEUE = 4096;
const BATCH = 512;
const EVERY_MS = 2000;
const EXPORT_MS = 5000;

const METHOD = /^\/(.+)\/([^/]+)$/;

export function createTracing({ endpoint, ratio, version, deployment, isCallEnded }: TracingOptions): Tracing {
  const provider = new TracerProvider({
    // Nothing of the machine or the process is looked up: only this is told.
    resource: resourceFromAttributes({
      'service.name': 'lienthong-gateway',
      'service.version': version,
      'service.namespace': deployment,
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url: endpoint, timeoutMillis: EXPORT_MS }),
        maxQueueSize: QUEUE,
        maxExportBatchSize: BATCH,
        scheduledDelayMillis: EVERY_MS,
        exportTimeoutMillis: EXPORT_MS,
      }),
    ],
  });
  const tracer = provider.getTracer('lienthong');
  const current = new AsyncLocalStorage<Span | undefined>();

  /** Runs `work` below a span; `told` learns of the result before the span ends. */
  async function below<T>(span: Span, work: () => Promise<T>, told: (result: T) => string): Promise<T> {
    let outcome = 'CANCELLED';
    try {
      const result = await current.run(span, work);
      outcome = told(result);
      return result;
    } catch (error) {
      outcome = outcomeOfError(error, isCallEnded);
      throw error;
    } finally {
      finish(span, outcome);
    }
  }

  const watcher: Watcher = {
    call({ method, traceparent }, work, endingOf) {
      const [, service = '', name = ''] = METHOD.exec(method) ?? [];
      const span = tracer.startSpan(
        `${service}/${name}`,
        {
          kind: SpanKind.SERVER,
          links: linksOf(traceparent),
          attributes: { 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': name },
        },
        ROOT_CONTEXT,
      );
      if (!span.isRecording()) return work();
      return below(span, work, (result) => {
        const { outcome, requestId } = endingOf(result);
        if (requestId !== undefined) span.setAttribute('lienthong.request_id', requestId);
        return outcome;
      });
    },
    chunk(work) {
      // A trace of its own: a stream lives for hours, and one sampled stream would hold a million chunks.
      const stream = current.getStore()?.spanContext();
      const links = stream === undefined ? [] : [{ context: stream }];
      const span = tracer.startSpan('chunk', { kind: SpanKind.INTERNAL, links }, ROOT_CONTEXT);
      if (!span.isRecording()) return current.run(undefined, work);
      return below(span, work, () => 'OK');
    },
    stage(stage) {
      const parent = current.getStore();
      if (parent === undefined) return () => {};
      const span = tracer.startSpan(stage, {}, trace.setSpan(ROOT_CONTEXT, parent));
      return (error) => finish(span, error === undefined ? 'OK' : outcomeOfError(error, isCallEnded));
    },
    rows(totals) {
      current.getStore()?.setAttribute(
        'lienthong.rows',
        totals.reduce((sum, count) => sum + count, 0),
      );
    },
  };

  return { watcher, close: () => provider.shutdown() };
}

/** A refusal is an answer; only what failed inside is an error of ours. */
function finish(span: Span, outcome: string): void {
  span.setAttribute('lienthong.outcome', outcome);
  if (outcome === 'INTERNAL' || outcome === 'STORAGE_UNAVAILABLE') span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
