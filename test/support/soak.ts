import { seeded } from './seeded.ts';

/** Whole numbers from 1 to `most`: as many as `npm run soak` asks for, none in `npm test`. */
export function soakMoments(most: number): number[] {
  const rounds = Number(process.env.LIENTHONG_SOAK_ROUNDS ?? 0);
  const numbers = seeded(Number(process.env.LIENTHONG_SOAK_SEED ?? 1));
  return Array.from({ length: rounds }, () => numbers.whole(1, most));
}
