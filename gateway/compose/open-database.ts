import { ConfigError } from '../config/config-error.ts';
import { type Deployment, stampDeployment } from '../config/deployment-stamp.ts';
import { keepStorageCheck } from '../config/storage-check.ts';
import { filled } from '../errors/words.ts';
import type { KeyRing } from '../sealing/key-ring.ts';
import { unsafeSettings } from '../storage/durability.ts';
import { listPending } from '../storage/migrate.ts';
import { MigrationError } from '../storage/migration-error.ts';
import { type Connection, createPool, type Pool } from '../storage/pool.ts';
import { START_WORDS } from './start-words.ts';

/**
 * The server ends a statement itself, and sooner one that waits for a lock; a database that does not answer at all is given up a
 * little later. What only the client gave up would go on waiting in the server, hold what it has, and be waited for by its retry.
 */
const LOCK_MS = 20_000;
const STATEMENT_MS = 30_000;
const QUERY_MS = 40_000;
/** A merge of large runs deletes what it read, run by run: longer than a call may take. The server ends what takes longer still. */
const INDEX_STATEMENT_MS = 290_000;
const INDEX_QUERY_MS = 300_000;
/**
 * Who appends holds what all other gateways wait for: one that is frozen in the middle loses it after this, before its lease is over.
 * One that is merely slow sends the next statement in far less.
 */
const STANDSTILL_MS = 5_000;

const READ = { statementTimeoutMs: STATEMENT_MS, queryTimeoutMs: QUERY_MS };
const WRITE = { ...READ, lockTimeoutMs: LOCK_MS, idleInTransactionMs: STANDSTILL_MS };

/**
 * Whatever an append asks for it asks by a key. A plan that is made while a table is small reads all of it instead, and a prepared
 * statement keeps that plan while the table grows, until it is analysed: everybody who appends would wait for it.
 */
const BY_INDEX = ' -c enable_seqscan=off';

export type Pools = ReturnType<typeof openPools>;

/** Single look-ups at the same time, of all threads that serve calls together. */
const LOOKUPS = 8;

/** Four pools: look-ups, the log's own connections, proofs, and the watchers, so that none can starve another. `share`: threads that serve calls. */
export function openPools(databaseUrl: string, share = 1) {
  const url = asWorker(databaseUrl);
  const pools = {
    lookups: createPool({ url, max: lookupsOf(share), applicationName: 'lienthong-gateway', ...READ }),
    log: createPool({
      ...{ url: asWorker(databaseUrl, BY_INDEX), max: 4, applicationName: 'lienthong-log', pipelined: true },
      ...WRITE,
    }),
    proofs: createPool({ url, max: 2, applicationName: 'lienthong-proof', ...READ }),
    watchers: createPool({ url, max: 4, applicationName: 'lienthong-watch', ...WRITE }),
  };
  return { ...pools, end: () => Promise.allSettled(Object.values(pools).map((pool) => pool.end())) };
}

/** What a thread serves calls from that is not the first of `share`: its part of the look-ups, and its own watchers. */
export function openThreadPools(databaseUrl: string, share: number) {
  const url = asWorker(databaseUrl);
  const pools = {
    lookups: createPool({ url, max: lookupsOf(share), applicationName: 'lienthong-gateway', ...READ }),
    proofs: createPool({ url, max: 1, applicationName: 'lienthong-proof', ...READ }),
    watchers: createPool({ url, max: 2, applicationName: 'lienthong-watch', ...WRITE }),
  };
  return { ...pools, end: () => Promise.allSettled(Object.values(pools).map((pool) => pool.end())) };
}

/** With two each a slow statement does not stop a thread, however many threads there are. */
function lookupsOf(share: number): number {
  return Math.max(2, Math.floor(LOOKUPS / share));
}

/** Connections of one thread that works on chunks: while it judges one, the database looks up the next ones. */
export function openChunkPool(databaseUrl: string): Pool {
  return createPool({
    url: asWorker(databaseUrl),
    max: 4,
    applicationName: 'lienthong-chunks',
    behindCalls: true,
    ...READ,
  });
}

/** Connections of the thread that keeps the index of accesses: one takes entries in, the other merges what was. */
export function openIndexPool(databaseUrl: string): Pool {
  return createPool({
    ...{ url: asWorker(databaseUrl), max: 2, applicationName: 'lienthong-accesses', behindCalls: true },
    ...{ statementTimeoutMs: INDEX_STATEMENT_MS, queryTimeoutMs: INDEX_QUERY_MS },
  });
}

/**
 * Refuses a schema that is not this version's, a database of another deployment and one that was sealed with other storage keys;
 * stamps one that has no stamp. With a
 * worker's rights, as all that comes after it: a login that cannot take them is refused here. Resolves to the settings of the
 * server by which its machine may lose what was committed.
 */
export async function checkDatabase(url: string, deployment: Deployment, keys: KeyRing): Promise<string[]> {
  const pool = createPool({ url, max: 1, applicationName: 'lienthong-start' });
  try {
    const connection = await pool.connect();
    try {
      await takeRole(connection);
      const pending = await listPending(connection).catch((error: unknown) => {
        // A database that a newer program brought further may hold what this one would break.
        throw error instanceof MigrationError ? new ConfigError('database', error.words, { cause: error }) : error;
      });
      if (pending.length > 0) {
        throw new ConfigError('database', filled(START_WORDS.migrationsPending, { count: pending.length }));
      }
      await stampDeployment(connection, deployment);
      await keepStorageCheck(connection, keys);
      return await unsafeSettings(connection);
    } finally {
      connection.release(true);
    }
  } finally {
    await pool.end();
  }
}

/** Before the first migration there is no such role, and nothing to be done with it. */
async function takeRole(connection: Connection): Promise<void> {
  const { rows } = await connection.query<{ there: boolean }>(
    "SELECT to_regrole('lienthong_worker') IS NOT NULL AS there",
  );
  if (rows[0]?.there === true) await connection.query('SET ROLE lienthong_worker');
}

/** The same database with the rights of a worker only, whatever the login may do besides (migration 0003). */
function asWorker(databaseUrl: string, settings = ''): string {
  const url = new URL(databaseUrl);
  url.searchParams.set('options', `-c role=lienthong_worker${settings}`);
  return url.toString();
}
