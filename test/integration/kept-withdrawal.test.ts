/** Whoever was told that a withdrawal is carried out finds it noticed when the log is set back to before it. */
import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { parseCheckpoint } from '../../gateway/proof/checkpoint.ts';
import { MatterKind, MatterState } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { crowdPerson } from '../support/gateway-people.ts';
import { type ActingCitizen, type Citizens, createCitizens } from '../support/gateway-persons.ts';

const USE = { recipients: ['bank-demo'], purposes: ['customer-record'] };

let gateway: TestGateway;
let citizens: Citizens;
let spare: TestDatabase | undefined;
beforeAll(async () => {
  gateway = await startTestGateway({ people: [], crowd: 10, config: { limits: { ioThreads: 2, matchingThreads: 1 } } });
  citizens = createCitizens(gateway);
});
afterAll(async () => {
  await gateway?.stop();
  await spare?.drop();
});

const kept = () => join(gateway.folder, 'gateway', 'heads');
const keptSize = () => parseCheckpoint(readFileSync(kept(), 'utf8')).head.size;

async function giver(n: number): Promise<ActingCitizen> {
  const person = await citizens.person(String(crowdPerson(n).id));
  expect((await citizens.grant({ ...USE, fieldIds: [1, 2, 3] }, person)).code).toBe(0);
  return person;
}
const withdraw = async (person: ActingCitizen) =>
  (await citizens.call('withdrawConsent', { recipient: 'bank-demo', purpose: 'customer-record' }, person)).receipt;

async function positionOf(entryId: Uint8Array | undefined): Promise<number> {
  const { rows } = await gateway.database.pool.query<{ idx: number }>(
    'SELECT idx::float8 AS idx FROM log_index WHERE entry_id = $1',
    [Buffer.from(entryId ?? [])],
  );
  return rows[0]?.idx ?? Number.NaN;
}

test('the head kept covers a withdrawal when its acknowledgement is told', async () => {
  // One that was kept in time by chance proves nothing.
  for (const n of [0, 1, 2, 3, 4]) {
    const receipt = await withdraw(await giver(n));
    const size = keptSize();
    expect(receipt?.state).toBe(MatterState.ACKNOWLEDGED);
    expect(size).toBeGreaterThan(await positionOf(receipt?.entryId));
  }
});

test('while no head can be kept none is acknowledged; afterwards it is', async () => {
  const person = await giver(5);
  const complaints = () => gateway.logged().filter((line) => line.includes('"task":"withdrawals"')).length;
  const before = complaints();
  rmSync(kept());
  mkdirSync(kept());
  const withdrawing = withdraw(person);
  // By whoever says that nothing is on its way any more, and by whoever would acknowledge; not at each of their tries.
  while (complaints() < before + 2) await sleep(20);
  await sleep(1_500);
  expect(complaints()).toBe(before + 2);
  const { rows } = await gateway.database.pool.query('SELECT 1 FROM consent_pending');
  expect(rows).toHaveLength(1);
  rmdirSync(kept());
  const receipt = await withdrawing;
  expect(receipt?.state).toBe(MatterState.ACKNOWLEDGED);
  expect(keptSize()).toBeGreaterThan(await positionOf(receipt?.entryId));
});

test('the head kept covers a request when it is answered; while none can be kept it is not told, and asked once more it is', async () => {
  const person = await citizens.person(String(crowdPerson(7).id));
  const claim = () => citizens.attempt('claimRight', { kind: MatterKind.DELETION, fields: { paths: [] } }, person);
  // Each another request: the same again is told by the receipt of the first.
  for (const path of ['full_name', 'date_of_birth', 'sex', 'ethnicity', 'religion']) {
    const asked = { kind: MatterKind.CORRECTION, fields: { paths: [path] } };
    const { receipt } = await citizens.call('claimRight', asked, person);
    expect(keptSize()).toBeGreaterThan(await positionOf(receipt?.entryId));
  }
  rmSync(kept());
  mkdirSync(kept());
  expect((await claim()).reason).toBe('STORAGE_UNAVAILABLE');
  // By now it is recorded: whoever asks again is told no sooner.
  expect((await claim()).reason).toBe('STORAGE_UNAVAILABLE');
  rmdirSync(kept());
  expect((await claim()).code).toBe(0);
});

test('a backup of before the withdrawal is seen to be older, however soon after it the gateway was lost', async () => {
  const operate = (...args: string[]) => runCaptured([...args, '--config', gateway.deployment.configPath]);
  const person = await giver(6);
  const out = join(gateway.folder, 'before');
  expect((await operate('backup', '--out', out)).code).toBe(0);
  expect((await withdraw(person))?.state).toBe(MatterState.ACKNOWLEDGED);
  await gateway.process.stop('SIGKILL');
  spare = await createTestDatabase({ empty: true });
  writeFileSync(join(gateway.folder, 'gateway', 'database-url'), `${spare.url}\n`, { mode: 0o600 });
  expect(await operate('restore', out, '--verify')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('is not the continuation of the head kept'),
  });
});
