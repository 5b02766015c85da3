import { numbersOf } from '../exchange/consents-used.ts';
import type { AppendItem, AppendOutcome, Effect, JudgeRelease, Transaction } from '../exchange/log-port.ts';
import { faultPoint } from '../faults/point.ts';
import { type Settled, settleLimits } from '../limits/settle-limits.ts';
import { Counters } from '../limits/take-quotas.ts';
import { StorageError } from '../storage/errors.ts';
import { type LockedHead, lockHead, nextHead } from './advance-head.ts';
import { addToJobs, checkJobs, hex, lockJobs, type Outcomes } from './append-jobs.ts';
import * as sql from './append-sql.ts';
import { byteaArray } from './bytea-array.ts';
import { lockUses } from './count-uses.ts';
import { type Head, KnownHeads } from './known-heads.ts';

/** A statement that the connection prepares once. */
export interface Prepared {
  readonly name: string;
  readonly text: string;
}

/** The narrow part of a database connection that a group needs. */
export interface AppendConnection extends Transaction {
  execute(statement: Prepared, values: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

const tokenKey = (token: NonNullable<AppendItem['token']>) => `${token.issuer}/${token.jti.toString('hex')}`;

/**
 * One group, one transaction: keys, changes, jobs, effects, limits, uses of consents, entries, and last the head. The order is
 * that of the protocol: what a change bars is found in a statement of its own, after the keys and under the shared lock, so that a
 * change is either seen here or waits until this group has committed.
 *
 * Beside a busy machine each answer that is waited for costs milliseconds, and all other groups wait meanwhile. So whatever does
 * not hang on another answer is sent with it: usually three answers are waited for.
 *
 * No two items of a group may carry the same token, request or chunk: the appender sees to it. A log that
 * does not continue the last head known takes nothing.
 */
export async function appendGroup(
  tx: AppendConnection,
  workerId: string,
  items: readonly AppendItem[],
  known = new KnownHeads(undefined),
  judgeRelease?: JudgeRelease,
): Promise<{ outcomes: AppendOutcome[]; head: Head | undefined; news: Settled['news']; crossed: number }> {
  const outcomes: Outcomes = items.map(() => undefined);
  try {
    // What does not hang on the answer to the one before is sent with it; the server takes it in this order.
    const [, won, changes, jobs, early] = await Promise.all([
      tx.query(sql.beginOf(items[0])),
      insertKeys(tx, items),
      changesSince(tx, items),
      lockJobs(tx, items, judgeRelease),
      // Effects lock jobs, and jobs come before counters.
      items.some(({ effects }) => effects !== undefined) ? undefined : Counters.take(tx, items),
    ]);
    faultPoint('append-begin');
    await settleKeys(tx, items, won, outcomes);
    checkChanges(changes, items, outcomes);
    // Before the jobs are looked at: a job that is closed in this group takes no chunk of it.
    const changed = await runEffects(tx, items, outcomes);
    const states = changed ? await lockJobs(tx, items, judgeRelease) : jobs;
    checkJobs(states, items, outcomes);
    const counters = early ?? (await Counters.take(tx, items));
    const uses = await lockUses(tx, items, outcomes);
    // Last of what may refuse: what is counted here is recorded.
    const limits = await settleLimits(tx, items, outcomes, counters);
    const recorded = items.filter((_, i) => outcomes[i] === undefined);
    const { acknowledged, added } = addToJobs(tx, recorded, states);
    const counted = [added, uses.count(recorded), limits.write(), releaseKeys(tx, items, outcomes)];
    const written = recorded.length === 0 ? undefined : writeEntries(tx, workerId, recorded, acknowledged);
    const [locked] = await Promise.all([written, ...counted]);
    const next = locked && (await nextHead(tx, recorded, locked, known));
    faultPoint('append-commit');
    await Promise.all([next && tx.execute(sql.ADVANCE_HEAD, next.values), tx.query('COMMIT')]);
    faultPoint('append-committed');
    const told = items.map((item, i): AppendOutcome => outcomes[i] ?? recordedWith(item, limits.quotasOf));
    return { outcomes: told, head: next?.head, news: limits.news, crossed: limits.crossed };
  } catch (error) {
    // A lost connection rolls back by itself, and one that hangs must not be waited for once more.
    const lost = error instanceof StorageError && error.kind === 'unavailable';
    if (!lost) await tx.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function recordedWith(item: AppendItem, quotasOf: Settled['quotasOf']): AppendOutcome {
  return item.limits === undefined ? { kind: 'recorded' } : { kind: 'recorded', quotas: quotasOf(item) };
}

async function insertKeys(tx: AppendConnection, items: readonly AppendItem[]): Promise<ReadonlySet<string>> {
  const tokens = items.flatMap((item) => item.token ?? []);
  const requests = items.filter((item) => item.request !== undefined);
  const chunks = items.filter((item) => item.chunk !== undefined);
  if (tokens.length + requests.length + chunks.length === 0) return new Set();
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
  return new Set(rows.map((row) => `${row.kind}${row.key}`));
}

/** @param won keys that were nobody's before */
async function settleKeys(
  tx: AppendConnection,
  items: readonly AppendItem[],
  won: ReadonlySet<string>,
  outcomes: Outcomes,
): Promise<void> {
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

/** Changes that some of the items have not seen. */
async function changesSince(tx: AppendConnection, items: readonly AppendItem[]): Promise<Record<string, unknown>[]> {
  const lowest = items.reduce(
    (low, item) => (item.changeRevision < low ? item.changeRevision : low),
    items[0]?.changeRevision ?? 0n,
  );
  const ofConsents = lowestConsents(items);
  const { rows } = await tx.execute(sql.CHANGES_SINCE, [lowest.toString(), ofConsents?.toString()]);
  return rows;
}

function checkChanges(
  rows: readonly Record<string, unknown>[],
  items: readonly AppendItem[],
  outcomes: Outcomes,
): void {
  const scopes = rows.some((row) => row.kind === 'consent') ? scopesOf(items) : [];
  for (const row of rows) {
    const revision = BigInt(row.revision as string);
    if (row.kind === 'consent') {
      for (const [i, { consents }] of items.entries()) {
        if (consents === undefined || consents.revision >= revision) continue;
        if (scopes[i]?.includes(Number(row.subject))) outcomes[i] ??= { kind: 'overtaken' };
      }
      continue;
    }
    const name = `${row.kind}:${row.subject}`;
    for (const [i, item] of items.entries()) {
      if (item.changeRevision < revision && item.standsOn.includes(name))
        outcomes[i] ??= { kind: row.kind === 'agreement' ? 'outdated' : 'barred' };
    }
  }
}

/** Undefined where none of the items stands on a consent: then no withdrawal is asked for. */
function lowestConsents(items: readonly AppendItem[]): bigint | undefined {
  return items.reduce<bigint | undefined>(
    (low, { consents }) =>
      consents !== undefined && (low === undefined || consents.revision < low) ? consents.revision : low,
    undefined,
  );
}

const scopesOf = (items: readonly AppendItem[]) => items.map(({ consents }) => consents && numbersOf(consents.scopes));

/** True where any ran. Items in order; those of one statement, as most are, need not wait for each other's answers. */
async function runEffects(tx: AppendConnection, items: readonly AppendItem[], outcomes: Outcomes): Promise<boolean> {
  let sent: Promise<void>[] = [];
  let ran = false;
  for (const [i, item] of items.entries()) {
    if (item.effects === undefined || outcomes[i] !== undefined) continue;
    ran = true;
    if (item.effects.length > 1) {
      await Promise.all(sent);
      sent = [];
      await runAll(i, item.effects);
    } else sent.push(runAll(i, item.effects));
  }
  await Promise.all(sent);
  return ran;

  async function runAll(i: number, effects: readonly Effect[]): Promise<void> {
    for (const { text, values, orRefuse } of effects) {
      const { rows } = await tx.query(text, values);
      if (orRefuse === undefined || rows.length > 0) continue;
      outcomes[i] = { kind: 'refused', reason: orRefuse.reason, facts: orRefuse.facts ?? {} };
      return;
    }
  }
}

const comesBack = (outcome: AppendOutcome | undefined) => outcome?.kind === 'overtaken' || outcome?.kind === 'outdated';

/**
 * Whoever leaves the group unrecorded gives back the request or chunk that it had won; a token stays used, save of an item that is
 * judged again and comes back with it.
 */
async function releaseKeys(tx: AppendConnection, items: readonly AppendItem[], outcomes: Outcomes): Promise<void> {
  const losers = items.filter((_, i) => outcomes[i] !== undefined);
  const requests = losers.filter(({ request }) => request !== undefined);
  const chunks = losers.filter(({ chunk }) => chunk !== undefined);
  const tokens = items.flatMap(({ token }, i) => (token && comesBack(outcomes[i]) ? [token] : []));
  const ofTokens = [tokens.map(({ issuer }) => issuer), byteaArray(tokens.map(({ jti }) => jti))];
  await Promise.all([
    requests.length + chunks.length > 0 &&
      tx.execute(sql.DELETE_KEYS, [
        requests.map(({ agency }) => agency),
        requests.map(({ request }) => request?.requestId),
        byteaArray(requests.map(({ entryId }) => entryId)),
        byteaArray(chunks.map(({ chunk }) => chunk?.jobId)),
        chunks.map(({ chunk }) => chunk?.num),
        byteaArray(chunks.map(({ entryId }) => entryId)),
      ]),
    tokens.length > 0 && tx.execute(sql.DELETE_TOKENS, ofTokens),
  ]);
}

/** Writes the entries and locks the head behind them; all is sent at once. */
async function writeEntries(
  tx: AppendConnection,
  workerId: string,
  items: readonly AppendItem[],
  acknowledged: ReadonlyMap<string, number>,
): Promise<LockedHead> {
  // The head last: it is what all others wait for.
  const [, locked] = await Promise.all([insertEntries(tx, items, acknowledged), lockHead(tx, workerId)]);
  return locked;
}

async function insertEntries(
  tx: AppendConnection,
  items: readonly AppendItem[],
  acknowledged: ReadonlyMap<string, number>,
): Promise<unknown> {
  // What lies below the acknowledged chunks would never be deleted as acknowledged again: it is not kept at all.
  const answered = items.filter(
    ({ answer, chunk }) =>
      answer !== undefined && (chunk === undefined || chunk.num >= (acknowledged.get(hex(chunk.jobId)) ?? 0)),
  );
  return tx.execute(sql.INSERT_ENTRIES, [
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
