import type { SlimForm } from '../kit/chunk-build.ts';
import type { MappedRow, MappingOptions } from '../kit/define-connector.ts';

/**
 * A subscriber's record as it is sent. Pure and total. Only a record that the published profile reads in exactly one
 * way and without a repair takes the slim form; every other is sent as its texts, exactly as read, because reading is
 * the gateway's and its reasons belong into the answer.
 */

/** Below this a 12-digit number is a 9-digit one with zeros before it, which is a repair. */
const FIRST_PERSONAL_ID = 1_000_000_000;
const FIRST_YEAR = 1890;
const LAST_YEAR = 2100;
/** What systems write where they do not know: the profile has a reason for it. */
const PLACEHOLDERS: ReadonlySet<number> = new Set([18_991_230, 18_991_231, 19_000_101]);
/** Month and day of 1 January. */
const NEW_YEAR = 101;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const [ZERO, NINE, DASH, SLASH] = [0x30, 0x39, 0x2d, 0x2f];

export function slimForm({ dateOrder, newYearMeansUnknown = false }: MappingOptions): SlimForm {
  const dayFirst = dateOrder === 'day-first';
  return {
    idNumber: idNumberOf,
    birthDate(bytes, from, to) {
      const date = birthDateOf(bytes, from, to, dayFirst);
      return newYearMeansUnknown && date % 10_000 === NEW_YEAR ? 0 : date;
    },
  };
}

/** `cells`: row_id, msisdn, id_number, full_name, date_of_birth, as read; a cell that is not there is empty. */
export function mapSubscriber(cells: readonly string[], options: MappingOptions): MappedRow {
  const [, , idText = '', fullName = '', dateText = ''] = cells;
  const slim = slimForm(options);
  const [id, date] = [Buffer.from(idText, 'utf8'), Buffer.from(dateText, 'utf8')];
  const [idNumber, birthDate] = [slim.idNumber(id, 0, id.length), slim.birthDate(date, 0, date.length)];
  return idNumber !== 0 && birthDate !== 0
    ? { form: 'slim', idNumber, fullName, birthDate }
    : { form: 'text', idNumber: idText, fullName, birthDate: dateText };
}

/** The number where the text is exactly its 12 digits, else 0. */
function idNumberOf(bytes: Uint8Array, from: number, to: number): number {
  if (to - from !== 12) return 0;
  const [high, low] = [digitsAt(bytes, from, from + 6), digitsAt(bytes, from + 6, to)];
  const value = high * 1_000_000 + low;
  return high >= 0 && low >= 0 && value >= FIRST_PERSONAL_ID ? value : 0;
}

/**
 * YYYYMMDD where the text is `YYYY-MM-DD` or, in a file of day before month, `DD/MM/YYYY`, and that day exists; else 0.
 * A date with the month first is always sent as text: reading it so is a reason of the answer.
 */
function birthDateOf(bytes: Uint8Array, from: number, to: number, dayFirst: boolean): number {
  if (to - from !== 10) return 0;
  if (bytes[from + 4] === DASH && bytes[from + 7] === DASH) {
    return packed(
      digitsAt(bytes, from, from + 4),
      digitsAt(bytes, from + 5, from + 7),
      digitsAt(bytes, from + 8, from + 10),
    );
  }
  if (dayFirst && bytes[from + 2] === SLASH && bytes[from + 5] === SLASH) {
    return packed(
      digitsAt(bytes, from + 6, from + 10),
      digitsAt(bytes, from + 3, from + 5),
      digitsAt(bytes, from, from + 2),
    );
  }
  return 0;
}

/** Up to nine digits of a text as a number; −1 where one of them is none. ASCII digits only. */
function digitsAt(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const c = bytes[i] as number;
    if (c < ZERO || c > NINE) return -1;
    value = value * 10 + (c - ZERO);
  }
  return value;
}

function packed(year: number, month: number, day: number): number {
  if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1) return 0;
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day > (DAYS[month - 1] ?? 0) + (leap ? 1 : 0)) return 0;
  const value = year * 10_000 + month * 100 + day;
  return PLACEHOLDERS.has(value) ? 0 : value;
}
