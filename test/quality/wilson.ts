/** Bounds of a share from a sample. */

/** Normal quantiles, two-sided. */
export const Z95 = 1.959964;
export const Z999 = 3.290527;

/** The interval of Wilson for `count` of `of`, 95 % unless told otherwise; [0, 1] for an empty sample. Holds near 0 and 1 too. */
export function wilson(count: number, of: number, z = Z95): readonly [low: number, high: number] {
  if (of === 0) return [0, 1];
  const share = count / of;
  const scale = 1 + z ** 2 / of;
  const centre = (share + z ** 2 / (2 * of)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
