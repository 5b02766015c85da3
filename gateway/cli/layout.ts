import Table from 'cli-table3';

/** 50000 → `50,000`. Without the tables of languages, which take longer to load than a small file to read. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Share with one decimal; a part that is there never reads 0.0 %, one that is not whole never 100.0 %. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  const share = (100 * part) / whole;
  if (part > 0 && share < 0.05) return '< 0.1 %';
  if (part < whole && share >= 99.95) return '> 99.9 %';
  return `${share.toFixed(1)} %`;
}

/** 830 → `0.8 s` */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** Characters a text takes on a line: combining marks take none. */
export function textWidth(text: string): number {
  return [...text.normalize('NFC')].filter((char) => !/\p{M}|\p{Cf}/u.test(char)).length;
}

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Takes what the other columns leave, and wraps. One or more columns may. */
  readonly wide?: boolean;
}

const PADDING = 2;
const LEAST_WIDE = 12;

/** A table with rules between header and rows only; wide columns wrap so that no line is longer than `width`. */
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
  const made = new Table({
    head: columns.map(({ title }) => title),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    colWidths: natural.map((own, at) => (wide.includes(at) ? (widths[wide.indexOf(at)] ?? own) : own) + PADDING),
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  for (const row of shown) made.push([...row]);
  return made.toString();
}

/** Cells come from files and from the register: what would steer the terminal is shown as a sign. */
function printable(cell: string): string {
  return cell.normalize('NFC').replaceAll(/[^\P{Cc}\n]/gu, '\ufffd');
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
    given[at] = Math.max(LEAST_WIDE, Math.min(wishes[at] ?? 0, Math.floor(rest / open)));
    rest -= given[at] ?? 0;
    open--;
  }
  return given;
}
