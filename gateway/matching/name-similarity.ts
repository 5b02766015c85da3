import { BASE_BITS } from './letter-table.ts';

/** Cost of another letter; a letter that differs in marks or tone alone costs a quarter. */
const OTHER = 4;
/** How far two names may drift apart before the measure stops following: keeps the work linear in the length. */
const BAND = 8;

const ROW_A = new Int32Array(512);
const ROW_B = new Int32Array(512);

function cost(a: number, b: number): number {
  if (a === b) return 0;
  return (a & BASE_BITS) === (b & BASE_BITS) ? 1 : OTHER;
}

/**
 * How alike two rows of packed letters are, 0–99: an edit distance within a band of 8 letters, as a share of the
 * longer name. Word breaks are not looked at. Symmetric. At most 17 steps a letter.
 */
export function letterSimilarity(a: Int32Array, aLength: number, b: Int32Array, bLength: number): number {
  const longer = Math.max(aLength, bLength);
  if (longer === 0 || Math.abs(aLength - bLength) > BAND) return 0;
  const far = OTHER * (longer + 1);
  // Letters agree with their like wherever that is free: what both begin and end with costs nothing, and moves no band.
  let front = 0;
  const shorter = Math.min(aLength, bLength);
  while (front < shorter && a[front] === b[front]) front++;
  let back = 0;
  while (back < shorter - front && a[aLength - 1 - back] === b[bLength - 1 - back]) back++;
  const rows = aLength - front - back;
  const columns = bLength - front - back;
  let previous = ROW_A;
  let current = ROW_B;
  for (let j = 0; j <= Math.min(columns, BAND) + 1; j++) previous[j] = j <= BAND ? j * OTHER : far;
  for (let i = 1; i <= rows; i++) {
    const from = Math.max(1, i - BAND);
    const to = Math.min(columns, i + BAND);
    const letter = a[front + i - 1] ?? 0;
    let diagonal = previous[from - 1] ?? far;
    let left = from === 1 && i <= BAND ? i * OTHER : far;
    current[from - 1] = left;
    for (let j = from; j <= to; j++) {
      const above = j <= i - 1 + BAND ? (previous[j] ?? far) : far;
      const gap = (above < left ? above : left) + OTHER;
      const replace = diagonal + cost(letter, b[front + j - 1] ?? 0);
      left = replace < gap ? replace : gap;
      current[j] = left;
      diagonal = above;
    }
    [previous, current] = [current, previous];
  }
  const distance = Math.min(previous[columns] ?? far, OTHER * longer);
  return Math.round(99 * (1 - distance / (OTHER * longer)));
}
