/** Whether a chunk can belong to a job: every chunk of a file but its last is full. */
import type { Violation } from '../errors/violations.ts';
import type { ChunkUse } from '../exchange/log-port.ts';

/** What the answered chunks of a job say of its file. */
export interface JobShape {
  /** Highest number answered; -1 before the first. */
  readonly highest: number;
  /** Number of the chunk with fewer rows than the job's chunks have: the last of the file. Undefined before it is answered. */
  readonly short: number | undefined;
}

export const NO_CHUNKS: JobShape = { highest: -1, short: undefined };

type Sized = Pick<ChunkUse, 'num' | 'rows'>;

/** The shape with one more chunk. */
export function withChunk({ highest, short }: JobShape, chunkRows: number, { num, rows }: Sized): JobShape {
  return { highest: Math.max(highest, num), short: short ?? (rows < chunkRows ? num : undefined) };
}

/**
 * What is wrong with a chunk that is answered for the first time; undefined where nothing is. Chunks come in any order: the short
 * one may be answered before all that stand below it, but nothing stands beyond it, and it is the only one. A job that took a
 * chunk against this could never be closed, since no other bytes are taken under that number.
 */
export function misshapen(
  { highest, short }: JobShape,
  chunkRows: number,
  { num, rows }: Sized,
): Violation[] | undefined {
  if (short !== undefined && num > short) return [{ field: 'chunk.num', rule: 'RANGE' }];
  if (rows < chunkRows && (short !== undefined || num < highest)) return [{ field: 'chunk.ids', rule: 'RANGE' }];
  return undefined;
}
