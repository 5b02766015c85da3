/** Values of cells, read from their bytes. What these refuse the reader of texts (`read-row.ts`) reads again, and says why. */
import { packParts } from '../partial-date.ts';

const ZERO = 0x30;
const DASH = 0x2d;

/** The digits from `start` to `end` as a number, -1 where one is none. */
export function readDigits(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** As `readPersonalId`: 12 digits without a leading 000, 0 for anything else. */
export function readPersonalIdBytes(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== 12) return 0;
  const value = readDigits(bytes, start, end);
  return value >= 1_000_000_000 ? value : 0;
}

/** An old card number of 9 digits; 0 for anything else. */
export const readOldNumber = (bytes: Uint8Array, start: number, end: number): number =>
  end - start === 9 ? Math.max(0, readDigits(bytes, start, end)) : 0;

/** As `packDate`; 0 for anything else. */
export function readDate(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length !== 4 && length !== 7 && length !== 10) return 0;
  const year = readDigits(bytes, start, start + 4);
  if (length === 4) return packParts(year, 0, 0) ?? 0;
  const month = bytes[start + 4] === DASH ? readDigits(bytes, start + 5, start + 7) : -1;
  if (month < 1) return 0;
  if (length === 7) return packParts(year, month, 0) ?? 0;
  const day = bytes[start + 7] === DASH ? readDigits(bytes, start + 8, end) : -1;
  return day < 1 ? 0 : (packParts(year, month, day) ?? 0);
}

export function equalBytes(bytes: Uint8Array, start: number, end: number, other: Uint8Array): boolean {
  const { length } = other;
  if (end - start !== length) return false;
  for (let i = 0; i < length; i++) if (bytes[start + i] !== other[i]) return false;
  return true;
}

/** A reader of a closed set of names; 0 for none of them. */
export function createCodeReader(
  codes: ReadonlyMap<string, number>,
): (bytes: Uint8Array, start: number, end: number) => number {
  const names = [...codes].map(([name, code]) => ({ name: Buffer.from(name), code }));
  return (bytes, start, end) => {
    for (let i = 0; i < names.length; i++) {
      const { name, code } = names[i]!;
      if (equalBytes(bytes, start, end, name)) return code;
    }
    return 0;
  };
}
