/** The head kept follows what others record: an operator's command, another gateway. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { parseCheckpoint } from '../../gateway/proof/checkpoint.ts';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const { verifyPerson } = VerificationService.method;
const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };

let gateway: TestGateway;
let spare: TestDatabase | undefined;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 0 });
});
afterAll(async () => {
  await gateway?.stop();
  await spare?.drop();
});

const place = (name: string) => join(gateway.folder, 'gateway', name);
const keptSize = (name: string) => parseCheckpoint(readFileSync(place(name), 'utf8')).head.size;
const operate = (...args: string[]) => runCaptured([...args, '--config', gateway.deployment.configPath]);
async function entries(): Promise<number> {
  const { rows } = await gateway.database.pool.query<{ size: number }>('SELECT size::float8 AS size FROM log_head');
  return rows[0]?.size ?? Number.NaN;
}
async function ask(): Promise<void> {
  const caller = gateway.raw('viettel');
  expect((await caller.attempt(verifyPerson, AN).finally(() => caller.close())).code).toBe(0);
}

test('a gateway that records nothing keeps what another one recorded, and an older backup is not served with its head', async () => {
  const idle = await gateway.another();
  await ask();
  const out = join(gateway.folder, 'before');
  expect((await operate('backup', '--out', out)).code).toBe(0);
  await ask();
  await expect.poll(() => keptSize('heads-1'), { timeout: 10_000 }).toBe(await entries());
  await Promise.all([idle.stop('SIGKILL'), gateway.process.stop('SIGKILL')]);

  const url = readFileSync(place('database-url'), 'utf8');
  spare = await createTestDatabase({ empty: true });
  writeFileSync(place('database-url'), `${spare.url}\n`, { mode: 0o600 });
  const restored = await runCaptured(['restore', out, '--verify', '--config', place('config-1.json')]);
  expect(restored).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('is not the continuation of the head kept'),
  });
  writeFileSync(place('database-url'), url, { mode: 0o600 });
});

test('an erasure is covered when its command ends, though no gateway runs, and none is made in a log that was set back', async () => {
  const erase = () => operate('accesses', 'erase', AN.idNumber, '--case', 'A-1', '--settle', '0', '--yes');
  const before = await entries();
  expect((await erase()).code).toBe(0);
  expect([keptSize('heads'), await entries()]).toEqual([before + 1, before + 1]);
  // What is left of an older copy of the database.
  await gateway.database.pool.query('UPDATE log_head SET size = size - 1');
  expect(await erase()).toMatchObject({ code: 3, stderr: expect.stringContaining('not sound') });
  expect(await entries()).toBe(before);
});

test('what the operator accepts or finds sound is kept as it stands', async () => {
  await gateway.database.pool.query('UPDATE log_head SET size = size + 1');
  const all = readFileSync(place('heads'), 'utf8');
  writeFileSync(place('heads'), readFileSync(place('heads-1')));
  expect(keptSize('heads')).toBeLessThan(await entries());
  expect((await operate('audit', 'keep-head')).code).toBe(0);
  expect(parseCheckpoint(readFileSync(place('heads'), 'utf8')).head).toEqual(parseCheckpoint(all).head);
});
