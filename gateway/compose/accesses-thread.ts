/** The thread that keeps the index of accesses behind the log, wired: in none that serves, because it works in bursts. */
import { parentPort, workerData } from 'node:worker_threads';
import { startIndexer } from '../accesses/indexer.ts';
import { faultFields } from '../rpc/log.ts';
import type { AccessesThreadData } from './open-accesses.ts';
import { openIndexPool } from './open-database.ts';

if (parentPort !== null) {
  const port = parentPort;
  const { databaseUrl, evidence } = workerData as AccessesThreadData;
  startIndexer({
    pool: openIndexPool(databaseUrl),
    evidence,
    onFault: (error) => port.postMessage(faultFields(error)),
  });
}
