/** The log's tables outside of the append transaction: its birth, its writers, its head, its nodes. */
import { randomBytes, randomUUID } from 'node:crypto';
import { LEASE_SECONDS } from '../exchange/lease.ts';
import type { Transaction } from '../exchange/log-port.ts';
import { createFrontier } from '../proof/frontier.ts';
import { foldPlan, type ProofPlan, planConsistency, planInclusion, planNodes } from '../proof/stored-proof.ts';
import { hashNode, NODE_TAGS, treeRoot } from '../proof/tree.ts';
import { type NodeId, perfectNodes } from '../proof/tree-ranges.ts';

/** A writer of the log: one gateway process, once started. */
export interface Writer {
  readonly workerId: string;
  readonly logId: string;
  readonly epoch: number;
}

/** Where a writer runs, for whoever must end it. */
export interface WriterPlace {
  readonly host: string;
  readonly pid: number;
  readonly processStart: string;
}

/** The head as the database has it, unsigned. */
export interface StoredHead {
  readonly size: number;
  readonly root: Buffer;
}

const TILE_LEVELS = 8;

/** A node of the tree that its size needs is not stored: whoever finds that has a log that was tampered with. */
export class LogNodeMissing extends Error {
  constructor() {
    super('a node of the log is missing');
  }
}

/**
 * Registers this process as a writer under the next epoch, and begins the log where there is none. One that `serves` calls is waited
 * for by withdrawals.
 */
export async function registerWriter(
  db: Transaction,
  { serves = false, place }: { readonly serves?: boolean; readonly place?: WriterPlace | undefined } = {},
): Promise<Writer> {
  const empty = createFrontier(NODE_TAGS.log);
  await db.query(
    `INSERT INTO log_head (log_id, epoch, size, root, frontier) VALUES ($1, 0, 0, $2, $3) ON CONFLICT DO NOTHING`,
    [randomBytes(8).toString('hex'), Buffer.from(empty.root()), Buffer.from(empty.serialise())],
  );
  const workerId = randomUUID();
  const { rows } = await db.query(
    `WITH head AS (UPDATE log_head SET epoch = epoch + 1 RETURNING log_id, epoch)
     INSERT INTO worker (worker_id, epoch, lease_until, settled, host, pid, process_start)
     SELECT $1::uuid, epoch, clock_timestamp() + make_interval(secs => $2),
       CASE WHEN $3 THEN (SELECT coalesce(max(revision), 0) FROM change) END, $4, $5, $6 FROM head
     RETURNING epoch::float8 AS epoch, (SELECT log_id FROM head) AS log_id`,
    [workerId, LEASE_SECONDS, serves, place?.host, place?.pid, place?.processStart],
  );
  return { workerId, logId: rows[0]?.log_id as string, epoch: rows[0]?.epoch as number };
}

/** False where this writer was struck off. */
export async function renewLease(db: Transaction, workerId: string): Promise<boolean> {
  const { rows } = await db.query(
    'UPDATE worker SET lease_until = clock_timestamp() + make_interval(secs => $2) WHERE worker_id = $1::uuid RETURNING 1',
    [workerId, LEASE_SECONDS],
  );
  return rows.length === 1;
}

export async function removeWriter(db: Transaction, workerId: string): Promise<void> {
  await db.query('DELETE FROM worker WHERE worker_id = $1::uuid', [workerId]);
}

export async function readHead(db: Transaction): Promise<StoredHead> {
  const { rows } = await db.query('SELECT size::float8 AS size, root FROM log_head');
  const [row] = rows;
  return row === undefined
    ? { size: 0, root: Buffer.from(createFrontier(NODE_TAGS.log).root()) }
    : { size: row.size as number, root: row.root as Buffer };
}

const nodeKey = ({ level, index }: NodeId) => `${level}/${index}`;

/** Hashes of a stored level (0 leaves, 8, 16, … tiles), packed. @throws {LogNodeMissing} */
async function readStored(db: Transaction, level: number, from: number, to: number): Promise<Buffer> {
  const { rows } =
    level === 0
      ? await db.query('SELECT leaf AS hash FROM log_index WHERE idx >= $1 AND idx < $2 ORDER BY idx', [from, to])
      : await db.query('SELECT hash FROM log_tile WHERE level = $3 AND pos >= $1 AND pos < $2 ORDER BY pos', [
          from,
          to,
          level,
        ]);
  if (rows.length !== to - from) throw new LogNodeMissing();
  return Buffer.concat(rows.map((row) => row.hash as Buffer));
}

/** Nodes of the tree: leaves and tiles as stored, the levels between hashed from the stored level below them. */
async function readNodes(db: Transaction, nodes: readonly NodeId[]): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (const node of nodes) {
    if (found.has(nodeKey(node))) continue;
    const stored = node.level - (node.level % TILE_LEVELS);
    const width = 2 ** (node.level - stored);
    const from = node.index * width;
    const hashes = await readStored(db, stored, from, from + width);
    found.set(nodeKey(node), treeRoot(hashes, NODE_TAGS.log));
  }
  return found;
}

async function prove(db: Transaction, plan: ProofPlan): Promise<Buffer[]> {
  const nodes = await readNodes(db, planNodes(plan));
  const packed = Buffer.from(foldPlan(plan, (node) => nodes.get(nodeKey(node)) ?? new Uint8Array(0), NODE_TAGS.log));
  return Array.from({ length: packed.length / 32 }, (_, i) => packed.subarray(i * 32, (i + 1) * 32));
}

/** Path from entry `index` to the root of the tree of `size` entries. */
export const proveInclusion = (db: Transaction, index: number, size: number) => prove(db, planInclusion(index, size));

export const proveConsistency = (db: Transaction, first: number, second: number) =>
  prove(db, planConsistency(first, second));

/**
 * Root of the tree of the first `size` entries, from one read for each stored level: cheap enough to be asked while the head
 * is held. @throws {LogNodeMissing}
 */
export async function rootAt(db: Transaction, size: number): Promise<Uint8Array> {
  let root: Uint8Array | undefined;
  let count = size;
  for (let level = 0; count > 0; level += TILE_LEVELS) {
    const edge = count % 2 ** TILE_LEVELS;
    if (edge > 0) {
      const hashes = await readStored(db, level, count - edge, count);
      for (const node of perfectNodes({ start: 0, end: edge }).reverse()) {
        const width = 32 * 2 ** node.level;
        const left = treeRoot(hashes.subarray(node.index * width, (node.index + 1) * width), NODE_TAGS.log);
        root = root === undefined ? left : hashNode(NODE_TAGS.log, left, root);
      }
    }
    count = (count - edge) / 2 ** TILE_LEVELS;
  }
  return root ?? createFrontier(NODE_TAGS.log).root();
}
