/** Connections to PostgreSQL, behind the narrow type that the domain folders use. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { committingToDisk } from './durability.ts';
import { toStorageError } from './errors.ts';
import { type ServedConnection, standBehind } from './stand-behind.ts';

/** One statement. `name` makes it a prepared statement of the connection: use one name for one text only. */
export interface Statement {
  readonly text: string;
  readonly values?: readonly unknown[];
  readonly name?: string;
  /** `array`: rows come as arrays of columns, which spares the driver an object a row. */
  readonly rowMode?: 'array';
}

/** A result; `rowCount` is 0 where the statement has none. */
export interface Rows<R> {
  readonly rows: R[];
  readonly rowCount: number;
}

/** Whatever runs statements: a pool or one connection. Throws StorageError only. */
export interface Database {
  query<R = Record<string, unknown>>(statement: string | Statement, values?: readonly unknown[]): Promise<Rows<R>>;
}

/** A COPY under way. `write` and `finish` throw StorageError once the server has refused a row or gone away. */
export interface CopyIn {
  /** Resolves when the server keeps up and more may be written. */
  write(chunk: Uint8Array | string): Promise<void>;
  /** Ends the data; the rows stand in the transaction when it resolves, with their number. */
  finish(): Promise<number>;
  /** Gives the data up: the statement fails at the server, and the connection takes the next one, a ROLLBACK. */
  abort(): Promise<void>;
}

/** One connection, held until `release`. */
export interface Connection extends Database {
  /** Begins COPY … FROM STDIN; no other statement may run on this connection until it is finished. */
  copyIn(sql: string): CopyIn;
  /** COPY … TO STDOUT, piece by piece; to be read to its end before the next statement. */
  copyOut(sql: string): AsyncGenerator<Uint8Array>;
  /** Whether statements go out without waiting for the answer to the one before; otherwise only one may be under way. */
  readonly pipelined: boolean;
  /** Whether it was lost, also between two statements: then the next one can only fail. */
  readonly lost: boolean;
  /** Back to the pool, or closed with `broken` (after an error in the middle of a transaction or a copy). */
  release(broken?: boolean): void;
}

/** Connections of a pool, and the statements that wait for one. */
export interface PoolUsage {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
}

export interface Pool extends Database {
  connect(): Promise<Connection>;
  usage(): PoolUsage;
  /** Waits for the connections in use, then closes all. */
  end(): Promise<void>;
}

/** bigint columns as numbers where they are exact, as bigint beyond 2^53. */
function parseInt8(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === 20 && format !== 'binary' ? parseInt8 : pg.types.getTypeParser(oid, format as 'text'),
};

type Queryable = { query(config: unknown, values?: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }> };

async function run<R>(on: Queryable, statement: string | Statement, values?: readonly unknown[]): Promise<Rows<R>> {
  try {
    const result = await on.query(statement, values as unknown[] | undefined);
    return { rows: result.rows as R[], rowCount: result.rowCount ?? 0 };
  } catch (error) {
    throw toStorageError(error);
  }
}

function copyInto(client: pg.PoolClient, sql: string): CopyIn {
  const stream = client.query(copyFrom(sql)) as unknown as Writable & { rowCount: number };
  const done = finished(stream).catch((error: unknown) => {
    throw toStorageError(error);
  });
  // Reported by the next call, and by finish.
  done.catch(() => {});
  return {
    write: async (chunk) => {
      if (stream.destroyed) return done;
      if (!stream.write(chunk)) await Promise.race([once(stream, 'drain').catch(() => done), done]);
    },
    finish: async () => {
      if (!stream.destroyed) stream.end();
      await done;
      return stream.rowCount;
    },
    abort: async () => {
      stream.destroy(new Error('the copy was given up'));
      await done.catch(() => {});
    },
  };
}

async function* copyFromServer(client: pg.PoolClient, sql: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of client.query(copyTo(sql)) as unknown as AsyncIterable<Uint8Array>) yield piece;
  } catch (error) {
    throw toStorageError(error);
  }
}

/**
 * Statements that are asked for in one turn leave in one piece: each write on its own would be a call of the system and would wake
 * the server. The driver corks its socket for the messages of a statement, in the same way.
 */
function gatherWrites(client: pg.PoolClient): () => void {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Writable } }).connection;
  let corked = false;
  return () => {
    if (corked) return;
    corked = true;
    stream.cork();
    process.nextTick(() => {
      corked = false;
      stream.uncork();
    });
  };
}

function wrap(client: pg.PoolClient, pipelined: boolean): Connection {
  const gather = pipelined ? gatherWrites(client) : () => {};
  let lost = false;
  // Errors between statements (server gone) also come with the next statement: here they only must not end the process.
  const onLost = () => {
    lost = true;
  };
  client.on('error', onLost);
  return {
    query: (statement, values) => {
      gather();
      return run(client as unknown as Queryable, statement, values);
    },
    pipelined,
    get lost() {
      return lost;
    },
    copyIn: (sql) => copyInto(client, sql),
    copyOut: (sql) => copyFromServer(client, sql),
    release: (broken) => {
      client.off('error', onLost);
      client.release(broken === true);
    },
  };
}

/**
 * A pool of at most `max` connections to `url` (postgresql://user:password@host:port/database).
 * Connections are made as they are needed; a server that is away shows in the first statement as `unavailable`. A commit that is
 * answered is on the disk.
 */
export function createPool(options: {
  url: string;
  /** Default 10. */
  max?: number;
  /** Shown by the server beside the connection. */
  applicationName?: string;
  /** Default 10 s. */
  connectTimeoutMs?: number;
  /**
   * After this the server ends a statement by itself, and it fails as `unavailable`; default never. Not a commit that waits for a
   * standby: its transaction would count there, and its caller would not know.
   */
  statementTimeoutMs?: number;
  /** After this the server ends a statement that waits for what another transaction holds, and it fails as `unavailable`; default never. */
  lockTimeoutMs?: number;
  /**
   * After this a statement fails as `unavailable` without the server's word, as with a network that swallows everything; the
   * connection is then good for nothing. Default never. Not for pools that copy.
   */
  queryTimeoutMs?: number;
  /**
   * After this the server ends a connection that holds a transaction open and sends nothing: what a frozen process has locked is free
   * again, and nothing of its transaction stands. Default never.
   */
  idleInTransactionMs?: number;
  /**
   * Statements of a connection are sent one behind the other, however many wait for their answers; the server takes them in this
   * order, each by itself: after one that fails the next ones are still carried out, or refused where the transaction is broken. Not
   * for pools that copy. Default false.
   */
  pipelined?: boolean;
  /** Nobody waits for its statements by a clock: a server on this machine works on them behind all others. Default false. */
  behindCalls?: boolean;
}): Pool {
  const pipelined = options.pipelined === true;
  const pool = new pg.Pool({
    pipeline: pipelined,
    ...committingToDisk(options.url),
    max: options.max ?? 10,
    application_name: options.applicationName ?? 'lienthong',
    connectionTimeoutMillis: options.connectTimeoutMs ?? 10_000,
    ...(options.statementTimeoutMs !== undefined && { statement_timeout: options.statementTimeoutMs }),
    ...(options.lockTimeoutMs !== undefined && { lock_timeout: options.lockTimeoutMs }),
    ...(options.queryTimeoutMs !== undefined && { query_timeout: options.queryTimeoutMs }),
    ...(options.idleInTransactionMs !== undefined && {
      idle_in_transaction_session_timeout: options.idleInTransactionMs,
    }),
    types: types as unknown as pg.CustomTypesConfig,
    // A quiet pool must not keep a finished program alive.
    allowExitOnIdle: true,
  });
  if (options.behindCalls === true) pool.on('connect', (client) => void standBehind(client as ServedConnection));
  // A connection that dies while idle is replaced by the pool.
  pool.on('error', () => {});
  let ending: Promise<void> | undefined;
  return {
    query: (statement, values) => run(pool as unknown as Queryable, statement, values),
    connect: async () => {
      try {
        return wrap(await pool.connect(), pipelined);
      } catch (error) {
        throw toStorageError(error);
      }
    },
    usage: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    end: () => {
      ending ??= pool.end();
      return ending;
    },
  };
}
