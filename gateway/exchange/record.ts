import { create, toBinary } from '@bufbuild/protobuf';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { Revisions } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { VOCABULARY_VERSION } from '../fields/vocabulary.ts';
import { drawEntryId } from '../sealing/entry-id.ts';
import { drawRandom } from '../sealing/random.ts';
import { seal, unseal } from '../sealing/seal.ts';
import { requestKeyOf } from './answer-key.ts';
import type { Consented } from './consent.ts';
import { consentsOf } from './consents-used.ts';
import { bytesOf, createEntryParts, type RecordDeps, sha256, standsOn } from './entry-parts.ts';
import type { Filtered } from './filter.ts';
import type { Flight } from './flights.ts';
import { chunkOf, decidedOf, type Grounds } from './grounds.ts';
import { keepInstead, STORED_SINCE } from './keep-instead.ts';
import { limitsOf, limitsOfRepeat } from './limits-of.ts';
import type { AppendItem, AppendOutcome, QuotaState } from './log-port.ts';
import { createMustBeWriter } from './must-be-writer.ts';
import { withNoticeFields } from './notice-fields.ts';
import { createRecordRefusal } from './record-refusal.ts';
import { CallRefused } from './refused.ts';
import { createDecisionSealer } from './seal-decision.ts';
import type { GivenAgain } from './work.ts';

/** Stage 7: it stands in the log, durably. Only now may it be signed. */
class RecordedAnswer {
  readonly #stage = 'recorded';
  readonly grounds: Grounds;
  readonly payload: Uint8Array;
  /** SHA-256 of the payload, as it stands in the entry. */
  readonly digest: Buffer;
  /** 16 bytes. */
  readonly entryId: Buffer;
  readonly redelivery: boolean;
  /** What is left of the agreement's limits; none of an answer given again. */
  readonly quotas: readonly QuotaState[];
  readonly revisions: Revisions;
  /** Set where it stands on consents. */
  readonly flight: Flight | undefined;
  /** When the first of the consents that it was judged by ends, unix seconds. */
  readonly #consentsUntil: number;

  constructor(
    { grounds, coverage, flight }: Consented,
    payload: Uint8Array,
    digest: Buffer,
    entryId: Buffer,
    revisions: Revisions,
    { redelivery, quotas = [] }: { readonly redelivery: boolean; readonly quotas?: readonly QuotaState[] | undefined },
  ) {
    this.grounds = grounds;
    this.payload = payload;
    this.digest = digest;
    this.entryId = entryId;
    this.redelivery = redelivery;
    this.quotas = quotas;
    this.revisions = revisions;
    this.flight = flight;
    this.#consentsUntil = coverage.kind === 'consent' ? coverage.found.until : Number.POSITIVE_INFINITY;
  }

  /** Whether a consent that it tells by was taken back or has ended since it was judged: it does not leave as it is. */
  overtakenAt(nowSeconds: number): boolean {
    return this.flight?.overtaken === true || nowSeconds >= this.#consentsUntil;
  }

  get stage(): string {
    return this.#stage;
  }
}
export type Recorded = RecordedAnswer;

/** Nothing was recorded: the answer must be judged once more by what is known now, or the call decided once more. */
export type Anew = 'overtaken' | 'outdated';

/** @param profile the matching profile that the answer was judged under, where that may not be the one of now */
function revisionsOf({ grounds, changeRevision }: Consented, profile?: string): Revisions {
  return {
    ...decidedOf(grounds).revisions,
    change: changeRevision,
    ...(profile === undefined ? {} : { profile }),
  };
}

const FINGERPRINT_BYTES = 32;

export function createRecord(deps: RecordDeps) {
  const { appender, keys, units, nowMs } = deps;
  const mustBeWriter = createMustBeWriter(deps.logTrouble);
  const { loggedContext, sealPeople } = createEntryParts(keys);
  const sealDecision = createDecisionSealer(keys.decision);
  /**
   * Tokens that the log was given and has not given back: neither what is judged once more, answered before or overtaken on its way
   * out, nor a refusal brings one of them again.
   */
  const tokenTaken = new WeakSet<object>();

  /** What the entry of an answer says, and that of the same answer given again. */
  function disclosed({ view, fetched: { consented } }: Filtered) {
    const decided = decidedOf(consented.grounds);
    const chunk = chunkOf(consented.grounds);
    const { verified } = decided;
    const { agency } = verified.authenticated.caller;
    return {
      timeMs: BigInt(nowMs()),
      agency,
      method: verified.method,
      ...loggedContext(agency, decided.work.asked.context),
      vocabularyVersion: VOCABULARY_VERSION,
      releasedFields: withNoticeFields(consented.granted('release'), view.kind === 'person' ? view.notices : []),
      matchedFields: consented.granted('match'),
      revisions: revisionsOf(consented),
      requestDigest: bytesOf(chunk?.digest ?? verified.digest),
      chunkNum: chunk?.num ?? 0,
      signingKey: bytesOf(chunk?.kid ?? verified.kid),
    };
  }

  function itemOf(filtered: Filtered, answerDigest: Buffer): AppendItem {
    const { consented } = filtered.fetched;
    const { grounds } = consented;
    const { composed, view } = filtered;
    const decided = decidedOf(grounds);
    const chunk = chunkOf(grounds);
    const { verified } = decided;
    const common = disclosed(filtered);
    const people =
      'entryId' in filtered.people ? filtered.people : sealPeople(filtered.people, composed.entryId ?? drawEntryId());
    const { entryId } = people;
    const decision = sealDecision(decided.decision);
    const rows = view.kind === 'rows' ? view.rows : undefined;
    const jobId = chunk === undefined ? composed.jobId : Buffer.from(chunk.job.jobId, 'hex');
    const entry = toBinary(
      EntrySchema,
      create(EntrySchema, {
        ...common,
        entryId,
        kind: composed.entryKind ?? (chunk === undefined ? EntryKind.UNARY : EntryKind.CHUNK),
        answerDigest,
        decisionDigest: decision.digest,
        jobId: jobId ?? new Uint8Array(0),
        rows: rows?.count ?? 0,
        people: people.count,
        subtreeRoot: people.root,
        rowRoot: rows?.proof?.root ?? new Uint8Array(0),
      }),
    );
    return {
      agency: common.agency,
      legalEntity: verified.authenticated.caller.legalEntity,
      entryId,
      salt: drawRandom(16),
      entry,
      decision: decision.sealed,
      ...people.stored,
      changeRevision: verified.authenticated.changeRevision,
      standsOn: [...standsOn(grounds), ...(composed.standsOn ?? [])],
      answer: seal(keys.answer, entryId, Buffer.concat([decision.fingerprint, composed.payload])),
      limits: limitsOf(filtered, units, nowMs()),
      ...consentsOf(filtered, 'counted'),
      ...(composed.effects === undefined ? {} : { effects: composed.effects }),
      ...(chunk === undefined || jobId === undefined
        ? { ...(tokenTaken.has(verified.token) ? {} : { token: verified.token }), request: requestKeyOf(decided) }
        : {
            chunk: {
              jobId,
              num: chunk.num,
              digest: common.requestDigest,
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

  /** The stored answer once more, under an entry of its own that names the first. */
  async function recordAgain(
    filtered: Filtered,
    earlier: Extract<AppendOutcome, { kind: 'repeated' }>,
  ): Promise<Recorded | Anew> {
    const { consented } = filtered.fetched;
    const { grounds } = consented;
    const decided = decidedOf(grounds);
    const chunk = chunkOf(grounds);
    const sealed = earlier.answer;
    const plain = sealed === undefined ? undefined : unseal(keys.answer, earlier.entryId, sealed);
    // Acknowledged, or older than answers are kept: whoever asks again has said before that it was safe.
    if (sealed === undefined || plain === undefined) throw new CallRefused(ErrorReason.ANSWER_GONE);
    const fingerprint = plain.subarray(0, FINGERPRINT_BYTES);
    if (!fingerprint.equals(sealDecision(decided.decision).fingerprint)) {
      throw new CallRefused(ErrorReason.AGREEMENT_CHANGED);
    }
    const stored = plain.subarray(FINGERPRINT_BYTES);
    const { payload, lessened, profile }: GivenAgain = filtered.composed.again?.(stored) ?? { payload: stored };
    const revisions = revisionsOf(consented, profile);
    const answerDigest = sha256(payload);
    const { authenticated } = decided.verified;
    const limits = limitsOfRepeat(grounds, lessened !== undefined);
    const entryId = drawEntryId();
    const entry = create(EntrySchema, {
      ...disclosed(filtered),
      revisions,
      entryId,
      kind: EntryKind.REDELIVERY,
      rows: filtered.view.kind === 'rows' ? filtered.view.rows.count : 0,
      answerDigest,
      jobId: chunk === undefined ? new Uint8Array(0) : Buffer.from(chunk.job.jobId, 'hex'),
      earlierEntryId: earlier.entryId,
    });
    const outcome = await appender.append({
      agency: entry.agency,
      legalEntity: authenticated.caller.legalEntity,
      entryId,
      salt: drawRandom(16),
      entry: toBinary(EntrySchema, entry),
      changeRevision: authenticated.changeRevision,
      standsOn: [...standsOn(grounds), ...(filtered.composed.standsOn ?? [])],
      ...(limits === undefined ? {} : { limits }),
      // Counted when it was first given.
      ...consentsOf(filtered, 'uncounted'),
      ...(lessened === undefined
        ? {}
        : {
            effects: [
              ...(lessened.locks ?? []),
              ...keepInstead(keys.answer, { entryId: earlier.entryId, sealed }, Buffer.concat([fingerprint, payload])),
              ...lessened.effects,
            ],
          }),
    });
    if (outcome.kind === 'overtaken' || outcome.kind === 'outdated') return outcome.kind;
    // Somebody else took something out of it first: the answer is read again as it is stored now.
    if (outcome.kind === 'refused' && outcome.reason === STORED_SINCE) return 'overtaken';
    if (outcome.kind !== 'recorded') throw refusalOf(outcome);
    return new RecordedAnswer(consented, payload, answerDigest, entryId, revisions, { redelivery: true });
  }

  return {
    mustBeWriter,

    /**
     * `overtaken` where the answer was judged by a budget that somebody else has spent since, or by a consent that was withdrawn since,
     * `outdated` where it was decided under an agreement that has changed since: nothing was counted or recorded.
     * @throws {CallRefused} REPLAYED, CONTENT_CHANGED, REVOKED, LIMITED, or what an effect refused; rejects where nothing was recorded
     */
    async record(filtered: Filtered): Promise<Recorded | Anew> {
      mustBeWriter();
      const { payload } = filtered.composed;
      const { consented } = filtered.fetched;
      const { flight } = consented;
      const digest = sha256(payload);
      const item = itemOf(filtered, digest);
      if (item.consents !== undefined) flight?.standsOn(item.consents.scopes);
      if (item.token !== undefined) tokenTaken.add(item.token);
      const outcome = await appender.append(item);
      if (outcome.kind === 'repeated') return recordAgain(filtered, outcome);
      if (outcome.kind === 'overtaken' || outcome.kind === 'outdated') {
        if (item.token !== undefined) tokenTaken.delete(item.token);
        return outcome.kind;
      }
      if (outcome.kind !== 'recorded') throw refusalOf(outcome);
      return new RecordedAnswer(consented, payload, digest, item.entryId, revisionsOf(consented), {
        redelivery: false,
        quotas: outcome.quotas,
      });
    },

    recordRefusal: createRecordRefusal(deps, (token) => tokenTaken.has(token)),
  };
}

export type Recorder = ReturnType<typeof createRecord>;

function refusalOf(outcome: Exclude<AppendOutcome, { kind: 'recorded' | Anew }>): CallRefused {
  switch (outcome.kind) {
    case 'replayed':
      return new CallRefused(ErrorReason.REPLAYED);
    case 'barred':
      return new CallRefused(ErrorReason.REVOKED);
    case 'refused':
      return new CallRefused(outcome.reason, outcome.facts);
    case 'content-changed':
    case 'repeated':
      return new CallRefused(ErrorReason.CONTENT_CHANGED);
  }
}
