import { byteTable, textOf } from './byte-table.ts';
import { VNI_PAIRS, VNI_SINGLE } from './vni-table.ts';

const UNREADABLE = 0xfffd;
const FIRST_LETTER = 0xc0;

/**
 * VNI bytes as text, a letter and its mark composed. Bytes below 0xC0 are those of Windows-1252, whose punctuation VNI
 * fonts keep. A mark behind no letter that bears it is unreadable. Whole lines need no state: no pair spans a line end.
 *
 * @param onUnreadable told the index of each byte that is no character
 */
export function decodeVni(bytes: Uint8Array, onUnreadable: (index: number) => void): string {
  const latin = byteTable('windows-1252');
  const units = new Uint16Array(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    const next = bytes[i + 1] ?? 0;
    const pair = next >= FIRST_LETTER ? (VNI_PAIRS[(byte << 8) | next] as number) : 0;
    if (pair !== 0) {
      units[length++] = pair;
      i++;
      continue;
    }
    const unit = byte < FIRST_LETTER ? (latin[byte] as number) : (VNI_SINGLE[byte] as number) || UNREADABLE;
    if (unit === UNREADABLE) onUnreadable(i);
    units[length++] = unit;
  }
  return textOf(units, length);
}

/** Letters of a VNI text that is given as its bytes, one code unit a byte: what `decodeVni` would make of it. */
export function vniLength(raw: string): number {
  let length = 0;
  for (let i = 0; i < raw.length; i++, length++) {
    const next = i + 1 < raw.length ? raw.charCodeAt(i + 1) : 0;
    if (next >= FIRST_LETTER && VNI_PAIRS[(raw.charCodeAt(i) << 8) | next] !== 0) i++;
  }
  return length;
}
