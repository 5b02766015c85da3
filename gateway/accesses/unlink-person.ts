/**
 * Erasure: a person is unlinked for ever from what the log has of them until now. Their log key is destroyed, so that no salt of theirs
 * can be made again; who they were is blanked beside the entries, outside of the hashed bytes; their postings go, and what their
 * consents and requests say of entries. Roots, leaves and heads stay as they are, so every proof that was handed out verifies as before,
 * and nothing here tells any more whose it was. Last of all they get a fresh key: what comes is shown to them again.
 */
import type { KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fromBinary } from '@bufbuild/protobuf';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { byteaArray } from '../audit/bytea-array.ts';
import type { Transaction } from '../exchange/log-port.ts';
import { betweenImports } from '../register/import-lock.ts';
import { destroyLogKeys, giveLogKey } from '../register/log-key.ts';
import { readRecords } from '../register/records-of.ts';
import { forgetOwnEntries } from '../retention/own-entries.ts';
import { seal } from '../sealing/seal.ts';
import type { Pool } from '../storage/pool.ts';
import { inTransaction } from '../storage/transaction.ts';
import { findPostings } from './find-postings.ts';
import { readIndexState } from './index-state.ts';
import { createStepper } from './indexer.ts';
import { type AccessKeys, accessKeys } from './keys.ts';
import { openPersons } from './people-of-entry.ts';
import { personTags, TAG_BYTES } from './person-tags.ts';
import { blockOf, POSTING_BYTES, withoutPerson } from './postings.ts';
import { MERGE_LOCK, openBlock, sealBlock } from './runs.ts';
import { noteUnlinked } from './unlinked-day.ts';

/** Longer than any call that had read the key can still take to be recorded. */
export const SETTLE_MS = 60_000;
/** Entries blanked in one transaction. */
const BATCH = 64;
/** Class of the advisory locks of those who are being unlinked: a second run would take out what the fresh key of the first is for. */
const UNLINKING = 4_919_014;
/** Between two looks whether another run for the same person has ended. */
const LOOK_MS = 200;
/** What their rows held before lies in their pages until they are cleaned. */
const TABLES = [
  ...['person', 'person_match', 'log_entry', 'access_block', 'stored_answer'],
  ...['consent', 'consent_matter', 'consent_acknowledgement'],
];

export interface Unlinked {
  /** Entries in which the person was blanked. */
  readonly entries: number;
  /** False where the key had been destroyed before. */
  readonly keyDestroyed: boolean;
  /** Withdrawals and objections that nobody has acknowledged yet: these still name their own entry. */
  readonly waiting: number;
}

export interface UnlinkDeps {
  /** As the owner of the tables: a gateway may not change what stands beside an entry. */
  readonly pool: Pool;
  readonly evidence: KeyObject;
  readonly settleMs?: number;
}

/**
 * With all records of theirs. Safe to run again wherever it was broken off: until all is done the person has no key, and whoever reads
 * none records nobody, so what an earlier run left is found by its postings. A run for somebody who has a key again is another erasure,
 * of what came since.
 * @param personNo the record that numbers lead to
 * @throws {StorageError, PeopleUnreadable, IndexUnreadable}
 */
export async function unlinkPerson(
  { pool, evidence, settleMs = SETTLE_MS }: UnlinkDeps,
  personNo: number,
): Promise<Unlinked> {
  return alone(pool, personNo, async () => {
    const personNos = await readRecords(pool, personNo);
    const keyDestroyed = await betweenImports(pool, async (tx) => {
      await noteUnlinked(tx, personNo);
      return destroyLogKeys(tx, personNos);
    });
    // A call that had read the key before may still be on its way into the log; one that reads now finds none.
    await sleep(settleMs);
    let entries = 0;
    let waiting = 0;
    // Until nothing is found after the cleaning, which takes its time: what was recorded late under the old key is none of the new one's.
    for (let cleaned = false; ; cleaned = true) {
      const found = await takeOut(pool, evidence, personNos);
      const own = await forgetOwnEntries(pool, personNos);
      entries += found;
      waiting = own.waiting;
      if (cleaned && found + own.cleared === 0) break;
      for (const table of TABLES) await pool.query(`VACUUM ${table}`);
    }
    await betweenImports(pool, async (tx) => {
      // Numbers lead to no other record of theirs.
      await giveLogKey(tx, personNo);
      // The day on which the list begins anew, which a run that was broken off did not know.
      await noteUnlinked(tx, personNo);
    });
    return { entries, keyDestroyed, waiting };
  });
}

/** One run a person at a time; it ends with its connection. */
async function alone<T>(pool: Pool, personNo: number, work: () => Promise<T>): Promise<T> {
  const guard = await pool.connect();
  const lock = [UNLINKING, personNo];
  try {
    for (;;) {
      const { rows } = await guard.query<{ got: boolean }>(
        'SELECT pg_try_advisory_lock($1::integer, hashint8($2)) AS got',
        lock,
      );
      if (rows[0]?.got === true) break;
      await sleep(LOOK_MS);
    }
    return await work();
  } finally {
    // Given back here: the server may notice a closed session some time later.
    await guard.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
    guard.release(true);
  }
}

/** Blanks the person's records in all that the log has now; in how many entries they were. */
async function takeOut(pool: Pool, evidence: KeyObject, personNos: readonly number[]): Promise<number> {
  await catchUp(pool, evidence);
  const keys = accessKeys(evidence);
  const { postings } = await findPostings(pool, keys, personNos);
  const positions = [...new Set(postings.map(({ position }) => position))];
  for (let from = 0; from < positions.length; from += BATCH) {
    await inTransaction(pool, (tx) => blank(tx, evidence, positions.slice(from, from + BATCH), personNos));
  }
  // Last: where it was broken off before, the postings still say what is to be blanked.
  for (const one of personNos) await inTransaction(pool, (tx) => dropPostings(tx, keys, one));
  return positions.length;
}

/** Until the index has all that stands in the log now, by whoever's work. */
async function catchUp(pool: Pool, evidence: KeyObject): Promise<void> {
  const { step, sweep } = createStepper(pool, evidence);
  // An index that was thrown away has postings of theirs as well.
  while (await sweep());
  const { position, behind } = await readIndexState(pool);
  const end = position + behind;
  while ((await readIndexState(pool)).position < end) {
    const { busy } = await step();
    if (busy) await sleep(50);
  }
}

async function blank(
  tx: Transaction,
  evidence: KeyObject,
  positions: readonly number[],
  personNos: readonly number[],
): Promise<void> {
  const { rows } = await tx.query(
    `SELECT e.entry_id, e.entry, e.persons FROM unnest($1::bigint[]) AS w (idx) JOIN log_index i USING (idx)
     JOIN log_entry e USING (entry_id) WHERE e.persons IS NOT NULL ORDER BY e.entry_id FOR UPDATE OF e`,
    [positions],
  );
  const entryIds = rows.map((row) => row.entry_id as Buffer);
  const sealed = rows.map((row, i) => {
    const entryId = entryIds[i] as Buffer;
    const persons = openPersons(evidence, entryId, row.persons as Buffer).map((one) =>
      personNos.includes(one) ? 0 : one,
    );
    return seal(evidence, entryId, new Uint8Array(persons.buffer));
  });
  await tx.query(
    `UPDATE log_entry e SET persons = n.persons FROM unnest($1::bytea[], $2::bytea[]) AS n (entry_id, persons)
     WHERE e.entry_id = n.entry_id`,
    [byteaArray(entryIds), byteaArray(sealed)],
  );
  // An answer about one person is about them; a chunk's tells verdicts by row, and its job may still have to fetch it.
  const calls = entryIds.filter((_, i) => fromBinary(EntrySchema, rows[i]?.entry as Buffer).kind !== EntryKind.CHUNK);
  await tx.query('DELETE FROM stored_answer WHERE entry_id = ANY ($1::bytea[])', [byteaArray(calls)]);
}

async function dropPostings(tx: Transaction, keys: AccessKeys, personNo: number): Promise<void> {
  // Neither merged nor added to meanwhile.
  await tx.query('SELECT pg_advisory_xact_lock($1)', [MERGE_LOCK]);
  await tx.query('SELECT 1 FROM access_index FOR UPDATE');
  const tags = personTags(keys.tag, Float64Array.of(personNo));
  const tag = tags.subarray(0, TAG_BYTES);
  const { rows } = await tx.query(
    `SELECT r.run::float8 AS run, r.bits, b.sealed FROM access_run r
     JOIN access_block b ON b.run = r.run AND b.block = ($1::bigint >> (32 - r.bits))::integer`,
    [blockOf(tags, 0, 32)],
  );
  for (const row of rows) {
    const run = row.run as number;
    const block = blockOf(tags, 0, row.bits as number);
    const before = openBlock(keys.block, run, block, row.sealed as Buffer);
    const after = withoutPerson(before, tag);
    if (after === before) continue;
    if (after.length === 0) await tx.query('DELETE FROM access_block WHERE run = $1 AND block = $2', [run, block]);
    else {
      await tx.query('UPDATE access_block SET sealed = $3 WHERE run = $1 AND block = $2', [
        run,
        block,
        sealBlock(keys.block, run, block, after),
      ]);
    }
    await tx.query('UPDATE access_run SET postings = postings - $2 WHERE run = $1', [
      run,
      (before.length - after.length) / POSTING_BYTES,
    ]);
  }
}
