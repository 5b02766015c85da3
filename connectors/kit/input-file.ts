import { open } from 'node:fs/promises';
import { type FileDigest, readDigested } from './file-digest.ts';
import { KitError } from './kit-error.ts';
import { spool } from './spool.ts';
import { type SheetOptions, sheetToCsv } from './xlsx/sheet-to-csv.ts';

/** A file as the rest of the kit reads it: text in lines. */
export type InputFile = {
  readonly path: string;
  /** Of a workbook: its own digest, and the sheet that was read. */
  readonly original?: { readonly digest: FileDigest; readonly sheet: string };
  /** Deletes what was made to read it. */
  remove(): Promise<void>;
};

const ZIP = [0x50, 0x4b, 0x03, 0x04];
/** Workbooks of before 2007, and newer ones with a password. */
const COMPOUND = [0xd0, 0xcf, 0x11, 0xe0];

/**
 * Opens a file by what it begins with, not by its name: a workbook's sheet becomes a CSV file that only its owner may read, until
 * `remove`; every other file is taken as it is. The same workbook and sheet give the same bytes each time.
 *
 * Throws KitError FILE_MISSING, XLSX_OLD, XLSX_WRONG, SHEET_MISSING, FILE_CHANGED, INTERRUPTED.
 */
export async function openInput(path: string, { sheet, signal, onReading }: SheetOptions = {}): Promise<InputFile> {
  const begin = await beginning(path);
  if (begins(begin, COMPOUND)) throw new KitError('XLSX_OLD', { file: path });
  if (!begins(begin, ZIP)) {
    if (sheet !== undefined) throw new KitError('SHEET_MISSING', { file: path, sheet, found: '–' });
    return { path, remove: async () => undefined };
  }
  const digest = await digestOf(path, signal);
  const csv = await sheetToCsv(path, { sheet, signal, onReading });
  const made = await spool(csv.pieces);
  const again = await digestOf(path, signal);
  if (!again.digest.equals(digest.digest)) {
    await made.remove();
    throw new KitError('FILE_CHANGED');
  }
  return { path: made.path, original: { digest, sheet: csv.sheet }, remove: made.remove };
}

/** A workbook of today or of before. Throws KitError FILE_MISSING. */
export async function isWorkbook(path: string): Promise<boolean> {
  const begin = await beginning(path);
  return begins(begin, ZIP) || begins(begin, COMPOUND);
}

function begins(bytes: Uint8Array, with_: readonly number[]): boolean {
  return with_.every((byte, i) => bytes[i] === byte);
}

async function digestOf(path: string, signal: AbortSignal | undefined): Promise<FileDigest> {
  const reading = readDigested(path);
  for await (const _ of reading.pieces()) if (signal?.aborted === true) throw new KitError('INTERRUPTED');
  return reading.end();
}

async function beginning(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(4), 0, 4, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new KitError('FILE_MISSING', { file: path }, { cause: error });
  }
}
