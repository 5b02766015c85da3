import { type FileHandle, mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { syncFolder } from '../disk/sync-folder.ts';
import { BackupError } from './backup-error.ts';

/** Stands in the folder of a backup while it is made, and after a run that was cut off. */
export const WRITING = '.writing';

/** A folder that one run alone writes into. */
export interface ClaimedFolder {
  /** A new file for its owner only. Rejects with EEXIST. */
  create(name: string): Promise<FileHandle>;
  /** A new file that is there whole or not at all. */
  place(name: string, bytes: Uint8Array): Promise<void>;
  /** Names of files are on the disk only when their folder is: a file that was synced may be gone after a power cut. */
  sync(): Promise<void>;
  /** Gives the claim up; what was made stays. */
  finish(): Promise<void>;
  /** Takes away what was made through this claim, and nothing else. */
  abandon(): Promise<void>;
}

/** Makes the folder where it is missing. Throws BackupError FOLDER where it is not empty, or another run has it. */
export async function claimFolder(path: string): Promise<ClaimedFolder> {
  const folder = resolve(path);
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  const made = new Set<string>();

  async function create(name: string): Promise<FileHandle> {
    const handle = await open(join(folder, name), 'wx', 0o600);
    made.add(name);
    return handle;
  }

  async function abandon(): Promise<void> {
    // The claim last: while it is there, no other run begins among what is left.
    for (const name of [...made].reverse()) await rm(join(folder, name), { force: true });
    // An empty folder that nobody had made would look like a backup from afar.
    if (first !== undefined) await rmdir(folder).catch(() => undefined);
  }

  // The claim before the look: of two runs that both found an empty folder, one would write among the files of the other.
  const claim = await create(WRITING).catch(async (cause: NodeJS.ErrnoException) => {
    await abandon();
    throw cause.code === 'EEXIST' ? new BackupError('FOLDER', path, { cause }) : cause;
  });
  await claim.close();
  try {
    if ((await readdir(folder)).some((name) => name !== WRITING)) throw new BackupError('FOLDER', path);
    for (let at = folder; first !== undefined && at.length >= first.length; at = dirname(at)) {
      await syncFolder(dirname(at));
    }
  } catch (error) {
    await abandon();
    throw error;
  }

  return {
    create,
    abandon,
    async place(name, bytes) {
      const draft = `${name}.new`;
      const handle = await create(draft);
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(join(folder, draft), join(folder, name));
      made.delete(draft);
      made.add(name);
    },
    sync: () => syncFolder(folder),
    async finish() {
      await rm(join(folder, WRITING), { force: true });
      made.delete(WRITING);
    },
  };
}
