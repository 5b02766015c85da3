/** What became of a person: life and death, old and former numbers. Shares are rough and carry no claim. */
import { MAX_CMND } from './numbers.ts';
import type { FormerIdKind, LifeState } from './person.ts';
import { draw } from './random.ts';
import { USE } from './uses.ts';

const deceasedShare = (year: number): number =>
  year < 1930 ? 0.75 : year < 1940 ? 0.42 : year < 1950 ? 0.17 : year < 1960 ? 0.06 : year < 1975 ? 0.022 : 0.004;

const MISSING_SHARE = 0.0006;
const FORMER_SHARES = { superseded: 0.008, cancelled: 0.0012, cancelled_alone: 0.0002 } as const;
/** 9-digit numbers were given at 14, the last about 2015. */
const LAST_YEAR_WITH_CMND = 2001;

export function lifeOf(seed: number, index: number, year: number): LifeState {
  const share = draw(seed, index, USE.life) / 0x1_0000_0000;
  const deceased = deceasedShare(year);
  return share < deceased ? 'deceased' : share < deceased + MISSING_SHARE ? 'missing' : 'alive';
}

/** How many 9-digit numbers a person born in `year` has had: 0 to MAX_CMND. */
export function oldNumberCount(seed: number, index: number, year: number): number {
  if (year > LAST_YEAR_WITH_CMND) return 0;
  const share = draw(seed, index, USE.oldNumbers) / 0x1_0000_0000;
  return share < 0.02 ? MAX_CMND : share < 0.13 ? 2 : share < 0.88 ? 1 : 0;
}

/** Whether, and how, a person had another ID; known without making the person. */
export function formerIdKind(seed: number, index: number): FormerIdKind | undefined {
  let share = draw(seed, index, USE.former) / 0x1_0000_0000;
  for (const kind of ['superseded', 'cancelled', 'cancelled_alone'] as const) {
    if (share < FORMER_SHARES[kind]) return kind;
    share -= FORMER_SHARES[kind];
  }
  return undefined;
}
