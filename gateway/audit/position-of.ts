/** Where in the log a time begins: it is in the order in which entries were appended, which is that of their times but for some minutes. */
import { fromBinary } from '@bufbuild/protobuf';
import { EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import type { Transaction } from '../exchange/log-port.ts';

/** An entry says when it was made; it may have waited behind later ones, on gateways whose clocks differ. */
const OUT_OF_ORDER_MS = 600_000;

/** The first position that may be of this time or later, of a log of this size; the size where there is none. @param ms unix milliseconds */
export async function positionOf(db: Transaction, ms: number, size: number): Promise<number> {
  let [low, high] = [0, size];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const at = await timeAt(db, middle);
    if (at !== undefined && at < ms - OUT_OF_ORDER_MS) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether nothing from this position on can be of before this time; false where no entry stands there. */
export async function isAllAfter(db: Transaction, ms: number, position: number): Promise<boolean> {
  const at = await timeAt(db, position);
  return at !== undefined && at >= ms + OUT_OF_ORDER_MS;
}

async function timeAt(db: Transaction, position: number): Promise<number | undefined> {
  const { rows } = await db.query(
    'SELECT e.entry FROM log_index i JOIN log_entry e USING (entry_id) WHERE i.idx = $1',
    [position],
  );
  const [row] = rows;
  return row === undefined ? undefined : Number(fromBinary(EntrySchema, row.entry as Buffer).timeMs);
}
