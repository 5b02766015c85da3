/** Dates of birth that are incomplete, stand for "unknown", or have one thing wrong. */
import type { DateDamage, KnownDate, WriteDate } from '../damage.ts';
import type { Rng } from '../random.ts';
import { addDays, exists, two } from './calendar.ts';
import { dayFirst, writeDate } from './styles.ts';

/** A wrong date in a usual style; undefined where it would not exist or would be the right one. */
function wrong(date: KnownDate, born: KnownDate, rng: Rng): string | undefined {
  const same = date.year === born.year && date.month === born.month && date.day === born.day;
  return same || !exists(date) ? undefined : writeDate(date, rng);
}

/** Another digit at one place of a number of `width` digits. */
function slip(value: number, width: number, rng: Rng): number {
  const digits = [...String(value).padStart(width, '0')];
  const at = rng.below(width);
  const digit = Number(digits[at]);
  return Number(digits.with(at, `${(digit + 1 + rng.below(9)) % 10}`).join(''));
}

const VALUES = {
  year_only: ({ year }) => `${year}`,
  month_and_year: ({ year, month }, rng) =>
    rng.pick([
      `${two(month)}/${year}`,
      `${year}-${two(month)}`,
      `${month}/${year}`,
      `tháng ${month}/${year}`,
      `${two(month)}-${year}`,
    ]),
  zeros_for_unknown: ({ year, month }, rng) =>
    rng.pick([`00/00/${year}`, `00/${two(month)}/${year}`, `${year}-00-00`, `0000${year}`, `${year}0000`]),
  signs_for_unknown: ({ year }, rng) =>
    rng.pick([
      `xx/xx/${year}`,
      `--/--/${year}`,
      `??/??/${year}`,
      `XX/XX/${year}`,
      `../../${year}`,
      `__/__/${year}`,
      `  /  /${year}`,
    ]),
  new_year_for_unknown: (born, rng) => wrong({ ...born, month: 1, day: 1 }, born, rng),
  first_of_month: (born, rng) => wrong({ ...born, day: 1 }, born, rng),
  default_date: (_born, rng) =>
    rng.pick([
      '01/01/1900',
      '01/01/1970',
      '1970-01-01',
      '1900-01-01',
      '30/12/1899',
      '01/01/0001',
      '0001-01-01 00:00:00',
      '11/11/1911',
      '01/01/2000',
      '31/12/9999',
    ]),
  swapped: (born, rng) =>
    born.day <= 12 ? wrong({ ...born, day: born.month, month: born.day }, born, rng) : undefined,
  day_slip: (born, rng) => wrong({ ...born, day: slip(born.day, 2, rng) }, born, rng),
  month_slip: (born, rng) => wrong({ ...born, month: slip(born.month, 2, rng) }, born, rng),
  year_slip: (born, rng) =>
    wrong({ ...born, year: slip(born.year % 100, 2, rng) + Math.floor(born.year / 100) * 100 }, born, rng),
  year_by_one: (born, rng) => wrong({ ...born, year: born.year + rng.pick([-1, 1]) }, born, rng),
  year_transposed: (born, rng) => {
    const ones = born.year % 10;
    const tens = Math.floor(born.year / 10) % 10;
    return wrong({ ...born, year: born.year - tens * 10 - ones + ones * 10 + tens }, born, rng);
  },
  century_slip: (born) => dayFirst({ ...born, year: born.year < 2000 ? born.year + 100 : born.year - 100 }),
  day_before: (born, rng) => wrong(addDays(born, -1), born, rng),
  day_after: (born, rng) => wrong(addDays(born, 1), born, rng),
  day_of_registration: (born, rng) => wrong(addDays(born, 2 + rng.below(30)), born, rng),
} satisfies Record<string, WriteDate>;

const RARE: readonly string[] = ['day_after', 'day_of_registration', 'century_slip', 'year_transposed'];
const COMMON: readonly string[] = ['year_only', 'new_year_for_unknown', 'swapped', 'day_slip'];

export const VALUE_DAMAGES: Readonly<Record<string, DateDamage>> = Object.fromEntries(
  Object.entries<WriteDate>(VALUES).map(([key, write]) => [
    key,
    { weight: COMMON.includes(key) ? 3 : RARE.includes(key) ? 1 : 2, write } satisfies DateDamage,
  ]),
);
