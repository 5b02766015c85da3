import { LEAST_NAME_WIDTH } from '../../../gateway/matching/profile.ts';

/** How many names a file has of each length, and how many different ones of the greatest. */
export type WidthCounts = {
  /** Index: length in UTF-16 code units, spaces behind the name left out. */
  readonly names: ArrayLike<number>;
  readonly greatest: number;
  /** Different names of the greatest length, counted up to `WIDTH.least`. */
  readonly different: number;
};

/**
 * Names that end at the width of a field pile up there, and none is longer. The greatest length is that width when at least
 * 20 different names have it (so that one company with a thousand subscriptions is none: names that end by themselves leave
 * one or two at their greatest length) and they exceed what the two lengths before lead one to expect by a fifth, and by three
 * standard errors. Below the least width that a gateway takes nothing is found.
 */
export const WIDTH = { least: 20, timesExpected: 1.2, errors: 3 } as const;
/** A longer cell is no name that a field's width cut: then nothing is found. */
export const LONGEST = 200;

export function findNameWidth(counts: WidthCounts): { value: number; evidence: Readonly<Record<string, number>> } {
  const { names, greatest, different } = counts;
  const there = names[greatest] ?? 0;
  const { expected, error } = expectedAt(names, greatest);
  const piledUp =
    greatest >= LEAST_NAME_WIDTH &&
    greatest < LONGEST &&
    different >= WIDTH.least &&
    there >= WIDTH.timesExpected * expected &&
    there - expected >= WIDTH.errors * error;
  return { value: piledUp ? greatest : 0, evidence: { greatest, there, expected: Math.round(expected), different } };
}

/**
 * The last length before, times how the counts went from the one before that to it. Behind their peak, counts fall ever
 * faster, so this is more than would be there by itself.
 */
function expectedAt(names: ArrayLike<number>, length: number): { expected: number; error: number } {
  const [last, before] = [names[length - 1] ?? 0, names[length - 2] ?? 0];
  const expected = (last * last) / Math.max(before, last / STEEPEST, 1);
  const relative = last === 0 ? 0 : 4 / last + 1 / Math.max(before, 1);
  return { expected, error: Math.sqrt(expected + expected * expected * relative) };
}

/** Counts hardly ever grow more than threefold from one length to the next. */
const STEEPEST = 3;

export type WidthTally = {
  /** `name` without the spaces behind it; `length` as it is once decoded. */
  add(length: number, name: string): void;
  counts(): WidthCounts;
};

export function createWidthTally(): WidthTally {
  const names = new Float64Array(LONGEST + 1);
  let greatest = 0;
  let different = new Set<number>();
  return {
    add(length, name) {
      const at = length < LONGEST ? length : LONGEST;
      names[at] = (names[at] as number) + 1;
      if (at < greatest) return;
      if (at > greatest) {
        greatest = at;
        different = new Set();
      }
      // Hashes: a kept piece of text would keep the whole block that it was cut from.
      if (different.size < WIDTH.least) different.add(hash(name));
    },
    counts: () => ({ names, greatest, different: different.size }),
  };
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
