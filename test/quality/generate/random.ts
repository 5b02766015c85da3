/** Random choices of one row: a stream that depends on the seed and the row only, so that any row can be made again alone. */
import { draw } from '../../../gateway/development/synthetic/random.ts';

export interface Rng {
  /** A whole number in [0, bound). */
  readonly below: (bound: number) => number;
  /** True for about this share of calls. */
  readonly chance: (share: number) => boolean;
  /** One of a non-empty list. */
  readonly pick: <T>(list: readonly T[]) => T;
}

/** Keeps these streams apart from those that the people themselves are drawn from. */
const SALT = 0x51a1_7e57;

export function createRng(seed: number, index: number): Rng {
  let use = 0;
  const share = (): number => draw(seed ^ SALT, index, use++) / 0x1_0000_0000;
  return {
    below: (bound) => Math.floor(share() * bound),
    chance: (wanted) => share() < wanted,
    pick: (list) => list[Math.floor(share() * list.length)]!,
  };
}
