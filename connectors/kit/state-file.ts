import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { faultPoint } from '../../gateway/faults/point.ts';
import { explainWrite } from './disk-full.ts';
import { syncFolder } from './part-file.ts';

/** Small JSON files that the client keeps between runs; written whole or not at all. */

/** The parsed file; undefined where there is none or it is not JSON. */
export async function readState(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Replaces the file in one step and waits until it and its name are on the disk. Throws KitError DISK_FULL.
 *
 * @param draft where it is written first; named by the caller where only one process may write it, so that a killed one
 *   leaves nothing that the next does not write over
 */
export async function writeState(
  path: string,
  value: unknown,
  draft = `${path}.${randomBytes(6).toString('hex')}`,
): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeDraft(draft, value);
    faultPoint('client-state');
    await rename(draft, path);
    // The gateway forgets answers on the word of what stands here: a power cut must not bring back the file before it.
    await syncFolder(dirname(path));
  } catch (error) {
    // A draft of another name each time would fill the disk further.
    await rm(draft, { force: true }).catch(() => undefined);
    throw explainWrite(error, path);
  }
}

async function writeDraft(draft: string, value: unknown): Promise<void> {
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(value)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}
