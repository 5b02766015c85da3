import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { LogTrouble } from './log-port.ts';
import { CallRefused } from './refused.ts';

/** Only a log that is another one waits for an officer; the rest passes, here or at another gateway. */
const REASONS = {
  another: ErrorReason.LOG_BROKEN,
  fenced: ErrorReason.DRAINING,
  unkept: ErrorReason.STORAGE_UNAVAILABLE,
  unconfirmed: ErrorReason.STORAGE_UNAVAILABLE,
} as const satisfies Record<LogTrouble, ErrorReason>;
const RETRY_MS = 1000;

/** Throws CallRefused where this process may not add to the log now, and so may not answer from it: LOG_BROKEN, DRAINING, STORAGE_UNAVAILABLE. */
export function createMustBeWriter(logTrouble: () => LogTrouble | undefined): () => void {
  return () => {
    const trouble = logTrouble();
    if (trouble === undefined) return;
    throw new CallRefused(REASONS[trouble], trouble === 'another' ? {} : { retryAfterMs: RETRY_MS });
  };
}
