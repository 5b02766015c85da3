/** Runs of the index in the database: written whole, merged into larger ones, never changed. */
import type { KeyObject } from 'node:crypto';
import { byteaArray } from '../audit/bytea-array.ts';
import type { Transaction } from '../exchange/log-port.ts';
import { seal, unseal } from '../sealing/seal.ts';
import type { Database } from '../storage/pool.ts';
import { bitsFor, createPostings, cutIntoBlocks } from './postings.ts';

/**
 * So many runs of a level become one of a higher level. While a job goes on more are let stand: a leaf is rewritten less often, and
 * when the machine is needed least; a list then reads a block more of each.
 */
export const RUNS_AT_REST = 16;
export const RUNS_AT_WORK = 64;
/** Base of the levels: how many times more postings one holds than that below. */
const LEVEL_BASE = 16;
/** Postings of the lowest level. */
const LOWEST = 512;
/** Postings that a merge has in memory: so few that a step in the same thread waits some milliseconds at most. */
const AT_ONCE = 16_384;
/**
 * What is merged has no more postings than this: written again at once and kept twice until the commit, 11 GB. Sixteen runs of the
 * level below the highest always fit; those of the highest stay as they are, and a list reads a block of each.
 */
const MOST_POSTINGS = LOWEST * LEVEL_BASE ** 5;
/** One merge at a time, of all gateways. */
export const MERGE_LOCK = 4_919_012;

/** A block of the index does not open: somebody wrote into it, or it is of another key. `accesses rebuild` makes it anew. */
export class IndexUnreadable extends Error {
  constructor() {
    super('a block of the index of accesses cannot be read: make it anew with "lienthong accesses rebuild"');
  }
}

/** What a block is sealed for: its run and its place, so that none can stand in for another. */
function contextOf(run: number, block: number): Buffer {
  const context = Buffer.alloc(12);
  context.writeBigUInt64BE(BigInt(run));
  context.writeUInt32BE(block, 8);
  return context;
}

export const sealBlock = (key: KeyObject, run: number, block: number, postings: Uint8Array): Buffer =>
  seal(key, contextOf(run, block), postings);

/** @throws {IndexUnreadable} */
export function openBlock(key: KeyObject, run: number, block: number, sealed: Uint8Array): Uint8Array {
  const plain = unseal(key, contextOf(run, block), sealed);
  if (plain === undefined) throw new IndexUnreadable();
  return plain;
}

export function levelOf(postings: number): number {
  return Math.max(0, Math.ceil(Math.log2(postings / LOWEST) / Math.log2(LEVEL_BASE)));
}

async function beginRun(tx: Transaction, postings: number): Promise<{ run: number; bits: number }> {
  const bits = bitsFor(postings);
  const { rows } = await tx.query(
    'INSERT INTO access_run (level, bits, postings) VALUES ($1, $2, $3) RETURNING run::float8 AS run',
    [levelOf(postings), bits, postings],
  );
  return { run: rows[0]?.run as number, bits };
}

async function writeBlocks(
  tx: Transaction,
  key: KeyObject,
  run: number,
  blocks: readonly { readonly block: number; readonly postings: Uint8Array }[],
): Promise<void> {
  await tx.query(
    'INSERT INTO access_block (run, block, sealed) SELECT $1, block, sealed FROM unnest($2::integer[], $3::bytea[]) AS b (block, sealed)',
    [
      run,
      blocks.map(({ block }) => block),
      byteaArray(blocks.map(({ block, postings }) => sealBlock(key, run, block, postings))),
    ],
  );
}

/** Runs that are still to be merged: some hundreds at most while a job goes on, and ever more where merges fail. */
export async function countUnmerged(db: Database): Promise<number> {
  const { rows } = await db.query<{ n: number }>('SELECT count(*)::float8 AS n FROM access_run WHERE level < $1', [
    levelOf(MOST_POSTINGS),
  ]);
  return rows[0]?.n ?? 0;
}

/** Writes postings, in any order, as a run of their own. */
export async function writeRun(tx: Transaction, key: KeyObject, packed: Uint8Array, count: number): Promise<void> {
  if (count === 0) return;
  const { run, bits } = await beginRun(tx, count);
  await writeBlocks(tx, key, run, cutIntoBlocks(packed, bits));
}

export interface MergeOptions {
  /** Default: RUNS_AT_REST. */
  readonly enough?: number;
  /** Default: MOST_POSTINGS. */
  readonly most?: number;
  readonly turn?: () => Promise<void>;
}

interface Run {
  readonly run: number;
  readonly bits: number;
  readonly postings: number;
}

/**
 * Merges the runs of the lowest level that has `enough` of them, the smallest first and `most` postings of them, in the transaction
 * that it is given; false where there are none, or where another gateway is at it. Works through the tags range by range, so that memory stays bounded however large the runs are;
 * before each it waits for its `turn`.
 */
export async function mergeRuns(
  tx: Transaction,
  key: KeyObject,
  { enough = RUNS_AT_REST, most = MOST_POSTINGS, turn = async () => undefined }: MergeOptions = {},
): Promise<boolean> {
  const { rows: got } = await tx.query('SELECT pg_try_advisory_xact_lock($1) AS got', [MERGE_LOCK]);
  if (got[0]?.got !== true) return false;
  const { rows } = await tx.query(
    `WITH standing AS (
       SELECT run, level, bits, postings, count(*) OVER (PARTITION BY level) AS runs,
              sum(postings) OVER (PARTITION BY level ORDER BY postings, run) AS together FROM access_run)
     SELECT run::float8 AS run, bits, postings::float8 AS postings FROM standing WHERE together <= $2 AND level = (
       SELECT level FROM standing WHERE runs >= $1 AND together <= $2
       GROUP BY level HAVING count(*) >= $3 ORDER BY level LIMIT 1) ORDER BY run`,
    // A few that fit, beside many that do not, would be written again for each that comes.
    [enough, most, Math.min(enough, RUNS_AT_REST)],
  );
  const runs = rows as unknown as Run[];
  if (runs.length === 0) return false;
  const total = runs.reduce((sum, { postings }) => sum + postings, 0);
  const merged = await beginRun(tx, total);
  // Ranges of tags: a power of two of them, none finer than the blocks of the coarsest run.
  const rangeBits = Math.max(
    0,
    Math.min(Math.ceil(Math.log2(total / AT_ONCE)), merged.bits, ...runs.map(({ bits }) => bits)),
  );
  for (let range = 0; range < 2 ** rangeBits; range++) {
    await turn();
    const postings = await readRange(tx, key, runs, range, rangeBits);
    const count = 2 ** (merged.bits - rangeBits);
    const blocks = cutIntoBlocks(postings, merged.bits, { first: range * count, count });
    if (blocks.length > 0) await writeBlocks(tx, key, merged.run, blocks);
  }
  // Run by run: no statement takes longer than the connection waits, which would undo the whole merge, again and again.
  for (const { run } of runs) {
    await tx.query('DELETE FROM access_block WHERE run = $1', [run]);
    await tx.query('DELETE FROM access_run WHERE run = $1', [run]);
  }
  return true;
}

/** All postings of these runs whose tags begin with `range`, in `rangeBits` bits. */
async function readRange(
  tx: Transaction,
  key: KeyObject,
  runs: readonly Run[],
  range: number,
  rangeBits: number,
): Promise<Uint8Array> {
  const width = (bits: number) => 2 ** (bits - rangeBits);
  const { rows } = await tx.query(
    `SELECT b.run::float8 AS run, b.block, b.sealed
     FROM unnest($1::bigint[], $2::integer[], $3::integer[]) AS w (run, first, last)
     JOIN access_block b ON b.run = w.run AND b.block BETWEEN w.first AND w.last`,
    [
      runs.map(({ run }) => run),
      runs.map(({ bits }) => range * width(bits)),
      runs.map(({ bits }) => (range + 1) * width(bits) - 1),
    ],
  );
  const postings = createPostings(AT_ONCE);
  for (const row of rows) {
    postings.addPacked(openBlock(key, row.run as number, row.block as number, row.sealed as Buffer));
  }
  return postings.packed();
}
