import { open, rename, rm, stat } from 'node:fs/promises';
import { explainWrite } from '../../connectors/kit/disk-full.ts';

/**
 * A file that is there whole or not at all; what is no file, as `/dev/stdout`, is written as it is. Nothing is left of one that could
 * not be written. Throws KitError DISK_FULL, or what the system says.
 */
export async function writeWhole(path: string, text: string, mode = 0o666): Promise<void> {
  const special = await stat(path).then(
    (found) => !found.isFile(),
    () => false,
  );
  const part = special ? path : `${path}.part`;
  const file = await open(part, 'w', mode);
  try {
    await file.writeFile(text);
  } catch (error) {
    if (!special) await rm(part, { force: true });
    // A failed write names no path, and would be told as a fault of this program.
    throw explainWrite(error, path);
  } finally {
    await file.close();
  }
  if (!special) await rename(part, path);
}
