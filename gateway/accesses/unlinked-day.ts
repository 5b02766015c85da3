/** On which day somebody was last unlinked from the log: told to the person, whose list goes no further back. Of what was unlinked, nothing. */
import { dayOf, startOf } from '../exchange/viet-nam-day.ts';
import type { Database } from '../storage/pool.ts';

const today = () => dayOf(Date.now() / 1000);

/** As the owner of the tables. @throws {StorageError} */
export async function noteUnlinked(db: Database, personNo: number): Promise<void> {
  await db.query(
    `INSERT INTO person_unlinked (person_no, day) VALUES ($1, $2)
     ON CONFLICT (person_no) DO UPDATE SET day = excluded.day`,
    [personNo, today()],
  );
}

/** The first moment of the last such day of these records, unix seconds; 0 where it is not known or never was. @throws {StorageError} */
export async function readUnlinked(db: Database, personNos: readonly number[]): Promise<number> {
  const { rows } = await db.query<{ day: number | null }>(
    'SELECT max(day) AS day FROM person_unlinked WHERE person_no = ANY ($1::bigint[])',
    [personNos],
  );
  return rows[0]?.day == null ? 0 : startOf(rows[0].day);
}

/** Forgets days that lie so many seconds back, as the owner of the tables; how many. @throws {StorageError} */
export async function forgetUnlinked(db: Database, seconds: number): Promise<number> {
  const { rowCount } = await db.query('DELETE FROM person_unlinked WHERE day < $1', [
    dayOf(Date.now() / 1000 - seconds),
  ]);
  return rowCount;
}
