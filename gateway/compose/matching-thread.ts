/** A thread that works on chunks, wired: its own connections to the database, and the two keys that leaves need. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { GuardKeys } from '../exchange/guard-units.ts';
import type { PeopleKeys } from '../exchange/seal-people.ts';
import { serveChunks } from '../jobs/threads/serve-chunks.ts';
import { createRowLookup } from '../register/lookup.ts';
import { yieldToCalls } from '../threads/yield-to-calls.ts';
import { openChunkPool } from './open-database.ts';

export interface MatchingThreadData {
  /** Holds a password: never to be printed. */
  readonly databaseUrl: string;
  readonly keys: PeopleKeys;
  readonly guardKeys: GuardKeys;
}

/** Below the thread that answers single calls, where both want the same core. */
const NICENESS = 7;

if (parentPort !== null) {
  yieldToCalls(NICENESS);
  const { databaseUrl, keys, guardKeys } = workerData as MatchingThreadData;
  const lookup = createRowLookup(openChunkPool(databaseUrl));
  parentPort.on('message', ({ port }: { port: MessagePort }) => serveChunks(port, { lookup, keys, guardKeys }));
}
