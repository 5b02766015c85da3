import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../../gateway/disk/sync-folder.ts';
import { faultPoint } from '../../gateway/faults/point.ts';
import { explainWrite } from './disk-full.ts';
import { KitError } from './kit-error.ts';
import { systemCode } from './system-code.ts';

/** Small JSON files that the client keeps between runs; written whole or not at all. */

/** Of a STATE_UNREADABLE: its bytes are there, but are not what was written. */
export const NOT_JSON = 'NOT_JSON';

/**
 * The parsed file; undefined where there is none. Throws KitError STATE_UNREADABLE for one that cannot be read or is no JSON: to
 * take it for none would forget what was done or seen.
 */
export async function readState(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const problem = systemCode(error);
    if (problem === 'ENOENT') return undefined;
    throw new KitError('STATE_UNREADABLE', { file: path, problem }, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch {
    // What the parser says quotes the file, which may hold a job's secret.
    throw new KitError('STATE_UNREADABLE', { file: path, problem: NOT_JSON });
  }
}

/**
 * Replaces the file in one step and waits until it and its name are on the disk. Throws KitError DISK_FULL, STATE_UNWRITABLE.
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
    const why = explainWrite(error, path);
    const { code } = Object(error) as { code?: unknown };
    if (why instanceof KitError || typeof code !== 'string') throw why;
    throw new KitError('STATE_UNWRITABLE', { file: path, problem: code }, { cause: error });
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
