import { open } from 'node:fs/promises';
import { type FileDigest, readDigested } from './file-digest.ts';
import { KitError } from './kit-error.ts';
import { spool } from './spool.ts';
import { unreadableFile } from './unreadable-file.ts';
import type { HiddenCells } from './xlsx/merged-cells.ts';
import { type SheetOptions, sheetToCsv } from './xlsx/sheet-to-csv.ts';

/** A file as the rest of the kit reads it: text in lines. */
export type InputFile = {
  readonly path: string;
  /** Line that its header stands on, where somebody said so. */
  readonly headerLine?: number | undefined;
  /** Of a workbook: its own digest, the sheet that was read, and cells of it that merges hide. */
  readonly original?: {
    readonly digest: FileDigest;
    readonly sheet: string;
    readonly hidden: readonly HiddenCells[];
  };
  /** Deletes what was made to read it. */
  remove(): Promise<void>;
};

const ZIP = [0x50, 0x4b, 0x03, 0x04];
/** Workbooks of before 2007, and newer ones with a password. */
const COMPOUND = [0xd0, 0xcf, 0x11, 0xe0];

const COMPRESSED = [
  { begin: [0x1f, 0x8b], form: 'gzip', unpack: 'zcat' },
  { begin: [0x42, 0x5a, 0x68], form: 'bzip2', unpack: 'bzcat' },
  { begin: [0x28, 0xb5, 0x2f, 0xfd], form: 'zstd', unpack: 'zstdcat' },
  { begin: [0xfd, 0x37, 0x7a, 0x58], form: 'xz', unpack: 'xzcat' },
] as const;
/** Longer than any header. */
const BEGINNING = 1 << 16;
const [CR, LF] = [0x0d, 0x0a];
const HTML = /^(?:\xef\xbb\xbf)?\s*<(?:!doctype|\?xml|html|head|meta|style|body|div|table)\b/i;

/**
 * Opens a file by what it begins with, not by its name: a workbook's sheet becomes a CSV file that only its owner may read, until
 * `remove`; every other file is taken as it is. The same workbook and sheet give the same bytes each time.
 *
 * Throws KitError FILE_MISSING, FILE_COMPRESSED, FILE_HTML, LINE_ENDS_CR, XLSX_OLD, XLSX_WRONG, SHEET_MISSING, FILE_CHANGED, INTERRUPTED.
 */
export async function openInput(path: string, options: SheetOptions = {}): Promise<InputFile> {
  const { sheet, headerLine, signal } = options;
  const begin = await beginning(path);
  if (begins(begin, COMPOUND)) throw new KitError('XLSX_OLD', { file: path });
  if (!begins(begin, ZIP)) {
    if (sheet !== undefined) throw new KitError('SHEET_MISSING', { file: path, sheet, found: '–' });
    refuseNoText(path, begin);
    return { path, headerLine, remove: async () => undefined };
  }
  const digest = await digestOf(path, signal);
  const csv = await sheetToCsv(path, options);
  const made = await spool(csv.pieces);
  const again = await digestOf(path, signal);
  if (!again.digest.equals(digest.digest)) {
    await made.remove();
    throw new KitError('FILE_CHANGED');
  }
  return {
    path: made.path,
    headerLine,
    original: { digest, sheet: csv.sheet, hidden: csv.hidden() },
    remove: made.remove,
  };
}

/** A workbook of today or of before. Throws KitError FILE_MISSING. */
export async function isWorkbook(path: string): Promise<boolean> {
  const begin = await beginning(path);
  return begins(begin, ZIP) || begins(begin, COMPOUND);
}

/** What its columns would be looked for in, and shown of, in vain. */
function refuseNoText(file: string, begin: Buffer): void {
  const compressed = COMPRESSED.find((one) => begins(begin, one.begin));
  if (compressed !== undefined) {
    const { form, unpack } = compressed;
    throw new KitError('FILE_COMPRESSED', { file, form, unpack });
  }
  if (HTML.test(begin.toString('latin1'))) throw new KitError('FILE_HTML', { file });
  const lineEnd = begin.indexOf(CR);
  if (lineEnd !== -1 && lineEnd < begin.length - 1 && !begin.includes(LF)) throw new KitError('LINE_ENDS_CR', { file });
}

function begins(bytes: Uint8Array, with_: readonly number[]): boolean {
  return with_.every((byte, i) => bytes[i] === byte);
}

async function digestOf(path: string, signal: AbortSignal | undefined): Promise<FileDigest> {
  const reading = readDigested(path);
  for await (const _ of reading.pieces()) if (signal?.aborted === true) throw new KitError('INTERRUPTED');
  return reading.end();
}

async function beginning(path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(BEGINNING), 0, BEGINNING, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadableFile(path, error);
  }
}
