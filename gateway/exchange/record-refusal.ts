import { create, toBinary } from '@bufbuild/protobuf';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import type { RequestContext } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import type { SentReason } from '../errors/catalogue.ts';
import { VOCABULARY_VERSION } from '../fields/vocabulary.ts';
import type { Decision } from '../policy/decision.ts';
import { drawRandom } from '../sealing/random.ts';
import type { Authenticated } from './authenticate.ts';
import { bytesOf, createEntryParts, type RecordDeps, sha256 } from './entry-parts.ts';
import { limitsOfRefusal } from './limits-of.ts';
import { NOBODY, type People } from './people.ts';
import { createDecisionSealer } from './seal-decision.ts';
import type { TokenUse } from './verify-call.ts';

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

/**
 * A refusal's own entry; its id for the signature, `replayed` where the refused token had been used before, `unlogged` on a broken log.
 * Rejects where it could not be recorded.
 */
export function createRecordRefusal({ appender, keys, nowMs, logTrouble }: RecordDeps) {
  const { loggedContext, sealPeople } = createEntryParts(keys);
  const sealDecision = createDecisionSealer(keys.decision);

  return async function recordRefusal(call: RefusedCall): Promise<Buffer | 'replayed' | 'unlogged'> {
    if (logTrouble() !== undefined) return 'unlogged';
    const { agency, legalEntity } = call.authenticated.caller;
    const entryId = drawRandom(16);
    const decision = call.decision === undefined ? undefined : sealDecision(call.decision);
    const people = sealPeople(call.people ?? NOBODY, entryId);
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
      people: people.count,
      subtreeRoot: people.root,
      refusalReason: call.reason,
    });
    const outcome = await appender.append({
      agency,
      legalEntity,
      entryId,
      salt: drawRandom(16),
      entry: toBinary(EntrySchema, entry),
      ...(decision === undefined ? {} : { decision: decision.sealed }),
      ...people.stored,
      ...(call.token === undefined ? {} : { token: call.token }),
      ...(call.decision === undefined || call.context === undefined || call.chunk !== undefined
        ? {}
        : { limits: limitsOfRefusal(call.context.purpose, call.decision.limits) }),
      // A refusal discloses nothing, so no later change can make it wrong.
      changeRevision: call.authenticated.changeRevision,
      standsOn: [],
    });
    return outcome.kind === 'replayed' ? 'replayed' : entryId;
  };
}
