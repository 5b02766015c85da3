/** A thread that works on chunks, wired: its own connections to the database, and the two keys that leaves need. */
import { parentPort, workerData } from 'node:worker_threads';
import type { GuardKeys } from '../exchange/guard-units.ts';
import type { PeopleKeys } from '../exchange/seal-people.ts';
import { serveChunks } from '../jobs/threads/serve-chunks.ts';
import { createRowLookup } from '../register/lookup.ts';
import { openChunkPool } from './open-database.ts';

export interface MatchingThreadData {
  /** Holds a password: never to be printed. */
  readonly databaseUrl: string;
  readonly keys: PeopleKeys;
  readonly guardKeys: GuardKeys;
}

if (parentPort !== null) {
  const { databaseUrl, keys, guardKeys } = workerData as MatchingThreadData;
  serveChunks(parentPort, { lookup: createRowLookup(openChunkPool(databaseUrl)), keys, guardKeys });
}
