/** What looks on while calls are served: told when a call, a chunk or a stage begins and how it ends, and nothing of what is in it. */
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { REASONS, reasonName, type SentReason } from '../errors/catalogue.ts';
import { UndecodableFrame } from '../exchange/ports.ts';
import { CallRefused } from '../exchange/refused.ts';
import type { Stage } from '../exchange/stage-names.ts';
import { StorageError } from '../storage/errors.ts';

/** How a call, a chunk or a stage can end: answered, left by its client, or refused for a closed reason. */
export const OUTCOMES: readonly string[] = ['OK', 'CANCELLED', ...REASONS.map(reasonName)];

export interface CallFacts {
  /** "/package.Service/Method". */
  readonly method: string;
  /** The client's own W3C trace, unchecked. */
  readonly traceparent?: string | undefined;
}

export interface Ending {
  /** One of {@link OUTCOMES}. */
  readonly outcome: string;
  /** What the call is called in the log. */
  readonly requestId: string | undefined;
}

export interface Watcher {
  /** Runs a call or a stream to its end. */
  call<T>(facts: CallFacts, work: () => Promise<T>, endingOf: (result: T) => Ending): Promise<T>;
  /** Runs a chunk of a stream to its end. */
  chunk<T>(work: () => Promise<T>): Promise<T>;
  /** A stage begins; what is given back is called at its end, with what it threw. */
  stage(stage: Stage): (error?: unknown) => void;
  /** Rows that were recorded for the first time, by verdict code; index 0 unused. */
  rows(totals: readonly number[]): void;
}

export function outcomeOfReason(reason: ErrorReason | undefined): string {
  return reason === undefined ? 'OK' : reasonName(reason as SentReason);
}

/** `isCallEnded` knows what the edge rejects with once a client has gone. */
export function outcomeOfError(error: unknown, isCallEnded: (error: unknown) => boolean): string {
  if (error instanceof CallRefused) return reasonName(error.reason);
  if (error instanceof StorageError) return reasonName(ErrorReason.STORAGE_UNAVAILABLE);
  if (error instanceof UndecodableFrame) return reasonName(ErrorReason.BAD_REQUEST);
  return isCallEnded(error) ? 'CANCELLED' : reasonName(ErrorReason.INTERNAL);
}

/** Several as one, the first outermost. */
export function allOf(watchers: readonly Watcher[]): Watcher {
  return {
    call: (facts, work, endingOf) =>
      watchers.reduceRight((inner, watcher) => () => watcher.call(facts, inner, endingOf), work)(),
    chunk: (work) => watchers.reduceRight((inner, watcher) => () => watcher.chunk(inner), work)(),
    stage(stage) {
      const ends = watchers.map((watcher) => watcher.stage(stage));
      return (error) => {
        for (const end of ends) end(error);
      };
    },
    rows(totals) {
      for (const watcher of watchers) watcher.rows(totals);
    },
  };
}
