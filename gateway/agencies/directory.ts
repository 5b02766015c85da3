/** The agencies in memory: a look-up a call costs a map access, and a change in the database is here within a poll. */
import type { ActBook } from '../acts/book.ts';
import type { CallerDirectory } from '../exchange/authenticate.ts';
import { StorageError, toStorageError } from '../storage/errors.ts';
import { createPoll } from '../storage/poll.ts';
import type { Pool } from '../storage/pool.ts';
import { lastRevision } from './changes.ts';
import { type DirectoryContents, type OfficersTrust, readDirectory } from './read-directory.ts';

/** The narrow part of a structured logger: fields are closed codes and public key ids. */
export interface DirectoryLog {
  warn(fields: object, event: string): void;
}

export interface DirectoryOptions {
  /** Best a pool of its own with two connections: busy calls must not keep the poll waiting. */
  readonly pool: Pool;
  /** After each reading that found a higher revision, the first included. */
  readonly onChange?: (revision: bigint) => void;
  /** Milliseconds between two looks at the list of changes. */
  readonly pollMs?: number;
  readonly log?: DirectoryLog;
  /** Without it, tables alone are read. */
  readonly officers?: OfficersTrust;
  /** The database's time. */
  readonly nowSeconds?: () => number;
}

export interface Directory extends CallerDirectory {
  /** What officers did, as last read; undefined where tables alone are read. */
  readonly book: ActBook | undefined;
  /** The revision as text, for answers and logs. */
  readonly version: string;
  /**
   * @throws {StorageError} where the database has not been read for {@link MAX_SILENCE_MS}: who was barred meanwhile is not
   *   known, so nobody is let in.
   */
  find: CallerDirectory['find'];
  /** Reads for the first time, then polls. @throws {StorageError} where that first reading fails. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Reads now; when it resolves, everything committed before the call is taken into account. @throws {StorageError} */
  refresh(): Promise<void>;
}

export const MAX_SILENCE_MS = 5_000;
const POLL_MS = 250;

export function createDirectory(options: DirectoryOptions): Directory {
  const { pool, onChange, pollMs = POLL_MS, log, officers, nowSeconds } = options;
  let contents: DirectoryContents = {
    ...{ revision: 0n, callers: new Map(), keys: new Map(), unusable: [], unsigned: 0, book: undefined },
  };
  /** When the last good reading began, on the monotonic clock. */
  let readAt = Number.NEGATIVE_INFINITY;
  let failure: StorageError | undefined;
  let started = false;
  let loaded = false;

  async function load(always: boolean): Promise<void> {
    const began = performance.now();
    try {
      const seen = await lastRevision(pool);
      // A list that shrank is another database, or one put back to an earlier state: who was barred there is forgotten.
      if (seen < contents.revision) throw new StorageError('unavailable', 'REVISION_FELL', {}, undefined);
      if (always || seen > contents.revision) take(await readDirectory(pool, contents.keys, officers, nowSeconds));
      readAt = began;
      failure = undefined;
    } catch (error) {
      failure = toStorageError(error);
      if (failure.code === 'REVISION_FELL') readAt = Number.NEGATIVE_INFINITY;
      throw failure;
    }
  }

  function take(next: DirectoryContents): void {
    const first = !loaded;
    const risen = next.revision > contents.revision;
    contents = next;
    loaded = true;
    if (next.unusable.length > 0 && (first || risen)) {
      log?.warn({ problem: 'KEY_UNUSABLE', count: next.unusable.length }, 'keys of agencies cannot be used');
    }
    if (next.unsigned > 0 && (first || risen)) {
      log?.warn(
        { problem: 'NOT_SIGNED', count: next.unsigned },
        'certificates or keys stand in the database that no officers admitted',
      );
    }
    if (first || risen) {
      // Here and not where agreements are read: those are read anew only where they may have changed, and acts are about keys as well.
      const revision = next.revision.toString();
      for (const { problem } of next.book?.refused ?? []) {
        log?.warn({ problem, revision }, 'an act of officers was refused');
      }
      onChange?.(next.revision);
    }
  }

  // A failure is kept, and found by find().
  const poll = createPoll(load, pollMs);

  return {
    get revision() {
      return contents.revision;
    },
    get book() {
      return contents.book;
    },
    get version() {
      return contents.revision.toString();
    },
    find(fingerprint) {
      // Also true for a process that was frozen: its timer has not run, and nothing has failed yet.
      if (performance.now() - readAt > MAX_SILENCE_MS) {
        throw failure ?? new StorageError('unavailable', '', {}, undefined);
      }
      return contents.callers.get(fingerprint) ?? 'unknown';
    },
    async start() {
      if (started) return;
      await poll.refresh();
      started = true;
      poll.start();
    },
    async stop() {
      started = false;
      await poll.stop();
    },
    refresh: poll.refresh,
  };
}
