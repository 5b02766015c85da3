import { KIND, KIND_BITS, LETTER_BITS, LETTER_TABLE } from './letter-table.ts';

const LETTER_OR_LOOKALIKE = KIND_BITS | LETTER_BITS | (1 << 28);

/**
 * The fast path of a clean row: true where two names are the same text but for capital letters.
 * One table look-up a character that differs, no allocation. False says nothing: the full comparison decides.
 */
export function sameButForCase(a: string, b: string): boolean {
  if (a === b) return true;
  const length = a.length;
  if (length !== b.length) return false;
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    if (x >= LETTER_TABLE.length || y >= LETTER_TABLE.length) return false;
    const meaning = LETTER_TABLE[x] ?? 0;
    if ((meaning & KIND_BITS) !== KIND.letter || ((meaning ^ (LETTER_TABLE[y] ?? 0)) & LETTER_OR_LOOKALIKE) !== 0) {
      return false;
    }
  }
  return true;
}
