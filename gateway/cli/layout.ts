import Table from 'cli-table3';

/** Places a text takes on a line: combining marks take none, signs of double width two. */
export function textWidth(text: string): number {
  return [...text.normalize('NFC')].reduce((sum, char) => sum + placesOf(char), 0);
}

const placesOf = (char: string): number => (/\p{M}|\p{Cf}/u.test(char) ? 0 : DOUBLE.test(char) ? 2 : 1);
const DOUBLE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Takes what the other columns leave, and wraps. One or more columns may. */
  readonly wide?: boolean;
}

const PADDING = 2;
const LEAST_WIDE = 12;

/**
 * A table with rules between header and rows only; wide columns wrap so that no line is longer than `width`. Nothing of a cell
 * is ever left out: people sign what they read here.
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string {
  const shown = rows.map((row) => row.map(printable));
  const natural = columns.map(({ title }, at) => Math.max(textWidth(title), ...shown.map((row) => longest(row[at]))));
  const wide = columns.flatMap((column, at) => (column.wide === true ? [at] : []));
  const fixed = natural.reduce((sum, own, at) => sum + (wide.includes(at) ? 0 : own), 0);
  const left = width - fixed - columns.length * (PADDING + 1) - 1;
  const widths = shares(
    left,
    wide.map((at) => natural[at] ?? 0),
  );
  const given = natural.map((own, at) => (wide.includes(at) ? (widths[wide.indexOf(at)] ?? own) : own));
  const made = new Table({
    head: columns.map(({ title }, at) => broken(title, given[at] ?? 0)),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    colWidths: given.map((own) => own + PADDING),
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  for (const row of shown) made.push(row.map((cell, at) => broken(cell, given[at] ?? 0)));
  return made.toString();
}

/** The table's own wrapping cuts a word that is longer than its column: such a word goes on in the next line. */
function broken(cell: string, width: number): string {
  return cell.replaceAll(/\S+/g, (word) => (textWidth(word) <= width ? word : pieces(word, width).join('\n')));
}

/** Cut behind a sign that joins, where one stands in the second half of the line, so that a path stays readable. */
function pieces(word: string, width: number): string[] {
  const done: string[] = [];
  let line = '';
  for (const char of word) {
    if (textWidth(line) + placesOf(char) > width) {
      const joint = Math.max(...[...'/.,:_-'].map((sign) => line.lastIndexOf(sign))) + 1;
      const at = joint > line.length / 2 ? joint : line.length;
      done.push(line.slice(0, at));
      line = line.slice(at);
    }
    line += char;
  }
  return [...done, line];
}

/**
 * Cells come from files, from the register and from other officers: what would steer the terminal, turn the order of what is read or
 * cannot be seen is shown as a sign.
 */
function printable(cell: string): string {
  return cell.normalize('NFC').replaceAll(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\ufffd');
}

function longest(cell: string | undefined): number {
  return Math.max(0, ...(cell ?? '').split('\n').map(textWidth));
}

/** Divides a width among columns by what they would like, nobody beyond that. */
function shares(left: number, wishes: readonly number[]): number[] {
  const total = wishes.reduce((sum, wish) => sum + wish, 0);
  if (total <= left) return [...wishes];
  // Narrow wishes are met first; what they leave goes to the others.
  const given = new Array<number>(wishes.length).fill(0);
  let [rest, open] = [left, wishes.length];
  for (const at of [...wishes.keys()].sort((a, b) => (wishes[a] ?? 0) - (wishes[b] ?? 0))) {
    given[at] = Math.min(wishes[at] ?? 0, Math.max(LEAST_WIDE, Math.floor(rest / open)));
    rest -= given[at] ?? 0;
    open--;
  }
  return given;
}
