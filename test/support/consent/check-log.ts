/** Reads the log as it stands: no disclosure under a consent stands after its withdrawal, whatever any client saw. */
import { fromBinary } from '@bufbuild/protobuf';
import { BASES, decodePersonBody } from '../../../gateway/proof/person-body.ts';
import type { KeyRing } from '../../../gateway/sealing/key-ring.ts';
import type { Pool } from '../../../gateway/storage/pool.ts';
import { EntryKind, EntrySchema } from '../../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { MatterKind } from '../../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { Verdict } from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { openLeaves, type SealedLeaves } from '../same-run/leaves.ts';

export interface LogFindings {
  /** Leaves of people whose data was used under a consent. */
  readonly disclosed: number;
  readonly withdrawn: number;
  /** Positions of disclosures that no consent stood behind, and of acknowledgements without their withdrawal before them. */
  readonly wrong: readonly number[];
}

interface LogRow extends SealedLeaves {
  readonly idx: number;
  readonly entry: Buffer;
  /** Person whose consent the entry gives or takes. */
  readonly given: number | null;
  readonly taken: number | null;
}

/** @param purpose whose consents are looked at: one consent a person, for one recipient */
export async function checkConsentLog(pool: Pool, keys: KeyRing, purpose: string): Promise<LogFindings> {
  const { rows } = await pool.query<LogRow>(
    `SELECT i.idx::float8 AS idx, e.entry_id, e.entry, e.persons, e.person_bodies, e.person_leaves,
            g.person_no::float8 AS given, t.person_no::float8 AS taken
     FROM log_index i JOIN log_entry e USING (entry_id)
     LEFT JOIN (SELECT entry_id, person_no FROM consent JOIN consent_scope USING (scope_no)) g USING (entry_id)
     LEFT JOIN (SELECT entry_id, person_no FROM consent_matter JOIN consent_scope USING (scope_no)
                WHERE kind = ${MatterKind.WITHDRAWAL}) t USING (entry_id)
     ORDER BY i.idx`,
  );
  const covered = new Set<number>();
  const pending = new Set<string>();
  const wrong: number[] = [];
  let disclosed = 0;
  let withdrawn = 0;
  for (const row of rows) {
    const { idx, given, taken } = row;
    const entry = fromBinary(EntrySchema, row.entry);
    if (given !== null) covered.add(given);
    if (taken !== null) {
      covered.delete(taken);
      pending.add(row.entry_id.toString('hex'));
      withdrawn += 1;
    }
    const acknowledges = entry.kind === EntryKind.ACKNOWLEDGEMENT;
    if (acknowledges && !pending.delete(Buffer.from(entry.earlierEntryId).toString('hex'))) wrong.push(idx);
    const answered = entry.kind === EntryKind.UNARY || entry.kind === EntryKind.CHUNK;
    if (!answered || entry.context?.purpose !== purpose) continue;
    const leaves = openLeaves(keys, row);
    if (leaves === undefined) throw new Error('the people of an entry do not open');
    for (const { personNo, body } of leaves) {
      const { basis, outcome } = decodePersonBody(body);
      if (personNo === 0 || basis !== BASES.consent || outcome === Verdict.CONSENT_MISSING) continue;
      disclosed += 1;
      if (!covered.has(personNo)) wrong.push(idx);
    }
  }
  return { disclosed, withdrawn, wrong };
}
