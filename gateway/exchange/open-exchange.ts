import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { SentReason } from '../errors/catalogue.ts';
import { type RefusalFacts, refuse } from '../errors/refuse.ts';
import { makeRequestId } from '../errors/request-id.ts';
import type { Caller, createAuthenticate } from './authenticate.ts';
import type { CallFaults } from './call-faults.ts';
import type { OpenPort, Peer } from './ports.ts';
import { CallRefused } from './refused.ts';

/** A method that needs a known certificate and no signature: it tells nothing of people. */
export interface OpenMethod {
  /** "/package.Service/Method". */
  readonly path: string;
  answer(caller: Caller, message: Uint8Array, peer: Peer): Promise<Uint8Array> | Uint8Array;
}

export interface OpenExchangeDeps extends CallFaults {
  readonly authenticate: ReturnType<typeof createAuthenticate>;
  readonly methods: readonly OpenMethod[];
}

/** Its requests name no id: each call gets one of the gateway's. */
export function createOpenExchange(deps: OpenExchangeDeps): OpenPort {
  const methods = new Map(deps.methods.map((method) => [method.path, method]));
  return async ({ method: path, message, peer }) => {
    const traceableId = makeRequestId();
    const refused = (reason: SentReason, facts: RefusalFacts = {}) => ({
      refusal: { ...refuse(reason, { ...facts, requestId: traceableId }), traceableId },
    });
    let agency: string | undefined;
    try {
      const { caller } = deps.authenticate(peer);
      agency = caller.agency;
      const method = methods.get(path);
      if (method === undefined || peer === undefined) throw new CallRefused(ErrorReason.BAD_REQUEST);
      return { message: await method.answer(caller, message, peer), traceableId };
    } catch (error) {
      if (error instanceof CallRefused) return refused(error.reason, error.facts);
      if (deps.isStorageFault(error)) {
        deps.onStorageFault(error, path, traceableId, agency);
        return refused(ErrorReason.STORAGE_UNAVAILABLE, { retryAfterMs: 1000 });
      }
      deps.onFault(error, path, traceableId);
      return refused(ErrorReason.INTERNAL);
    }
  };
}
