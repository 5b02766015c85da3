import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TinyGateway } from '../../../connectors/kit/tiny-gateway.test-support.ts';
import { ALL_AGREE, openTinyTelco, type TinyTelco } from '../../../connectors/telco/tiny-telco.test-support.ts';
import { runCaptured } from '../testing/terminal.ts';

let tiny: TinyTelco;
beforeEach(async () => {
  tiny = await openTinyTelco(() => ALL_AGREE);
  const rows = Array.from({ length: 20 }, (_, i) => `r${i},09,0790851000${10 + i},Nguyễn Văn Ấm,1985-03-27`);
  writeFileSync(tiny.file, `row_id,msisdn,id_number,full_name,date_of_birth\n${rows.join('\n')}\n`);
});
afterEach(() => tiny.close());

test('that nothing can be carried is said on standard error before the first row is asked about', async () => {
  const { file, out, folder, gateway } = tiny;
  const verify = ['telco', 'verify', file, '--profile', gateway.profileFolder];
  expect((await runCaptured([...verify, '--out', out])).code).toBe(0);
  gateway.faults = { versions: { profile: 'q' } };
  const second = [...verify, '--out', join(folder, 'second.csv'), '--changed-since', out, '--keep-trying', '1m'];
  const stop = new AbortController();
  gateway.faults.beforeAnswer = () => {
    stop.abort();
    return 'break';
  };
  const { code, stderr, stdout } = await runCaptured(second, { signal: stop.signal });
  expect([code, stdout]).toEqual([130, '']);
  const said = 'was answered by another version of the matching profile. Every row is asked again.';
  expect(stderr).toMatch(/! Nothing can be carried: job [0-9a-f]{32} /);
  expect(stderr).toContain(said);
  gateway.faults = { versions: { profile: 'q' } };
  const done = await runCaptured(second);
  expect([done.code, done.stderr]).toEqual([0, expect.stringContaining(said)]);
  expect(done.stdout).toContain('so that every row was asked again');
});

test('a dry run says beforehand how many rows would be carried, or that none can be; it asks about nobody', async () => {
  const { file, out, gateway } = tiny;
  const verify = ['telco', 'verify', file, '--profile', gateway.profileFolder];
  expect((await runCaptured([...verify, '--out', out])).code).toBe(0);
  const rows = readFileSync(file, 'utf8');
  writeFileSync(file, rows.replace('r3,', 'r3x,'));
  const [starts, written] = [gateway.starts, readdirSync(tiny.folder).toSorted()];
  const dry = (...args: string[]) => runCaptured([...verify, '--dry-run', '--changed-since', out, ...args]);

  gateway.faults = { serverInfo: { profileVersion: 'p' } };
  const same = await dry();
  expect([same.code, same.stdout]).toEqual([0, expect.stringContaining('1 rows would be asked about (chunks: 1)')]);
  expect(same.stdout).toMatch(/19 others are the same as in job [0-9a-f]{32} and would be carried from there/);
  expect(JSON.parse((await dry('--json')).stdout)).toMatchObject({ rows: 1, chunks: 1, since: { carried: 19 } });

  const agreement = { purpose: 'subscriber-verification', id: 'a', version: 2, validFrom: 0n, validTo: 1n << 40n };
  const methods = ['/lienthong.verification.v1.VerificationService/StartJob'];
  for (const [serverInfo, nothingBecause] of [
    [{ profileVersion: 'q' }, 'PROFILE'],
    [{ profileVersion: 'p', agreements: [{ ...agreement, methods }] }, 'AGREEMENT'],
  ] satisfies [TinyGateway['faults']['serverInfo'], string][]) {
    gateway.faults = { serverInfo };
    const none = JSON.parse((await dry('--json')).stdout);
    expect(none).toMatchObject({ rows: 20, since: { carried: 0, nothingBecause } });
  }
  expect((await dry()).stdout).toMatch(/20 rows would be .*\n! Nothing can be carried: job [0-9a-f]{32} /);
  expect([gateway.starts, readdirSync(tiny.folder).toSorted()]).toEqual([starts, written]);
  writeFileSync(out, readFileSync(out, 'utf8').replace('VERIFIED', 'MISMATCH'));
  expect((await dry()).code).toBe(2);
});

test('a dry run tells of what is no subscriber among the rows that would be carried as well', async () => {
  const { file, out, gateway } = tiny;
  const verify = ['telco', 'verify', file, '--profile', gateway.profileFolder];
  writeFileSync(file, `${readFileSync(file, 'utf8')}Tổng cộng,,20,,\n`);
  expect((await runCaptured([...verify, '--out', out])).code).toBe(0);
  gateway.faults = { serverInfo: { profileVersion: 'p' } };
  const dry = await runCaptured([...verify, '--dry-run', '--changed-since', out, '--json']);
  expect(JSON.parse(dry.stdout)).toMatchObject({
    ...{ rows: 0, since: { carried: 21 } },
    noSubscribers: { totals: { rows: 1, lines: [22] } },
  });
});
