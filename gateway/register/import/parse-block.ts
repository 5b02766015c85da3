/** The records of a block as cells, each with its line. */
import Papa from 'papaparse';
import type { Block } from './frame.ts';

export interface Parsed {
  /** Cells of each record, in order; the reader of rows cleans them in place. */
  readonly rows: readonly string[][];
  /** Line of each record. */
  readonly lineOf: (index: number) => number;
  /** Records whose quotes are wrong. */
  readonly broken: ReadonlySet<number>;
  /** True where no character of the block can need composing or refusing: its cells need not be looked through one by one. */
  readonly orderly: boolean;
}

/** Anything but line ends, printable ASCII and the precomposed letters that Vietnamese and its neighbours write. */
const NEEDS_A_LOOK = /[^\n\r\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u1e00-\u1eff]|\r(?!\n|$)/;

const NONE: ReadonlySet<number> = new Set();

function countFeeds(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) {
    for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) count++;
  }
  return count;
}

/** A block of one line a record is cut at its line ends; where records take several, the CSV library says where cells end. */
export function parseBlock(block: Block): Parsed {
  let text = block.bytes.toString('utf8');
  if (block.firstLine === 1 && text.charCodeAt(0) === 0xfeff) text = text.slice(1);
  if (text.endsWith('\n')) text = text.slice(0, -1);
  if (!block.multiline) return parseLines(text, block);
  const { data, errors } = Papa.parse<string[]>(text, { delimiter: ',', newline: '\n', header: false });
  if (errors.length > 0 || data.length !== block.records) return parseOneByOne(text, block);
  for (const row of data) {
    const last = row[row.length - 1];
    if (last?.endsWith('\r')) row[row.length - 1] = last.slice(0, -1);
  }
  const lines = new Array<number>(data.length);
  let line = block.firstLine;
  data.forEach((row, index) => {
    lines[index] = line;
    line += 1 + countFeeds(row);
  });
  return { rows: data, lineOf: (index) => lines[index] ?? block.firstLine, broken: NONE, orderly: false };
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

function parseLines(text: string, block: Block): Parsed {
  const lines = text.split('\n');
  const lineOf = (index: number) => block.firstLine + index;
  const orderly = !NEEDS_A_LOOK.test(text);
  if (!text.includes('"')) {
    return { rows: lines.map((line) => withoutReturn(line).split(',')), lineOf, broken: NONE, orderly };
  }
  const broken = new Set<number>();
  const rows = lines.map((line, index) => {
    const parsed = parseLine(withoutReturn(line));
    if (parsed.broken) broken.add(index);
    return parsed.cells;
  });
  return { rows, lineOf, broken, orderly };
}

/**
 * Cells of a line whose quotes stand around whole cells and nowhere else, as exports write them; undefined for anything that needs
 * the library: a doubled quote, a quote inside of a cell.
 */
export function splitClean(line: string): string[] | undefined {
  const cells: string[] = [];
  for (let at = 0; at <= line.length; ) {
    const quoted = line.charCodeAt(at) === QUOTE;
    const from = quoted ? at + 1 : at;
    const found = line.indexOf(quoted ? '"' : ',', from);
    if (quoted && found < 0) return undefined;
    const end = found < 0 ? line.length : found;
    const cell = line.slice(from, end);
    if (!quoted && cell.includes('"')) return undefined;
    cells.push(cell);
    const next = quoted ? end + 1 : end;
    if (next < line.length && line.charCodeAt(next) !== COMMA) return undefined;
    at = next + 1;
  }
  return cells;
}

const QUOTE = 0x22;
const COMMA = 0x2c;

/** The records of a text by the framer's rule, where the library would let a wrong quote swallow the records after it. */
function splitRecords(text: string): string[] {
  const records: string[] = [];
  let from = 0;
  let open = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (letter === '"') {
      if (!open) open = at === 0 || /[,\n\r]/.test(text[at - 1] ?? '');
      else if (text[at + 1] === '"') at++;
      else open = false;
    } else if (letter === '\n' && !open) {
      records.push(text.slice(from, at));
      from = at + 1;
    }
  }
  records.push(text.slice(from));
  return records;
}

/** One record without its line end, whatever its quotes are like. */
function parseRecord(record: string): { cells: string[]; broken: boolean } {
  const { data, errors } = Papa.parse<string[]>(record, { delimiter: ',', newline: '\n', header: false });
  return { cells: data[0] ?? [''], broken: data.length > 1 || errors.some((error) => error.type === 'Quotes') };
}

/** A record of one line, given without its line end: the cells that it has as part of a block. */
export function parseLine(line: string): { cells: string[]; broken: boolean } {
  const cells = line.includes('"') ? splitClean(line) : line.split(',');
  return cells === undefined ? parseRecord(line) : { cells, broken: false };
}

function parseOneByOne(text: string, block: Block): Parsed {
  const broken = new Set<number>();
  const lines: number[] = [];
  let line = block.firstLine;
  const rows = splitRecords(text).map((record, index) => {
    lines.push(line);
    line += 1 + countFeeds([record]);
    const parsed = parseRecord(withoutReturn(record));
    if (parsed.broken) broken.add(index);
    return parsed.cells;
  });
  return { rows, lineOf: (index) => lines[index] ?? block.firstLine, broken, orderly: false };
}
