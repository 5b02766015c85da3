/** Reads the log as it stands: no disclosure under a consent stands after its withdrawal, whatever any client saw. */
import { fromBinary } from '@bufbuild/protobuf';
import { BASES, decodePersonBody } from '../../../gateway/proof/person-body.ts';
import type { KeyRing } from '../../../gateway/sealing/key-ring.ts';
import type { Database } from '../../../gateway/storage/pool.ts';
import { type Entry, EntryKind, EntrySchema } from '../../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { MatterKind } from '../../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { Verdict } from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { openLeaves, type SealedLeaves } from '../same-run/leaves.ts';

export type LogFault =
  /** Data of a person was used, or an answer with it was given again unchanged, and no consent stood behind it. */
  | 'NOT_COVERED'
  /** An acknowledgement without what it acknowledges before it. */
  | 'NOTHING_ACKNOWLEDGED'
  /** Leaves that do not open, so that nobody can say whose they are. */
  | 'SEALED';

export interface LogFindings {
  /** How often a person's data was used under a consent, or given again. */
  readonly disclosed: number;
  /** Withdrawals, restrictions and objections. */
  readonly taken: number;
  /** Of these, those that nobody has acknowledged yet. */
  readonly pending: number;
  readonly wrong: readonly { readonly idx: number; readonly fault: LogFault }[];
}

interface LogRow extends SealedLeaves {
  readonly idx: number;
  readonly entry: Buffer;
  /** Person whose consent the entry gives. */
  readonly given: number | null;
  /** Person of whose consents it takes or gives back, and how. */
  readonly about: number | null;
  readonly kind: MatterKind | null;
}

const READ = `SELECT i.idx::float8 AS idx, e.entry_id, e.entry, e.persons, e.person_bodies, e.person_leaves,
       g.person_no::float8 AS given, t.person_no::float8 AS about, t.kind
  FROM log_index i JOIN log_entry e USING (entry_id)
  LEFT JOIN (SELECT entry_id, person_no FROM consent JOIN consent_scope USING (scope_no)) g USING (entry_id)
  LEFT JOIN (SELECT entry_id, person_no, kind FROM consent_matter JOIN consent_scope USING (scope_no)) t USING (entry_id)
  WHERE i.idx >= $1 ORDER BY i.idx`;

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const isAnswer = ({ kind, context }: Entry, purpose: string) =>
  (kind === EntryKind.UNARY || kind === EntryKind.CHUNK) && context?.purpose === purpose;

/**
 * Each call goes on where the last one ended; what it finds is of all entries so far.
 *
 * @param purpose whose consents are looked at: one consent a person at a time, for one recipient
 */
export function createLogCheck(keys: KeyRing, purpose: string): (db: Database) => Promise<LogFindings> {
  const given = new Set<number>();
  const resting = new Set<number>();
  const pending = new Set<string>();
  const wrong: LogFindings['wrong'][number][] = [];
  /** Of calls: what an answer told of whom. Those of chunks say themselves that they are given again. */
  const calls = new Map<string, { readonly digest: string; readonly people: readonly number[] }>();
  let from = 0;
  let disclosed = 0;
  let taken = 0;

  function carryOut(about: number, kind: MatterKind, entryId: Buffer): void {
    if (kind === MatterKind.LIFTING) {
      resting.delete(about);
      return;
    }
    if (kind === MatterKind.WITHDRAWAL) given.delete(about);
    else resting.add(about);
    pending.add(hex(entryId));
    taken += 1;
  }

  function mustBeCovered(personNo: number, idx: number): void {
    disclosed += 1;
    if (!given.has(personNo) || resting.has(personNo)) wrong.push({ idx, fault: 'NOT_COVERED' });
  }

  function judgeAnswer(row: LogRow, { kind, answerDigest }: Entry): void {
    const leaves = openLeaves(keys, row);
    if (leaves === undefined) wrong.push({ idx: row.idx, fault: 'SEALED' });
    const people = (leaves ?? []).flatMap(({ personNo, body }) => {
      const { basis, outcome } = decodePersonBody(body);
      return personNo === 0 || basis !== BASES.consent || outcome === Verdict.CONSENT_MISSING ? [] : [personNo];
    });
    for (const personNo of people) mustBeCovered(personNo, row.idx);
    if (kind === EntryKind.UNARY) calls.set(hex(row.entry_id), { digest: hex(answerDigest), people });
  }

  function judgeAgain(idx: number, { earlierEntryId, answerDigest }: Entry): void {
    const first = calls.get(hex(earlierEntryId));
    if (first?.digest === hex(answerDigest)) for (const personNo of first.people) mustBeCovered(personNo, idx);
  }

  return async (db) => {
    const { rows } = await db.query<LogRow>(READ, [from]);
    for (const row of rows) {
      const entry = fromBinary(EntrySchema, row.entry);
      if (row.given !== null) given.add(row.given);
      if (row.about !== null && row.kind !== null) carryOut(row.about, row.kind, row.entry_id);
      if (entry.kind === EntryKind.ACKNOWLEDGEMENT && !pending.delete(hex(entry.earlierEntryId)))
        wrong.push({ idx: row.idx, fault: 'NOTHING_ACKNOWLEDGED' });
      if (isAnswer(entry, purpose)) judgeAnswer(row, entry);
      if (entry.kind === EntryKind.REDELIVERY) judgeAgain(row.idx, entry);
      from = row.idx + 1;
    }
    return { disclosed, taken, pending: pending.size, wrong: [...wrong] };
  };
}
