/** What was taken out of a stored answer must not be there for the next time either. */
import type { KeyObject } from 'node:crypto';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { seal } from '../sealing/seal.ts';
import { sha256 } from './entry-parts.ts';
import type { Effect } from './log-port.ts';

/** What these effects refuse with, and no other of an answer given again: what was stored is no longer what was read. */
export const STORED_SINCE = ErrorReason.ANSWER_GONE;

interface Found {
  readonly entryId: Buffer;
  /** As it was read. */
  readonly sealed: Buffer;
}

/**
 * To run before whatever follows from what was taken out, and only where exactly this is still stored: the same may be asked for twice
 * at once, and what follows, a job's totals, must become true once. Effects that ran before one that refuses are committed.
 */
export function keepInstead(key: KeyObject, { entryId, sealed }: Found, plain: Uint8Array): Effect[] {
  return [
    {
      // Kept from when it was first given: a retry makes no answer outlive its time.
      text: `WITH was AS (DELETE FROM stored_answer WHERE entry_id = $1 AND sha256(sealed) = $2 RETURNING entry_id, at)
        INSERT INTO stored_answer (entry_id, sealed, at) SELECT entry_id, $3, at FROM was RETURNING 1`,
      values: [entryId, sha256(sealed), seal(key, entryId, plain)],
      orRefuse: { reason: STORED_SINCE },
    },
  ];
}
