/** The log and the keys that make things happen once, as the exchange needs them. `audit/appender` is the one that exists. */
import type { SentReason } from '../errors/catalogue.ts';
import type { RefusalFacts } from '../errors/refuse.ts';
import type { Limit } from '../errors/rules.ts';
import type { GuardFindings, GuardNews } from './guard-port.ts';
import type { TokenUse } from './verify-call.ts';

/**
 * Why a gateway may not answer from its log: it is `another` than the one last seen, this worker was struck off (`fenced`), the
 * heads of it can no longer be kept outside the database (`unkept`), which passes once there is room again, or the database has not
 * confirmed for seconds that this worker may write, or that it writes at all (`unconfirmed`).
 */
export type LogTrouble = 'another' | 'fenced' | 'unkept' | 'unconfirmed';

/** The narrow part of a database client that an effect may use. */
export interface Transaction {
  query(text: string, values?: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

/** A chunk's place in its job, and what it adds to the job. */
export interface ChunkUse {
  /** 16 bytes. */
  readonly jobId: Buffer;
  readonly num: number;
  /** SHA-256 of the chunk's payload. */
  readonly digest: Buffer;
  readonly rows: number;
  readonly rowRoot: Uint8Array;
  /** Rows by verdict code; index 0 unused. */
  readonly totals: readonly number[];
  readonly misses: number;
  /** Stored answers below this number may go. */
  readonly ackedThrough: number;
  /** Rows that could be judged: what the miss rate is a share of. */
  readonly judged: number;
  /** Rows that the agreement allows a job, all chunks together. */
  readonly rowsPerJob: number;
}

/**
 * A statement of the transaction that records an item: data and no code, because the item may come from another thread than the
 * one that appends.
 */
export interface Effect {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Where the statement gives no row, the item is left unrecorded for this. */
  readonly orRefuse?: { readonly reason: SentReason; readonly facts?: RefusalFacts };
}

/** What an item takes of the limits of its agreement, counted in the transaction that records it. */
export interface LimitUse {
  readonly purpose: string;
  /** 1 for a call; a chunk is none. */
  readonly calls: number;
  readonly rows: number;
  /** Limits as the agreement states them; undefined is none. */
  readonly most: {
    readonly callsPerMinute: number | undefined;
    readonly rowsPerDay: number | undefined;
    readonly subjectsPerDay: number | undefined;
  };
  /** Counted, but never refused for it: what is refused already, and what ends or begins a job. */
  readonly always: boolean;
  /** People (or numbers) of the day, 8 bytes each, where their number is bounded. */
  readonly subjects?: Uint8Array;
  readonly guard?: GuardFindings;
}

/** A limit as it stands after an item. */
export interface QuotaState {
  readonly limit: Extract<Limit, 'RATE' | 'DAY_ROWS' | 'DISTINCT_SUBJECTS'>;
  readonly most: number;
  readonly used: number;
  /** When it begins anew, unix seconds. */
  readonly resetAt: number;
}

/** An officers' release of a paused job, as it is stored. */
export interface StoredRelease {
  /** 32 hexadecimal digits. */
  readonly jobId: string;
  readonly body: Uint8Array;
  readonly signatures: readonly string[];
}

/** What a job had when it was released: the rows since then are judged by themselves. */
export interface Released {
  readonly judged: number;
  readonly misses: number;
}

/** Undefined where two officers have not signed exactly that. */
export type JudgeRelease = (release: StoredRelease) => Released | undefined;

/** The consents that an answer stands on. */
export interface ConsentsUsed {
  /** Highest change revision of the snapshot that they were found in. */
  readonly revision: bigint;
  /** Numbers of the scopes, float64 each. */
  readonly scopes: Uint8Array;
  /** Numbers of the consents that bound how many answers may stand on them, float64 each: counted once, with the item. */
  readonly counted: Uint8Array;
}

/** One thing to record, with all that must become true in the same transaction. */
export interface AppendItem {
  readonly agency: string;
  /** Whose share of a group it takes; the agency's own where it is not said. */
  readonly legalEntity?: string;
  /** 16 random bytes. */
  readonly entryId: Buffer;
  readonly salt: Buffer;
  /** Serialised lienthong.audit.v1.Entry: hashed, stored and shown as it is. */
  readonly entry: Uint8Array;
  /** Sealed decision. */
  readonly decision?: Buffer;
  /** Sealed person numbers, and the packed bodies and leaves of their leaves. */
  readonly persons?: Buffer;
  readonly personBodies?: Uint8Array;
  readonly personLeaves?: Uint8Array;
  /** Highest change revision that was taken into account. */
  readonly changeRevision: bigint;
  /** What a later change would have to name to hit this item: "kind:subject". */
  readonly standsOn: readonly string[];
  /** Set where the answer stands on consents: one that was withdrawn since makes it be judged again. */
  readonly consents?: ConsentsUsed;
  /** Taken with the lock CHANGES held exclusively, and before what is not: it changes what others stand on. */
  readonly exclusive?: boolean;
  /** Taken beside all others, without the lock CHANGES: people wait for it, and it stands on nothing that a change could take from it. */
  readonly urgent?: boolean;
  readonly token?: TokenUse;
  readonly request?: { readonly requestId: string; readonly digest: Buffer };
  readonly chunk?: ChunkUse;
  readonly limits?: LimitUse;
  /** Sealed under the entry id, kept for a retry. */
  readonly answer?: Buffer;
  /** Further statements of the same transaction, in order, up to the first that refuses. */
  readonly effects?: readonly Effect[];
}

export type AppendOutcome =
  | { readonly kind: 'recorded'; readonly quotas?: readonly QuotaState[] }
  /** What the answer was judged by was overtaken by another's: nothing was counted, and it must be judged again. */
  | { readonly kind: 'overtaken' }
  /** The token was used before. */
  | { readonly kind: 'replayed' }
  /** The same request or chunk was recorded before; `answer` is undefined where it was acknowledged or has expired. */
  | { readonly kind: 'repeated'; readonly entryId: Buffer; readonly answer: Buffer | undefined }
  /** The same request id or chunk number was recorded with other content. */
  | { readonly kind: 'content-changed' }
  /** A change since `changeRevision` hit the caller or its keys. */
  | { readonly kind: 'barred' }
  /** A change since `changeRevision` hit the agreement: nothing was counted, and it must be decided anew. */
  | { readonly kind: 'outdated' }
  | { readonly kind: 'refused'; readonly reason: SentReason; readonly facts: RefusalFacts };

/** Hears, after the commit, what of limits an append found out. */
export interface LimitWatch {
  learn(news: GuardNews): void;
  /** What is left to an agency for a purpose. */
  left(agency: string, purpose: string, quotas: readonly QuotaState[]): void;
  /** So many fields of people became ones that several legal entities guess at. */
  crossed(fields: number): void;
}

export interface Appender {
  /** `<log id>:<epoch>` of this writer. */
  readonly logRef: string;
  /** Resolves after the commit. Rejects where the outcome is that nothing was recorded, or is unknown. */
  append(item: AppendItem): Promise<AppendOutcome>;
}
