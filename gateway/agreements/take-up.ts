/** What a call waits for that an agreement's change overtook: the callers and the agreements as they are now. */
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { CallRefused } from '../exchange/refused.ts';
import { StorageError } from '../storage/errors.ts';

interface Kept {
  refresh(): Promise<void>;
}

const RETRY_MS = 500;

/**
 * @throws {StorageError} where it cannot be read, {CallRefused} POLICY_UNAVAILABLE where it cannot be loaded: no fault of the call's, and
 *   the watch has told of it
 */
export function createTakeUp(directory: Kept, watch: Kept): () => Promise<void> {
  return async () => {
    try {
      await Promise.all([directory.refresh(), watch.refresh()]);
    } catch (error) {
      if (error instanceof StorageError) throw error;
      throw new CallRefused(ErrorReason.POLICY_UNAVAILABLE, { retryAfterMs: RETRY_MS });
    }
  };
}
