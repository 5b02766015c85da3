/** Driver errors, translated at one boundary to a closed set. */
import { ToldError, type Words } from '../errors/words.ts';

/**
 * What went wrong, as far as callers act on it:
 * - `unavailable`: no connection, the server stops or is full, or did not come to it in the time given: try again later; after a lost connection the outcome of a commit is unknown.
 * - `denied`: no such user, password or database, or the user has no right to that: a person has to change it.
 * - `untrusted`: no encrypted connection could be made, or the server's certificate is not believed: a person has to look at both.
 * - `conflict`: a unique key or an exclusion was violated.
 * - `constraint`: another rule of the schema was violated.
 * - `serialization`: a deadlock or a failed serialization: run the transaction again.
 * - `internal`: everything else, mistakes of ours included.
 */
export type StorageErrorKind =
  | 'unavailable'
  | 'denied'
  | 'untrusted'
  | 'conflict'
  | 'constraint'
  | 'serialization'
  | 'internal';

const SENTENCE: Readonly<Record<StorageErrorKind, Words>> = {
  unavailable: { en: 'The database is not available.', vi: 'Cơ sở dữ liệu không sẵn sàng.' },
  denied: {
    en: 'The database does not let this user do that.',
    vi: 'Cơ sở dữ liệu không cho phép người dùng này làm việc đó.',
  },
  untrusted: {
    en: 'There is no encrypted connection to the database that can be believed.',
    vi: 'Không có kết nối mã hóa đáng tin cậy tới cơ sở dữ liệu.',
  },
  conflict: { en: 'The database refused a duplicate.', vi: 'Cơ sở dữ liệu từ chối một bản trùng.' },
  constraint: {
    en: 'The database refused a value that breaks a rule of the schema.',
    vi: 'Cơ sở dữ liệu từ chối một giá trị trái quy tắc của lược đồ.',
  },
  serialization: {
    en: 'The database asked for the transaction to be run again.',
    vi: 'Cơ sở dữ liệu yêu cầu chạy lại giao dịch.',
  },
  internal: { en: 'The database refused a statement.', vi: 'Cơ sở dữ liệu từ chối một câu lệnh.' },
};

/**
 * An error of the store, free of data: `cause` is the driver's error without what may quote values, because whatever
 * prints an error that nobody caught prints its causes as well.
 */
export class StorageError extends ToldError {
  override readonly name = 'StorageError';
  readonly kind: StorageErrorKind;
  /** SQLSTATE or the network's error code; empty when there is none. Example: "23505". */
  readonly code: string;
  /** Name of the violated constraint, where the server names one. */
  readonly constraint: string | undefined;
  /** Table of the violated constraint. */
  readonly table: string | undefined;

  constructor(kind: StorageErrorKind, code: string, facts: { constraint?: unknown; table?: unknown }, cause: unknown) {
    const { en, vi } = SENTENCE[kind];
    super(code === '' ? { en, vi } : { en: `${en} (${code})`, vi: `${vi} (${code})` }, { cause });
    this.kind = kind;
    this.code = code;
    this.constraint = typeof facts.constraint === 'string' ? facts.constraint : undefined;
    this.table = typeof facts.table === 'string' ? facts.table : undefined;
  }
}

/** SQLSTATE of a lock that was not had in time. */
export const LOCK_NOT_AVAILABLE = '55P03';

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
]);
/** Sentences of the driver for connections that ended or never began; it gives these no code. */
const DRIVER_CONNECTION =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect|timeout expired|Cannot use a pool after|Connection ended|Query read timeout)/;

/** Of OpenSSL and of Node's own check of the name. */
const CERTIFICATE = /^(?:CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_|ERR_SSL_|INVALID_CA$|INVALID_PURPOSE$)/;
/** The driver gives these no code. */
const DRIVER_TLS = /^(?:The server does not support SSL connections|There was an error establishing an SSL connection)/;

function kindOf(code: string, message: string): StorageErrorKind {
  if (CERTIFICATE.test(code) || (code === '' && DRIVER_TLS.test(message))) return 'untrusted';
  if (NETWORK.has(code) || code.startsWith('08') || code.startsWith('57P') || code.startsWith('53'))
    return 'unavailable';
  // 25P03: the server ended a connection whose transaction stood still. 55P03: a lock was not had in time. 57014: a statement took
  // too long, or an operator ended it.
  if (code === '25P03' || code === '55P03' || code === '57014') return 'unavailable';
  // 25006: a standby, or a server that is being switched over. 58: the server's disk fails.
  if (code === '25006' || code.startsWith('58')) return 'unavailable';
  // 28: who logs in; 3D000: no such database; 42501: no right to it.
  if (code.startsWith('28') || code === '3D000' || code === '42501') return 'denied';
  if (code === '23505' || code === '23P01') return 'conflict';
  if (code.startsWith('23') || code === '22001' || code === '22003') return 'constraint';
  if (code.startsWith('40')) return 'serialization';
  if (code === '' && DRIVER_CONNECTION.test(message)) return 'unavailable';
  return 'internal';
}

/** Fields of a driver's error in which the server may quote values. */
const QUOTING = ['detail', 'where', 'hint', 'internalQuery', 'dataType'] as const;

/** The same error without values. Class 22 (data exceptions) and raised messages quote them in the sentence itself. */
function withoutValues(error: unknown, code: string): unknown {
  if (!(error instanceof Error)) return undefined;
  const fields = error as unknown as Record<string, unknown>;
  for (const name of QUOTING) if (name in fields) fields[name] = undefined;
  if (code.startsWith('22') || code === 'P0001' || code === '23514') {
    const sentence = `${code} in ${String(fields.routine ?? 'the server')}`;
    fields.stack = error.stack?.replace(error.message, sentence);
    error.message = sentence;
  }
  return error;
}

/** The store's error for anything thrown by the driver; a StorageError comes back as it is. */
export function toStorageError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const facts = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  const code = typeof facts.code === 'string' && /^[A-Z0-9_]{3,48}$/.test(facts.code) ? facts.code : '';
  return new StorageError(kindOf(code, String(facts.message ?? '')), code, facts, withoutValues(error, code));
}
