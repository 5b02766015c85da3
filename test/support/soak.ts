/** Seeded numbers for the long form of a fault run; the short form has none. */
function* random(seed: number): Generator<number> {
  // mulberry32: enough for picking moments, and the same everywhere.
  for (let state = seed >>> 0; ; ) {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

/** Whole numbers from 1 to `most`: as many as `npm run soak` asks for, none in `npm test`. */
export function soakMoments(most: number): number[] {
  const rounds = Number(process.env.LIENTHONG_SOAK_ROUNDS ?? 0);
  const seed = Number(process.env.LIENTHONG_SOAK_SEED ?? 1);
  return random(seed)
    .take(rounds)
    .map((part) => 1 + Math.floor(part * most))
    .toArray();
}
