/** The commands against a whole gateway, as a script uses them: standard input and output, --json, exit codes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { startTime, until } from '../../gateway/storage/server-process.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const SUBSCRIBERS = [
  'row_id,msisdn,id_number,full_name,date_of_birth',
  '1,0961234501,901085000017,Nguyễn Văn An,1985-03-27',
  '2,0961234502,999999999999,Không Có Ai,1990-01-02',
  '',
].join('\n');

let gateway: TestGateway;
let folder: string;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 0 });
  folder = join(gateway.folder, 'files');
  mkdirSync(folder);
  writeFileSync(join(folder, 'subscribers.csv'), SUBSCRIBERS);
});
afterAll(() => gateway?.stop());

const profile = (agency: string) => ['--profile', gateway.deployment.profiles[agency] ?? ''];
const verify = (input: string, out: string, ...more: string[]) =>
  runCaptured(['telco', 'verify', input, '--out', out, ...profile('viettel'), ...more], { input: SUBSCRIBERS });

describe('telco verify', () => {
  it('ends with 0 whatever the verdicts, with 10 where --fail-on names one of them', async () => {
    const file = join(folder, 'subscribers.csv');
    expect((await verify(file, join(folder, 'a.csv'))).code).toBe(0);
    expect((await verify(file, join(folder, 'b.csv'), '--fail-on', 'MISMATCH,INVALID')).code).toBe(0);
    expect((await verify(file, join(folder, 'c.csv'), '--fail-on', 'MISMATCH,NOT_FOUND')).code).toBe(10);
    // Told by the exit code alone: the results are complete.
    expect(readFileSync(join(folder, 'c.csv'), 'utf8').split('\n')).toHaveLength(4);
  });

  it('reads standard input and writes standard output, the summary beside it, the receipt where it is told to', async () => {
    const receipt = join(folder, 'piped.receipt');
    const { code, stdout, stderr } = await verify('-', '-', '--receipt', receipt, '--lang', 'vi');
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.split(',')[3])).toEqual([
      'verdict',
      'VERIFIED',
      'NOT_FOUND',
      undefined,
    ]);
    expect(stderr).toContain('dòng nào cũng có câu trả lời');
    const piped = join(folder, 'piped.csv');
    writeFileSync(piped, stdout);
    const checked = ['receipt', 'verify', piped, '--receipt', receipt, ...profile('viettel')];
    expect((await runCaptured(checked)).code).toBe(0);
    writeFileSync(piped, stdout.replace('NOT_FOUND,CONTACT', 'VERIFIED,KEEP'));
    expect((await runCaptured(checked)).code).toBe(2);
  });

  it('gives a summary as JSON', async () => {
    const { stdout } = await verify(join(folder, 'subscribers.csv'), join(folder, 'd.csv'), '--json');
    expect(JSON.parse(stdout)).toMatchObject({ rows: 2, totals: { VERIFIED: 1, NOT_FOUND: 1 } });
  });
});

describe('job', () => {
  it('lists and shows in Vietnamese where asked to', async () => {
    const list = await runCaptured(['job', 'list', ...profile('viettel'), '--lang', 'vi']);
    expect(list.stdout).toContain('Trạng thái');
    const [job] = JSON.parse((await runCaptured(['job', 'list', ...profile('viettel'), '--json'])).stdout) as [
      { job_id: string },
    ];
    const shown = await runCaptured(['job', 'show', job.job_id, ...profile('viettel'), '--lang', 'vi']);
    expect(shown.stdout).toContain('Kết luận');
    expect((await runCaptured(['job', 'show', 'f'.repeat(32), ...profile('viettel')])).code).toBe(4);
  });
});

describe('person and call', () => {
  it('take an ID from standard input, and say with 4 and by name what is not granted', async () => {
    const get = (fields: string, ...more: string[]) =>
      runCaptured(['person', 'get', '--fields', fields, ...profile('moh'), ...more], { input: '901085000017\n' });
    expect(await get('full_name')).toMatchObject({ code: 0, stdout: expect.stringContaining('Nguyễn Văn An') });
    const refused = await get('full_name,ethnicity', '--json');
    expect(refused.code).toBe(4);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { reason: 'FIELD_NOT_GRANTED' } });
    expect(refused.stdout).toContain('ethnicity');
  });

  it('call signs any unary call, and names what the request or the method lacks', async () => {
    const call = (method: string, request: string) => runCaptured(['call', method, request, ...profile('moh')]);
    const person = 'lienthong.person.v1.PersonService/GetPerson';
    const { code, stdout } = await call(person, '{"personal_id":"901085000017","read_mask":"sex"}');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { person: { sex: 'SEX_MALE' } }]);
    expect((await call('lienthong.server.v1.ServerService/GetServerInfo', '{}')).code).toBe(0);
    expect((await call(person, '{"personal_number":"1"}')).code).toBe(2);
    const named = { personal_id: '901085000017', read_mask: 'sex', context: { request_id: 'HS-2026-000123' } };
    const alone = await call(person, JSON.stringify(named));
    expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('blind')]);
    const whole = JSON.stringify({ ...named, blind: Buffer.alloc(16, 7).toString('base64') });
    const answers = [await call(person, whole), await call(person, whole)];
    expect(answers[0]).toMatchObject({ code: 0, stdout: answers[1]?.stdout });
    expect((await call('lienthong.person.v1.PersonService/Guess', '{}')).code).toBe(2);
  });
});

it('serve runs the gateway with nothing embedded, and SIGTERM drains it', async () => {
  await gateway.process.stop();
  const launcher = join(import.meta.dirname, '..', '..', 'gateway', 'cli', 'launcher.mjs');
  const child = spawn(process.execPath, [launcher, 'serve', '--config', gateway.deployment.configPath], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exit = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    expect(JSON.parse(line)).toMatchObject({ event: 'listening', port: gateway.port });
    break;
  }
  expect((await runCaptured(['job', 'list', ...profile('viettel')])).code).toBe(0);
  child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
  // Nobody listens any more: unavailable, to be tried again.
  expect((await runCaptured(['job', 'list', ...profile('viettel')])).code).toBe(5);
}, 60_000);

it.each([
  'launcher',
  'command',
] as const)('serve whose %s is killed leaves no gateway behind: the next one finds its port free', async (killed) => {
  await gateway.process.stop();
  const launcher = join(import.meta.dirname, '..', '..', 'gateway', 'cli', 'launcher.mjs');
  const child = spawn(process.execPath, [launcher, 'serve', '--config', gateway.deployment.configPath], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const closed = once(child.stdout, 'close');
  await once(createInterface({ input: child.stdout }), 'line');
  const [command = 0] = childrenOf(child.pid ?? 0);
  const [served = 0] = childrenOf(command);
  process.kill(killed === 'launcher' ? (child.pid ?? 0) : command, 'SIGKILL');
  // The last one that holds it is the gateway.
  await closed;
  expect(await until(() => [command, served].every((pid) => startTime(pid) === ''), 20_000)).toBe(true);
  const { rows } = await gateway.database.pool.query('SELECT 1 FROM worker WHERE lease_until > clock_timestamp()');
  expect(rows, 'and it drained: its lease is given back').toEqual([]);
}, 60_000);

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}
