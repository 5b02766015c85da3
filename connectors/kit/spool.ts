import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainWrite } from './disk-full.ts';
import { leftoverPrefix, removeLeftovers } from './leftovers.ts';

/**
 * Writes a stream to a temporary file that only its owner may read: the opening of a job needs the digest of what is
 * still to come, so standard input is kept before it is asked about. `remove` deletes it.
 *
 * It holds personal data, so where the system allows it has no name: whatever ends the process ends the file. Elsewhere a later run removes
 * what a killed one left.
 */
export async function spool(
  source: AsyncIterable<Uint8Array>,
  folder: string = tmpdir(),
): Promise<{ readonly path: string; remove(): Promise<void> }> {
  await removeLeftovers(folder);
  const name = join(folder, `${leftoverPrefix('input')}${randomBytes(9).toString('hex')}.spool`);
  const { file, path } = await openSpool(name);
  let closed = false;
  const remove = async (): Promise<void> => {
    if (!closed) await file.close();
    closed = true;
    await rm(name, { force: true });
  };
  try {
    // A disk that fills up may take a part of what it is given, and says so only by how much.
    for await (const piece of source)
      for (let at = 0; at < piece.length; ) at += (await file.write(piece, at)).bytesWritten;
  } catch (error) {
    await remove();
    throw explainWrite(error, name);
  }
  return { path, remove };
}

/** `path` is valid in this process, while the file is open. */
async function openSpool(name: string): Promise<{ readonly file: FileHandle; readonly path: string }> {
  const file = await open(name, 'wx', 0o600);
  const path = `/proc/self/fd/${file.fd}`;
  if (process.platform !== 'linux') return { file, path: name };
  await rm(name);
  if (await isSame(file, path)) return { file, path };
  // A file system that opens no file without a name, found out while it is empty.
  await file.close();
  return { file: await open(name, 'wx', 0o600), path: name };
}

async function isSame(file: FileHandle, path: string): Promise<boolean> {
  const again = await open(path, 'r').catch(() => undefined);
  if (again === undefined) return false;
  try {
    const [one, other] = [await file.stat({ bigint: true }), await again.stat({ bigint: true })];
    return one.ino === other.ino && one.dev === other.dev;
  } finally {
    await again.close();
  }
}
