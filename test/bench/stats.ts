/** Middle value; the mean of the two middle ones of an even number. NaN for no values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The smallest value that at least `share` of all values do not exceed (nearest rank). NaN for no values. */
export function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

/** Farthest value from the median, as a share of it: how far a figure may be trusted. */
export function spread(values: readonly number[]): number {
  const middle = median(values);
  return Math.max(0, ...values.map((value) => Math.abs(value - middle) / middle));
}

/** Rounds to three significant digits, for people and for JSON. */
export function rounded(value: number, digits = 3): number {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : value;
}
