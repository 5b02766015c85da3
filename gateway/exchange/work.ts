/** What a method brings into the pipeline: what it asks for before anything is read, and how its answer is written after. */
import type { EntryKind } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import type { Notice, Person } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import type { RequestContext, Revisions } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import type { Decision } from '../policy/decision.ts';
import type { Caller } from './authenticate.ts';
import type { JudgedRows, RowBatch } from './judge-rows.ts';
import type { Effect } from './log-port.ts';
import type { People } from './people.ts';
import type { RowDesk } from './row-desk.ts';

/** What the policy is asked. */
export interface Asked {
  readonly context: RequestContext;
  /** Field ids whose values are wanted. */
  readonly release: readonly number[];
  /** Field ids that the caller's values are compared on. */
  readonly match: readonly number[];
  readonly allowPartial: boolean;
}

/** What is to be looked up once the policy has allowed it. */
export type Wanted =
  /** Rows of a call, worked on where it is served. */
  | { readonly kind: 'rows'; readonly rows: RowBatch }
  /** Rows of a chunk, which lie where they will be worked on. */
  | { readonly kind: 'chunk'; readonly desk: RowDesk }
  | { readonly kind: 'person'; readonly identifier: number }
  | { readonly kind: 'nothing' };

/** What is left of the data after the filter: all that an answer may be written from. */
export type View =
  | { readonly kind: 'rows'; readonly rows: JudgedRows; readonly asOf: number }
  | { readonly kind: 'person'; readonly person: Person; readonly notices: readonly Notice[] }
  | { readonly kind: 'nothing' };

/** The facts of the call that an answer may repeat. */
export interface CallFacts {
  readonly caller: Caller;
  readonly decision: Decision;
  readonly revisions: Revisions;
  /** Granted fields that are left out for want of a consent, where the caller takes what is covered. */
  readonly withheld: readonly number[];
  /** SHA-256 of the request's message, base64url. */
  readonly digest: string;
}

/** A stored answer as it is given again. */
export interface GivenAgain {
  readonly payload: Uint8Array;
  /**
   * The matching profile that it was judged under, which need not be the one of now: its entry and its signature say that one. Absent
   * where it says of none, or was judged anew.
   */
  readonly profile?: string | undefined;
  /**
   * Where something was taken out of it: what must become true with that. `locks` change nothing; they take first what other
   * appends lock before stored answers, so that none waits for another in a ring.
   */
  readonly lessened?: { readonly locks?: readonly Effect[]; readonly effects: readonly Effect[] };
}

export interface Composed {
  /** Serialised answer message. */
  readonly payload: Uint8Array;
  /** What must become true in the transaction that records the answer. */
  readonly effects?: readonly Effect[];
  /** What the answer stands on beside the caller and the agreement, as changes name it: "key:<kid>". */
  readonly standsOn?: readonly string[];
  /**
   * The stored answer to be given again: marked as such, and less what no consent covers any more. Absent where it goes out as it was.
   */
  readonly again?: (stored: Uint8Array) => GivenAgain;
  /**
   * What must have happened before whoever asked is told, once it is recorded; of an answer given again too. What it fails of is the
   * call's refusal, and what was recorded stays.
   */
  readonly beforeTold?: () => Promise<void>;
  /** The job that the call is about, 16 bytes. */
  readonly jobId?: Buffer;
  /** People whom an answer is about that was not written from the register: they get their leaves all the same. */
  readonly people?: People;
  /** What the call's entry records, where it is more than an answered call. */
  readonly entryKind?: EntryKind;
  /** The entry's id, 16 random bytes, where the effects name it. */
  readonly entryId?: Buffer;
}

export interface Work {
  readonly asked: Asked;
  readonly wanted: Wanted;
  /**
   * Of a call that looks nobody up and changes something: how many a minute it may be beyond the rate before it is refused. None where it
   * begins something that stays; absent where it is never refused for it.
   */
  readonly spare?: number;
  compose(view: View, facts: CallFacts): Composed | Promise<Composed>;
  /** The answer's message around an encrypted answer. A method that can release a sensitive field has it; without it none leaves. */
  readonly envelope?: (jwe: string) => Uint8Array;
}

/** One signed unary method. */
export interface UnaryMethod {
  /** "/package.Service/Method". */
  readonly path: string;
  /** Decodes the bytes that were signed. Throws CallRefused where they break a rule. */
  read(message: Uint8Array): Work;
}
