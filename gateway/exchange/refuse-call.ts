import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { RequestContext } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { refuse } from '../errors/refuse.ts';
import { traceableRequestId } from '../errors/request-id.ts';
import { digestOf } from '../signing/digest.ts';
import type { Authenticated } from './authenticate.ts';
import type { CallFaults } from './call-faults.ts';
import type { Refusal } from './ports.ts';
import type { Recorder } from './record.ts';
import type { RefusedCall } from './record-refusal.ts';
import type { RefusalBudget } from './refusal-budget.ts';
import { CallRefused } from './refused.ts';
import { readableRequestId } from './request.ts';
import type { AnswerSigner } from './sign.ts';
import type { TokenUse } from './verify-call.ts';

/** How far a call had come when it was refused. */
export interface Reached {
  readonly method: string;
  authenticated?: Authenticated;
  /** The message as received: hashed only where it is refused, because a stage hashes it where it is not. */
  message: Uint8Array;
  context?: RequestContext;
  /** The number of the one person whom the call is about. */
  person?: number;
  /** The chunk that is being answered: its refusal is bound to it as its answer would have been. */
  chunk?: { readonly jobId: string; readonly num: number };
  /** The key by which a signature of the caller was found good. */
  kid?: string;
  /** Set once it was found good. */
  token?: TokenUse;
}

export interface RefuseDeps extends CallFaults {
  readonly recorder: Recorder;
  readonly signer: AnswerSigner;
  readonly budget: RefusalBudget;
}

/**
 * Turns whatever a stage threw into the refusal that is sent: recorded, then signed. Before authentication there is
 * nobody to sign for. Where the log cannot be written, the refusal is signed, has no leaf, and says that alone: what it would have
 * said may tell what the register holds, which nobody learns unlogged and uncounted.
 */
export function createRefuseCall({ recorder, signer, budget, ...faults }: RefuseDeps) {
  const { isStorageFault, onStorageFault, onFault } = faults;
  const away = () => new CallRefused(ErrorReason.STORAGE_UNAVAILABLE, { retryAfterMs: 1000 });
  function refusedBy(error: unknown, { method, authenticated }: Reached, requestId: string): CallRefused {
    if (error instanceof CallRefused) return error;
    if (isStorageFault(error)) {
      onStorageFault(error, method, requestId, authenticated?.caller.agency);
      return away();
    }
    onFault(error, method, requestId);
    return new CallRefused(ErrorReason.INTERNAL);
  }

  return async (error: unknown, reached: Reached): Promise<Refusal> => {
    const { authenticated, method, context, chunk } = reached;
    // A request that broke a rule has no context yet; its id comes with what refused it, and goes back where it is one.
    const given = context?.requestId ?? (error instanceof CallRefused ? error.facts.requestId : undefined);
    const requestId = readableRequestId(given);
    const traceableId = traceableRequestId(requestId);
    let refused = refusedBy(error, reached, traceableId);
    const facts = () => ({ ...refused.facts, requestId: requestId ?? traceableId });
    let refusal = refuse(refused.reason, facts());
    if (authenticated === undefined) return { ...refusal, traceableId };
    const requestDigest = digestOf(reached.message);

    const call = {
      authenticated,
      method,
      requestDigest,
      context,
      chunk,
      kid: reached.kid,
      decision: refused.decision,
      people: refused.people,
    };
    const record = (rest: Pick<RefusedCall, 'token' | 'lookedUp'>) =>
      recorder.recordRefusal({ ...call, ...rest, reason: refused.reason, details: refusal.details });
    let entryId: Buffer | undefined;
    const logged = reached.kid !== undefined || budget.take(authenticated.caller.certificate);
    try {
      const lookedUp = refused.people === undefined ? undefined : reached.person;
      let outcome = logged ? await record({ token: reached.token, lookedUp }) : undefined;
      if (outcome === 'replayed' || outcome instanceof CallRefused) {
        refused = outcome === 'replayed' ? new CallRefused(ErrorReason.REPLAYED) : outcome;
        refusal = refuse(refused.reason, facts());
        outcome = await record({ token: undefined, lookedUp: undefined });
      }
      if (outcome instanceof Uint8Array) entryId = outcome;
    } catch (failed) {
      // A log that takes nothing says itself what is sent; of a store that was away before has been told.
      const told = isStorageFault(failed) && isStorageFault(error);
      refused = told ? away() : refusedBy(failed, reached, traceableId);
      // Known to be away before anything was asked of it: no line, no entry, and the call's id would lead to nothing.
      const unasked = failed instanceof CallRefused && refused.reason === ErrorReason.STORAGE_UNAVAILABLE;
      if (unasked && !isStorageFault(error)) onStorageFault(failed, method, traceableId, authenticated.caller.agency);
      refusal = refuse(refused.reason, facts());
    }
    try {
      const { agency } = authenticated.caller;
      const request = { agency, method, requestDigest, requestId: requestId ?? '', chunk, entryId };
      return { ...refusal, signature: signer.signRefusal(refusal, request), traceableId };
    } catch (failed) {
      if (!isStorageFault(failed)) throw failed;
      if (refused.reason !== ErrorReason.STORAGE_UNAVAILABLE) refusedBy(failed, reached, traceableId);
      // Nothing can be signed without the database's time. Unsigned it proves nothing, and the caller may try again.
      return { ...refuse(ErrorReason.STORAGE_UNAVAILABLE, { requestId, retryAfterMs: 1000 }), traceableId };
    }
  };
}

export type RefuseCall = ReturnType<typeof createRefuseCall>;
