import type { Readable } from 'node:stream';
import yauzl from 'yauzl';
import { filled, type Words } from '../../../gateway/errors/words.ts';
import { KitError } from '../kit-error.ts';
import { WORKBOOK_WORDS } from './workbook-words.ts';

/** The parts of a package (a ZIP archive), read one after the other. */
export type ZipParts = {
  has(name: string): boolean;
  /**
   * A part's bytes. They are never more than the archive says (`yauzl` checks), and what it says is checked here.
   * Throws KitError XLSX_WRONG for a part that is missing, encrypted, or larger than `most`.
   */
  read(name: string, most: number): Promise<Readable>;
  /** Of a part that is there, as the archive says. */
  sizeOf(name: string): number;
  close(): void;
};

/** A workbook has a part a sheet and picture; an archive of more is something else. */
const MOST_PARTS = 10_000;

export async function openZip(path: string): Promise<ZipParts> {
  const wrong = (problem: Words, cause?: unknown): KitError =>
    new KitError('XLSX_WRONG', { file: path, problem }, { cause });
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false }, (error, opened) =>
      error ? reject(wrong(WORKBOOK_WORDS.notZip, error)) : resolve(opened),
    );
  });
  const entries = new Map<string, yauzl.Entry>();
  try {
    await new Promise<void>((resolve, reject) => {
      zip.on('error', (error: unknown) => reject(wrong(WORKBOOK_WORDS.brokenZip, error)));
      zip.on('end', resolve);
      zip.on('entry', (entry: yauzl.Entry) => {
        entries.set(entry.fileName.toLowerCase(), entry);
        if (entries.size > MOST_PARTS) reject(wrong(WORKBOOK_WORDS.tooManyParts));
        else zip.readEntry();
      });
      zip.readEntry();
    });
  } catch (error) {
    zip.close();
    throw error;
  }
  return {
    has: (name) => entries.has(name.toLowerCase()),
    read(name, most) {
      const entry = entries.get(name.toLowerCase());
      if (entry === undefined) throw wrong(filled(WORKBOOK_WORDS.partMissing, { part: name }));
      if (entry.isEncrypted()) throw wrong(WORKBOOK_WORDS.encrypted);
      if (entry.uncompressedSize > most) throw wrong(filled(WORKBOOK_WORDS.partTooLarge, { part: name }));
      return new Promise((resolve, reject) => {
        zip.openReadStream(entry, (error, stream) =>
          error ? reject(wrong(filled(WORKBOOK_WORDS.partMissing, { part: name }), error)) : resolve(stream),
        );
      });
    },
    sizeOf: (name) => entries.get(name.toLowerCase())?.uncompressedSize ?? 0,
    close: () => zip.close(),
  };
}
