/**
 * How well a threshold tells the first sample from the second: 0.5 not at all, 1 or 0 without a mistake. Rank sum of Mann and Whitney;
 * equal values count half.
 */
export function areaUnderCurve(first: readonly number[], second: readonly number[]): number {
  const all = [
    ...first.map((value) => ({ value, isFirst: true })),
    ...second.map((value) => ({ value, isFirst: false })),
  ].sort((a, b) => a.value - b.value);
  let ranks = 0;
  for (let from = 0; from < all.length; ) {
    let to = from;
    while (to < all.length && all[to]?.value === all[from]?.value) to += 1;
    // Ranks from 1; those of equal values are shared.
    const rank = (from + 1 + to) / 2;
    for (let i = from; i < to; i++) if (all[i]?.isFirst) ranks += rank;
    from = to;
  }
  return (ranks - (first.length * (first.length + 1)) / 2) / (first.length * second.length);
}
