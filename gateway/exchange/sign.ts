import type { Revisions } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { traceableRequestId } from '../errors/request-id.ts';
import { faultPoint } from '../faults/point.ts';
import { digestOf } from '../signing/digest.ts';
import type { Signer } from '../signing/sign.ts';
import { chunkOf, decidedOf } from './grounds.ts';
import type { Frame, Refusal, UnaryAnswer } from './ports.ts';
import type { Recorded } from './record.ts';

/** Stage 8: signed, after the commit. The only thing that a port hands to the edge. */
class SignedAnswer {
  readonly #stage = 'signed';
  readonly recorded: Recorded;
  readonly signature: string;

  constructor(recorded: Recorded, signature: string) {
    this.recorded = recorded;
    this.signature = signature;
  }

  get stage(): string {
    return this.#stage;
  }

  toUnary(): UnaryAnswer {
    const { requestId } = decidedOf(this.recorded.grounds).work.asked.context;
    const { payload, quotas } = this.recorded;
    const { flight } = this.recorded;
    return {
      ...{ message: payload, signature: this.signature, traceableId: traceableRequestId(requestId), quotas },
      ...(flight === undefined ? {} : { onLeft: () => flight.end() }),
    };
  }

  toFrame(): Frame {
    return { payload: this.recorded.payload, jws: this.signature };
  }
}
export type Signed = SignedAnswer;

export interface SignDeps {
  readonly signer: Signer;
  /** Deployment id: an answer's audience is `<agency>@<deployment>`. */
  readonly deployment: string;
  readonly logRef: string;
  readonly nowSeconds: () => number;
}

/** What a refusal is bound to. */
export interface RefusedRequest {
  readonly agency: string;
  readonly method: string;
  readonly requestDigest: string;
  readonly requestId: string;
  /** Set for a chunk: then the job and number stand in the place of the request id. */
  readonly chunk: { readonly jobId: string; readonly num: number } | undefined;
  /** Absent where the log cannot be written: such a refusal is signed and counted, not logged. */
  readonly entryId: Buffer | undefined;
}

function revisionsClaim(revisions: Revisions) {
  return {
    policy: revisions.policy,
    agreement: revisions.agreement,
    consent: revisions.change.toString(),
    profile: revisions.profile,
  };
}

export function createSign({ signer, deployment, logRef, nowSeconds }: SignDeps) {
  const base = (agency: string) => ({ aud: `${agency}@${deployment}`, iat: Math.floor(nowSeconds()) });

  return {
    sign(recorded: Recorded): Signed {
      const { grounds, digest, entryId, revisions } = recorded;
      const decided = decidedOf(grounds);
      const { verified } = decided;
      const chunk = chunkOf(grounds);
      const claims = {
        ...base(verified.authenticated.caller.agency),
        dig: digest.toString('base64url'),
        mth: verified.method,
        rqd: chunk?.digest ?? verified.digest,
        code: 0,
        log: logRef,
        leaf: entryId.toString('base64url'),
        rev: revisionsClaim(revisions),
      };
      const signature =
        chunk === undefined
          ? signer.sign('lt-answer+jws', { ...claims, req: decided.work.asked.context.requestId })
          : signer.sign('lt-answer+jws', { ...claims, job: chunk.job.jobId, num: chunk.num });
      faultPoint('sign');
      return new SignedAnswer(recorded, signature);
    },

    /** `lt-answer+jws` over a refusal's status details. */
    signRefusal(refusal: Refusal, request: RefusedRequest): string {
      const { chunk, entryId } = request;
      const claims = {
        ...base(request.agency),
        dig: digestOf(refusal.details),
        mth: request.method,
        rqd: request.requestDigest,
        code: refusal.code,
        ...(entryId === undefined ? {} : { log: logRef, leaf: entryId.toString('base64url') }),
      };
      return chunk === undefined
        ? signer.sign('lt-answer+jws', { ...claims, req: request.requestId })
        : signer.sign('lt-answer+jws', { ...claims, job: chunk.jobId, num: chunk.num });
    },
  };
}

export type AnswerSigner = ReturnType<typeof createSign>;
