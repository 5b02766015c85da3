/** A gateway and its commands whose database is on the same machine, reached by the folder of its socket and by no port. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { createPool } from '../../gateway/storage/pool.ts';
import { Verdict, VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { createOwnCluster } from '../support/database.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };

describe.skipIf(process.platform === 'win32')('a database that is reached by its socket', () => {
  let sockets: string;
  let gateway: TestGateway;
  beforeAll(async () => {
    sockets = mkdtempSync(join(tmpdir(), 'lienthong-sockets-'));
    // The server runs as a user of its own where the tests run as root.
    chmodSync(sockets, 0o777);
    const cluster = await createOwnCluster({ settings: { unix_socket_directories: sockets } });
    const url = cluster.url.replace('@127.0.0.1:', `@${encodeURIComponent(sockets)}:`);
    const pool = createPool({ url, max: 5, applicationName: 'test' });
    gateway = await startTestGateway({
      database: {
        url,
        pool,
        drop: async () => {
          await pool.end();
          await cluster.drop();
        },
      },
    });
  });
  afterAll(async () => {
    await gateway?.stop();
    rmSync(sockets, { recursive: true, force: true });
  });

  it('serves calls, and no connection of the gateway comes by the network', async () => {
    const client = await gateway.client('viettel');
    const { message } = await client.unary(VerificationService.method.verifyPerson, AN);
    expect(message.verdict).toBe(Verdict.VERIFIED);
    const { rows } = await gateway.database.pool.query<{ here: boolean; count: number }>(
      `SELECT client_addr IS NULL AS here, count(*) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'lienthong%' GROUP BY 1`,
    );
    expect(rows).toEqual([{ here: true, count: expect.any(Number) }]);
  });

  it('is read by commands, whose log it is', async () => {
    const { code, stdout } = await runCaptured([
      'audit',
      'verify',
      '--config',
      gateway.deployment.configPath,
      '--json',
    ]);
    expect(code, stdout).toBe(0);
  });
});
