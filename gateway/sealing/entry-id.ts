import { drawRandom } from './random.ts';

const TIME_BYTES = 6;
const RANDOM_BYTES = 10;

/**
 * A new entry of the log is called by this: unix milliseconds (48 bits, BE) ‖ 80 random bits. Ids of one time lie beside each other, so
 * that the two indexes over them are written at their end; ids that are all chance dirty a page of each for every call, and every
 * such page goes whole into the database's journal. The time is the entry's own and no secret; whether an id is new is decided where it
 * is inserted, and nothing is derived from its order.
 */
export function drawEntryId(nowMs = Date.now()): Buffer {
  const id = Buffer.allocUnsafe(TIME_BYTES + RANDOM_BYTES);
  id.writeUIntBE(nowMs, 0, TIME_BYTES);
  drawRandom(RANDOM_BYTES).copy(id, TIME_BYTES);
  return id;
}
