/** Bounds of a share from a sample. */

/** Normal quantile of 95 %, two-sided. */
const Z = 1.959964;

/** The 95 % interval of Wilson for `count` of `of`; [0, 1] for an empty sample. Holds for shares near 0 and 1 too. */
export function wilson(count: number, of: number): readonly [low: number, high: number] {
  if (of === 0) return [0, 1];
  const share = count / of;
  const scale = 1 + Z ** 2 / of;
  const centre = (share + Z ** 2 / (2 * of)) / scale;
  const half = (Z / scale) * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
