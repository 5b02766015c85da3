/** Where in the log a time begins for whoever must not miss an entry of it. */
import type { Transaction } from '../exchange/log-port.ts';
import { firstAt, timeAt } from '../retention/log-time.ts';

/** An entry says when it was made; it may have waited behind later ones, on gateways whose clocks differ. */
const OUT_OF_ORDER_MS = 600_000;

/** The first position that may be of this time or later, of a log of this size; the size where there is none. @param ms unix milliseconds */
export const positionOf = (db: Transaction, ms: number, size: number): Promise<number> =>
  firstAt(db, ms - OUT_OF_ORDER_MS, size);

/** Whether nothing from this position on can be of before this time; false where no entry stands there. */
export async function isAllAfter(db: Transaction, ms: number, position: number): Promise<boolean> {
  const at = await timeAt(db, position);
  return at !== undefined && at >= ms + OUT_OF_ORDER_MS;
}
