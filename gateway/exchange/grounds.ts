import type { Decided } from './decide.ts';
import type { VerifiedChunk } from './verify-chunk.ts';
import type { Work } from './work.ts';

/** What the later stages stand on: a decided call, or a verified chunk of a stream whose opening was decided. */
export type Grounds = Decided | VerifiedChunk;

/** The chunk, where the grounds are one. */
export function chunkOf(grounds: Grounds): VerifiedChunk | undefined {
  return 'opening' in grounds ? grounds : undefined;
}

/** The decision that the work is done under. */
export function decidedOf(grounds: Grounds): Decided {
  return 'opening' in grounds ? grounds.opening : grounds;
}

export function workOf(grounds: Grounds): Work {
  return grounds.work;
}
