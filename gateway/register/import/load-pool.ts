/** Worker threads for the first load, with a bounded number of blocks in flight; results come in the order of the blocks. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Block } from './frame.ts';
import type { LoadedBlock, LoadWorkerData } from './load-worker.ts';

export interface LoadPool {
  /** Hands a block over, with its memory; resolves with its rows. */
  run(block: Block): Promise<LoadedBlock>;
  /** Blocks that may be under way at once. */
  readonly width: number;
  close(): Promise<void>;
}

interface Waiting {
  resolve(loaded: LoadedBlock): void;
  reject(error: unknown): void;
}

/** One core is left to the server, which takes longer for a row than a thread does; a thread more than is needed costs its start. */
export function createLoadPool(
  data: LoadWorkerData,
  threads = Math.max(1, Math.min(4, availableParallelism() - 1)),
): LoadPool {
  const lanes = Array.from({ length: threads }, () => {
    const worker = new Worker(new URL('./load-worker.ts', import.meta.url), { workerData: data });
    const waiting: Waiting[] = [];
    worker.on('message', (loaded: LoadedBlock) => waiting.shift()?.resolve(loaded));
    const fail = (error: unknown) => {
      for (const one of waiting.splice(0)) one.reject(error);
    };
    worker.on('error', fail);
    worker.on('exit', () => fail(new Error('A worker thread of the import ended.')));
    return { worker, waiting };
  });
  let next = 0;
  return {
    // Enough that no thread waits for a block while another is on its way to the server.
    width: threads * 2 + 2,
    run: (block) =>
      new Promise((resolve, reject) => {
        const lane = lanes[next++ % lanes.length]!;
        lane.waiting.push({ resolve, reject });
        lane.worker.postMessage(block, [block.bytes.buffer as ArrayBuffer]);
      }),
    close: async () => {
      await Promise.all(lanes.map(({ worker }) => worker.terminate()));
    },
  };
}
