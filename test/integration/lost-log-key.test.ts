/** A deployment brought back after the key of its log was lost: by a key added to the set that knows the lost one. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };

let gateway: TestGateway;
let database: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'lienthong-lost-key-'));
beforeAll(async () => {
  [gateway, database] = await Promise.all([startTestGateway({ crowd: 5 }), createTestDatabase({ empty: true })]);
});
afterAll(async () => {
  await gateway?.stop();
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

const own = (name: string) => join(gateway.folder, 'gateway', name);
const operate = (...args: string[]) => runCaptured([...args, '--config', gateway.deployment.configPath]);
const keys = (...args: string[]) => runCaptured(['gateway-keys', ...args, '--root', own('key-set-root.jwk.json')]);
const call = async () => {
  const caller = gateway.raw('viettel');
  return caller.attempt(VerificationService.method.verifyPerson, AN).finally(() => caller.close());
};

test('a key added to the old set brings the backup back and is served, and a new set never does', async () => {
  const out = join(folder, 'backup');
  const [set, log] = [own('key-set.json'), own('log-key.pem')];
  expect((await call()).code).toBe(0);
  await gateway.process.stop();
  expect((await operate('backup', '--out', out)).code).toBe(0);
  writeFileSync(own('database-url'), `${database.url}\n`, { mode: 0o600 });
  rmSync(log);
  expect(await operate('restore', out)).toMatchObject({ code: 2, stderr: expect.stringContaining('log.key') });

  // A fresh set knows nothing of what was signed before.
  renameSync(set, `${set}.before`);
  const files = ['--signing', own('signing.jwk.json'), '--log', log, '--out', set];
  expect((await keys('create', '--deployment', gateway.deployment.id, ...files)).stderr).toBe('');
  const refused = await operate('restore', out, '--verify');
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('gateway-keys replace') });

  renameSync(`${set}.before`, set);
  rmSync(log);
  const replaced = await keys('replace', '--log', log, '--key-set', set);
  expect([replaced.stderr, replaced.code]).toEqual(['', 0]);
  // The backup and the head kept are both signed with the lost key.
  const restored = await operate('restore', out, '--verify');
  expect(restored).toMatchObject({ code: 0, stdout: expect.stringContaining('It continues the head kept') });
  const restoredAt = Math.floor(Date.now() / 1000);
  await gateway.restart();
  // What was signed in the second of a restore may have been used before it, and is refused.
  while (Math.floor(Date.now() / 1000) === restoredAt) await sleep(50);
  expect((await call()).code).toBe(0);
  expect((await operate('audit', 'verify')).code).toBe(0);
});
