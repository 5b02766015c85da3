import { type DateOrderCounts, findDateOrder } from './date-order.ts';
import { dateShape } from './date-shape.ts';
import { type DayNumberCounts, dayNumberFits, findDaysFrom1904 } from './day-numbers.ts';
import { findNewYear, type NewYearCounts } from './new-year.ts';

/** Counts what the dates of a file show of its habits, row by row. */
export type DateTally = {
  add(date: string, idNumber: string): void;
  counts(): DateCounts;
};

export type DateCounts = {
  readonly order: DateOrderCounts;
  readonly newYear: NewYearCounts;
  readonly dayNumbers: DayNumberCounts;
};

const [ZERO, NINE, DASH, SLASH] = [0x30, 0x39, 0x2d, 0x2f];
const LAST_MONTH = 12;
const LAST_DAY = 31;

export function createDateTally(): DateTally {
  const order = { dates: 0, dayFirst: 0, monthFirst: 0 };
  const newYear = { dates: 0, newYears: 0 };
  const dayNumbers = { dayNumbers: 0, only1900: 0, only1904: 0 };

  function whole(year: number, isNewYear: boolean): void {
    if (isNewYear && year === 1900) return;
    newYear.dates++;
    if (isNewYear) newYear.newYears++;
  }

  function yearLast(first: number, second: number, year: number): void {
    order.dates++;
    if (first > LAST_MONTH && first <= LAST_DAY && second >= 1 && second <= LAST_MONTH) order.dayFirst++;
    if (second > LAST_MONTH && second <= LAST_DAY && first >= 1 && first <= LAST_MONTH) order.monthFirst++;
    whole(year, first === 1 && second === 1);
  }

  /** The two common forms without a regular expression: this runs for every row of the file. */
  function addCommon(date: string): boolean {
    if (date.length !== 10) return false;
    if (date.charCodeAt(4) === DASH && date.charCodeAt(7) === DASH) {
      const [year, month, day] = [pair(date, 0) * 100 + pair(date, 2), pair(date, 5), pair(date, 8)];
      if (year < 0 || month < 0 || day < 0) return false;
      whole(year, month === 1 && day === 1);
      return true;
    }
    if (date.charCodeAt(2) !== SLASH || date.charCodeAt(5) !== SLASH) return false;
    const [first, second, year] = [pair(date, 0), pair(date, 3), pair(date, 6) * 100 + pair(date, 8)];
    if (first < 0 || second < 0 || year < 0) return false;
    yearLast(first, second, year);
    return true;
  }

  function dayNumber(days: number, idNumber: string): void {
    dayNumbers.dayNumbers++;
    const fits = dayNumberFits(days, idNumber);
    if (fits === 1904) dayNumbers.only1904++;
    else if (fits === 1900) dayNumbers.only1900++;
  }

  return {
    add(date, idNumber) {
      if (addCommon(date)) return;
      const shape = dateShape(date);
      if (shape?.form === 'year-last') yearLast(shape.first, shape.second, shape.year);
      else if (shape?.form === 'plain') whole(shape.year, shape.month === 1 && shape.day === 1);
      else if (shape !== undefined) dayNumber(shape.days, idNumber);
    },
    counts: () => ({ order: { ...order }, newYear: { ...newYear }, dayNumbers: { ...dayNumbers } }),
  };
}

/** What the dates show; pure. */
export function findDateHabits({ order, newYear, dayNumbers }: DateCounts) {
  return {
    dateOrder: findDateOrder(order),
    newYearMeansUnknown: findNewYear(newYear),
    daysFrom1904: findDaysFrom1904(dayNumbers),
  };
}

/** Two digits at a place as a number; −1 where they are none. */
function pair(text: string, at: number): number {
  const [a, b] = [text.charCodeAt(at), text.charCodeAt(at + 1)];
  return a >= ZERO && a <= NINE && b >= ZERO && b <= NINE ? (a - ZERO) * 10 + (b - ZERO) : -1;
}
