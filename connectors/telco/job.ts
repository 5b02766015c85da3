/**
 * What the package exports as `./job`: a whole file of people as one job that resumes and ends in a receipt, and below that the
 * stream of chunks for a program that has no file. What the stream gives is verified but for one thing: that the rows lead to the
 * chunk's root is for whoever keeps them.
 */
export {
  type ChunkStream,
  type IncomingAnswer,
  type OutgoingChunk,
  openChunkStream,
} from '../kit/chunk-stream.ts';
export { CHUNK_ROWS, type JobProgress } from '../kit/job-runner.ts';
export { type VerifyOptions, type VerifySummary, verifySubscribers } from './verify.ts';
