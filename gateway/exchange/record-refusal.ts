import { create, toBinary } from '@bufbuild/protobuf';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import type { RequestContext } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import type { SentReason } from '../errors/catalogue.ts';
import { VOCABULARY_VERSION } from '../fields/vocabulary.ts';
import type { Decision } from '../policy/decision.ts';
import { drawEntryId } from '../sealing/entry-id.ts';
import { drawRandom } from '../sealing/random.ts';
import type { Authenticated } from './authenticate.ts';
import { bytesOf, createEntryParts, type RecordDeps, sha256 } from './entry-parts.ts';
import { limitsOfLookUp, limitsOfRefusal } from './limits-of.ts';
import type { LimitUse } from './log-port.ts';
import { createMustBeWriter } from './must-be-writer.ts';
import { NOBODY, type People } from './people.ts';
import { CallRefused } from './refused.ts';
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
  /** The key whose signature was found good. */
  readonly kid: string | undefined;
  /** Set once the signature was found good: the token is then used, where it is not yet. */
  readonly token: TokenUse | undefined;
  readonly decision: Decision | undefined;
  /** Those whose data was looked at before the refusal. */
  readonly people: People | undefined;
  /** The number that was looked up, where what was found is why it is refused: then it is counted as an answer is. */
  readonly lookedUp: number | undefined;
  readonly reason: SentReason;
  /** The status details that are sent. */
  readonly details: Uint8Array;
}

/**
 * A refusal's own entry; its id for the signature, `replayed` where the refused token had been used before, and another refusal,
 * with the token used and nothing else recorded, where its look-up was beyond a limit.
 * Rejects where it could not be recorded; with the CallRefused to send instead, where the log takes nothing now.
 *
 * @param tokenTaken whether the log has this token already, or may have
 */
export function createRecordRefusal(
  { appender, keys, units, nowMs, logTrouble }: RecordDeps,
  tokenTaken: (token: TokenUse) => boolean,
) {
  const { loggedContext, sealPeople } = createEntryParts(keys);
  const sealDecision = createDecisionSealer(keys.decision);
  const mustBeWriter = createMustBeWriter(logTrouble);

  function limitsOf({ authenticated, decision, context, chunk, lookedUp }: RefusedCall): LimitUse | undefined {
    if (decision === undefined || context === undefined || chunk !== undefined) return undefined;
    const { purpose } = context;
    if (lookedUp === undefined) return limitsOfRefusal(purpose, decision.limits);
    const asked = { agency: authenticated.caller.agency, purpose, identifier: lookedUp };
    return limitsOfLookUp(asked, decision.limits, units, nowMs());
  }

  return async function recordRefusal(call: RefusedCall): Promise<Buffer | CallRefused | 'replayed'> {
    mustBeWriter();
    const { agency, legalEntity } = call.authenticated.caller;
    const entryId = drawEntryId();
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
      signingKey: bytesOf(call.kid ?? ''),
    });
    const limits = limitsOf(call);
    const outcome = await appender.append({
      agency,
      legalEntity,
      entryId,
      salt: drawRandom(16),
      entry: toBinary(EntrySchema, entry),
      ...(decision === undefined ? {} : { decision: decision.sealed }),
      ...people.stored,
      ...(call.token === undefined || tokenTaken(call.token) ? {} : { token: call.token }),
      ...(limits === undefined ? {} : { limits }),
      // A refusal discloses nothing, so no later change can make it wrong.
      changeRevision: call.authenticated.changeRevision,
      standsOn: [],
    });
    if (outcome.kind === 'refused') return new CallRefused(outcome.reason, outcome.facts, call.decision, call.people);
    return outcome.kind === 'replayed' ? 'replayed' : entryId;
  };
}
