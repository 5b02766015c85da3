/** What makes a request or a chunk the same one again. */

import type { Decided } from './decide.ts';
import { bytesOf, sha256 } from './entry-parts.ts';
import { chunkOf, decidedOf, type Grounds } from './grounds.ts';

export type AnswerKey =
  | { readonly agency: string; readonly requestId: string; readonly digest: Buffer }
  /** Of 16 bytes the job. */
  | { readonly jobId: Buffer; readonly num: number; readonly digest: Buffer };

/** Same id and bytes are the same request only for the same method: several methods have messages of one form. */
export function requestKeyOf({ verified, work }: Decided): { readonly requestId: string; readonly digest: Buffer } {
  const digest = sha256(Buffer.from(`${verified.method}\0${verified.digest}`));
  return { requestId: work.asked.context.requestId, digest };
}

export function answerKeyOf(grounds: Grounds): AnswerKey {
  const chunk = chunkOf(grounds);
  if (chunk !== undefined) {
    return { jobId: Buffer.from(chunk.job.jobId, 'hex'), num: chunk.num, digest: bytesOf(chunk.digest) };
  }
  const decided = decidedOf(grounds);
  return { agency: decided.verified.authenticated.caller.agency, ...requestKeyOf(decided) };
}
