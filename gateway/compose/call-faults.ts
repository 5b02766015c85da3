/** What becomes of a call that failed of something else than a rule: which faults are the store's, and the line that names its id. */
import type { CallFaults } from '../exchange/call-faults.ts';
import { StorageError } from '../storage/errors.ts';
import { fewLines } from '../telemetry/few-lines.ts';
import type { Log } from '../telemetry/log.ts';

/** Of calls that met a store that was away: while it is, each call is one. */
const LINES_A_SECOND = 10;

export function callFaults(log: Pick<Log, 'warn' | 'error'>, faultFields: (error: unknown) => object): CallFaults {
  const line = fewLines(LINES_A_SECOND, () => performance.now());
  return {
    isStorageFault: (error) => error instanceof StorageError,
    onStorageFault(error, method, requestId, agency) {
      const count = line();
      if (count === undefined) return;
      const call = { method, request_id: requestId, agency, reason: 'STORAGE_UNAVAILABLE', count };
      log.warn({ ...call, ...faultFields(error) }, 'a call met a store that was away');
    },
    onFault: (error, method, requestId) =>
      log.error({ method, request_id: requestId, ...faultFields(error) }, 'a call failed inside'),
  };
}
