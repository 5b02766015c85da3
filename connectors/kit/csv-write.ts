/** Cells of a CSV file that a spreadsheet opens without running anything. Pure. */

/** Numbers and phone numbers, which stay as they are although some begin with `+` or `-`. */
const NUMBER = /^[+-]?\d+(?:[.,]\d+)?$/;
const PHONE = /^\+\d[\d .]{4,18}\d$/;
const BEGINS_FORMULA = /^'*[=+\-@\t\r]/;
/** Semicolons and tabs as well: spreadsheets that take several separators at once would begin another cell behind one, unguarded. */
const NEEDS_QUOTES = /[",;\t\r\n]/;

/** Whether a spreadsheet might run this cell, leading apostrophes left aside. */
function isDangerous(cell: string): boolean {
  if (!BEGINS_FORMULA.test(cell)) return false;
  const bare = cell.replace(/^'+/, '');
  return !NUMBER.test(bare) && !PHONE.test(bare);
}

/**
 * A cell as it is written: an apostrophe before what begins with `=`, `+`, `-`, `@`, tab or CR and is neither a number
 * nor a phone number. Apostrophes before such a cell get one more, so that {@link unguard} always finds what was read.
 */
export function guard(cell: string): string {
  return isDangerous(cell) ? `'${cell}` : cell;
}

/** The inverse of {@link guard}. */
export function unguard(cell: string): string {
  return cell.charCodeAt(0) === 0x27 && isDangerous(cell) ? cell.slice(1) : cell;
}

/** Whether a cell that was written is still guarded: one that lost its apostrophe would be run, though {@link unguard} reads the same of it. */
export function isGuarded(cell: string): boolean {
  return cell.charCodeAt(0) === 0x27 || !isDangerous(cell);
}

/** A cell in quotes where it must be (RFC 4180), and where another reader might cut it. */
export function quote(cell: string): string {
  return NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** A cell from outside, guarded and quoted. */
export function writeCell(cell: string): string {
  return quote(guard(cell));
}
