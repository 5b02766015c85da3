import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainWrite } from './disk-full.ts';

/**
 * Writes a stream to a temporary file that only its owner may read: the opening of a job needs the digest of what is
 * still to come, so standard input is kept before it is asked about. `remove` deletes it.
 */
export async function spool(
  source: AsyncIterable<Uint8Array>,
  folder: string = tmpdir(),
): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = join(folder, `lienthong-${randomBytes(12).toString('hex')}.spool`);
  const remove = (): Promise<void> => rm(path, { force: true });
  const file = await open(path, 'wx', 0o600);
  try {
    // A disk that fills up may take a part of what it is given, and says so only by how much.
    for await (const piece of source)
      for (let at = 0; at < piece.length; ) at += (await file.write(piece, at)).bytesWritten;
  } catch (error) {
    await remove();
    throw explainWrite(error, path);
  } finally {
    await file.close();
  }
  return { path, remove };
}
