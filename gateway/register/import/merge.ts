/** Later imports: the file is staged, compared with the register set-wise, and applied, all in one transaction. */
import type { Connection } from '../../storage/pool.ts';
import { inTransaction } from '../../storage/transaction.ts';
import { GENEROUS, type ImportContext, type ImportCounts } from './context.ts';
import { resolveRelatives } from './match-rows.ts';
import * as sql from './merge-sql.ts';
import { stageFile } from './merge-stage.ts';
import { resolveNumbers, stageNumbers } from './numbers.ts';
import { applyReissued, findReissued } from './reissue.ts';
import { personColumns } from './write-persons.ts';

async function removeRepeated(db: Connection, context: ImportContext): Promise<void> {
  const { rows } = await db.query<{ line: number; person_no: number; is_new: boolean }>(sql.REMOVE_REPEATED);
  if (rows.length === 0) return;
  await context.rejects.add(rows.map(({ line }) => ({ line, column: 'personal_id', reason: 'DUPLICATE' as const })));
  // A new person's number is of one line; a known person's lines share it and cannot be told apart any more.
  for (const table of ['stage_identifier', 'stage_relation']) {
    await db.query(`DELETE FROM ${table} WHERE person_no = ANY ($1::bigint[])`, [
      rows.filter((row) => row.is_new).map((row) => row.person_no),
    ]);
  }
}

/**
 * Merges the file into a register that holds persons already. `finish` runs last in the same transaction. However much of the
 * register changes, rows are deleted and inserted, and no table is emptied: a TRUNCATE would keep every look-up waiting until the
 * commit, and whoever reads by a snapshot of before, as a backup does, would find the table empty.
 */
export async function merge(
  context: ImportContext,
  finish: (db: Connection, counts: ImportCounts) => Promise<void>,
): Promise<ImportCounts> {
  const { plan } = context.source;
  const { importNo } = context;
  return inTransaction(context.pool, async (db) => {
    await db.query(GENEROUS);
    const staged = await stageFile(db, context);
    context.onProgress({ rows: staged.rows, bytes: 0, phase: 'merging' });
    await removeRepeated(db, context);
    await stageNumbers(db, staged.numbers);
    const owner = `SELECT personal_id AS value, person_no FROM stage_person UNION ALL
      SELECT value, person_no FROM person_match WHERE kind = 1 AND value IN (SELECT at FROM number_end)
        AND value NOT IN (SELECT personal_id FROM stage_person)`;
    await context.rejects.add(await resolveNumbers(db, owner, 'SELECT personal_id FROM stage_person'));
    // Before anything is compared: whoever has a new number is known, and what the file says of them changes them.
    await findReissued(db, context);
    const compared = sql.comparedColumns(plan);
    await db.query(sql.findChanged(compared));
    if (plan.oldNumbers < 0) await db.query('DELETE FROM stage_identifier WHERE kind = 2');
    await db.query(plan.oldNumbers < 0 ? sql.CARD_CHANGES.replaceAll('NOT s.is_new', 'false') : sql.CARD_CHANGES);
    await db.query(sql.findRelationChanges(plan));
    await db.query(sql.NUMBER_CHANGES);
    await db.query(sql.FIND_AFFECTED);
    const { rows } = await db.query<{ changed: number; created: number }>(sql.COUNT_CHANGED);
    const counts = { rows: staged.rows, created: rows[0]?.created ?? 0, changed: rows[0]?.changed ?? 0 };
    if (counts.changed > 0) {
      await db.query(sql.keepHistory(compared, importNo));
      await db.query(sql.applyChanges(compared, importNo));
      await db.query(sql.insertNew(personColumns(plan)));
      for (const statement of [
        ...applyReissued(importNo),
        ...sql.APPLY_OWN_NUMBERS,
        ...sql.applyCards(importNo),
        ...sql.APPLY_NUMBERS,
        ...sql.applyRelations(importNo),
      ]) {
        await db.query(statement);
      }
      const merged = (await db.query<{ person_no: number }>(sql.MERGED)).rows.map((row) => row.person_no);
      if (merged.length > 0) await context.onMerged(db, merged);
      await db.query(sql.INSERT_AFFECTED);
      await db.query(
        resolveRelatives(
          'r.person_no IN (SELECT person_no FROM stage_person) OR r.relative_id IN (SELECT personal_id FROM stage_person WHERE is_new UNION ALL SELECT now FROM reissued)',
        ),
      );
    }
    await finish(db, counts);
    return counts;
  });
}
