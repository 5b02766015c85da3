/** What a number in a spreadsheet's cell says, by the format that it is shown in. Pure. */

export type CellFormat =
  | { readonly kind: 'plain' }
  /** A day number; what is shown of it, and whether a time of day is. */
  | { readonly kind: 'date'; readonly shows: 'day' | 'month' | 'year'; readonly time: boolean }
  /** Digits with zeros before them up to a width, behind a fixed beginning: how sheets keep phone and card numbers. */
  | { readonly kind: 'digits'; readonly prefix: string; readonly width: number };

export const PLAIN: CellFormat = { kind: 'plain' };
const DAY: CellFormat = { kind: 'date', shows: 'day', time: false };
const MOMENT: CellFormat = { kind: 'date', shows: 'day', time: true };
const MONTH: CellFormat = { kind: 'date', shows: 'month', time: false };

/** Formats that a workbook names by number alone (ECMA-376 part 1, 18.8.30), those of East Asian editions included. */
export function builtInFormat(id: number): CellFormat {
  if (id === 22) return MOMENT;
  if (id === 17) return MONTH;
  if ((id >= 14 && id <= 16) || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 54) || id === 57 || id === 58)
    return DAY;
  return PLAIN;
}

const DIGITS = /^(?:"(\d*)"|((?:\\\d)*))(#*)(0[0#]*)$/;
const PREFIX_ONLY = /^(?:"(\d+)"|((?:\\\d)+))#+$/;
/** Texts in quotes, escaped and padding characters, colours, conditions and locales. */
const NOT_SHOWN = /"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g;

/** A format by its code, as in `dd/mm/yyyy;@` or `0000000000`. */
export function formatOf(code: string): CellFormat {
  const [first = ''] = code.split(';');
  const digits = DIGITS.exec(first) ?? PREFIX_ONLY.exec(first);
  if (digits !== null) {
    const prefix = digits[1] ?? (digits[2] ?? '').replaceAll('\\', '');
    return { kind: 'digits', prefix, width: digits[4]?.length ?? 1 };
  }
  const letters = first.replace(NOT_SHOWN, '').toLowerCase();
  if (letters === 'general' || !/[yd]/.test(letters)) return PLAIN;
  const time = /[hs]/.test(letters);
  if (letters.includes('d')) return time ? MOMENT : DAY;
  return letters.includes('m') ? MONTH : { kind: 'date', shows: 'year', time: false };
}

const LAST_DAY = 2_958_465;
const DAY_MS = 86_400_000;
/** A day in 1900 that never was, kept for the sake of an older program: no date, and one too many before all that follow. */
const NEVER = 60;

/** @param raw the number as the file has it */
export function numberText(raw: string, format: CellFormat, from1904: boolean): string {
  const text = plainNumber(raw);
  if (format.kind === 'plain') return text;
  if (format.kind === 'digits') {
    return /^\d+$/.test(text) ? format.prefix + text.padStart(format.width, '0') : text;
  }
  const serial = Number(raw);
  const day = Math.floor(serial);
  if (!(serial >= 0 && day <= LAST_DAY) || (!from1904 && (day === NEVER || day === 0))) return text;
  const origin = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, day < NEVER ? 31 : 30);
  // To the second, as sheets keep it; a day is a day whatever stands behind it in fractions of a second.
  const seconds = Math.round((serial - day) * 86_400);
  const iso = new Date(origin + day * DAY_MS + seconds * 1000).toISOString();
  if (format.shows === 'year') return iso.slice(0, 4);
  if (format.shows === 'month') return `${iso.slice(5, 7)}/${iso.slice(0, 4)}`;
  return format.time && seconds > 0 && seconds < 86_400 ? `${iso.slice(0, 10)} ${iso.slice(11, 19)}` : iso.slice(0, 10);
}

/** `9.01085000017E11` is how long numbers are kept: their digits, where they are whole. */
function plainNumber(raw: string): string {
  if (/^-?\d+$/.test(raw)) return raw;
  const value = Number(raw);
  return Number.isSafeInteger(value) ? String(value) : raw;
}

/** The longest text that a cell may hold; what claims to be longer is no workbook. */
export const MOST_TEXT = 32_767;

/** `_x000D_`: how a character that XML has not is written in texts. */
export function unescapeText(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;
}
