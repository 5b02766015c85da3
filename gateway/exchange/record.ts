import { createHmac, hash, type KeyObject } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { type RequestContext, RequestContextSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import type { SentReason } from '../errors/catalogue.ts';
import { VOCABULARY_VERSION } from '../fields/vocabulary.ts';
import type { Decision } from '../policy/decision.ts';
import { personLeaves, treeRoot } from '../proof/batch.ts';
import { NODE_TAGS } from '../proof/tree.ts';
import { unwrapLogKeys } from '../sealing/log-keys.ts';
import { drawRandom } from '../sealing/random.ts';
import { seal, unseal } from '../sealing/seal.ts';
import type { Authenticated } from './authenticate.ts';
import type { Decided } from './decide.ts';
import type { Filtered } from './filter.ts';
import { chunkOf, decidedOf, type Grounds } from './grounds.ts';
import type { Appender, AppendItem, AppendOutcome } from './log-port.ts';
import { NOBODY, type People } from './people.ts';
import { CallRefused } from './refused.ts';
import { createDecisionSealer } from './seal-decision.ts';
import type { TokenUse } from './verify-call.ts';

/** Stage 7: it stands in the log, durably. Only now may it be signed. */
class RecordedAnswer {
  readonly #stage = 'recorded';
  readonly grounds: Grounds;
  readonly payload: Uint8Array;
  /** 16 bytes. */
  readonly entryId: Buffer;
  readonly redelivery: boolean;

  constructor(grounds: Grounds, payload: Uint8Array, entryId: Buffer, redelivery: boolean) {
    this.grounds = grounds;
    this.payload = payload;
    this.entryId = entryId;
    this.redelivery = redelivery;
  }

  get stage(): string {
    return this.#stage;
  }
}
export type Recorded = RecordedAnswer;

/** The keys that recording needs, of those of the gateway's ring. */
export type RecordKeys = Readonly<Record<'log-key' | 'answer' | 'decision' | 'evidence' | 'pseudonym', KeyObject>>;

export interface RecordDeps {
  readonly appender: Appender;
  readonly keys: RecordKeys;
  readonly nowMs: () => number;
  /** True where the log is not the one that was last seen: nothing is disclosed on it, and nothing is added to it. */
  readonly logBroken: () => boolean;
}

/** A call as far as it came before it was refused. */
export interface RefusedCall {
  readonly authenticated: Authenticated;
  readonly method: string;
  /** SHA-256 of the message as received, base64url; empty where it was not read. */
  readonly requestDigest: string;
  readonly context: RequestContext | undefined;
  readonly chunk: { readonly jobId: string; readonly num: number } | undefined;
  /** Set once the signature was found good: the token has then been used. */
  readonly token: TokenUse | undefined;
  readonly decision: Decision | undefined;
  /** Those whose data was looked at before the refusal. */
  readonly people: People | undefined;
  readonly reason: SentReason;
  /** The status details that are sent. */
  readonly details: Uint8Array;
}

/** Set apart from the evidence that is sealed under the entry id itself. */
const BODIES = Buffer.from('bodies');
const FINGERPRINT_BYTES = 32;

const bytesOf = (base64url: string) => Buffer.from(base64url, 'base64url');
const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'buffer');

export function createRecord({ appender, keys, nowMs, logBroken }: RecordDeps) {
  /** The context as the log keeps it: the officer under a keyed pseudonym, never by name. */
  function loggedContext(agency: string, context: RequestContext | undefined) {
    if (context === undefined) return {};
    const { officerCode } = context;
    return {
      // Member by member: what a caller may have put beside the contract's members does not get into the log.
      context: create(RequestContextSchema, {
        requestId: context.requestId,
        purpose: context.purpose,
        serviceCode: context.serviceCode,
        unitCode: context.unitCode,
        caseRef: context.caseRef,
      }),
      officerPseudonym:
        officerCode === ''
          ? new Uint8Array(0)
          : createHmac('sha256', keys.pseudonym).update(`${agency}\0${officerCode}`).digest().subarray(0, 16),
    };
  }

  const sealDecision = createDecisionSealer(keys.decision);

  function leavesOf(people: People, entryId: Buffer) {
    if (people.count === 0) return { root: new Uint8Array(0) };
    const leaves = personLeaves(unwrapLogKeys(keys['log-key'], people.logKeys), entryId, people.bodies, people.offsets);
    const numbers = Buffer.from(people.personNos.buffer, people.personNos.byteOffset, people.personNos.byteLength);
    return {
      root: treeRoot(leaves, NODE_TAGS.person),
      stored: {
        persons: seal(keys.evidence, entryId, numbers),
        personBodies: seal(keys.evidence, Buffer.concat([entryId, BODIES]), packBodies(people)),
        personLeaves: leaves,
      },
    };
  }

  function standsOn(authenticated: Authenticated, kid: string | undefined, agreement?: string): string[] {
    const { agency, certificate } = authenticated.caller;
    return [
      `agency:${agency}`,
      `certificate:${certificate}`,
      ...(kid === undefined ? [] : [`key:${kid}`]),
      ...(agreement === undefined ? [] : [`agreement:${agreement}`]),
    ];
  }

  function itemOf(filtered: Filtered): AppendItem {
    const { grounds } = filtered.fetched.consented;
    const { people, composed, view } = filtered;
    const decided = decidedOf(grounds);
    const chunk = chunkOf(grounds);
    const { verified } = decided;
    const { agency } = verified.authenticated.caller;
    const entryId = drawRandom(16);
    const decision = sealDecision(decided.decision);
    const leaves = leavesOf(people, entryId);
    const rows = view.kind === 'rows' ? view.rows : undefined;
    const requestDigest = bytesOf(chunk?.digest ?? verified.digest);
    const jobId = chunk === undefined ? composed.jobId : Buffer.from(chunk.job.jobId, 'hex');
    const entry = toBinary(
      EntrySchema,
      create(EntrySchema, {
        entryId,
        kind: chunk === undefined ? EntryKind.UNARY : EntryKind.CHUNK,
        timeMs: BigInt(nowMs()),
        agency,
        method: verified.method,
        ...loggedContext(agency, decided.work.asked.context),
        vocabularyVersion: VOCABULARY_VERSION,
        releasedFields: decided.granted('release'),
        matchedFields: decided.granted('match'),
        revisions: decided.revisions,
        requestDigest,
        answerDigest: sha256(composed.payload),
        decisionDigest: decision.digest,
        jobId: jobId ?? new Uint8Array(0),
        chunkNum: chunk?.num ?? 0,
        rows: rows?.count ?? 0,
        people: people.count,
        subtreeRoot: leaves.root,
        rowRoot: rows?.proof?.root ?? new Uint8Array(0),
      }),
    );
    return {
      agency,
      entryId,
      salt: drawRandom(16),
      entry,
      decision: decision.sealed,
      ...leaves.stored,
      changeRevision: verified.authenticated.changeRevision,
      standsOn: standsOn(verified.authenticated, chunk?.kid ?? verified.kid, decided.decision.agreement.id),
      answer: seal(keys.answer, entryId, Buffer.concat([decision.fingerprint, composed.payload])),
      ...(composed.effects === undefined ? {} : { effects: composed.effects }),
      ...(chunk === undefined || jobId === undefined
        ? { token: verified.token, request: requestKey(decided) }
        : {
            chunk: {
              jobId,
              num: chunk.num,
              digest: requestDigest,
              rows: rows?.count ?? 0,
              rowRoot: rows?.proof?.root ?? new Uint8Array(0),
              totals: rows?.totals ?? [],
              misses: rows?.misses ?? 0,
              ackedThrough: chunk.ackedThrough,
              judged: rows?.judged ?? 0,
              rowsPerJob: decided.decision.limits.rows_per_job ?? 0,
            },
          }),
    };
  }

  /** Same id and bytes are the same request only for the same method: several methods have messages of one form. */
  function requestKey({ verified, work }: Decided) {
    const digest = sha256(Buffer.from(`${verified.method}\0${verified.digest}`));
    return { requestId: work.asked.context.requestId, digest };
  }

  /** The stored answer once more, under an entry of its own that names the first. */
  async function recordAgain(
    filtered: Filtered,
    earlier: Extract<AppendOutcome, { kind: 'repeated' }>,
  ): Promise<Recorded> {
    const { grounds } = filtered.fetched.consented;
    const decided = decidedOf(grounds);
    const chunk = chunkOf(grounds);
    const sealed = earlier.answer;
    const plain = sealed === undefined ? undefined : unseal(keys.answer, earlier.entryId, sealed);
    // Acknowledged, or older than answers are kept: whoever asks again has said before that it was safe.
    if (plain === undefined) throw new CallRefused(ErrorReason.ANSWER_GONE);
    if (!plain.subarray(0, FINGERPRINT_BYTES).equals(sealDecision(decided.decision).fingerprint)) {
      throw new CallRefused(ErrorReason.AGREEMENT_CHANGED);
    }
    const stored = plain.subarray(FINGERPRINT_BYTES);
    const payload = filtered.composed.again?.(stored) ?? stored;
    const { verified } = decided;
    const { agency } = verified.authenticated.caller;
    const entryId = drawRandom(16);
    const entry = create(EntrySchema, {
      entryId,
      kind: EntryKind.REDELIVERY,
      timeMs: BigInt(nowMs()),
      agency,
      method: verified.method,
      ...loggedContext(agency, decided.work.asked.context),
      vocabularyVersion: VOCABULARY_VERSION,
      releasedFields: decided.granted('release'),
      matchedFields: decided.granted('match'),
      rows: filtered.view.kind === 'rows' ? filtered.view.rows.count : 0,
      revisions: decided.revisions,
      requestDigest: bytesOf(chunk?.digest ?? verified.digest),
      answerDigest: sha256(payload),
      jobId: chunk === undefined ? new Uint8Array(0) : Buffer.from(chunk.job.jobId, 'hex'),
      chunkNum: chunk?.num ?? 0,
      earlierEntryId: earlier.entryId,
    });
    const outcome = await appender.append({
      agency,
      entryId,
      salt: drawRandom(16),
      entry: toBinary(EntrySchema, entry),
      changeRevision: verified.authenticated.changeRevision,
      standsOn: standsOn(verified.authenticated, chunk?.kid ?? verified.kid, decided.decision.agreement.id),
    });
    if (outcome.kind !== 'recorded') throw refusalOf(outcome);
    return new RecordedAnswer(grounds, payload, entryId, true);
  }

  return {
    /** @throws {CallRefused} LOG_BROKEN where this process may no longer add to the log, and so may not answer from it */
    mustBeWriter(): void {
      if (logBroken()) throw new CallRefused(ErrorReason.LOG_BROKEN);
    },

    /** @throws {CallRefused} REPLAYED, CONTENT_CHANGED, REVOKED, or what an effect refused; rejects where nothing was recorded */
    async record(filtered: Filtered): Promise<Recorded> {
      if (logBroken()) throw new CallRefused(ErrorReason.LOG_BROKEN);
      const item = itemOf(filtered);
      const outcome = await appender.append(item);
      if (outcome.kind === 'repeated') return recordAgain(filtered, outcome);
      if (outcome.kind !== 'recorded') throw refusalOf(outcome);
      return new RecordedAnswer(filtered.fetched.consented.grounds, filtered.composed.payload, item.entryId, false);
    },

    /**
     * A refusal's own entry; its id for the signature, `replayed` where the refused token had been used before, `unlogged` on a broken log.
     * Rejects where it could not be recorded.
     */
    async recordRefusal(call: RefusedCall): Promise<Buffer | 'replayed' | 'unlogged'> {
      if (logBroken()) return 'unlogged';
      const { agency } = call.authenticated.caller;
      const entryId = drawRandom(16);
      const decision = call.decision === undefined ? undefined : sealDecision(call.decision);
      const leaves = leavesOf(call.people ?? NOBODY, entryId);
      const entry = create(EntrySchema, {
        entryId,
        kind: EntryKind.REFUSAL,
        timeMs: BigInt(nowMs()),
        agency,
        method: call.method,
        ...loggedContext(agency, call.context),
        vocabularyVersion: VOCABULARY_VERSION,
        requestDigest: bytesOf(call.requestDigest),
        answerDigest: sha256(call.details),
        decisionDigest: decision?.digest ?? new Uint8Array(0),
        jobId: call.chunk === undefined ? new Uint8Array(0) : Buffer.from(call.chunk.jobId, 'hex'),
        chunkNum: call.chunk?.num ?? 0,
        people: call.people?.count ?? 0,
        subtreeRoot: leaves.root,
        refusalReason: call.reason,
      });
      const outcome = await appender.append({
        agency,
        entryId,
        salt: drawRandom(16),
        entry: toBinary(EntrySchema, entry),
        ...(decision === undefined ? {} : { decision: decision.sealed }),
        ...leaves.stored,
        ...(call.token === undefined ? {} : { token: call.token }),
        // A refusal discloses nothing, so no later change can make it wrong.
        changeRevision: call.authenticated.changeRevision,
        standsOn: [],
      });
      return outcome.kind === 'replayed' ? 'replayed' : entryId;
    },
  };
}

export type Recorder = ReturnType<typeof createRecord>;

function refusalOf(outcome: Exclude<AppendOutcome, { kind: 'recorded' }>): CallRefused {
  switch (outcome.kind) {
    case 'replayed':
      return new CallRefused(ErrorReason.REPLAYED);
    case 'barred':
      // A new version of the agreement is no fault of the caller's: the next try is decided under it.
      return outcome.by === 'agreement'
        ? new CallRefused(ErrorReason.POLICY_UNAVAILABLE, { retryAfterMs: 500 })
        : new CallRefused(ErrorReason.REVOKED);
    case 'refused':
      return new CallRefused(outcome.reason, outcome.facts);
    case 'content-changed':
    case 'repeated':
      return new CallRefused(ErrorReason.CONTENT_CHANGED);
  }
}

/** Bodies as they are stored: u16 big-endian length before each. */
function packBodies({ count, bodies, offsets }: People): Buffer {
  const out = Buffer.allocUnsafe(bodies.length + 2 * count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const from = offsets[i] ?? 0;
    const to = offsets[i + 1] ?? 0;
    at = out.writeUInt16BE(to - from, at);
    out.set(bodies.subarray(from, to), at);
    at += to - from;
  }
  return out;
}
