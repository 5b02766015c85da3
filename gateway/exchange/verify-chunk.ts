import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { faultPoint } from '../faults/point.ts';
import type { Decided } from './decide.ts';
import { CallRefused } from './refused.ts';
import { verifyMessage } from './verify-call.ts';
import type { Work } from './work.ts';

/** The job that a stream is attached to, as its opening found it. */
export interface JobFacts {
  /** 32 hexadecimal digits. */
  readonly jobId: string;
  /** Digest of StartJob's message, base64url: what every chunk binds to. */
  readonly openingDigest: string;
  readonly chunkRows: number;
}

/** First stage of a chunk: it is the agency's, belongs to this job and number, and stands on a decided opening. */
class VerifiedChunkMessage {
  readonly #stage = 'verified-chunk';
  readonly opening: Decided;
  readonly job: JobFacts;
  readonly num: number;
  /** SHA-256 of the payload as received, base64url. */
  readonly digest: string;
  readonly kid: string;
  readonly ackedThrough: number;
  readonly work: Work;

  constructor(
    opening: Decided,
    job: JobFacts,
    num: number,
    digest: string,
    kid: string,
    ackedThrough: number,
    work: Work,
  ) {
    this.opening = opening;
    this.job = job;
    this.num = num;
    this.digest = digest;
    this.kid = kid;
    this.ackedThrough = ackedThrough;
    this.work = work;
  }

  get stage(): string {
    return this.#stage;
  }
}
export type VerifiedChunk = VerifiedChunkMessage;

/** What a chunk's payload turns out to be, once its signature has been found good. */
export interface ChunkContent {
  readonly num: number;
  readonly ackedThrough: number;
  readonly work: Work;
}

export interface ChunkMessage {
  readonly payload: Uint8Array;
  readonly jws: string;
  /** Reads the payload; called for signed bytes only, so that no stranger can make the gateway decode what it likes. */
  readonly read: (payload: Uint8Array) => Promise<ChunkContent>;
}

export interface VerifyChunkDeps {
  readonly audience: string;
  readonly method: string;
  readonly nowSeconds: () => number;
}

/**
 * A chunk has no freshness of its own: it counts once by (agency, job, num, digest) while its job lives.
 * @throws {CallRefused}
 */
export function createVerifyChunk({ audience, method, nowSeconds }: VerifyChunkDeps) {
  return async (opening: Decided, job: JobFacts, chunk: ChunkMessage): Promise<VerifiedChunk> => {
    const { claims, digest, kid } = verifyMessage(
      opening.verified.authenticated,
      chunk.jws,
      chunk.payload,
      {
        typ: 'lt-chunk+jws',
        form: 'chunk',
        binding: ({ num }) => ({ audience, method, job: job.jobId, num, opening: job.openingDigest }),
      },
      nowSeconds,
    );
    faultPoint('verify');
    const { num, ackedThrough, work } = await chunk.read(chunk.payload);
    faultPoint('decode');
    if (num !== claims.num) throw new CallRefused(ErrorReason.BINDING_WRONG, { claim: 'num' });
    return new VerifiedChunkMessage(opening, job, num, digest, kid, ackedThrough, work);
  };
}
