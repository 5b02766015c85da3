/** `job watch`, `job cancel`, `doctor`, `receipt prove` and `receipt check` against a whole gateway. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { createEnrolment } from '../../gateway/development/enrol.ts';
import { JobState } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import type { RawCaller } from '../support/gateway-calls.ts';
import { attach, crowd, jobOf, NOBODY } from '../support/gateway-jobs.ts';
import { crowdPerson, printDate } from '../support/gateway-people.ts';
import { chunkPayload, startJob } from '../support/gateway-stream.ts';

let gateway: TestGateway;
let viettel: RawCaller;
let folder: string;
let file: string;
let profile: string;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 2000 });
  viettel = gateway.raw('viettel');
  profile = gateway.deployment.profiles.viettel ?? '';
  folder = join(gateway.folder, 'files');
  mkdirSync(folder);
  file = join(folder, 'subscribers.csv');
  const rows = Array.from({ length: 300 }, (_, n) => {
    const { id, name, born } = crowdPerson(n);
    return `${n},09${String(n).padStart(8, '0')},${id},${name},${printDate(born)}`;
  });
  writeFileSync(file, `row_id,msisdn,id_number,full_name,date_of_birth\n${rows.join('\n')}\n`);
});
afterAll(() => gateway?.stop());

const job = (...args: string[]) => runCaptured(['job', ...args, '--profile', profile]);
const linesOf = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('job watch', () => {
  it('gives one line for each change and ends with 4 when the job is cancelled, with 0 when it is done', async () => {
    const { job: opened, stream } = await attach(viettel);
    const watching = job('watch', opened.jobId, '--json', '--every', '1', '--rows', '512');
    for (const num of [0, 1]) {
      stream.chunk(num, chunkPayload(num, crowd(num * 256, 256)));
      await stream.answer();
    }
    const cancelled = await job('cancel', opened.jobId, '--yes', '--json');
    expect([cancelled.code, JSON.parse(cancelled.stdout)]).toMatchObject([0, { state: 'JOB_STATE_CANCELLED' }]);
    const { code, stdout } = await watching;
    const changes = linesOf(stdout);
    expect(code).toBe(4);
    expect(changes.at(-1)).toMatchObject({ state: 'CANCELLED', over: true, rows: 512, chunks: 2, rows_expected: 512 });
    expect(changes.slice(0, -1).every(({ over }) => over === false)).toBe(true);

    const out = join(folder, 'results.csv');
    const verified = await runCaptured(['telco', 'verify', file, '--out', out, '--profile', profile, '--json']);
    const { jobId } = JSON.parse(verified.stdout) as { jobId: string };
    const done = await job('watch', jobId, '--file', file, '--lang', 'vi');
    expect([done.code, done.stderr]).toEqual([0, 'DONE  300 trong 300 dòng đã trả lời (100 %)\n']);
    expect(done.stdout).toContain('Hoàn tất: mọi dòng đã có câu trả lời');
    const live = await runCaptured(['job', 'watch', jobId, '--profile', profile], { asked: true });
    expect([live.code, live.stderr]).toEqual([0, '\r\u001b[KDONE  300 rows answered\n']);
  });

  it('ends with 4 where the job is paused, says why, and with 4 where there is no such job', async () => {
    const { job: opened, stream } = await attach(viettel);
    for (let num = 0; num < 5; num++) {
      stream.chunk(
        num,
        chunkPayload(
          num,
          Array.from({ length: 256 }, () => NOBODY),
        ),
      );
      if ((await stream.next()) === undefined) break;
    }
    const { code, stdout } = await job('watch', opened.jobId);
    expect([code, stdout]).toEqual([4, expect.stringContaining('Paused: more than 20 %')]);
    expect((await job('watch', 'f'.repeat(32))).code).toBe(4);
  });

  it('that is interrupted ends with 130 and leaves the job alone', async () => {
    const { job: opened } = await attach(viettel);
    const interruption = new AbortController();
    const args = ['job', 'watch', opened.jobId, '--profile', profile];
    const watching = runCaptured(args, { signal: interruption.signal });
    setTimeout(() => interruption.abort(), 500);
    expect((await watching).code).toBe(130);
    expect((await jobOf(viettel, opened.jobId))?.state).toBe(JobState.OPEN);
  });
});

describe('job cancel', () => {
  it('asks a person, and needs --yes where there is none', async () => {
    const { job: opened } = await attach(viettel);
    const stateOf = async () => (await jobOf(viettel, opened.jobId))?.state;
    const asked = (input: string) =>
      runCaptured(['job', 'cancel', opened.jobId, '--profile', profile], { input, asked: true });
    const unasked = await job('cancel', opened.jobId);
    expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining('--yes')]);
    const refused = await asked('n\n');
    expect([refused.code, refused.stderr]).toEqual([130, expect.stringContaining(`Cancel job ${opened.jobId} (OPEN`)]);
    expect(await stateOf()).toBe(JobState.OPEN);
    const { code, stdout } = await asked('y\n');
    expect([code, stdout]).toEqual([0, expect.stringContaining('Still valid: the answers to 0 rows')]);
    expect(await stateOf()).toBe(JobState.CANCELLED);
    // Nobody is asked about what cannot be done any more.
    const again = await asked('y\n');
    expect([again.code, again.stderr]).toEqual([4, expect.not.stringContaining('Cancel job')]);
  });
});

describe('jobs of a purpose that is not the profile’s first', () => {
  it('are listed, shown, watched and cancelled where the purpose is named', async () => {
    const { jobId } = await startJob(viettel);
    const config = JSON.parse(readFileSync(join(profile, 'config.json'), 'utf8')) as object;
    const several = join(folder, 'several-purposes');
    cpSync(profile, several, { recursive: true });
    const purposes = ['tax-collection', 'subscriber-verification'];
    writeFileSync(join(several, 'config.json'), JSON.stringify({ ...config, purposes }));
    const commands = [['list'], ['show', jobId], ['cancel', jobId, '--yes'], ['watch', jobId]];
    for (const command of commands) {
      const ask = (...more: string[]) => runCaptured(['job', ...command, '--profile', several, '--json', ...more]);
      expect(JSON.parse((await ask()).stdout)).toMatchObject({ error: { reason: 'NOT_AGREED' } });
      const { code, stdout } = await ask('--purpose', 'subscriber-verification');
      expect([code, stdout]).toEqual([command[0] === 'watch' ? 4 : 0, expect.stringContaining(jobId)]);
      expect((await ask('--purpose', 'patient-record')).code).toBe(3);
    }
  });

  it('are listed to the last, however many the gateway tells at once', async () => {
    const ids: string[] = [];
    for (let n = 0; n <= 200; n++) ids.push((await startJob(viettel)).jobId);
    const listed = JSON.parse((await job('list', '--json')).stdout) as { job_id: string }[];
    expect(listed[0]).toMatchObject({ rows: '0', chunks: '0', totals: [], acked_through: 0 });
    expect(listed.slice(0, ids.length).map(({ job_id }) => job_id)).toEqual(expect.arrayContaining(ids));
    expect(new Set(listed.map(({ job_id }) => job_id)).size).toBe(listed.length);
  });
});

describe('telco report', () => {
  it('fits results to the file that they answer, whatever stands in its cells', async () => {
    const [odd, out] = [join(folder, 'odd.csv'), join(folder, 'odd-results.csv')];
    const { id, name, born } = crowdPerson(7);
    const rows = [
      `"=1+2",09,${id},${name},${printDate(born)}`,
      `"a""b\r\n<script>alert(1)</script>",09,${id},"${name}\n",${printDate(born)}`,
      `c,09,${id},${name},${printDate(born)},one too many`,
      'd,09,,,',
      '',
      `e,09,012345678,<img src=x onerror=alert(1)>,85-01-02`,
    ];
    writeFileSync(odd, `row_id,msisdn,id_number,full_name,date_of_birth\r\n${rows.join('\r\n')}\r\n`);
    await runCaptured(['telco', 'verify', odd, '--out', out, '--profile', profile]);
    const report = (...more: string[]) => runCaptured(['telco', 'report', out, '--file', odd, '--out', '-', ...more]);
    const { code, stdout } = await report('--json');
    const code3 = String(id).padStart(12, '0').slice(0, 3);
    const year = String(Math.floor(born / 10_000));
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      {
        rows: 5,
        verdicts: { VERIFIED: 2 },
        provinces: { [code3]: { rows: 2, work: 0 }, CMND: { rows: 1 }, NONE: { rows: 2 } },
      },
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ years: { [year]: { rows: 2, work: 0 }, 0: { rows: 3, work: 3 } } });
    const page = (await report()).stdout;
    for (const text of ['alert(', '<script', 'onerror', name, String(id)]) expect(page).not.toContain(text);
  });
});

describe('doctor', () => {
  it('finds a profile of this deployment in order, a purpose that is not agreed, and an agency that was barred', async () => {
    const doctor = () => runCaptured(['doctor', '--profile', profile, '--out', folder, '--json']);
    type Told = { checks: { check: string; level: string; code: string; reason?: string }[] };
    const sound = await doctor();
    const { checks } = JSON.parse(sound.stdout) as Told;
    expect(checks.filter(({ level }) => level !== 'ok' && level !== 'warning')).toEqual([]);
    expect(checks.map(({ code }) => code)).toEqual(expect.arrayContaining(['CONTRACT_OK', 'PURPOSE_OK', 'CLOCK_OK']));
    expect(sound.code).toBe(0);
    // Agreements for single calls have no jobs to list: nothing of theirs is wrong.
    for (const agency of ['moh', 'bank-demo']) {
      const single = ['--profile', gateway.deployment.profiles[agency] ?? ''];
      const { code, stdout } = await runCaptured(['doctor', ...single, '--out', folder, '--json']);
      expect([code, (JSON.parse(stdout) as Told).checks.at(-1)]).toMatchObject([0, { code: 'PURPOSE_OK' }]);
    }
    // The ministry's demands an officer of each request, as a profile that was just enrolled names none.
    const nobody = join(folder, 'moh-nobody');
    cpSync(gateway.deployment.profiles.moh ?? '', nobody, { recursive: true });
    const own = JSON.parse(readFileSync(join(nobody, 'config.json'), 'utf8'));
    writeFileSync(
      join(nobody, 'config.json'),
      JSON.stringify({ ...own, context: { ...own.context, officer_code: '' } }),
    );
    const demanded = await runCaptured(['doctor', '--profile', nobody, '--out', folder, '--json']);
    expect([demanded.code, (JSON.parse(demanded.stdout) as Told).checks.at(-1)]).toMatchObject([
      0,
      { level: 'warning', code: 'PURPOSE_DEMANDS', facts: { lacking: 'officer_code' } },
    ]);
    const config = JSON.parse(readFileSync(join(profile, 'config.json'), 'utf8')) as object;
    const other = join(folder, 'other-purpose');
    cpSync(profile, other, { recursive: true });
    writeFileSync(join(other, 'config.json'), JSON.stringify({ ...config, purposes: ['tax-collection'] }));
    const refused = await runCaptured(['doctor', '--profile', other, '--out', folder, '--json']);
    expect([refused.code, (JSON.parse(refused.stdout) as Told).checks.at(-1)]).toMatchObject([
      4,
      { check: 'purpose', reason: 'NOT_AGREED' },
    ]);
    await createEnrolment({ pool: gateway.database.pool }).barAgency('mobifone');
    await sleep(1500);
    const theirs = ['--profile', gateway.deployment.profiles.mobifone ?? ''];
    const barred = await runCaptured(['doctor', ...theirs, '--out', folder, '--json']);
    const server = (JSON.parse(barred.stdout) as Told).checks.find(({ check }) => check === 'server');
    expect([barred.code, server]).toMatchObject([3, { level: 'failed', reason: 'REVOKED' }]);
  });
});

describe('one row’s proof', () => {
  it('is cut from a real job and holds with the pinned root alone, the gateway gone', async () => {
    const out = join(folder, 'proven.csv');
    await runCaptured(['telco', 'verify', file, '--out', out, '--profile', profile]);
    const proof = join(folder, 'proof.json');
    expect((await runCaptured(['receipt', 'prove', out, '--row', '100', '--out', proof])).code).toBe(0);
    await gateway.process.stop('SIGKILL');
    const root = join(profile, 'key-set-root.jwk.json');
    const checked = await runCaptured(['receipt', 'check', proof, '--root', root, '--json']);
    expect([checked.code, JSON.parse(checked.stdout)]).toMatchObject([
      0,
      { ok: true, agency: 'viettel', rows: 300, cells: { line: '100', row_id: '98', verdict: 'VERIFIED' } },
    ]);
    // A profile says besides whom and which log it must be of.
    expect((await runCaptured(['receipt', 'check', proof, '--profile', profile])).code).toBe(0);
    const others = gateway.deployment.profiles.mobifone ?? '';
    expect((await runCaptured(['receipt', 'check', proof, '--profile', others])).code).toBe(2);
  });
});
