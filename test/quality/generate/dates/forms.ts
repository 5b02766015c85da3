/** Dates of birth written in ways that a reader must know: the value is whole and right. */
import type { DateDamage, WriteDate } from '../damage.ts';
import { dayNumber, localMidnight, two } from './calendar.ts';

const ENGLISH = 'January February March April May June July August September October November December'.split(' ');
const VIETNAMESE = 'Một Hai Ba Tư Năm Sáu Bảy Tám Chín Mười Mười_Một Mười_Hai'
  .split(' ')
  .map((word) => word.replace('_', ' '));
const ROMAN = 'I II III IV V VI VII VIII IX X XI XII'.split(' ');

/** The moment at which the day begins in Viet Nam, in UTC: it still carries the date of the day before. */
const shifted: WriteDate = (born) => `${new Date(localMidnight(born)).toISOString().slice(0, 19)}Z`;

const FORMS = {
  two_digit_year: ({ year, month, day }, rng) =>
    rng.pick([
      `${two(day)}/${two(month)}/${two(year % 100)}`,
      `${two(day)}-${two(month)}-${two(year % 100)}`,
      `${day}/${month}/${two(year % 100)}`,
    ]),
  two_digit_year_first: ({ year, month, day }) => `${two(year % 100)}${two(month)}${two(day)}`,
  month_first: ({ year, month, day }) => (day > 12 ? `${two(month)}/${two(day)}/${year}` : undefined),
  month_first_ambiguous: ({ year, month, day }) =>
    day <= 12 && day !== month ? `${two(month)}/${two(day)}/${year}` : undefined,
  month_name_english: ({ year, month, day }, rng) => {
    const name = ENGLISH[month - 1]!;
    const short = name.slice(0, 3);
    return rng.pick([
      `${two(day)}-${short}-${two(year % 100)}`,
      `${day}-${short}-${year}`,
      `${short} ${day}, ${year}`,
      `${day} ${name} ${year}`,
      `${two(day)}-${short.toUpperCase()}-${year}`,
    ]);
  },
  month_name_vietnamese: ({ year, month, day }, rng) =>
    rng.pick([
      `${day} tháng ${month} năm ${year}`,
      `ngày ${two(day)} tháng ${two(month)} năm ${year}`,
      `Ngày ${day} tháng ${VIETNAMESE[month - 1]} năm ${year}`,
      `${day} thg ${month}, ${year}`,
      `${day} Tháng ${VIETNAMESE[month - 1]} ${year}`,
      `${day}-thg ${month}-${year}`,
    ]),
  roman_month: ({ year, month, day }) => `${day}/${ROMAN[month - 1]}/${year}`,
  day_number: (born, rng) => `${dayNumber(born)}${rng.pick(['', '', '.0'])}`,
  timestamp_utc: shifted,
  timestamp_local: ({ year, month, day }, rng) =>
    `${year}-${two(month)}-${two(day)}${rng.pick(['T00:00:00', 'T00:00:00+07:00', ' 00:00:00', ' 00:00:00.000', 'T00:00:00.000Z', ' 00:00:00.0000000'])}`,
  time_appended: ({ year, month, day }, rng) =>
    `${two(day)}/${two(month)}/${year} ${rng.pick(['00:00:00', '12:00:00 AM', '0:00', '12:00:00 SA', '00:00'])}`,
  epoch_milliseconds: (born) => `${localMidnight(born)}`,
  epoch_seconds: (born) => `${localMidnight(born) / 1000}`,
  year_month_day_compact_time: ({ year, month, day }) => `${year}${two(month)}${two(day)}000000`,
  zero_lost: ({ year, month, day }) => (day < 10 ? `${day}${two(month)}${year}` : undefined),
  odd_separators: ({ year, month, day }, rng) =>
    rng.pick([
      `${two(day)} / ${two(month)} / ${year}`,
      `${two(day)}\\${two(month)}\\${year}`,
      `${two(day)}/${two(month)}-${year}`,
      `${two(day)} ${two(month)} ${year}`,
      `${two(day)}//${two(month)}//${year}`,
      `${two(day)},${two(month)},${year}`,
      `${two(day)}_${two(month)}_${year}`,
    ]),
  label: ({ year, month, day }, rng) =>
    `${rng.pick(['NS: ', 'Sinh ngày ', 'Ngày sinh: ', 'SN ', 'DOB: ', 'sinh '])}${two(day)}/${two(month)}/${year}`,
  text_guard: ({ year, month, day }, rng) =>
    rng.pick([
      `'${two(day)}/${two(month)}/${year}`,
      `="${two(day)}/${two(month)}/${year}"`,
      `"${two(day)}/${two(month)}/${year}"`,
    ]),
  letters_for_digits: ({ year, month, day }) => {
    const text = `${two(day)}/${two(month)}/${year}`;
    const changed = text.replace(/0/u, 'O').replace(/1/u, 'l');
    return changed === text ? undefined : changed;
  },
  invisible: ({ year, month, day }, rng) =>
    `${rng.pick(['\u00A0', '\u200B', '\uFEFF', '\t', ' '])}${two(day)}/${two(month)}/${year}${rng.pick([' ', '\u00A0', ''])}`,
  trailing_separator: ({ year, month, day }) => `${two(day)}/${two(month)}/${year}/`,
} satisfies Record<string, WriteDate>;

const RARE: readonly string[] = [
  'roman_month',
  'epoch_seconds',
  'epoch_milliseconds',
  'year_month_day_compact_time',
  'trailing_separator',
  'two_digit_year_first',
  'letters_for_digits',
];
const COMMON: readonly string[] = ['two_digit_year', 'day_number', 'month_first', 'zero_lost', 'timestamp_local'];

export const FORM_DAMAGES: Readonly<Record<string, DateDamage>> = Object.fromEntries(
  Object.entries<WriteDate>(FORMS).map(([key, write]) => [
    key,
    { weight: COMMON.includes(key) ? 3 : RARE.includes(key) ? 1 : 2, write } satisfies DateDamage,
  ]),
);
