/** Signed heads: made after each commit, kept outside the database, and held against it at the next start. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Transaction } from '../exchange/log-port.ts';
import { signCheckpoint, verifyCheckpoint } from '../proof/checkpoint.ts';
import { readHead, rootAt } from './log-store.ts';

export interface HeadsDeps {
  readonly db: Transaction;
  /** Origin line of the checkpoints; also the name of the key. */
  readonly origin: string;
  readonly key: KeyObject;
  /** File of the last head kept. */
  readonly path: string;
}

/** What the database's log is beside the last head kept. */
export type LogState = 'sound' | 'smaller' | 'forked';

export function createHeads({ db, origin, key, path }: HeadsDeps) {
  const publicKey = createPublicKey(key);
  let newest: { size: number; root: Uint8Array } | undefined;
  let keptSize = -1;
  let writing: Promise<void> = Promise.resolve();

  async function keep(): Promise<void> {
    if (newest === undefined || newest.size <= keptSize) return;
    const { size } = newest;
    const note = signCheckpoint({ origin, ...newest }, origin, key, publicKey);
    // A torn file must not look like a lost log: written beside and renamed.
    await writeFile(`${path}.new`, note, { mode: 0o600 });
    await rename(`${path}.new`, path);
    keptSize = size;
  }

  return {
    /** After a commit of this worker. */
    onHead(head: { size: number; root: Uint8Array }): void {
      newest = head;
    },

    /** Writes the newest head to the file; call it every second and at the end. */
    keep(): Promise<void> {
      writing = writing.then(keep, keep);
      return writing;
    },

    /** The head as the database has it now, signed. */
    async checkpoint(): Promise<string> {
      const { size, root } = await readHead(db);
      return signCheckpoint({ origin, size, root }, origin, key, publicKey);
    },

    /** The head of a given size, signed; the size must not be beyond the newest. */
    async checkpointAt(size: number): Promise<string> {
      return signCheckpoint({ origin, size, root: await rootAt(db, size) }, origin, key, publicKey);
    },

    /**
     * Holds the database against the last head kept. A log that is smaller than it, or another log, was restored, forked or
     * rolled back: nothing may be disclosed on it until an officer has looked.
     */
    async check(): Promise<LogState> {
      let note: string;
      try {
        note = await readFile(path, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'sound';
        throw error;
      }
      const kept = verifyCheckpoint(note, origin, origin, publicKey);
      const stored = await readHead(db);
      if (stored.size < kept.size) return 'smaller';
      const root = kept.size === stored.size ? stored.root : await rootAt(db, kept.size);
      keptSize = kept.size;
      return Buffer.from(root).equals(Buffer.from(kept.root)) ? 'sound' : 'forked';
    },
  };
}

export type Heads = ReturnType<typeof createHeads>;
