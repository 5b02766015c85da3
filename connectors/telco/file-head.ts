import { namedSeparator, SEPARATORS } from '../kit/csv-header.ts';
import { fileBytes, readCsv } from '../kit/csv-read.ts';
import { splitLine } from '../kit/csv-record.ts';
import { type ByteEncoding, type Encoding, isUtf16 } from '../kit/decode/encodings.ts';
import { lineDecoder, rawBytes } from '../kit/decode/line-decoder.ts';
import { createUnreadable } from '../kit/decode/unreadable.ts';
import { sniffUtf16, utf16AsUtf8 } from '../kit/decode/utf16.ts';
import { KitError } from '../kit/kit-error.ts';
import { CANDIDATES, detectEncoding, type EncodingCounts } from '../kit/learn/detect-encoding.ts';
import { createTextTally } from '../kit/learn/text-tally.ts';

/** The first rows of a file with all their columns: what they are is found out by looking at them. */
export type FileHead = {
  readonly separator: string;
  readonly byteOrderMark: boolean;
  readonly quotes: boolean;
  readonly lineEnd: 'LF' | 'CRLF';
  /** As far as these rows show it; undefined where none fits. */
  readonly encoding: Encoding | undefined;
  /** What they show of it. */
  readonly texts: EncodingCounts;
  /** Header and cells of each column, in that encoding. */
  readonly columns: readonly { readonly header: string; readonly cells: readonly string[] }[];
};

const HEAD_BYTES = 512 * 1024;
const LOOKED_ROWS = 2000;
/** Small, since of a text that is cut inside of quotes the last batch is lost. */
const BATCH_ROWS = 64;
const LF = 0x0a;

/**
 * Reads no more than the first half megabyte. Throws KitError FILE_MISSING, FILE_EMPTY, NO_RECORDS, HEADER_ABSENT where the
 * header's line names no columns, SEPARATOR_UNKNOWN, and what reading CSV throws.
 *
 * @param headerLine the first that is not empty unless given
 */
export async function readHead(path: string, stated?: Encoding, headerLine?: number): Promise<FileHead> {
  const { bytes, whole, wide, mark, lines } = await readBeginning(path, stated);
  const raw = lines.subarray(mark ? 3 : 0).toString('latin1');
  const { separator, header } = findSeparator(raw, headerLine);
  const cells = await columnsIn(lines, separator, header.length, whole, headerLine);
  const texts = textsOf(header, cells);
  const encoding = stated ?? wide ?? (mark ? 'utf-8' : detected(texts, EVERY));
  const decode = decoderOf(encoding ?? 'utf-8');
  return {
    separator,
    byteOrderMark: mark || (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff),
    quotes: raw.includes('"'),
    lineEnd: raw.includes('\r\n') ? 'CRLF' : 'LF',
    encoding,
    texts,
    columns: header.map((name, k) => ({ header: decode(name).trim(), cells: (cells[k] ?? []).map(decode) })),
  };
}

/** The first half megabyte of a file, as whole lines that end in LF: its own bytes, or UTF-8 of a file in UTF-16. */
export async function readBeginning(path: string, stated?: Encoding) {
  const { bytes, whole } = await beginning(path);
  const wide = sniffUtf16(bytes) ?? (stated !== undefined && isUtf16(stated) ? stated : undefined);
  const text = wide === undefined ? bytes : await asUtf8(bytes, wide);
  const lines = whole ? text : text.subarray(0, text.lastIndexOf(LF) + 1 || text.length);
  return { bytes, whole, wide, lines, mark: lines[0] === 0xef && lines[1] === 0xbb && lines[2] === 0xbf };
}

async function beginning(path: string): Promise<{ bytes: Buffer; whole: boolean }> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of fileBytes(path)) {
    pieces.push(Uint8Array.from(piece));
    size += piece.length;
    if (size > HEAD_BYTES) break;
  }
  const bytes = Buffer.concat(pieces);
  return size > HEAD_BYTES ? { bytes: bytes.subarray(0, HEAD_BYTES), whole: false } : { bytes, whole: true };
}

async function asUtf8(bytes: Buffer, encoding: 'utf-16le' | 'utf-16be'): Promise<Buffer> {
  async function* one(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of utf16AsUtf8(one(), encoding, createUnreadable())) pieces.push(Uint8Array.from(piece));
  return Buffer.concat(pieces);
}

/** Seen in files of other programs; named, so that nobody looks for another fault. */
const OTHER_SEPARATORS = ['^', '~', '#', ':', '!', '*'];

/** The one that the first line names, where that is above the header, else the one by which most lines have as many cells as the header, and the header most. */
function findSeparator(raw: string, headerLine?: number): { separator: string; header: string[] } {
  const all = raw.split('\n', (headerLine ?? 1) + 200).map((line) => line.replace(/\r$/, ''));
  const named = namedSeparator(all.find((line) => line.trim() !== '') ?? '');
  const table = all.slice((headerLine ?? 1) - 1).filter((line) => line.trim() !== '');
  const [first, ...rest] = table[0] !== undefined && namedSeparator(table[0]) !== undefined ? table.slice(1) : table;
  if (first === undefined && headerLine !== undefined) throw new KitError('HEADER_LINE_WRONG', { line: headerLine });
  if (first === undefined)
    throw new KitError('FILE_EMPTY', { needed: 'row_id, msisdn, id_number, full_name, date_of_birth' });
  let best = { separator: ',', header: [first], worth: 0 };
  for (const separator of SEPARATORS.some((one) => one === named) ? [named as string] : SEPARATORS) {
    const header = splitLine(first, separator);
    const alike = rest.filter((line) => splitLine(line, separator).length === header.length).length;
    const worth = header.length < 2 ? 0 : ((alike + 1) / (rest.length + 1)) * Math.log2(header.length);
    if (worth > best.worth) best = { separator, header, worth };
  }
  const { separator, header } = best;
  // A title above the table, or a table without its header.
  const names = header.filter((name) => name.trim() !== '');
  if (names.length < 2) refuseSeparator(first, rest);
  if (names.length < 2 || holdsValues(header)) throw new KitError('HEADER_ABSENT', { line: all.indexOf(first) + 1 });
  return { separator, header };
}

/** Whether this is a record and no header: a name may hold one long number, such as a date or a form's. */
export function holdsValues(cells: readonly string[]): boolean {
  return cells.filter((cell) => /\d{5,}/.test(cell)).length > 1;
}

/** Throws SEPARATOR_UNKNOWN where all lines have as many of a character that separates elsewhere. */
function refuseSeparator(first: string, rest: readonly string[]): void {
  for (const found of OTHER_SEPARATORS) {
    const cells = first.split(found).length;
    if (cells > 2 && rest.length > 0 && rest.slice(0, 3).every((line) => line.split(found).length === cells))
      throw new KitError('SEPARATOR_UNKNOWN', { found });
  }
}

async function columnsIn(
  lines: Buffer,
  separator: string,
  width: number,
  whole: boolean,
  headerLine: number | undefined,
): Promise<string[][]> {
  const slots = Array.from({ length: width }, (_, k) => k);
  async function* one(): AsyncGenerator<Uint8Array> {
    yield lines;
  }
  const cells: string[][] = slots.map(() => []);
  const layout = () => ({ separator, width, slots });
  let refused: KitError | undefined;
  try {
    for await (const batch of readCsv(one(), {
      columns: [],
      batchRows: BATCH_ROWS,
      decode: rawBytes,
      raw: true,
      headerLine,
      layout,
    })) {
      batch.cells.forEach((column, k) => void cells[k]?.push(...column));
      if ((cells[0]?.length ?? 0) >= LOOKED_ROWS) break;
    }
  } catch (error) {
    // Only the head was read: the quote may be closed behind it.
    if (whole || !(error instanceof KitError) || error.reason !== 'QUOTE_UNCLOSED') throw error;
    refused = error;
  }
  if ((cells[0]?.length ?? 0) === 0) throw refused ?? new KitError('NO_RECORDS');
  return cells;
}

function textsOf(header: readonly string[], cells: readonly (readonly string[])[]): EncodingCounts {
  const texts = createTextTally();
  for (const name of header) texts.add(name, '', '');
  for (const column of cells) for (const cell of column) texts.add(cell, '', '');
  return texts.counts();
}

export const EVERY: readonly ByteEncoding[] = [...CANDIDATES, 'windows-1252'];

/** The one of these encodings that fits; undefined where none does. */
export function detected(texts: EncodingCounts, encodings: readonly ByteEncoding[]): ByteEncoding | undefined {
  try {
    return detectEncoding(texts, new Set(encodings)).value;
  } catch (error) {
    if (error instanceof KitError && error.reason === 'ENCODING_UNKNOWN') return undefined;
    throw error;
  }
}

/** Of texts that are one code unit a byte. */
export function decoderOf(encoding: Encoding): (raw: string) => string {
  const decode = lineDecoder(isUtf16(encoding) ? 'utf-8' : encoding, createUnreadable());
  return (raw) => decode(Buffer.from(raw, 'latin1'), 1);
}
