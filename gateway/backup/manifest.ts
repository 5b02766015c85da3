/** What a backup says of itself: `manifest.json`, and beside it the signature of the log's key over its bytes. */
import { type KeyObject, sign, verify } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filled } from '../errors/words.ts';
import { BackupError } from './backup-error.ts';
import { WRITING } from './claimed-folder.ts';
import { WRONG_WORDS } from './wrong-words.ts';

export const FORMAT = 'lienthong-backup/1';
export const MANIFEST = 'manifest.json';
export const SIGNATURE = 'manifest.json.sig';

export interface TableCopy {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: number;
  /** Of the compressed file, `<name>.copy.gz`. */
  readonly bytes: number;
  /** SHA-256 of the compressed file, hex. */
  readonly sha256: string;
}

export interface SequenceState {
  readonly name: string;
  /** As text: it may be beyond 2^53. */
  readonly last: string;
  readonly called: boolean;
}

export interface Manifest {
  readonly format: typeof FORMAT;
  /** RFC 3339, by the database's clock: the moment that the copy is of. */
  readonly made_at: string;
  readonly deployment: { readonly id: string; readonly kind: string };
  /** Every migration that the schema has, in order. */
  readonly migrations: readonly { readonly name: string; readonly checksum: string }[];
  /** Signed note of the head that the copy's log has, and the highest epoch given to a writer. */
  readonly log: { readonly checkpoint: string; readonly epoch: number };
  readonly tables: readonly TableCopy[];
  readonly sequences: readonly SequenceState[];
}

export const fileOf = (table: string): string => `${table}.copy.gz`;

/** Nothing else that this key signs begins like this. */
const signed = (bytes: Uint8Array) => Buffer.concat([Buffer.from(`${FORMAT}\n`), bytes]);

export function manifestBytes(manifest: Manifest): Buffer {
  return Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
}

export function signManifest(bytes: Uint8Array, key: KeyObject): string {
  return `${sign('sha256', signed(bytes), key).toString('base64')}\n`;
}

/** Reads and verifies the manifest of a folder, which one of these keys signed. Throws BackupError UNSIGNED, WRONG. */
export async function readManifest(folder: string, keys: readonly KeyObject[]): Promise<Manifest> {
  const read = (name: string) =>
    readFile(join(folder, name)).catch((cause: unknown) => {
      throw new BackupError('WRONG', filled(WRONG_WORDS.unreadable, { file: name }), { cause });
    });
  const bytes = await read(MANIFEST).catch(async (error: BackupError) => {
    const cutOff = await access(join(folder, WRITING)).then(
      () => true,
      () => false,
    );
    throw cutOff ? new BackupError('WRONG', WRONG_WORDS.unfinished, { cause: error }) : error;
  });
  const signature = Buffer.from((await read(SIGNATURE)).toString('latin1').trim(), 'base64');
  if (!keys.some((key) => verify('sha256', signed(bytes), key, signature))) {
    throw new BackupError('UNSIGNED', `${MANIFEST} is not signed by a key of this log`);
  }
  return checked(bytes);
}

const NAME = /^[a-z_][a-z0-9_]{0,62}$/;
const DIGEST = /^[0-9a-f]{64}$/;

/** The log's key signed these bytes, so only a mistake of ours or a later format is found here. */
function checked(bytes: Buffer): Manifest {
  const manifest = JSON.parse(bytes.toString('utf8')) as Manifest;
  if (manifest.format !== FORMAT) throw new BackupError('WRONG', filled(WRONG_WORDS.otherFormat, { format: FORMAT }));
  const named = [...manifest.tables, ...manifest.sequences].every(({ name }) => NAME.test(name));
  const columns = manifest.tables.every((table) => table.columns.every((column) => NAME.test(column)));
  if (!named || !columns || !manifest.tables.every(({ sha256 }) => DIGEST.test(sha256))) {
    throw new BackupError('WRONG', filled(WRONG_WORDS.noTable, { file: MANIFEST }));
  }
  return manifest;
}
