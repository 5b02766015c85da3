/** Copies of a few bytes, by words: cheaper than a loop over bytes, and than a call into the engine. */

/** Copies `length` bytes; the two must not overlap. */
export function copyBytes(from: DataView, start: number, to: DataView, at: number, length: number): void {
  let done = 0;
  for (; done + 8 <= length; done += 8) to.setBigUint64(at + done, from.getBigUint64(start + done, true), true);
  if ((length & 4) !== 0) {
    to.setInt32(at + done, from.getInt32(start + done));
    done += 4;
  }
  if ((length & 2) !== 0) {
    to.setInt16(at + done, from.getInt16(start + done));
    done += 2;
  }
  if ((length & 1) !== 0) to.setInt8(at + done, from.getInt8(start + done));
}
