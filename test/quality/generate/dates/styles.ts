/** The usual ways of writing a date of birth. They are no damage: the value is whole and right. */
import type { KnownDate } from '../damage.ts';
import type { Rng } from '../random.ts';
import { two } from './calendar.ts';

const WHOLE: readonly ((date: KnownDate) => string)[] = [
  ({ year, month, day }) => `${two(day)}/${two(month)}/${year}`,
  ({ year, month, day }) => `${year}-${two(month)}-${two(day)}`,
  ({ year, month, day }) => `${two(day)}-${two(month)}-${year}`,
  ({ year, month, day }) => `${day}/${month}/${year}`,
  ({ year, month, day }) => `${two(day)}.${two(month)}.${year}`,
  ({ year, month, day }) => `${two(day)}${two(month)}${year}`,
  ({ year, month, day }) => `${year}${two(month)}${two(day)}`,
  ({ year, month, day }) => `${year}/${two(month)}/${two(day)}`,
];
/** Shares in hundredths of the styles above. */
const SHARES = [48, 20, 8, 9, 4, 5, 3, 3] as const;

/** A date as far as it is known, in one of the usual styles. */
export function writeDate(date: KnownDate, rng: Rng): string {
  if (date.month === 0) return `${date.year}`;
  if (date.day === 0) return rng.chance(0.7) ? `${two(date.month)}/${date.year}` : `${date.year}-${two(date.month)}`;
  let place = rng.below(100);
  const style = SHARES.findIndex((share) => {
    place -= share;
    return place < 0;
  });
  return WHOLE[style]!(date);
}

/** Day, month, year with slashes: what most files hold. */
export const dayFirst = ({ year, month, day }: KnownDate): string => `${two(day)}/${two(month)}/${year}`;
