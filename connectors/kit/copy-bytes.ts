/** From here on calling the engine's own copy is cheaper than a loop. */
const LONG = 96;

/** Copies `source[from … to−1]` to `at`; returns where it ends. Cells are short: a loop costs less than a call. */
export function copyBytes(out: Buffer, at: number, source: Buffer, from: number, to: number): number {
  if (to - from >= LONG) return at + source.copy(out, at, from, to);
  const shift = at - from;
  for (let i = from; i < to; i++) out[i + shift] = source[i] as number;
  return to + shift;
}
