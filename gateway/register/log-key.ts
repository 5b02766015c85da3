/**
 * A person's log key, of which the salts of their leaves in the log are made. It stands twice, wrapped: in `person`, and beside each
 * of their numbers in `person_match`. Both are changed at once, while no import runs: that would copy the one of before.
 */
import { drawRandom } from '../sealing/random.ts';
import type { Database } from '../storage/pool.ts';

const KEY_BYTES = 16;
/** Every number that a look-up may find the person by. */
const BESIDE_NUMBERS = `person_no = $1 AND value IN (
  SELECT value FROM identifier WHERE person_no = $1 UNION SELECT personal_id FROM person WHERE person_no = $1)`;

/** No salt of these records can be made again. False where none had a key any more. */
export async function destroyLogKeys(tx: Database, personNos: readonly number[]): Promise<boolean> {
  let destroyed = false;
  for (const personNo of personNos) {
    const { rowCount } = await tx.query(
      'UPDATE person SET log_key = NULL WHERE person_no = $1 AND log_key IS NOT NULL',
      [personNo],
    );
    await tx.query(`UPDATE person_match SET log_key = NULL WHERE ${BESIDE_NUMBERS} AND log_key IS NOT NULL`, [
      personNo,
    ]);
    destroyed ||= rowCount > 0;
  }
  return destroyed;
}

/**
 * A key of its own for what comes, which says nothing of what was. Where the person has one, it stays. Random bytes: a wrapped key of
 * a uniformly random key is uniformly random itself.
 */
export async function giveLogKey(tx: Database, personNo: number): Promise<void> {
  await tx.query('UPDATE person SET log_key = $2 WHERE person_no = $1 AND log_key IS NULL', [
    personNo,
    drawRandom(KEY_BYTES),
  ]);
  await tx.query(
    `UPDATE person_match SET log_key = (SELECT log_key FROM person WHERE person_no = $1)
     WHERE ${BESIDE_NUMBERS} AND log_key IS NULL`,
    [personNo],
  );
}
