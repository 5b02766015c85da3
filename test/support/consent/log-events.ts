/** The log as it stands, read as what happened to consents and whom answers told of, whatever any client saw. */
import { fromBinary } from '@bufbuild/protobuf';
import { BASES, decodePersonBody } from '../../../gateway/proof/person-body.ts';
import type { KeyRing } from '../../../gateway/sealing/key-ring.ts';
import type { Database } from '../../../gateway/storage/pool.ts';
import { type Entry, EntryKind, EntrySchema } from '../../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { MatterKind } from '../../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { Verdict } from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { openLeaves, type SealedLeaves } from '../same-run/leaves.ts';

/** Entries and digests in hexadecimal, people by their numbers. */
export type LogEvent = { readonly idx: number } & (
  | { readonly kind: 'given' | 'lifted'; readonly person: number }
  /** Withdrawn for good, or restricted or objected to until it is lifted. */
  | { readonly kind: 'withdrawn' | 'rested'; readonly person: number; readonly entry: string }
  | { readonly kind: 'acknowledged'; readonly entry: string }
  /** An answer used data of these people under a consent. */
  | { readonly kind: 'told'; readonly entry: string; readonly digest: string; readonly people: readonly number[] }
  /** It was given once more, with this content. */
  | { readonly kind: 'told again'; readonly entry: string; readonly digest: string }
  /** Leaves that do not open, so that nobody can say whose they are. */
  | { readonly kind: 'sealed' }
);

interface LogRow extends SealedLeaves {
  readonly idx: number;
  readonly entry: Buffer;
  /** Person whose consent the entry gives. */
  readonly given: number | null;
  /** Person of whose consents it takes or gives back, and how. */
  readonly about: number | null;
  readonly matter: MatterKind | null;
}

const READ = `SELECT i.idx::float8 AS idx, e.entry_id, e.entry, e.persons, e.person_bodies, e.person_leaves,
       g.person_no::float8 AS given, t.person_no::float8 AS about, t.kind AS matter
  FROM log_index i JOIN log_entry e USING (entry_id)
  LEFT JOIN (SELECT entry_id, person_no FROM consent JOIN consent_scope USING (scope_no)) g USING (entry_id)
  LEFT JOIN (SELECT entry_id, person_no, kind FROM consent_matter JOIN consent_scope USING (scope_no) WHERE kind <> 0) t USING (entry_id)
  WHERE i.idx >= $1 ORDER BY i.idx`;

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function ofMatter(idx: number, person: number, kind: MatterKind, entryId: Buffer): LogEvent {
  if (kind === MatterKind.LIFTING) return { idx, kind: 'lifted', person };
  return { idx, kind: kind === MatterKind.WITHDRAWAL ? 'withdrawn' : 'rested', person, entry: hex(entryId) };
}

function ofAnswer(row: LogRow, { answerDigest }: Entry, keys: KeyRing): LogEvent[] {
  const { idx } = row;
  const leaves = openLeaves(keys, row);
  if (leaves === undefined) return [{ idx, kind: 'sealed' }];
  const told = leaves.filter(({ personNo, body }) => {
    if (personNo === 0) return false;
    const { basis, outcome } = decodePersonBody(body);
    return basis === BASES.consent && outcome !== Verdict.CONSENT_MISSING;
  });
  const people = [...new Set(told.map(({ personNo }) => personNo))];
  if (people.length === 0) return [];
  return [{ idx, kind: 'told', entry: hex(row.entry_id), digest: hex(answerDigest), people }];
}

function ofRow(row: LogRow, keys: KeyRing, purpose: string): LogEvent[] {
  const { idx, given, about, matter } = row;
  const entry = fromBinary(EntrySchema, row.entry);
  const { kind, earlierEntryId, answerDigest } = entry;
  if (given !== null) return [{ idx, kind: 'given', person: given }];
  if (about !== null && matter !== null) return [ofMatter(idx, about, matter, row.entry_id)];
  if (kind === EntryKind.ACKNOWLEDGEMENT) return [{ idx, kind: 'acknowledged', entry: hex(earlierEntryId) }];
  if (entry.context?.purpose !== purpose) return [];
  if (kind === EntryKind.UNARY || kind === EntryKind.CHUNK) return ofAnswer(row, entry, keys);
  if (kind !== EntryKind.REDELIVERY) return [];
  return [{ idx, kind: 'told again', entry: hex(earlierEntryId), digest: hex(answerDigest) }];
}

/**
 * Reads on from where it was last time.
 *
 * @param purpose whose answers are looked at: one recipient's, each person with one consent at a time
 */
export function createLogReader(keys: KeyRing, purpose: string): (db: Database) => Promise<LogEvent[]> {
  let from = 0;
  return async (db) => {
    const { rows } = await db.query<LogRow>(READ, [from]);
    from = (rows.at(-1)?.idx ?? from - 1) + 1;
    return rows.flatMap((row) => ofRow(row, keys, purpose));
  };
}
