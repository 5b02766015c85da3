/** The log by time: entries stand in the order in which they were appended, which is that of their times but for some minutes. */
import { fromBinary } from '@bufbuild/protobuf';
import { EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import type { Transaction } from '../exchange/log-port.ts';

/** Position of the first entry of this time or later, in a log of this size; the size where there is none. @param ms unix milliseconds */
export async function firstAt(db: Transaction, ms: number, size: number): Promise<number> {
  let [low, high] = [0, size];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const at = await timeAt(db, middle);
    if (at !== undefined && at < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** When the entry at a position was made, unix milliseconds; undefined where none stands there. */
export async function timeAt(db: Transaction, position: number): Promise<number | undefined> {
  const { rows } = await db.query(
    'SELECT e.entry FROM log_index i JOIN log_entry e USING (entry_id) WHERE i.idx = $1',
    [position],
  );
  const [row] = rows;
  return row === undefined ? undefined : Number(fromBinary(EntrySchema, row.entry as Buffer).timeMs);
}
