/** Where storms take place: two gateways on one database, and whoever hears of each acknowledgement. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadKeyRing } from '../../../gateway/sealing/key-ring.ts';
import type { Database } from '../../../gateway/storage/pool.ts';
import type { GatewayProcess, TestGateway } from '../gateway.ts';
import { listenToAcknowledgements } from './acknowledgements.ts';
import { createLogJudge, type LogFindings } from './judge-log.ts';
import { createLogReader, type LogEvent } from './log-events.ts';
import { isGone } from './storm-freeze.ts';
import type { ConsentUse } from './storm-people.ts';

export interface StormWorld {
  readonly gateway: TestGateway;
  readonly use: ConsentUse;
  /** The gateways that serve now. */
  processes(): readonly [GatewayProcess, GatewayProcess];
  /** Who is told from now on, by personal ID. */
  onAcknowledged(told: (personalId: string) => void): void;
  /** What the log has since the last look, and what is to be said of all that it has. */
  lookAtLog(): Promise<{ readonly events: readonly LogEvent[]; readonly found: LogFindings }>;
  /** From its beginning, as this connection sees it. */
  readWholeLog(db: Database): Promise<readonly LogEvent[]>;
  /** Starts again what was ended. */
  revive(): Promise<void>;
  close(): Promise<void>;
}

/** `gateway` is stopped with it. */
export async function openStormWorld(gateway: TestGateway): Promise<StormWorld> {
  const use = { recipient: 'bank-demo', purpose: 'customer-record' };
  const keys = loadKeyRing(JSON.parse(readFileSync(join(gateway.folder, 'gateway', 'storage-keys.json'), 'utf8')));
  const [read, judge] = [createLogReader(keys, use.purpose), createLogJudge()];
  let other = await gateway.another();
  let listener: (personalId: string) => void = () => undefined;
  const listening = await listenToAcknowledgements(gateway.database, (personalId) => listener(personalId));
  return {
    ...{ gateway, use },
    processes: () => [gateway.process, other],
    onAcknowledged(told) {
      listener = told;
    },
    async lookAtLog() {
      const events = await read(gateway.database.pool);
      return { events, found: judge(events) };
    },
    readWholeLog: (db) => createLogReader(keys, use.purpose)(db),
    async revive() {
      if (isGone(gateway.process)) await gateway.restart();
      if (isGone(other)) other = await gateway.another();
    },
    async close() {
      await listening.stop();
      await gateway.stop();
    },
  };
}
