import type { AppendItem } from '../exchange/log-port.ts';
import { createFrontier, type Frontier } from '../proof/frontier.ts';
import { entryLeaf } from '../proof/leaf.ts';
import { NODE_TAGS } from '../proof/tree.ts';
import type { AppendConnection } from './append-group.ts';
import * as sql from './append-sql.ts';
import { byteaArray } from './bytea-array.ts';
import { type Head, type KnownHeads, sameHead } from './known-heads.ts';
import { LogNodeMissing, rootAt } from './log-store.ts';

/** This worker's row is gone: another process was given its place, and it must stop. */
export class WorkerFenced extends Error {
  constructor() {
    super('this worker was fenced off');
  }
}

/** The log is not the continuation of the one that this worker last knew: restored, rolled back or replaced. */
export class LogRolledBack extends Error {
  constructor() {
    super('the log is not the one last seen');
  }
}

/** Levels that the table of tiles keeps. */
const TILE_LEVELS = 8;

/**
 * True where the tree of `size` entries grew out of the one seen. What another writer added is proved once, over the stored
 * nodes: its own groups are not known here.
 */
export async function continues(tx: Pick<AppendConnection, 'query'>, seen: Head, now: Head): Promise<boolean> {
  if (now.size < seen.size) return false;
  return now.size === seen.size ? sameHead(now, seen) : isStored(tx, seen);
}

/** True where as many entries as this head counts are stored, and have its root. */
export async function isStored(tx: Pick<AppendConnection, 'query'>, head: Head): Promise<boolean> {
  try {
    return sameHead({ size: head.size, root: await rootAt(tx, head.size) }, head);
  } catch (error) {
    if (error instanceof LogNodeMissing) return false;
    throw error;
  }
}

/** The head as it stands, locked, and whether this worker was not struck off. */
export interface LockedHead {
  readonly row: Record<string, unknown> | undefined;
  readonly held: boolean;
}

/** Locks the head until the commit; both statements are sent at once. */
export async function lockHead(tx: AppendConnection, workerId: string): Promise<LockedHead> {
  const [head, worker] = await Promise.all([tx.execute(sql.LOCK_HEAD, []), tx.execute(sql.HOLD_WORKER, [workerId])]);
  return { row: head.rows[0], held: worker.rows.length > 0 };
}

/**
 * The head with these items behind the locked one, and the values of the statement that moves it there.
 * @throws {WorkerFenced} where this worker was struck off
 * @throws {LogRolledBack} where the head is not a continuation of the last known one
 */
export async function nextHead(
  tx: AppendConnection,
  items: readonly AppendItem[],
  { row, held }: LockedHead,
  known: KnownHeads,
): Promise<{ readonly head: Head; readonly values: readonly unknown[] }> {
  // A log without its head row was emptied under this worker.
  if (row === undefined) throw new LogRolledBack();
  const first = Number(row.size as string);
  const stored = { size: first, root: row.root as Buffer };
  // Before the worker: a database that was set back has lost this worker's row as well, and that is not a fencing.
  const { last } = known;
  if (last !== undefined && !known.has(stored) && !(await continues(tx, last, stored))) throw new LogRolledBack();
  if (!held) throw new WorkerFenced();
  const frontier: Frontier = createFrontier(NODE_TAGS.log, row.frontier as Buffer);
  if (!sameHead({ size: frontier.size, root: frontier.root() }, stored)) throw new LogRolledBack();

  const leaves = items.map((item) => entryLeaf(item.salt, item.entry));
  const tiles: { level: number; pos: number; hash: Uint8Array }[] = [];
  for (const leaf of leaves) {
    frontier.append(leaf, (level, pos, hash) => {
      if (level > 0 && level % TILE_LEVELS === 0) tiles.push({ level, pos, hash });
    });
  }
  const root = frontier.root();
  const values = [
    first,
    byteaArray(items.map((item) => item.entryId)),
    byteaArray(leaves),
    tiles.map((tile) => tile.level),
    tiles.map((tile) => tile.pos),
    byteaArray(tiles.map((tile) => tile.hash)),
    frontier.size,
    Buffer.from(root),
    Buffer.from(frontier.serialise()),
  ];
  const head = { size: frontier.size, root };
  known.coming(stored, head);
  return { head, values };
}
