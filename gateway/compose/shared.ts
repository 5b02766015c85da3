import { ENTITIES } from '../threads/shared-counts.ts';
import { createSharedMemory, type SharedMemory } from '../threads/shared-names.ts';
import { CERTIFICATES } from '../threads/shared-refusal-budget.ts';

/** What all threads count in together. */
export interface Shared {
  readonly calls: SharedMemory;
  readonly streams: SharedMemory;
  readonly refusals: SharedMemory;
}

export function createShared(): Shared {
  return {
    calls: createSharedMemory(ENTITIES, 4),
    streams: createSharedMemory(ENTITIES, 4),
    refusals: createSharedMemory(CERTIFICATES, 8),
  };
}
