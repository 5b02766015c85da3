/**
 * What makes a withdrawal exact: each gateway says up to which change nothing that it read before is on its way any more, and what
 * all of them have said is acknowledged in the log.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { Appender } from '../exchange/log-port.ts';
import { drawRandom } from '../sealing/random.ts';
import { createPoll } from '../storage/poll.ts';
import type { Database } from '../storage/pool.ts';
import { endSilent, type Place } from './silent-workers.ts';

export interface BarrierDeps {
  readonly db: Database;
  readonly workerId: string;
  readonly place: Place | undefined;
  readonly appender: Pick<Appender, 'append'>;
  /** Resolves when nothing that any thread of this process began before is on its way any more. */
  readonly settleAll: () => Promise<void>;
  readonly nowMs: () => number;
  /** Sees the error, and must not log values. */
  readonly onFault: (error: unknown) => void;
  /** Told of each frozen gateway that was ended. */
  readonly onEnded: (epoch: number) => void;
  /** Milliseconds between two looks. */
  readonly everyMs?: number;
}

const EVERY_MS = 50;
/** The log's word for the gateways themselves. */
const GATEWAY = 'gateway';
const MOST_AT_ONCE = 200;

const LOOK = {
  name: 'consent-barrier',
  text: `SELECT coalesce((SELECT max(revision) FROM change WHERE kind = 'consent'), 0)::float8 AS newest,
  EXISTS (SELECT FROM consent_pending) AS pending`,
};

/** Pending, and read before by no gateway that is still there. */
const DUE = `SELECT p.receipt_id, m.entry_id FROM consent_pending p JOIN consent_matter m USING (receipt_id)
WHERE p.revision <= (SELECT coalesce(min(settled), 0) FROM worker WHERE settled IS NOT NULL) ORDER BY p.revision LIMIT ${MOST_AT_ONCE}`;

export function createBarrier(deps: BarrierDeps) {
  const { db, workerId, appender, onFault } = deps;
  let seen = 0;
  const settling = new Set<Promise<void>>();

  /** Several may run at the same time: a slow reader of one withdrawal does not keep the next one waiting. */
  function settleTo(revision: number): void {
    seen = revision;
    const task = deps
      .settleAll()
      .then(() =>
        db.query('UPDATE worker SET settled = greatest(settled, $2::bigint) WHERE worker_id = $1::uuid', [
          workerId,
          revision,
        ]),
      )
      .then(
        () => undefined,
        (error: unknown) => {
          // Looked at again: what was not said must still be.
          seen = Math.min(seen, revision - 1);
          onFault(error);
        },
      )
      .finally(() => settling.delete(task));
    settling.add(task);
  }

  async function acknowledge(receiptId: Buffer, withdrawal: Buffer): Promise<void> {
    const entryId = drawRandom(16);
    const entry = create(EntrySchema, {
      entryId,
      kind: EntryKind.ACKNOWLEDGEMENT,
      timeMs: BigInt(Math.floor(deps.nowMs())),
      agency: GATEWAY,
      earlierEntryId: withdrawal,
    });
    await appender.append({
      agency: GATEWAY,
      entryId,
      salt: drawRandom(16),
      entry: toBinary(EntrySchema, entry),
      changeRevision: 0n,
      standsOn: [],
      effects: [
        {
          text: `WITH gone AS (DELETE FROM consent_pending WHERE receipt_id = $1 RETURNING receipt_id)
INSERT INTO consent_acknowledgement (receipt_id, entry_id) SELECT receipt_id, $2 FROM gone RETURNING 1`,
          values: [receiptId, entryId],
          // Another gateway was first.
          orRefuse: { reason: ErrorReason.CONSENT_UNKNOWN },
        },
      ],
    });
  }

  async function look(): Promise<void> {
    try {
      const { rows } = await db.query<{ newest: number; pending: boolean }>(LOOK);
      const { newest = 0, pending = false } = rows[0] ?? {};
      if (newest > seen) settleTo(newest);
      if (!pending) return;
      await endSilent(db, deps.place, deps.onEnded);
      const due = await db.query<{ receipt_id: Buffer; entry_id: Buffer }>(DUE);
      await Promise.all(due.rows.map((row) => acknowledge(row.receipt_id, row.entry_id)));
    } catch (error) {
      onFault(error);
    }
  }

  const poll = createPoll(look, deps.everyMs ?? EVERY_MS);
  return {
    start: (): void => poll.start(),
    async stop(): Promise<void> {
      await poll.stop();
      await Promise.all(settling);
    },
  };
}
