/**
 * What makes a withdrawal exact: each gateway says up to which change nothing that it read before is on its way any more, and what
 * all of them have said is acknowledged in the log, once a head that covers it is kept outside of the database.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { create, toBinary } from '@bufbuild/protobuf';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { TakenBack } from '../exchange/flights.ts';
import type { Appender } from '../exchange/log-port.ts';
import type { Place } from '../place/own-place.ts';
import { drawEntryId } from '../sealing/entry-id.ts';
import { drawRandom } from '../sealing/random.ts';
import { createPoll } from '../storage/poll.ts';
import type { Database } from '../storage/pool.ts';
import { tellFirst } from '../storage/tell-first.ts';
import { ACKNOWLEDGING } from './acknowledging.ts';
import { createSettling } from './settling.ts';
import { createSilentWorkers } from './silent-workers.ts';

export interface BarrierDeps {
  readonly db: Database;
  readonly workerId: string;
  readonly place: Place | undefined;
  readonly appender: Pick<Appender, 'append'>;
  /** Resolves when nothing that any thread of this process began before and tells by one of these scopes is on its way any more. */
  readonly settleAll: (taken: TakenBack) => Promise<void>;
  /** Resolves when a head of the log that covers all that is committed is kept outside of the database. */
  readonly keepFirst: () => Promise<void>;
  readonly nowMs: () => number;
  /** Sees the first error of a kind, and must not log values. */
  readonly onFault: (error: unknown) => void;
  /** Told of each frozen gateway that was ended. */
  readonly onEnded: (epoch: number) => void;
  /** Milliseconds between two looks. */
  readonly everyMs?: number;
}

const EVERY_MS = 50;
/** After a head that could not be kept: a full disk is not asked, and complained of, at every look. */
const UNKEPT_MS = 500;
/** The log's word for the gateways themselves. */
const GATEWAY = 'gateway';
const MOST_AT_ONCE = 200;

/** In one snapshot: the last change, and whose it and those before it were, since the one that was seen (0: nobody says whose). */
const LOOK = {
  name: 'consent-barrier',
  text: `SELECT coalesce((SELECT max(revision) FROM change WHERE kind = 'consent'), 0)::float8 AS newest,
  (SELECT array_agg(subject::float8) FROM change WHERE kind = 'consent' AND revision > nullif($1::bigint, 0)) AS scopes,
  EXISTS (SELECT FROM consent_pending) AS pending`,
};

interface Looked {
  readonly newest: number;
  readonly scopes: number[] | null;
  readonly pending: boolean;
}

interface Due {
  readonly receipt_id: Buffer;
  readonly entry_id: Buffer;
}

/** Pending, and read before by no gateway that is still there. */
const DUE = `SELECT p.receipt_id, m.entry_id FROM consent_pending p JOIN consent_matter m USING (receipt_id)
WHERE p.revision <= (SELECT coalesce(min(settled), 0) FROM worker WHERE settled IS NOT NULL) ORDER BY p.revision LIMIT ${MOST_AT_ONCE}`;

export function createBarrier(deps: BarrierDeps) {
  const { db, workerId, appender, keepFirst, onFault } = deps;
  const keepTold = tellFirst(keepFirst, onFault);
  const settling = createSettling({
    settleAll: deps.settleAll,
    async say(revision) {
      // Every gateway keeps a file of its own; one whose disk is full must not hold up the others' acknowledgements.
      await keepTold();
      await db.query('UPDATE worker SET settled = greatest(settled, $2::bigint) WHERE worker_id = $1::uuid', [
        workerId,
        revision,
      ]);
    },
  });
  const silent = createSilentWorkers({ db, place: deps.place, onEnded: deps.onEnded });
  const acknowledging = new Set<string>();
  const tasks = new Set<Promise<void>>();

  /** Keeps no look waiting. */
  function begin(task: Promise<void>): void {
    const ended = task.finally(() => tasks.delete(ended));
    tasks.add(ended);
  }

  async function acknowledge(receiptId: Buffer, withdrawal: Buffer): Promise<void> {
    const entryId = drawEntryId();
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
      urgent: true,
      effects: [
        {
          // Another gateway that is at it is not waited for: should it fail, the next look finds it pending.
          text: `WITH gone AS (
  DELETE FROM consent_pending WHERE receipt_id = $1 AND pg_try_advisory_xact_lock(${ACKNOWLEDGING}, $3) RETURNING receipt_id
)
INSERT INTO consent_acknowledgement (receipt_id, entry_id) SELECT receipt_id, $2 FROM gone RETURNING 1`,
          values: [receiptId, entryId, receiptId.readInt32BE()],
          // Another gateway was first.
          orRefuse: { reason: ErrorReason.CONSENT_UNKNOWN },
        },
      ],
    });
  }

  const settleTold = tellFirst(settling.settleTo, onFault);
  const acknowledgeTold = tellFirst(acknowledge, onFault);

  /**
   * Not before a head that covers them is kept: were the log set back to before what a person was told is taken back, nobody would
   * notice. Where none can be kept they stay pending, for another gateway or a later look.
   */
  const acknowledgeAll = tellFirst(async (due: readonly Due[]) => {
    const keys = due.map(({ receipt_id: receiptId }) => receiptId.toString('hex'));
    for (const key of keys) acknowledging.add(key);
    try {
      await keepFirst();
    } catch (error) {
      await sleep(UNKEPT_MS);
      for (const key of keys) acknowledging.delete(key);
      throw error;
    }
    for (const [i, { receipt_id: receiptId, entry_id: withdrawal }] of due.entries()) {
      begin(acknowledgeTold(receiptId, withdrawal).finally(() => acknowledging.delete(keys[i] ?? '')));
    }
  }, onFault);

  async function look(): Promise<void> {
    const since = settling.seen;
    const { rows } = await db.query<Looked>({ ...LOOK, values: [since] });
    const { newest = 0, scopes = null, pending = false } = rows[0] ?? {};
    // Where something failed meanwhile, these scopes are not all.
    if (newest > since && settling.seen === since) begin(settleTold(newest, scopes ?? undefined));
    if (!pending) return;
    const due = await db.query<Due>(DUE);
    const mine = due.rows.filter(({ receipt_id: receiptId }) => !acknowledging.has(receiptId.toString('hex')));
    if (mine.length > 0) begin(acknowledgeAll(mine));
    if (due.rows.length === 0) await silent.end();
  }

  const poll = createPoll(tellFirst(look, onFault), deps.everyMs ?? EVERY_MS);
  return {
    start: (): void => poll.start(),
    async stop(): Promise<void> {
      await poll.stop();
      // One may begin others.
      while (tasks.size > 0) await Promise.all(tasks);
    },
  };
}
