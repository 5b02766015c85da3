import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { JobState } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import type { AppendItem, AppendOutcome, Transaction } from '../exchange/log-port.ts';
import { createFrontier, type Frontier } from '../proof/frontier.ts';
import { entryLeaf } from '../proof/leaf.ts';
import { NODE_TAGS } from '../proof/tree.ts';
import * as sql from './append-sql.ts';
import { byteaArray } from './bytea-array.ts';

/** A statement that the connection prepares once. */
export interface Prepared {
  readonly name: string;
  readonly text: string;
}

/** The narrow part of a database connection that a group needs. */
export interface AppendConnection extends Transaction {
  execute(statement: Prepared, values: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

/** The tree after a group. */
export interface NewHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** This worker's row is gone: another process was given its place, and it must stop. */
export class WorkerFenced extends Error {
  constructor() {
    super('this worker was fenced off');
  }
}

/** Levels that the table of tiles keeps. */
const TILE_LEVELS = 8;

const hex = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
const tokenKey = (token: NonNullable<AppendItem['token']>) => `${token.issuer}/${token.jti.toString('hex')}`;

/**
 * One group, one transaction: keys, changes, effects, entries, and last the head. The order is that of the protocol: what a
 * change bars is found in a statement of its own, after the keys and under the shared lock, so that a change is either
 * seen here or waits until this group has committed.
 *
 * No two items of a group may carry the same token, request or chunk: the appender sees to it.
 */
export async function appendGroup(
  tx: AppendConnection,
  workerId: string,
  items: readonly AppendItem[],
): Promise<{ outcomes: AppendOutcome[]; head: NewHead | undefined }> {
  const outcomes: Outcomes = items.map(() => undefined);
  await tx.query(sql.BEGIN);
  try {
    await takeKeys(tx, items, outcomes);
    await checkChanges(tx, items, outcomes);
    // Before the jobs are looked at: a job that is closed in this group takes no chunk of it.
    await runEffects(tx, items, outcomes);
    const ackedBefore = await checkJobs(tx, items, outcomes);
    const recorded = items.filter((_, i) => outcomes[i] === undefined);
    await releaseKeys(tx, items, outcomes);
    let head: NewHead | undefined;
    if (recorded.length > 0) {
      await addToJobs(tx, recorded, ackedBefore);
      await insertEntries(tx, recorded);
      head = await advanceHead(tx, workerId, recorded);
    }
    await tx.query('COMMIT');
    return { outcomes: outcomes.map((outcome) => outcome ?? { kind: 'recorded' }), head };
  } catch (error) {
    // A failed ROLLBACK means a lost connection, which rolls back by itself; the first error is the one to tell.
    await tx.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

type Outcomes = (AppendOutcome | undefined)[];

async function takeKeys(tx: AppendConnection, items: readonly AppendItem[], outcomes: Outcomes): Promise<void> {
  const tokens = items.flatMap((item) => item.token ?? []);
  const requests = items.filter((item) => item.request !== undefined);
  const chunks = items.filter((item) => item.chunk !== undefined);
  if (tokens.length + requests.length + chunks.length === 0) return;
  const { rows } = await tx.execute(sql.INSERT_KEYS, [
    tokens.map((token) => token.issuer),
    byteaArray(tokens.map((token) => token.jti)),
    tokens.map((token) => token.iat),
    requests.map((item) => item.agency),
    requests.map((item) => item.request?.requestId),
    byteaArray(requests.map((item) => item.request?.digest)),
    byteaArray(requests.map((item) => item.entryId)),
    byteaArray(chunks.map((item) => item.chunk?.jobId)),
    chunks.map((item) => item.chunk?.num),
    byteaArray(chunks.map((item) => item.chunk?.digest)),
    byteaArray(chunks.map((item) => item.entryId)),
    chunks.map((item) => item.chunk?.rows),
    byteaArray(chunks.map((item) => item.chunk?.rowRoot)),
  ]);
  const won = new Set(rows.map((row) => `${row.kind}${row.key}`));
  for (const [i, item] of items.entries()) {
    if (item.token !== undefined && !won.has(`t${tokenKey(item.token)}`)) outcomes[i] = { kind: 'replayed' };
    else if (item.request !== undefined && !won.has(`r${hex(item.entryId)}`)) {
      outcomes[i] = await earlier(tx, sql.EARLIER_REQUEST, [item.agency, item.request.requestId], item.request.digest);
    } else if (item.chunk !== undefined && !won.has(`c${hex(item.entryId)}`)) {
      outcomes[i] = await earlier(tx, sql.EARLIER_CHUNK, [item.chunk.jobId, item.chunk.num], item.chunk.digest);
    }
  }
}

/** What stands under a key that was lost: the same content, or another. */
async function earlier(
  tx: AppendConnection,
  statement: Prepared,
  key: unknown[],
  digest: Buffer,
): Promise<AppendOutcome> {
  const { rows } = await tx.execute(statement, key);
  const [row] = rows;
  if (row === undefined || !digest.equals(row.digest as Buffer)) return { kind: 'content-changed' };
  return { kind: 'repeated', entryId: row.entry_id as Buffer, answer: (row.sealed as Buffer | null) ?? undefined };
}

async function checkChanges(tx: AppendConnection, items: readonly AppendItem[], outcomes: Outcomes): Promise<void> {
  const lowest = items.reduce(
    (low, item) => (item.changeRevision < low ? item.changeRevision : low),
    items[0]?.changeRevision ?? 0n,
  );
  const { rows } = await tx.execute(sql.CHANGES_SINCE, [lowest.toString()]);
  for (const row of rows) {
    const revision = BigInt(row.revision as string);
    const name = `${row.kind}:${row.subject}`;
    for (const [i, item] of items.entries()) {
      if (item.changeRevision < revision && item.standsOn.includes(name)) outcomes[i] ??= { kind: 'barred' };
    }
  }
}

/** Locks the jobs of the group; returns how far each had been acknowledged. */
async function checkJobs(
  tx: AppendConnection,
  items: readonly AppendItem[],
  outcomes: Outcomes,
): Promise<ReadonlyMap<string, number>> {
  const ids = new Map(items.flatMap(({ chunk }) => (chunk === undefined ? [] : [[hex(chunk.jobId), chunk.jobId]])));
  if (ids.size === 0) return new Map();
  const { rows } = await tx.execute(sql.LOCK_JOBS, [byteaArray([...ids.values()])]);
  const states = new Map(rows.map((row) => [hex(row.job_id as Buffer), row.state as JobState]));
  for (const [i, item] of items.entries()) {
    if (item.chunk === undefined || outcomes[i] !== undefined) continue;
    const state = states.get(hex(item.chunk.jobId));
    if (state === JobState.OPEN || state === JobState.CLOSING) continue;
    outcomes[i] =
      state === undefined
        ? { kind: 'refused', reason: ErrorReason.JOB_UNKNOWN, facts: {} }
        : { kind: 'refused', reason: ErrorReason.JOB_STATE, facts: { jobState: state } };
  }
  return new Map(rows.map((row) => [hex(row.job_id as Buffer), row.acked_through as number]));
}

async function runEffects(tx: AppendConnection, items: readonly AppendItem[], outcomes: Outcomes): Promise<void> {
  for (const [i, item] of items.entries()) {
    if (item.effects === undefined || outcomes[i] !== undefined) continue;
    const refused = await item.effects(tx);
    if (refused !== undefined) outcomes[i] = { kind: 'refused', reason: refused.reason, facts: refused.facts ?? {} };
  }
}

/** Whoever leaves the group unrecorded gives back the request or chunk that it had won; a token stays used. */
async function releaseKeys(tx: AppendConnection, items: readonly AppendItem[], outcomes: Outcomes): Promise<void> {
  const losers = items.filter((item, i) => outcomes[i] !== undefined && (item.request ?? item.chunk) !== undefined);
  if (losers.length > 0) await tx.execute(sql.DELETE_KEYS, [byteaArray(losers.map((item) => item.entryId))]);
}

async function addToJobs(
  tx: AppendConnection,
  items: readonly AppendItem[],
  ackedBefore: ReadonlyMap<string, number>,
): Promise<void> {
  const chunks = items.flatMap((item) => item.chunk ?? []);
  const byJob = Map.groupBy(chunks, (chunk) => hex(chunk.jobId));
  for (const [key, ofJob] of [...byJob].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const jobId = ofJob[0]?.jobId;
    const sum = (of: (chunk: (typeof ofJob)[number]) => number) => ofJob.reduce((total, chunk) => total + of(chunk), 0);
    const totals = Array.from({ length: 10 }, (_, i) => sum((chunk) => chunk.totals[i + 1] ?? 0));
    const acked = ofJob.reduce((highest, chunk) => Math.max(highest, chunk.ackedThrough), 0);
    const before = ackedBefore.get(key) ?? 0;
    await tx.execute(sql.UPDATE_JOB, [jobId, ofJob.length, sum((c) => c.rows), sum((c) => c.misses), totals, acked]);
    if (acked > before) await tx.execute(sql.DELETE_ACKNOWLEDGED, [jobId, before, acked]);
  }
}

async function insertEntries(tx: AppendConnection, items: readonly AppendItem[]): Promise<void> {
  const answered = items.filter((item) => item.answer !== undefined);
  await tx.execute(sql.INSERT_ENTRIES, [
    byteaArray(items.map((item) => item.entryId)),
    byteaArray(items.map((item) => item.salt)),
    byteaArray(items.map((item) => item.entry)),
    items.map((item) => item.agency),
    byteaArray(items.map((item) => item.decision)),
    byteaArray(items.map((item) => item.persons)),
    byteaArray(items.map((item) => item.personBodies)),
    byteaArray(items.map((item) => item.personLeaves)),
    byteaArray(answered.map((item) => item.entryId)),
    byteaArray(answered.map((item) => item.answer)),
  ]);
}

async function advanceHead(tx: AppendConnection, workerId: string, items: readonly AppendItem[]): Promise<NewHead> {
  const { rows } = await tx.execute(sql.LOCK_HEAD, [workerId]);
  const [row] = rows;
  if (row === undefined) throw new WorkerFenced();
  const first = Number(row.size as string);
  const frontier: Frontier = createFrontier(NODE_TAGS.log, row.frontier as Buffer);
  const leaves = items.map((item) => entryLeaf(item.salt, item.entry));
  const tiles: { level: number; pos: number; hash: Uint8Array }[] = [];
  for (const leaf of leaves) {
    frontier.append(leaf, (level, pos, hash) => {
      if (level > 0 && level % TILE_LEVELS === 0) tiles.push({ level, pos, hash });
    });
  }
  const root = frontier.root();
  await tx.execute(sql.ADVANCE_HEAD, [
    first,
    byteaArray(items.map((item) => item.entryId)),
    byteaArray(leaves),
    tiles.map((tile) => tile.level),
    tiles.map((tile) => tile.pos),
    byteaArray(tiles.map((tile) => tile.hash)),
    frontier.size,
    Buffer.from(root),
    Buffer.from(frontier.serialise()),
  ]);
  return { size: frontier.size, root };
}
