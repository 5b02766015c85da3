/** Whoever was looked at with a key that was in other hands is told so, whenever that became known. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createStepper } from '../../../gateway/accesses/indexer.ts';
import { accessKeys } from '../../../gateway/accesses/keys.ts';
import { listAccesses } from '../../../gateway/accesses/list-accesses.ts';
import { runCaptured } from '../../../gateway/cli/testing/terminal.ts';
import { generateKeyRing, loadKeyRing } from '../../../gateway/sealing/key-ring.ts';
import { EntryKind } from '../../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { VerificationService } from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { openPeopleLog } from '../../support/people-log.ts';
import { addAgency } from '../audit/items.ts';

const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };

let gateway: TestGateway;
let database: TestDatabase;
beforeAll(async () => {
  [gateway, database] = await Promise.all([
    startTestGateway({ crowd: 0, config: { accesses: { index: true } } }),
    createTestDatabase({ max: 6 }),
  ]);
});
afterAll(async () => {
  await gateway?.stop();
  await database?.drop();
});

test('by the acts as they stand: from the moment on since which others may have had the key', async () => {
  const vinaphone = gateway.raw('vinaphone');
  const ask = async () => expect((await vinaphone.attempt(VerificationService.method.verifyPerson, AN)).code).toBe(0);
  await ask();
  const since = Math.floor(Date.now() / 1000) + 1;
  await expect.poll(() => Date.now() / 1000, { timeout: 5000 }).toBeGreaterThan(since);
  await ask();
  vinaphone.close();
  const list = async (...more: string[]) =>
    (await runCaptured(['accesses', 'list', AN.idNumber, '--data', gateway.folder, ...more])).stdout;
  type Listed = { accesses: { agency: string; unproven?: boolean }[] };
  const told = async () => {
    const { accesses } = JSON.parse(await list('--json')) as Listed;
    return accesses.filter(({ agency }) => agency === 'vinaphone').map(({ unproven = false }) => unproven);
  };
  const soon = { timeout: 10_000 };
  await vi.waitFor(async () => expect(await told()).toEqual([false, false]), soon);
  const officer = ['--profile', gateway.deployment.officers['dev-officer-1'] ?? ''];
  const from = ['--compromised-from', new Date(since * 1000).toISOString()];
  const { kid } = vinaphone.identity.signingKey;
  expect((await runCaptured(['key', 'bar', ...from, '--yes', ...officer, '--', kid])).code).toBe(0);
  // Newest first.
  await vi.waitFor(async () => expect(await told()).toEqual([true, false]), soon);
  expect((await list()).match(/not certain/g)).toHaveLength(1);
});

test('a line says it where one chunk of it, or an answer given again, was asked for with that key', async () => {
  const ring = loadKeyRing(generateKeyRing());
  await addAgency(database.pool);
  const log = await openPeopleLog(database.pool, ring);
  const [own, lost] = [randomBytes(32), randomBytes(32)];
  const jobId = randomBytes(16);
  const at = (seconds: number, signingKey: Buffer) => ({ timeMs: BigInt(seconds * 1000), signingKey });
  const who = [{ personNo: 5 }];
  const job = { kind: EntryKind.CHUNK, jobId };
  const [given] = await log.append(
    [at(100, own), who],
    [at(110, lost), who],
    [{ ...at(120, own), ...job }, who],
    [{ ...at(500, lost), ...job, chunkNum: 1 }, who],
  );
  await log.append([{ ...at(510, lost), kind: EntryKind.REDELIVERY, earlierEntryId: given as Buffer }, []]);
  await log.append([at(520, own), who]);
  log.close();
  await createStepper(database.pool, ring.evidence).step();
  const list = async (since: number) => {
    const counts = (kid: string, loggedAt: number) => kid !== lost.toString('base64url') || loggedAt < since;
    const asked = { personNos: [5], now: 1000, counts };
    const { lines } = await listAccesses(database.pool, accessKeys(ring.evidence), asked);
    return lines.map(({ firstMs, unproven }) => [firstMs / 1000, unproven]);
  };
  expect(await list(505)).toEqual([
    [520, false],
    [120, false],
    [110, false],
    [100, true],
  ]);
  expect(await list(110)).toEqual([
    [520, false],
    [120, true],
    [110, true],
    [100, true],
  ]);
});
