/** Numbers of a first load that are no longer current: led to their persons, as rows of `identifier` and of `person_match`. */
import type { Connection } from '../../storage/pool.ts';
import { inTransaction } from '../../storage/transaction.ts';
import { ID_KIND } from '../columns.ts';
import type { ImportContext } from './context.ts';
import { CopyWriter } from './copy-writer.ts';
import { MATCH, readBigint, writeBigint } from './match-bytes.ts';
import type { MatchRuns } from './match-runs.ts';
import { inBatches, type NumberLine, resolveNumbers, stageNumbers } from './numbers.ts';
import { writeIdentifier } from './write-persons.ts';

const CANCELLED = 3;

export interface FormerNumbers {
  readonly count: number;
  /** Rows of COPY, without header and trailer; those of `person_match` in order of the value. */
  readonly identifier: Uint8Array;
  readonly match: Uint8Array;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The row of a person under an earlier number of it. */
function formerRow(own: Uint8Array, value: number, idStatus: number): Uint8Array {
  const row = Uint8Array.from(own);
  const view = viewOf(row);
  const ownStatus = view.getInt16(MATCH.idStatus);
  writeBigint(view, MATCH.currentId, ownStatus === CANCELLED ? 0 : readBigint(view, MATCH.value));
  writeBigint(view, MATCH.value, value);
  view.setInt16(MATCH.idStatus, idStatus);
  return row;
}

/** Those of the numbers in question that are persons' own: the chains end at them, and they cannot be former ones. */
async function stageOwners(db: Connection, owners: ReadonlyMap<number, Uint8Array>): Promise<void> {
  await db.query('CREATE TEMP TABLE stage_owner (value bigint, person_no bigint) ON COMMIT DROP');
  const rows = [...owners].map(([value, row]) => ({ value, personNo: readBigint(viewOf(row), MATCH.personNo) }));
  await inBatches(rows, (list) =>
    db.query('INSERT INTO stage_owner SELECT * FROM unnest($1::bigint[], $2::bigint[])', [
      list((row) => row.value),
      list((row) => row.personNo),
    ]),
  );
  await db.query('ANALYZE stage_owner');
}

/** `runs`: the rows of all persons. Numbers that lead nowhere are rejected. */
export async function findFormerNumbers(
  context: ImportContext,
  runs: MatchRuns,
  numbers: readonly NumberLine[],
): Promise<FormerNumbers> {
  if (numbers.length === 0) return { count: 0, identifier: new Uint8Array(0), match: new Uint8Array(0) };
  const owners = runs.find(new Set(numbers.flatMap(({ number, supersededBy }) => [number, supersededBy])));
  return inTransaction(context.pool, async (db) => {
    await stageOwners(db, owners);
    await stageNumbers(db, numbers);
    const owned = 'SELECT value, person_no FROM stage_owner';
    await context.rejects.add(await resolveNumbers(db, owned, 'SELECT value FROM stage_owner'));
    const { rows } = await db.query<{ value: number; id_status: number; person_no: number; own: number }>(
      `SELECT t.value, t.id_status, t.person_no, o.value AS own
       FROM number_target t JOIN stage_owner o USING (person_no) ORDER BY t.value`,
    );
    const identifier = new CopyWriter(rows.length * 40);
    const match = rows.map(({ value, id_status, person_no, own }) => {
      writeIdentifier(identifier, value, person_no, ID_KIND.personal, id_status);
      return formerRow(owners.get(own) ?? new Uint8Array(0), value, id_status);
    });
    return { count: rows.length, identifier: identifier.take(), match: Buffer.concat(match) };
  });
}
