/** One table's rows in one file: COPY's text form, gzip. Streamed both ways: memory does not grow with the table. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { filled } from '../errors/words.ts';
import type { Connection } from '../storage/pool.ts';
import { BackupError } from './backup-error.ts';
import { quoted, type TableShape } from './catalogue.ts';
import type { ClaimedFolder } from './claimed-folder.ts';
import { fileOf, type TableCopy } from './manifest.ts';
import { WRONG_WORDS } from './wrong-words.ts';

const LINE_FEED = 10;
/** Most of what is won comes with the first level, at three times the speed of the default. */
const LEVEL = 1;

const columnsOf = ({ columns }: Pick<TableShape, 'columns'>) => columns.map(quoted).join(', ');

/** Writes one table and returns its row of the manifest. What the file holds is on disk when it resolves, its name is not yet. */
export async function writeTable(
  connection: Connection,
  table: TableShape,
  folder: Pick<ClaimedFolder, 'create'>,
  signal?: AbortSignal,
): Promise<TableCopy> {
  const hash = createHash('sha256');
  let [rows, bytes] = [0, 0];
  const handle = await folder.create(fileOf(table.name));
  await pipeline(
    connection.copyOut(`COPY ${quoted(table.name)} (${columnsOf(table)}) TO STDOUT`),
    async function* (pieces: AsyncIterable<Uint8Array>) {
      for await (const piece of pieces) {
        // A line feed inside a value is written as two characters, so each of these ends a row.
        for (let at = piece.indexOf(LINE_FEED); at >= 0; at = piece.indexOf(LINE_FEED, at + 1)) rows += 1;
        yield piece;
      }
    },
    createGzip({ level: LEVEL }),
    async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        hash.update(piece);
        bytes += piece.length;
        yield piece;
      }
    },
    handle.createWriteStream({ flush: true }),
    { signal },
  );
  return { name: table.name, columns: table.columns, rows, bytes, sha256: hash.digest('hex') };
}

/** Throws BackupError WRONG where a file is not the one of the manifest. */
export async function checkTableFile(folder: string, { name, sha256 }: TableCopy): Promise<void> {
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(join(folder, fileOf(name)))) hash.update(piece as Buffer);
  } catch (cause) {
    throw new BackupError('WRONG', filled(WRONG_WORDS.unreadable, { file: fileOf(name) }), { cause });
  }
  if (hash.digest('hex') !== sha256)
    throw new BackupError('WRONG', filled(WRONG_WORDS.otherFile, { file: fileOf(name) }));
}

/** Copies a file into its table. Throws BackupError WRONG where its rows are not as many as the manifest says. */
export async function loadTable(
  connection: Connection,
  table: TableCopy,
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  const copy = connection.copyIn(`COPY ${quoted(table.name)} (${columnsOf(table)}) FROM STDIN`);
  try {
    await pipeline(
      createReadStream(join(folder, fileOf(table.name))),
      createGunzip(),
      async (pieces: AsyncIterable<Buffer>) => {
        for await (const piece of pieces) await copy.write(piece);
      },
      { signal },
    );
  } catch (error) {
    // The transaction could not even be rolled back while the server waits for more.
    await copy.abort();
    throw error;
  }
  const rows = await copy.finish();
  if (rows !== table.rows) throw new BackupError('WRONG', filled(WRONG_WORDS.otherRows, { table: table.name }));
}
