/** A job whose rows miss too often: it stands still until two officers have agreed, whatever is written into the database. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { releaseJob } from '../../gateway/agreements/release.ts';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { loadSigningKey } from '../../gateway/signing/key-store.ts';
import { createSigner } from '../../gateway/signing/sign.ts';
import { JobState } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { crowd, jobOf } from '../support/gateway-jobs.ts';
import { chunkPayload, openTestStream, startJob } from '../support/gateway-stream.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 1200 });
});
afterAll(() => gateway?.stop());

const strangers = (from: number, count: number) =>
  crowd(from, count).map((row, n) => ({ ...row, id: String(999_100_000_000 + from + n) }));

test('goes on with the second officer, and is judged anew from there', async () => {
  const viettel = gateway.raw('viettel');
  const job = await startJob(viettel, 512);
  const { jobId } = job;
  const stream = openTestStream(viettel, job);
  await stream.open();
  for (let num = 0; num < 2; num++) {
    stream.chunk(num, chunkPayload(num, [...crowd(num * 512, 256), ...strangers(num * 512 + 256, 256)]));
    await stream.answer();
  }
  expect((await jobOf(viettel, jobId))?.state).toBe(JobState.PAUSED);
  const next = chunkPayload(2, crowd(0, 512));
  const attempt = async (num: number, payload: Uint8Array) => {
    const again = openTestStream(viettel, job);
    await again.open();
    again.chunk(num, payload);
    const message = await again.next();
    again.cancel();
    return message?.kind.case ?? (await again.ended).reason;
  };
  // Whoever writes the state into the table opens nothing.
  await gateway.database.pool.query('UPDATE job SET state = 1 WHERE job_id = $1', [Buffer.from(jobId, 'hex')]);
  expect(await attempt(2, next)).toBe('JOB_STATE');
  await gateway.database.pool.query(
    "INSERT INTO job_release (job_id, judged, body, signatures) VALUES ($1, 1, '{}', ARRAY['x.y.z'])",
    [Buffer.from(jobId, 'hex')],
  );
  expect(await attempt(2, next)).toBe('JOB_STATE');
  await gateway.database.pool.query('UPDATE job SET state = 2 WHERE job_id = $1', [Buffer.from(jobId, 'hex')]);

  const command = (officer: string, key = officer) => [
    ...['release', jobId, '--officer', officer, '--config', gateway.deployment.configPath],
    ...['--key', join(gateway.folder, 'gateway', 'officers', `${key}.jwk.json`)],
  ];
  const release = (officer: string, key = officer) => runCaptured([...command(officer, key), '--json', '--yes']);
  // Nobody signs what they were not shown.
  const unasked = await runCaptured(command('dev-officer-1'));
  expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining('--yes')]);
  const refused = await runCaptured(command('dev-officer-1'), { input: 'n\n', asked: true });
  expect([refused.code, refused.stdout]).toEqual([130, expect.stringContaining('Nothing was signed')]);
  expect(refused.stdout).toMatch(/agency +│ viettel/);
  expect(refused.stdout).toMatch(/rows judged +│ 1,024/);
  expect(refused.stdout).toMatch(/did not match +│ 512 \(50\.0 %\)/);
  expect(refused.stdout).toMatch(/agreed so far +│ nobody/);
  // What an officer was shown a moment ago and has changed since is not what they sign.
  const key = join(gateway.folder, 'gateway', 'officers', 'dev-officer-1.jwk.json');
  const { key: signingKey, kid } = loadSigningKey(JSON.parse(readFileSync(key, 'utf8')));
  const changed = releaseJob({
    ...{ pool: gateway.database.pool, trust: { deployment: viettel.identity.deployment, pinned: undefined } },
    ...{ jobId: Buffer.from(jobId, 'hex'), officer: 'dev-officer-1', seen: { judged: 1024, misses: 511 } },
    ...{ signer: createSigner({ key: signingKey, kid, issuer: 'gateway' }), now: Math.floor(Date.now() / 1000) },
  });
  await expect(changed).rejects.toMatchObject({ problem: 'JOB_CHANGED' });
  const first = await release('dev-officer-1');
  expect(JSON.parse(first.stdout)).toMatchObject({ released: false, officers: ['dev-officer-1'] });
  expect((await release('dev-officer-1')).code).toBe(4);
  // After 72 hours its answers are deleted: a chunk of it that is asked for again could not be answered.
  const usedAt = (time: string) =>
    gateway.database.pool.query(`UPDATE job SET active_at = ${time} WHERE job_id = $1`, [Buffer.from(jobId, 'hex')]);
  await usedAt("now() - interval '73 hours'");
  const late = await release('dev-officer-2');
  expect([late.code, late.stderr]).toEqual([4, expect.stringContaining('72 hours')]);
  await usedAt('now()');
  // The first one's key does not make a second officer.
  expect((await release('dev-officer-2', 'dev-officer-1')).code).toBe(4);
  expect((await jobOf(viettel, jobId))?.state).toBe(JobState.PAUSED);
  expect(JSON.parse((await release('dev-officer-2')).stdout)).toMatchObject({ released: true });
  expect(await attempt(2, next)).toBe('answer');
  expect((await jobOf(viettel, jobId))?.state).toBe(JobState.OPEN);
  expect((await release('dev-officer-1')).code).toBe(4);
  // As many rows again as it takes to be judged, and it stands still once more.
  expect(await attempt(3, chunkPayload(3, strangers(5_000, 512)))).toBe('answer');
  expect((await jobOf(viettel, jobId))?.state).toBe(JobState.PAUSED);
});

test('a file cut up into jobs too small to be judged stands still as well, on the same day and for that legal entity alone, until officers have agreed', async () => {
  const vinaphone = gateway.raw('vinaphone');
  const rows = (n: number) => strangers(20_000 + n * 990, 990);
  const send = async (n: number, caller = vinaphone) => {
    const job = await startJob(caller, 1024);
    const stream = openTestStream(caller, job);
    await stream.open();
    stream.chunk(0, chunkPayload(0, rows(n)));
    const message = await stream.next();
    stream.cancel();
    return { job, got: message?.kind.case ?? (await stream.ended).reason };
  };
  const findings = async () => {
    const { stdout } = await runCaptured(['status', '--json', '--config', gateway.deployment.configPath]);
    return (JSON.parse(stdout) as { findings: { finding: string; count: number }[] }).findings;
  };
  // Open before: it has none of its rows yet.
  const early = await startJob(vinaphone, 1024);
  const answered = [];
  for (let n = 0; n < 7; n++) answered.push((await send(n)).got);
  expect(answered).toEqual(Array(7).fill('answer'));
  const { job, got } = await send(7);
  expect(got).toBe('JOB_STATE');
  expect((await jobOf(vinaphone, job.jobId))?.state).toBe(JobState.PAUSED);
  expect((await findings()).find(({ finding }) => finding === 'MISSES_OF_DAY')?.count).toBe(1);
  const attempt = async (of: typeof job, num: number, payload: Uint8Array) => {
    const stream = openTestStream(vinaphone, of);
    await stream.open();
    stream.chunk(num, payload);
    const message = await stream.next();
    stream.cancel();
    return message?.kind.case ?? (await stream.ended).reason;
  };
  expect(await attempt(early, 0, chunkPayload(0, crowd(0, 200)))).toBe('JOB_STATE');
  expect((await send(8, gateway.raw('mobifone'))).got).toBe('answer');

  // Whoever writes the state into the table opens nothing.
  await gateway.database.pool.query('UPDATE job SET state = 1 WHERE job_id = $1', [Buffer.from(job.jobId, 'hex')]);
  expect(await attempt(job, 0, chunkPayload(0, rows(7)))).toBe('JOB_STATE');
  for (const officer of ['dev-officer-1', 'dev-officer-2']) {
    const released = await runCaptured([
      ...['release', job.jobId, '--yes', '--json', '--officer', officer, '--config', gateway.deployment.configPath],
      ...['--key', join(gateway.folder, 'gateway', 'officers', `${officer}.jwk.json`)],
    ]);
    expect(released.code).toBe(0);
  }
  expect(await attempt(job, 0, chunkPayload(0, crowd(0, 1024)))).toBe('answer');
  expect(await attempt(job, 1, chunkPayload(1, crowd(0, 1024)))).toBe('answer');
});

test('a bad file or a day of usual misses stops nobody else of the legal entity', async () => {
  const mobifone = gateway.raw('mobifone');
  const run = async (rows: ReturnType<typeof strangers>) => {
    const job = await startJob(mobifone, 8192);
    const stream = openTestStream(mobifone, job);
    await stream.open();
    stream.chunk(0, chunkPayload(0, rows));
    const message = await stream.next();
    stream.cancel();
    return message?.kind.case ?? (await stream.ended).reason;
  };
  for (let n = 0; n < 4; n++) expect(await run(strangers(60_000 + n * 8_192, 8_192))).toBe('answer');
  for (let n = 0; n < 8; n++) {
    const usual = [...crowd(0, 1_100), ...strangers(100_000 + n * 100, 100)];
    expect(await run(usual)).toBe('answer');
  }
});
