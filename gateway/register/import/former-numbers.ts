/** Numbers of a first load that are no longer current: led to their persons, as rows of `identifier` and of `person_match`. */
import { ID_KIND } from '../columns.ts';
import type { ImportContext } from './context.ts';
import { COPY_HEADER, COPY_TRAILER, CopyWriter } from './copy-writer.ts';
import type { Target } from './load-target.ts';
import { MATCH_ROW } from './match-rows.ts';
import { type NumberLine, resolveNumbers, stageNumbers } from './numbers.ts';
import { writeIdentifier } from './write-persons.ts';

// A number that persons repeat leads to the first of them, the one that stays.
const OWNER = 'SELECT personal_id AS value, person_no FROM person WHERE personal_id IN (SELECT at FROM number_end)';
const OWN = 'SELECT personal_id FROM person WHERE personal_id IN (SELECT value FROM stage_number)';

const MATCHES = `COPY (${MATCH_ROW}
    FROM (SELECT value, person_no, ${ID_KIND.personal}::smallint AS kind, id_status AS status FROM number_target) i JOIN person p USING (person_no)
    ORDER BY value) TO STDOUT (FORMAT binary)`;

export interface FormerNumbers {
  readonly count: number;
  /** Rows of COPY, without header and trailer; those of `person_match` in order of the value. */
  readonly identifier: Uint8Array;
  readonly match: Uint8Array;
}

const NONE: FormerNumbers = { count: 0, identifier: new Uint8Array(0), match: new Uint8Array(0) };

/** `person`: its rows are finished. Numbers that lead nowhere are rejected. */
export async function findFormerNumbers(
  context: ImportContext,
  person: Target,
  numbers: readonly NumberLine[],
): Promise<FormerNumbers> {
  if (numbers.length === 0) return NONE;
  const { db } = person;
  await stageNumbers(db, numbers);
  await context.rejects.add(await resolveNumbers(db, OWNER, OWN));
  const { rows } = await db.query<{ value: number; person_no: number; id_status: number }>(
    'SELECT value, person_no, id_status FROM number_target',
  );
  const identifier = new CopyWriter(rows.length * 40);
  for (const row of rows) writeIdentifier(identifier, row.value, row.person_no, ID_KIND.personal, row.id_status);
  const pieces: Uint8Array[] = [];
  for await (const piece of db.copyOut(MATCHES)) pieces.push(Uint8Array.from(piece));
  const match = Buffer.concat(pieces);
  return {
    count: rows.length,
    identifier: identifier.take(),
    match: match.subarray(COPY_HEADER.length, match.length - COPY_TRAILER.length),
  };
}
