/** Signed heads: made after each commit, kept outside the database, and held against it at every start and every second. */
import type { KeyObject } from 'node:crypto';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { Transaction } from '../exchange/log-port.ts';
import { CallRefused } from '../exchange/refused.ts';
import { signCheckpoint } from '../proof/checkpoint.ts';
import { continues, isStored, LogRolledBack } from './advance-head.ts';
import { readKeptHead, writeKeptHead } from './kept-head.ts';
import type { Head } from './known-heads.ts';
import { readHead, rootAt } from './log-store.ts';

export interface HeadsDeps {
  readonly db: Transaction;
  /** Origin line of the checkpoints; also the name of the key. */
  readonly origin: string;
  readonly keys: HeadKeys;
  /** File of the last head kept. */
  readonly path: string;
}

/** The key that signs heads now, and those by which the head in the file is believed: it may have been signed by an earlier one. */
export interface HeadKeys {
  readonly key: KeyObject;
  readonly publicKey: KeyObject;
  readonly known: readonly KeyObject[];
}

/** What the database's log is beside the last head kept; `unkept`: no head is kept, of a log that is not empty. */
export type LogState = 'sound' | 'smaller' | 'forked' | 'unkept';

export function createHeads({ db, origin, keys: opened, path }: HeadsDeps) {
  let keys = opened;
  /** Whether the file was last found signed by another key than the one in use here. */
  let byEarlierKey = false;
  /** Set once after a change of keys or a start: the head in the file is to be signed with the key in use. */
  let signAgain = false;
  /** What the file holds. */
  let kept: Head | undefined;
  let newest: Head | undefined;
  /** Since when a head waits to be kept, by the monotonic clock. */
  let dueSince: number | undefined;
  /** When the file was last written here, unix milliseconds. */
  let keptAt: number | undefined;
  let state: LogState = 'sound';
  let working: Promise<void> = Promise.resolve();

  const sign = (head: Head) =>
    signCheckpoint({ origin, size: head.size, root: head.root }, origin, keys.key, keys.publicKey);

  /** Holds a head of the database against one that was known; remembers for good that it is another log. */
  async function compare(on: Transaction, known: Head, stored: Head): Promise<void> {
    if (stored.size < known.size) state = 'smaller';
    else if (!(await continues(on, known, stored))) state = 'forked';
    if (state !== 'sound') throw new LogRolledBack();
  }

  async function keep(): Promise<void> {
    if (state !== 'sound') throw new LogRolledBack();
    const head = newest;
    const startedAt = performance.now();
    // Another gateway may keep its heads in the same file, and may be ahead.
    kept = (await readKept()) ?? kept;
    const stored = await readHead(db);
    if (kept !== undefined) await compare(db, kept, stored);
    if (head !== undefined) await compare(db, head, stored);
    if (kept === undefined || stored.size > kept.size) await writeStored(stored);
    else if (signAgain) await write(kept);
    if (head !== undefined) dueSince = newest === undefined || newest.size <= head.size ? undefined : startedAt;
  }

  /** Of what others added only the head is known here: it must be the root of the entries, or a wrong one would stay kept for good. */
  async function writeStored(stored: Head): Promise<void> {
    if (!(await isStored(db, stored))) {
      state = 'forked';
      throw new LogRolledBack();
    }
    await write(stored);
  }

  /** The furthest head known here: another writer may have added to what was appended here, or the other way round. */
  const furthest = () => (newest !== undefined && newest.size >= (kept?.size ?? 0) ? newest : kept);

  async function write(head: Head): Promise<void> {
    await writeKeptHead(path, sign(head));
    kept = head;
    keptAt = Date.now();
    signAgain = false;
  }

  async function readKept(): Promise<Head | undefined> {
    const found = await readKeptHead(path, origin, keys);
    if (found !== undefined) byEarlierKey = !found.current;
    return found?.head;
  }

  return {
    /** After a commit of this worker. */
    onHead(head: Head): void {
      newest = head;
      dueSince ??= performance.now();
    },

    /**
     * Writes the head of the log as it stands in the database after this was called, what other writers appended included; call
     * it every second and at the end. Nothing is written before the head in the file, the newest one of this worker and the one
     * to be written are proved against the stored tree, so that a good head is never replaced by one of another log.
     * @throws {LogRolledBack} from the first time that the log is not the one known
     */
    keep(): Promise<void> {
      working = working.then(keep, keep);
      return working;
    },

    /**
     * From now on heads are signed with this key. That in the file is signed anew at the next `keep`, even where the log does not
     * grow: the earlier key may come to count for nothing.
     */
    use(next: HeadKeys): void {
      signAgain ||= !next.publicKey.equals(keys.publicKey);
      keys = next;
    },

    /** Milliseconds that a head has been waiting to be kept; 0 where none waits. */
    lateMs: () => (dueSince === undefined ? 0 : performance.now() - dueSince),

    /** When this process last wrote the file, unix milliseconds; undefined where it has not yet. */
    keptAt: () => keptAt,

    /** Entries up to the newest head known here. */
    size: () => furthest()?.size ?? 0,

    /** What was found of the log so far; anything but `sound` stays. */
    get state(): LogState {
      return state;
    },

    /** The last head in the file, or the one that the log began with here; what an appender holds the log against first. */
    get known(): Head | undefined {
      return kept ?? newest;
    },

    /** The head as the database has it now, signed. @throws {CallRefused} LOG_BROKEN where it is not the log known */
    async checkpoint(on: Transaction = db): Promise<string> {
      const known = furthest();
      const stored = await readHead(on);
      if (known !== undefined && stored.size < known.size) state = 'smaller';
      if (state !== 'sound') throw new CallRefused(ErrorReason.LOG_BROKEN);
      return sign(stored);
    },

    /** The head of a given size, signed; the size must not be beyond the newest. @throws {CallRefused} LOG_BROKEN */
    async checkpointAt(size: number, on: Transaction = db): Promise<string> {
      if (state !== 'sound') throw new CallRefused(ErrorReason.LOG_BROKEN);
      return sign({ size, root: await rootAt(on, size) });
    },

    /**
     * Holds the database against the last head kept. A log that is smaller than it, or another log, was restored, forked or
     * rolled back: nothing may be disclosed on it until an officer has looked. A log that is not empty and of which no head is
     * kept is `unkept`, which ends with `accept` only: otherwise whoever rolls a log back would merely have to delete the file
     * as well. An empty log is a new one: `keep` makes its head the first.
     * @throws {KeptHeadUnreadable} where a file is there and holds no head that can be believed
     */
    async check(): Promise<LogState> {
      kept = await readKept();
      signAgain = byEarlierKey;
      const stored = await readHead(db);
      if (kept === undefined && stored.size > 0) {
        state = 'unkept';
        return state;
      }
      if (kept === undefined) newest = stored;
      await compare(db, kept ?? stored, stored).catch((error: unknown) => {
        if (!(error instanceof LogRolledBack)) throw error;
      });
      return state;
    },

    /**
     * Takes a head for the first one kept: an operator's decision, about a log that was verified up to there.
     * @throws {LogRolledBack} where `check` found anything but that no head is kept, or the log is no longer that one
     */
    async accept(head: Head): Promise<void> {
      if (state !== 'unkept' || (await readKept()) !== undefined) throw new LogRolledBack();
      state = 'sound';
      await compare(db, head, await readHead(db));
      await write(head);
    },
  };
}

export type Heads = ReturnType<typeof createHeads>;
