import { setFlagsFromString } from 'node:v8';
import { Worker, type WorkerOptions } from 'node:worker_threads';

export interface ThreadOptions extends Pick<WorkerOptions, 'workerData' | 'transferList'> {
  /** Of the thread's heap, MB: three times the semi-space that V8 lets it grow to, a power of two. */
  readonly youngGenerationMb: number;
}

/**
 * A thread beside the process's own. The flag that bounds the young generation of the process's own heap would stand above the bound
 * of every thread, which is another one; V8 reads it when a heap is made, so it is taken back before.
 */
export function startThread(program: URL, { youngGenerationMb, ...options }: ThreadOptions): Worker {
  setFlagsFromString('--max-semi-space-size=0');
  return new Worker(program, { ...options, resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb } });
}
