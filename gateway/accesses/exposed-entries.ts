/** The entries of the log that one key signed the requests of, with their people: whatever that key was told is in them. */
import type { KeyObject } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import { type Entry, EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { byteaArray } from '../audit/bytea-array.ts';
import { isAllAfter } from '../audit/position-of.ts';
import type { Transaction } from '../exchange/log-port.ts';
import { type OpenedPeople, openPeople } from '../exchange/open-people.ts';

/** Positions that one statement looks through, and entries whose people are in memory at once: some 200 kB each at most. */
const SLICE = 10_000;
const BATCH = 64;

/** What is looked for: a key, and a time. */
export interface Exposing {
  /** Thumbprint, 32 bytes. */
  readonly key: Uint8Array;
  /** Unix milliseconds. */
  readonly sinceMs: number;
  /** Unix milliseconds, not included; undefined for all that is there. */
  readonly untilMs: number | undefined;
}

export interface ExposedEntry {
  readonly position: number;
  readonly entry: Entry;
  /** Of an answer that was given again, the people of the first; `unreadable` where they cannot be opened. */
  readonly people: OpenedPeople | 'forgotten' | 'unreadable';
}

/**
 * From position `from` up to `to`, in their order. `onPart` is told how far it is, and may end it by throwing.
 * Not guaranteed: that the stored entries are those that were hashed (`verify-log.ts` finds that).
 */
export async function* exposedEntries(
  db: Transaction,
  evidence: KeyObject,
  { key, sinceMs, untilMs }: Exposing,
  { from, to }: { readonly from: number; readonly to: number },
  onPart: (done: number, total: number) => void,
): AsyncGenerator<ExposedEntry> {
  for (let at = from; at < to; at += SLICE) {
    if (untilMs !== undefined && (await isAllAfter(db, untilMs, at))) break;
    // The key stands in an entry as it is; that it stands there as the key that signed is judged below.
    const { rows } = await db.query(
      `SELECT i.idx::float8 AS idx, e.entry FROM log_index i JOIN log_entry e USING (entry_id)
       WHERE i.idx >= $1 AND i.idx < $2 AND position($3::bytea IN e.entry) > 0 ORDER BY i.idx`,
      [at, Math.min(at + SLICE, to), Buffer.from(key)],
    );
    const found = rows
      .map((row) => ({ position: row.idx as number, entry: fromBinary(EntrySchema, row.entry as Buffer) }))
      .filter(({ entry }) => Buffer.from(key).equals(entry.signingKey))
      .filter(({ entry: { timeMs } }) => timeMs >= sinceMs && (untilMs === undefined || timeMs < untilMs));
    for (let first = 0; first < found.length; first += BATCH) {
      const batch = found.slice(first, first + BATCH);
      yield* withPeople(db, evidence, batch);
      // A slice of full chunks is eighty million people.
      onPart((batch.at(-1)?.position ?? from) + 1 - from, to - from);
    }
    onPart(Math.min(at + SLICE, to) - from, to - from);
  }
}

async function* withPeople(
  db: Transaction,
  evidence: KeyObject,
  found: readonly Omit<ExposedEntry, 'people'>[],
): AsyncGenerator<ExposedEntry> {
  const { rows } = await db.query(
    'SELECT entry_id, persons, person_bodies FROM log_entry WHERE entry_id = ANY ($1::bytea[])',
    [byteaArray(found.map(({ entry }) => whoseOf(entry)))],
  );
  const stored = new Map(rows.map((row) => [(row.entry_id as Buffer).toString('hex'), row]));
  for (const one of found) {
    const entryId = Buffer.from(whoseOf(one.entry));
    yield { ...one, people: peopleOf(evidence, entryId, one.entry, stored.get(entryId.toString('hex'))) };
  }
}

/** Where the people of an entry stand: an answer given again has none of its own. */
const whoseOf = (entry: Entry) => (entry.kind === EntryKind.REDELIVERY ? entry.earlierEntryId : entry.entryId);

const NOBODY: OpenedPeople = { personNos: new Float64Array(0), bodies: [] };

function peopleOf(
  evidence: KeyObject,
  entryId: Buffer,
  entry: Entry,
  row: Record<string, unknown> | undefined,
): ExposedEntry['people'] {
  const [persons, personBodies] = [row?.persons as Buffer | null | undefined, row?.person_bodies as Buffer | null];
  if (row === undefined) return 'unreadable';
  // Beyond their time who they were is blanked whole, and the number of them is all that is left.
  if (persons === null || persons === undefined || personBodies === null) {
    return entry.people === 0 && entry.kind !== EntryKind.REDELIVERY ? NOBODY : 'forgotten';
  }
  const opened = openPeople(evidence, entryId, { persons, personBodies });
  return opened === undefined || opened.bodies.length !== opened.personNos.length ? 'unreadable' : opened;
}
