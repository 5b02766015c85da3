/** The thread that keeps the index of accesses behind the log, wired: in none that serves, because it works in bursts. */
import { parentPort, workerData } from 'node:worker_threads';
import { startIndexer } from '../accesses/indexer.ts';
import { faultFields } from '../rpc/log.ts';
import { yieldToCalls } from '../threads/yield-to-calls.ts';
import type { AccessesThreadData } from './open-accesses.ts';
import { openIndexPool } from './open-database.ts';

/** Weaker than whoever answers: the index may be seconds behind, and says how far. */
const NICENESS = 5;

if (parentPort !== null) {
  const port = parentPort;
  // Between two looks nothing else holds it: it would end, and be started again, all day long.
  port.ref();
  const { databaseUrl, evidence } = workerData as AccessesThreadData;
  yieldToCalls(NICENESS);
  startIndexer({
    pool: openIndexPool(databaseUrl),
    evidence,
    onFault: (error) => port.postMessage(faultFields(error)),
  });
}
