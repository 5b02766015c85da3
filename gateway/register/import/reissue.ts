/**
 * A person who gets a new number stays the person: with their `person_no` stay the log of who looked at them, their consents and
 * what they asked for. So a number of nobody yet, which one person's own number is superseded by, becomes that person's. Where it is
 * somebody's already, or supersedes the own numbers of several, two records turn out to be one person: that is `merged_into`.
 */
import type { Connection } from '../../storage/pool.ts';
import { compareSensitive, openOrNothing, type Sealed } from './compare-sensitive.ts';
import type { ImportContext } from './context.ts';
import { COPY_HEADER, COPY_TRAILER, CopyWriter } from './copy-writer.ts';
import { createPersonSealer } from './seal-persons.ts';
import { writeSealed } from './write-persons.ts';

// Who is merged into another has no number of their own in `person_match` any more.
const FIND = `CREATE TEMP TABLE reissued ON COMMIT DROP AS
  SELECT s.person_no AS staged_no, min(p.person_no) AS person_no, min(t.value) AS before, min(s.personal_id) AS now
  FROM number_target t JOIN stage_person s ON s.person_no = t.person_no AND s.is_new
    JOIN person_match m ON m.value = t.value AND m.kind = 1
    JOIN person p ON p.person_no = m.person_no AND p.personal_id = t.value
  GROUP BY s.person_no HAVING count(DISTINCT p.person_no) = 1;
  CREATE UNIQUE INDEX ON reissued (person_no);
  ANALYZE reissued`;

/** What was staged for a new person is of the one who is known. */
const ADOPT = [
  `UPDATE stage_person s SET person_no = r.person_no, is_new = false FROM reissued r WHERE s.person_no = r.staged_no`,
  ...['stage_identifier', 'stage_relation', 'number_target'].map(
    (table) => `UPDATE ${table} s SET person_no = r.person_no FROM reissued r WHERE s.person_no = r.staged_no`,
  ),
];

/** Leaves the table `reissued`, empty as a rule, and what was staged as if the new numbers had been known as these persons'. */
export async function findReissued(db: Connection, context: ImportContext): Promise<void> {
  await db.query('ANALYZE number_target');
  await db.query(FIND);
  const { rows } = await db.query<{ some: boolean }>('SELECT EXISTS (SELECT FROM reissued) AS some');
  if (rows[0]?.some !== true) return;
  await reseal(db, context);
  for (const statement of ADOPT) await db.query(statement);
}

interface SealedTwice extends Sealed {
  readonly staged_no: number;
  readonly person_no: number;
  readonly stored: Uint8Array | null;
  readonly stored_key: string | null;
}

/** Rows held in memory at a time. */
const BATCH = 10_000;

/** A sealed record is of one person number: what was staged under another one is compared and sealed again, where it says otherwise. */
async function reseal(db: Connection, { keys, source: { plan } }: ImportContext): Promise<void> {
  const sealer = createPersonSealer(await keys.key(keys.keyId), keys.keyId);
  const into = new CopyWriter(256 * 1024);
  await db.query(`CREATE TEMP TABLE resealed ON COMMIT DROP AS SELECT s.person_no, s.sensitive_changed, s.sealed, s.sealed_key
      FROM stage_person s LIMIT 0;
    DECLARE staged_sealed NO SCROLL CURSOR FOR
      SELECT r.staged_no, r.person_no, s.sealed, s.sealed_key, p.sealed AS stored, p.sealed_key AS stored_key
      FROM reissued r JOIN stage_person s ON s.person_no = r.staged_no JOIN person p ON p.person_no = r.person_no`);
  for (;;) {
    const { rows } = await db.query<SealedTwice>(`FETCH ${BATCH} FROM staged_sealed`);
    if (rows.length === 0) break;
    for (const row of rows) {
      const { staged_no: stagedNo, person_no: personNo, stored, stored_key } = row;
      const before = await openOrNothing(keys, personNo, { sealed: stored, sealed_key: stored_key });
      const compared = compareSensitive(plan, before, await openOrNothing(keys, stagedNo, row));
      into.row(4);
      into.int8(stagedNo);
      into.text(compared.changed.length === 0 ? '' : `{${compared.changed.join(',')}}`);
      writeSealed(into, sealer, personNo, compared.sensitive && sealer.messageOf(compared.sensitive));
    }
    sealer.run(into.written);
    const copy = db.copyIn('COPY resealed FROM STDIN (FORMAT binary)');
    for (const bytes of [COPY_HEADER, into.take(), COPY_TRAILER]) await copy.write(bytes);
    await copy.finish();
  }
  await db.query(`CLOSE staged_sealed;
    UPDATE stage_person s SET sensitive_changed = n.sensitive_changed, sealed = n.sealed, sealed_key = n.sealed_key
      FROM resealed n WHERE s.person_no = n.person_no`);
}

/** The new number beside the old one, whose state changes as that of every number does which is not current any more. */
export function applyReissued(importNo: number): string[] {
  return [
    `INSERT INTO value_history (person_no, field_id, import_no, value)
       SELECT person_no, 1, ${importNo}, lpad(before::text, 12, '0') FROM reissued`,
    `UPDATE person p SET personal_id = r.now, exceptions = put_exceptions(coalesce(p.exceptions, ''), '{1}', ${importNo})
       FROM reissued r WHERE p.person_no = r.person_no`,
    `INSERT INTO identifier (value, person_no, kind, status)
       SELECT r.now, r.person_no, 1, p.id_status FROM reissued r JOIN person p USING (person_no)`,
  ];
}
