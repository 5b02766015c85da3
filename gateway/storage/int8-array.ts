const INT8_OID = 20;
const HEADER = 20;
const ELEMENT = 12;
const WORD = 0x1_0000_0000;

/**
 * PostgreSQL's binary form of a `bigint[]`, of whole numbers from 0 to 2^53. The driver sends a Buffer as a binary parameter; as text
 * the same numbers cost a third more on the server and ten times as much here.
 */
export function int8Array(values: Float64Array): Buffer {
  const out = Buffer.allocUnsafe(HEADER + ELEMENT * values.length);
  out.writeInt32BE(1, 0); // dimensions
  out.writeInt32BE(0, 4); // no nulls
  out.writeInt32BE(INT8_OID, 8);
  out.writeInt32BE(values.length, 12);
  out.writeInt32BE(1, 16); // lower bound
  const view = new DataView(out.buffer, out.byteOffset, out.length);
  for (let i = 0, at = HEADER; i < values.length; i++, at += ELEMENT) {
    const value = values[i] ?? 0;
    const high = Math.floor(value / WORD);
    view.setInt32(at, 8);
    view.setUint32(at + 4, high);
    view.setUint32(at + 8, value - high * WORD);
  }
  return out;
}
