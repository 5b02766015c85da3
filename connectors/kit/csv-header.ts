import { filled, type Words } from '../../gateway/errors/words.ts';
import { splitLine, type TextView } from './csv-record.ts';
import { KitError } from './kit-error.ts';
import { printable } from './printable.ts';

/** Separators that are recognised, by which of them makes the header hold the needed columns. */
export const SEPARATORS = [',', ';', '\t', '|'] as const;

/** A column that a reader needs: what it is called here, and what it is called in the file. */
export type WantedColumn = {
  readonly name: string;
  readonly header: string;
  /** Files without it are read too: its cells are empty there. */
  readonly optional?: boolean;
  /** One that this program writes itself: nobody has another name for it. */
  readonly own?: boolean;
};

/** How a file is laid out, by its header: `slots` is for each wanted column its place, −1 for an optional one that is not there. */
export type Layout = { readonly separator: string; readonly width: number; readonly slots: readonly number[] };

/** Finds the columns in a header; its line is for the errors. */
export type HeaderReader = (header: string, line: number) => Layout;

const LF = 0x0a;

/** Tells a spreadsheet program which separator follows; it stands above the header. */
const SEPARATOR_LINE = /^\s*"?sep=(.?)"?\s*$/i;

/** The separator that such a line names; undefined where it is none. */
export function namedSeparator(line: string): string | undefined {
  const found = SEPARATOR_LINE.exec(line);
  // A tab is a space as well.
  return found === null ? undefined : found[1] === '' && line.includes('\t') ? '\t' : found[1];
}

/** A header further down than this is looked for in vain: each reading has to find it in what it reads of the file first. */
export const MOST_HEADER_LINE = 10_000;
const MOST_BYTES_ABOVE = 1 << 18;

/** What was read of a file before its header, and the line that this stands on where somebody said so. */
export type Above = { readonly lines: number; readonly bytes: number; readonly headerLine?: number | undefined };

/**
 * The header in whole lines, behind the lines `above`; without layout where it is not among them. Unless its line is known, it is the
 * first that is not empty and names no separator. Throws KitError HEADER_LINE_WRONG, and what `layout` throws.
 */
export function readHeading(
  bytes: Buffer,
  view: TextView,
  layout: HeaderReader,
  { lines, bytes: bytesAbove, headerLine }: Above,
): { readonly layout: Layout | undefined; readonly linesAbove: number; readonly behind: number } {
  let linesAbove = lines;
  for (let from = 0; from < bytes.length; linesAbove++) {
    const lineEnd = bytes.indexOf(LF, from);
    const end = lineEnd === -1 ? bytes.length : lineEnd;
    const begin = from;
    from = Math.min(end + 1, bytes.length);
    if (headerLine !== undefined && linesAbove + 1 < headerLine) continue;
    const line = bytes.toString(view, begin, end);
    const isHeader = line.trim() !== '' && (headerLine !== undefined || namedSeparator(line) === undefined);
    if (headerLine !== undefined && (!isHeader || bytesAbove + begin > MOST_BYTES_ABOVE))
      throw new KitError('HEADER_LINE_WRONG', { line: headerLine });
    if (isHeader) return { layout: layout(line.replace(/\r$/, ''), linesAbove + 1), linesAbove, behind: from };
  }
  return { layout: undefined, linesAbove, behind: bytes.length };
}

const NONE_FOUND: Words = {
  en: '{count} cells, none of them one of these',
  vi: '{count} ô, không ô nào là một trong các cột đó',
};

/** The wanted columns in a header. Throws KitError HEADER_WRONG, RESULTS_HEADER_WRONG, HEADER_TWICE. */
export function columnsOf(header: string, columns: readonly WantedColumn[], line = 1): Layout {
  let best: { separator: string; names: string[]; missing: WantedColumn[] } | undefined;
  for (const separator of SEPARATORS) {
    const names = splitLine(header, separator).map(foldedHeader);
    const missing = columns.filter(
      (column) => column.optional !== true && !names.includes(foldedHeader(column.header)),
    );
    const better =
      best === undefined ||
      missing.length < best.missing.length ||
      (missing.length === best.missing.length && names.length > best.names.length);
    if (better) best = { separator, names, missing };
  }
  if (best === undefined || best.missing.length > 0) {
    const found = best === undefined ? [] : splitLine(header, best.separator);
    const { names = [] } = best ?? {};
    const some = columns.some((column) => names.includes(foldedHeader(column.header)));
    throw new KitError(columns.some(({ own }) => own === true) ? 'RESULTS_HEADER_WRONG' : 'HEADER_WRONG', {
      line,
      needed: namesOf(columns),
      missing: namesOf(best?.missing ?? columns),
      found: some ? shown(found) : filled(NONE_FOUND, { count: found.length }),
    });
  }
  const { separator, names } = best;
  const slots = columns.map(({ header: wanted }) => {
    const index = names.indexOf(foldedHeader(wanted));
    if (index !== -1 && names.indexOf(foldedHeader(wanted), index + 1) !== -1)
      throw new KitError('HEADER_TWICE', { column: wanted, line });
    return index;
  });
  return { separator, width: names.length, slots };
}

/** Headers are compared without case, surrounding spaces and composition of their letters. */
export function foldedHeader(name: string): string {
  return name.trim().normalize('NFC').toLowerCase();
}

export function namesOf(columns: readonly WantedColumn[]): string {
  return columns.map(({ header }) => header).join(', ');
}

/**
 * What was found, short. Only of a line that has some of the names: one that has none may be a row, with a person's name in it. Where
 * digits stand, it may still be one.
 */
function shown(names: readonly string[]): string {
  const texts = names.slice(0, 12).map((name) => printable(name.trim().slice(0, 40)));
  const personal = texts.some((text) => /\d{4,}/.test(text));
  return personal ? `${names.length} cells that look like a row, not like a header` : texts.join(', ');
}
