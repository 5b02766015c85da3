/** What agencies may use up: calls a minute, rows and people a day, across calls, jobs, gateways and retries. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { ServerService } from '../../proto/gen/lienthong/server/v1/server_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { agreementOf, replaceAgreement } from '../support/gateway-agreements.ts';
import { callOpen, type RawCaller, requestBytes } from '../support/gateway-calls.ts';
import { attach, crowd } from '../support/gateway-jobs.ts';
import { crowdPerson, printDate } from '../support/gateway-people.ts';
import { chunkPayload } from '../support/gateway-stream.ts';

const { verifyPerson } = VerificationService.method;
const { getPerson } = PersonService.method;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway?.stop());

const asked = (n: number) => {
  const { id, name, born } = crowdPerson(n);
  return { idNumber: String(id), fullName: name, dateOfBirth: printDate(born) };
};

const versions = new Map<string, number>();
/** A further version of the agency's agreement with these limits, once it is in force. */
async function limit(
  caller: RawCaller,
  limits: Partial<Awaited<ReturnType<typeof agreementOf>>['limits']>,
): Promise<void> {
  const agreement = await agreementOf(caller.identity.agency);
  const step = (versions.get(agreement.agency) ?? 0) + 1;
  versions.set(agreement.agency, step);
  await replaceAgreement(gateway, { ...agreement, limits: { ...agreement.limits, ...limits } }, step);
  await expect
    .poll(
      async () => (await callOpen(caller, ServerService.method.getServerInfo, {})).message?.agreements[0]?.version,
      { timeout: 5000 },
    )
    .toBe(agreement.version + step);
  // The directory catches up a moment later; until then an answer is refused as decided under the version before.
  await sleep(1000);
}

describe('rows a day', () => {
  test('are counted over calls, jobs and two gateways; the rest is refused whole and says when to come back, and what is sent again costs nothing', async () => {
    const viettel = gateway.raw('viettel');
    await limit(viettel, { rows_per_day: 20 });
    const bytes = requestBytes(viettel.identity, verifyPerson.input, asked(1));
    const { quotas, resets } = await viettel.sign(verifyPerson, bytes);
    expect(quotas).toMatchObject({ DAY_ROWS: 19 });
    // Midnight in Viet Nam, and a whole minute.
    expect((resets.DAY_ROWS ?? 0) % 86_400).toBe(17 * 3_600);
    expect((resets.RATE ?? 1) % 60).toBe(0);
    expect((await viettel.sign(verifyPerson, bytes)).code).toBe(0);
    const other = await gateway.another();
    const elsewhere = gateway.raw('viettel', { port: other.port });
    expect((await elsewhere.call(verifyPerson, asked(2))).outcome.quotas).toMatchObject({ DAY_ROWS: 18 });

    const { job, stream } = await attach(viettel);
    const payload = chunkPayload(1, crowd(10, 16));
    stream.chunk(1, payload);
    expect((await stream.answer()).rows).toBe(16);
    stream.chunk(1, payload);
    expect((await stream.answer()).redelivery).toBe(true);
    stream.chunk(0, chunkPayload(0, crowd(30, 256)));
    const end = await stream.ended;
    expect(end.reason).toBe('LIMITED');
    expect(end.refusal?.limits).toEqual(['DAY_ROWS']);
    expect(end.refusal?.retryAfterMs).toBeGreaterThan(1000);
    // Nothing of the refused chunk was counted: two rows are left, and neither gateway gives a third.
    const results = await Promise.all(
      [3, 4, 5, 6].map((n) => (n % 2 ? viettel : elsewhere).attempt(verifyPerson, asked(n))),
    );
    expect(results.map(({ reason }) => reason).sort()).toEqual(['LIMITED', 'LIMITED', undefined, undefined]);
    const { message } = await viettel.call(VerificationService.method.getJob, { jobId: job.jobId });
    expect(Number(message.job?.rows)).toBe(16);
    await other.stop();
  }, 90_000);
});

describe('different people a day', () => {
  test('are counted once each, however often they are asked about', async () => {
    const moh = gateway.raw('moh');
    await limit(moh, { subjects_per_day: 3 });
    const read = (n: number) =>
      moh.attempt(getPerson, { personalId: String(crowdPerson(n).id), readMask: { paths: ['full_name'] } });
    const codes: (string | undefined)[] = [];
    for (const n of [1, 2, 1, 2, 3, 1, 4, 3]) codes.push((await read(n)).reason);
    expect(codes).toEqual([undefined, undefined, undefined, undefined, undefined, undefined, 'LIMITED', undefined]);
    expect((await read(4)).refusal?.limits).toEqual(['DISTINCT_SUBJECTS']);
  });
});

describe('whoever is not found', () => {
  test('is a row and one of the people of the day: once they are used up, nobody learns who exists', async () => {
    const moh = gateway.raw('moh');
    const reasonOf = async (id: number) =>
      (await moh.attempt(getPerson, { personalId: String(id), readMask: { paths: ['full_name'] } })).reason;
    const nobody = (n: number) => 998_000_000_000 + n;
    await limit(moh, { rows_per_day: 3, subjects_per_day: 1_000 });
    await gateway.database.pool.query("DELETE FROM limit_counter WHERE party = 'moh'");
    for (const n of [1, 2]) expect(await reasonOf(nobody(n))).toBe('PERSON_NOT_FOUND');
    expect(await reasonOf(crowdPerson(11).id)).toBeUndefined();
    for (const n of [3, 4]) expect(await reasonOf(nobody(n))).toBe('LIMITED');
    expect(await reasonOf(crowdPerson(12).id)).toBe('LIMITED');

    await limit(moh, { rows_per_day: 1_000, subjects_per_day: 3 });
    await gateway.database.pool.query("DELETE FROM limit_counter WHERE party = 'moh'");
    for (const n of [5, 6, 6, 5]) expect(await reasonOf(nobody(n))).toBe('PERSON_NOT_FOUND');
    expect(await reasonOf(crowdPerson(13).id)).toBeUndefined();
    for (const id of [nobody(7), crowdPerson(14).id]) expect(await reasonOf(id)).toBe('LIMITED');
    // Who was asked about today is none more, whether there is such a person or not.
    expect(await reasonOf(nobody(5))).toBe('PERSON_NOT_FOUND');
    expect(await reasonOf(crowdPerson(13).id)).toBeUndefined();
  });

  test('is a call beyond the rate like all others', async () => {
    const moh = gateway.raw('moh');
    await limit(moh, { rows_per_day: 1_000, subjects_per_day: 1_000, calls_per_minute: 1 });
    const statements = `INSERT INTO limit_counter SELECT 'moh', purpose, 1, date_trunc('minute', clock_timestamp()) + interval '1 minute', 1
      FROM limit_counter WHERE party = 'moh' AND kind = 2
      ON CONFLICT (party, purpose, kind) DO UPDATE SET used = 1, window_start = excluded.window_start`;
    await gateway.database.pool.query(statements);
    const { reason, refusal } = await moh.attempt(getPerson, {
      ...{ personalId: '998000000099', readMask: { paths: ['full_name'] } },
    });
    expect([reason, refusal?.limits]).toEqual(['LIMITED', ['RATE']]);
  });
});

describe('calls a minute', () => {
  test('are refused beyond the rate; a job can still end', async () => {
    const vinaphone = gateway.raw('vinaphone');
    const { job, stream } = await attach(vinaphone);
    stream.cancel();
    await limit(vinaphone, { calls_per_minute: 6 });
    // All of it within one minute of the database's clock.
    const { rows } = await gateway.database.pool.query<{ left: number }>(
      'SELECT 60 - extract(second FROM clock_timestamp())::float8 AS left',
    );
    if ((rows[0]?.left ?? 0) < 10)
      await new Promise((resolve) => setTimeout(resolve, ((rows[0]?.left ?? 0) + 0.1) * 1000));
    const { rows: counters } = await gateway.database.pool.query<{ used: number }>(
      `SELECT used::float8 AS used FROM limit_counter
       WHERE party = 'vinaphone' AND kind = 1 AND window_start = date_trunc('minute', clock_timestamp())`,
    );
    const left = 6 - (counters[0]?.used ?? 0);
    const reasons: (string | undefined)[] = [];
    for (let n = 0; n < 9; n++) reasons.push((await vinaphone.attempt(verifyPerson, asked(n))).reason);
    expect(left).toBeGreaterThan(1);
    expect(reasons).toEqual(Array.from({ length: 9 }, (_, n) => (n < left ? undefined : 'LIMITED')));
    const refused = await vinaphone.attempt(verifyPerson, asked(1));
    expect(refused.refusal?.limits).toEqual(['RATE']);
    expect(refused.refusal?.retryAfterMs).toBeLessThanOrEqual(60_000);
    expect((await vinaphone.attempt(VerificationService.method.cancelJob, { jobId: job.jobId })).code).toBe(0);
  });

  test('are what is asked again and what begins as well: only what ends something goes beyond, and not for ever', async () => {
    const mobifone = gateway.raw('mobifone');
    const { pool } = gateway.database;
    const { job, stream } = await attach(mobifone);
    stream.cancel();
    await limit(mobifone, { calls_per_minute: 6 });
    const used = (calls: number) =>
      pool.query(
        "UPDATE limit_counter SET used = $1, window_start = date_trunc('minute', clock_timestamp()) WHERE party = 'mobifone' AND kind = 1",
        [calls],
      );
    const { rows } = await pool.query<{ left: number }>(
      'SELECT 60 - extract(second FROM clock_timestamp())::float8 AS left',
    );
    if ((rows[0]?.left ?? 0) < 15) await sleep(((rows[0]?.left ?? 0) + 0.1) * 1000);
    const days = async () =>
      (await pool.query("SELECT kind, used FROM limit_counter WHERE party = 'mobifone' AND kind <> 1 ORDER BY kind"))
        .rows;

    await used(0);
    const bytes = requestBytes(mobifone.identity, verifyPerson.input, asked(20));
    const again = async () => (await mobifone.sign(verifyPerson, bytes)).reason;
    expect(await again()).toBeUndefined();
    const before = await days();
    const answers: (string | undefined)[] = [];
    for (let n = 0; n < 7; n++) answers.push(await again());
    expect(answers).toEqual([...Array<undefined>(5).fill(undefined), 'LIMITED', 'LIMITED']);
    expect(await days()).toEqual(before);

    const { startJob, cancelJob } = VerificationService.method;
    const opening = { chunkRows: 256, columns: ['id_number'], fileDigest: Buffer.alloc(32, 3) };
    expect((await mobifone.attempt(startJob, opening)).refusal?.limits).toEqual(['RATE']);
    const large = { ...opening, columns: Array.from({ length: 64 }, () => 'ộ'.repeat(100)) };
    expect((await mobifone.attempt(startJob, large)).refusal?.violations).toMatchObject([{ field: 'message' }]);
    await used(1_006);
    expect((await mobifone.attempt(cancelJob, { jobId: job.jobId })).reason).toBeUndefined();
    expect((await mobifone.attempt(cancelJob, { jobId: job.jobId })).refusal?.limits).toEqual(['RATE']);
  }, 120_000);
});

test('quota show tells an agency what it has used and what is left', async () => {
  const profile = gateway.deployment.profiles.viettel ?? '';
  const machine = await runCaptured(['quota', 'show', '--json', '--profile', profile]);
  expect(machine.code).toBe(0);
  const [shown] = JSON.parse(machine.stdout) as { quotas: { limit: string; most: string; used: string }[] }[];
  expect(shown?.quotas.find(({ limit }) => limit === 'DAY_ROWS')).toMatchObject({ most: '20', used: '20' });
  const people = await runCaptured(['quota', 'show', '--profile', profile]);
  expect(people.stdout).toContain('20 (100.0 %)');
  const fresh = ['--profile', gateway.deployment.profiles.bhxh ?? ''];
  const [unused] = JSON.parse((await runCaptured(['quota', 'show', '--json', ...fresh])).stdout) as (typeof shown)[];
  expect(unused?.quotas.map(({ used }) => used)).toEqual(unused?.quotas.map(() => '0'));
});

test('quota show says so where what is left cannot be read, and tells the rest', async () => {
  const profile = gateway.deployment.profiles.viettel ?? '';
  const { pool } = gateway.database;
  await pool.query('ALTER TABLE limit_counter RENAME TO limit_counter_away');
  try {
    const show = () => runCaptured(['quota', 'show', '--json', '--profile', profile]);
    // What was read is kept for a second.
    await expect.poll(async () => (await show()).code, { timeout: 10_000 }).toBe(5);
    expect(JSON.parse((await show()).stdout)).toMatchObject([
      { quotas: [], quotas_unknown: true, wrong_values_per_field: 5 },
    ]);
    const people = await runCaptured(['quota', 'show', '--profile', profile, '--lang', 'vi']);
    expect(people.stdout).toContain('Hiện chưa đọc được hạn mức còn lại');
    expect(people.stdout).not.toContain('│');
  } finally {
    await pool.query('ALTER TABLE limit_counter_away RENAME TO limit_counter');
  }
});
