/** The file of the last head kept, outside the database: never half of one, also where the machine loses its power. */
import type { KeyObject } from 'node:crypto';
import { type FileHandle, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../disk/sync-folder.ts';
import { signersOf, verifyCheckpointAmong } from '../proof/checkpoint.ts';
import { ProofError } from '../proof/errors.ts';
import { KeptHeadUnreadable } from './kept-head-error.ts';
import type { Head } from './known-heads.ts';

/**
 * Undefined where there is no such file. `current`: whether it was signed with the key in use, and not with an earlier one.
 * @throws {KeptHeadUnreadable}
 */
export async function readKeptHead(
  path: string,
  origin: string,
  { publicKey, known }: { readonly publicKey: KeyObject; readonly known: readonly KeyObject[] },
): Promise<{ readonly head: Head; readonly current: boolean } | undefined> {
  try {
    const note = await readFile(path, 'utf8');
    const head = verifyCheckpointAmong(note, origin, origin, [publicKey, ...known]);
    return { head, current: signersOf(note, origin, [publicKey]).length > 0 };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error instanceof ProofError ? new KeptHeadUnreadable(path, error) : error;
  }
}

/**
 * Written beside and renamed, under a name that no other process takes. The content is on disk before the name is, and the name before
 * this resolves: otherwise an empty file may stand there after a loss of power, or the head of before.
 */
export async function writeKeptHead(path: string, note: string): Promise<void> {
  const draft = `${path}.${process.pid}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    await handOver(file, path);
    await file.writeFile(note);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  await syncFolder(dirname(path));
}

/** What an operator writes as root the gateway must read and replace: it is whose the file was, or whose the folder is. */
async function handOver(file: FileHandle, path: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(path).catch(() => stat(dirname(path)));
  await file.chown(uid, gid);
}
