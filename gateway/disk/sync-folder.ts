import { type FileHandle, open } from 'node:fs/promises';

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

/**
 * Waits until the names in a folder are on the disk, those that files were just given among them: a file that was flushed may be gone
 * after a loss of power, or the one that it replaced be back. Where no folder can be flushed the name is as durable as the system makes
 * it: on Windows, on some network file systems, and where this user may write into the folder but not read it.
 */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  let folder: FileHandle;
  try {
    folder = await open(path, 'r');
  } catch (error) {
    if (codeOf(error) === 'EACCES') return;
    throw error;
  }
  try {
    await folder.sync();
  } catch (error) {
    if (codeOf(error) !== 'EINVAL') throw error;
  } finally {
    await folder.close();
  }
}
