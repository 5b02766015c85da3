import { randomBytes } from 'node:crypto';
import { chmod, chown, open, rename, rm, stat } from 'node:fs/promises';

/**
 * Replaces a file in one step: who reads it sees the old or the new one. Owner and mode stay those of the file that it takes the
 * place of, so that a gateway of another user goes on reading it; of a new file the mode is the one given.
 */
export async function replaceFile(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(draft, 'wx', mode);
  try {
    await file.writeFile(content);
    await file.sync();
    await moveInto(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** Moves a file into the place of another, whose owner and mode it takes. */
export async function moveInto(from: string, path: string): Promise<void> {
  const [there, own] = [await stat(path).catch(() => undefined), await stat(from)];
  if (there !== undefined) {
    await chmod(from, there.mode & 0o777);
    if (there.uid !== own.uid || there.gid !== own.gid) await chown(from, there.uid, there.gid);
  }
  await rename(from, path);
}
