import { foldedHeader, namedSeparator, SEPARATORS } from '../kit/csv-header.ts';
import { splitLine } from '../kit/csv-record.ts';
import { type Encoding, isUtf16 } from '../kit/decode/encodings.ts';
import { isWorkbook } from '../kit/input-file.ts';
import { KitError } from '../kit/kit-error.ts';
import { readFirstRows } from '../kit/xlsx/open-workbook.ts';
import { headerSays } from './column-words.ts';
import { decoderOf, EVERY, holdsValues, readBeginning } from './file-head.ts';

/** Where the header of a file's table stands, by the names in it. */
export type TablePlace = {
  /** Of a workbook. */
  readonly sheet: string | undefined;
  readonly line: number;
  /** It is found there by who is told of no line, and of no sheet. */
  readonly firstLine: boolean;
  readonly firstSheet: boolean;
};

export type LookedFor = {
  readonly sheet?: string | undefined;
  readonly encoding?: Encoding | undefined;
  /** The user's own names of columns. */
  readonly columns?: Readonly<Record<string, string>> | undefined;
};

const LOOKED_LINES = 20;
/** A sentence may hold the name of a column or two. */
const LEAST_KNOWN = 3;

/**
 * The first of the first twenty lines, or rows of each sheet, in which three columns or more are known; undefined where there is none. In
 * a text it counts only where lines below have as many cells. What is wrong with a file its reading says.
 */
export async function findTable(file: string, looked: LookedFor): Promise<TablePlace | undefined> {
  return firstLineThat(file, { ...looked, most: LOOKED_LINES }, (cells, inTable) => {
    return inTable && !holdsValues(cells) && knownColumns(cells, looked.columns ?? {}) >= LEAST_KNOWN;
  });
}

/** The first line above a header that names all of these columns as well: rows of theirs would stand between the two. */
export async function headerAbove(
  file: string,
  { columns = {}, ...looked }: LookedFor,
  headerLine: number,
): Promise<TablePlace | undefined> {
  const wanted = Object.values(columns).map(foldedHeader);
  return firstLineThat(file, { ...looked, most: headerLine - 1 }, (cells) => {
    const names = cells.map(foldedHeader);
    return wanted.every((name) => names.includes(name));
  });
}

async function firstLineThat(
  file: string,
  looked: Omit<LookedFor, 'columns'> & { readonly most: number },
  isIt: (cells: readonly string[], inTable: boolean) => boolean,
): Promise<TablePlace | undefined> {
  try {
    const sheets = (await isWorkbook(file)) ? await sheetLines(file, looked) : await textLines(file, looked);
    for (const [index, { sheet, lines }] of sheets.entries()) {
      const at = lines.findIndex(({ readings }) => readings.some(({ cells, inTable }) => isIt(cells, inTable)));
      const line = lines[at]?.line;
      if (line !== undefined) return { sheet, line, firstLine: at === 0, firstSheet: index === 0 };
    }
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
  }
  return undefined;
}

/** Lines with something in them, each with all that its cells may be. */
type Lines = {
  readonly line: number;
  readonly readings: readonly { readonly cells: readonly string[]; readonly inTable: boolean }[];
}[];

async function sheetLines(file: string, looked: { readonly sheet?: string | undefined; readonly most: number }) {
  return (await readFirstRows(file, looked)).map(({ sheet, rows }) => ({
    sheet,
    lines: rows.map(({ row: line, cells }) => ({ line, readings: [{ cells, inTable: true }] })) satisfies Lines,
  }));
}

async function textLines(file: string, { encoding, most }: { encoding?: Encoding | undefined; most: number }) {
  const { lines: bytes, wide, mark } = await readBeginning(file, encoding);
  const decoders = decodersFor(encoding, wide !== undefined || mark);
  const all = bytes
    .subarray(mark ? 3 : 0)
    .toString('latin1')
    .split('\n', most + LOOKED_LINES)
    .map((text, i) => ({ line: i + 1, text: text.replace(/\r$/, '') }))
    .filter(({ text }) => text.trim() !== '' && namedSeparator(text) === undefined);
  const lines: Lines = all
    .filter(({ line }) => line <= most)
    .map(({ line, text }, at) => {
      const below = all.slice(at + 1, at + 1 + LOOKED_LINES);
      const readings = SEPARATORS.flatMap((separator) => {
        const cells = splitLine(text, separator);
        const inTable =
          below.length === 0 || below.some((other) => splitLine(other.text, separator).length === cells.length);
        return decoders.map((decode) => ({ cells: cells.map(decode), inTable }));
      });
      return { line, readings };
    });
  return [{ sheet: undefined, lines }];
}

/** Which encoding a file has is concluded from its rows, which are not found yet: the names are looked for in each. */
function decodersFor(encoding: Encoding | undefined, unicode: boolean) {
  if (unicode || (encoding !== undefined && isUtf16(encoding))) return [decoderOf('utf-8')];
  return (encoding === undefined ? EVERY : [encoding]).map(decoderOf);
}

function knownColumns(cells: readonly string[], stated: Readonly<Record<string, string>>): number {
  const own = new Map(Object.entries(stated).map(([name, header]) => [foldedHeader(header), name]));
  const known = cells.map((cell) => own.get(foldedHeader(cell)) ?? headerSays(cell).name);
  return new Set(known.filter((name) => name !== undefined)).size;
}
