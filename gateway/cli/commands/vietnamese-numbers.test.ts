import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KitError } from '../../../connectors/kit/kit-error.ts';
import type { Language } from '../../../connectors/kit/messages.ts';
import { ALL_AGREE, openTinyTelco, type TinyTelco } from '../../../connectors/telco/tiny-telco.test-support.ts';
import { JobSchema, JobState, Verdict } from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { explain } from '../explain.ts';
import { runCaptured } from '../testing/terminal.ts';
import { findingLines } from './doctor.ts';
import { jobTable, totalsTable } from './job-tables.ts';
import { changeLine } from './job-watch.ts';

/** Thousands or tenths as one language writes them and the other never does. */
const GROUPED: Readonly<Record<Language, RegExp>> = { en: /\d,\d{3}(?!\d)|\d\.\d %/, vi: /\d\.\d{3}(?!\d)|\d,\d %/ };
const LANGUAGES = [
  ['en', 'vi'],
  ['vi', 'en'],
] as const;
const ROWS = 1_200;
const folder = mkdtempSync(join(tmpdir(), 'lt-numbers-'));
let tiny: TinyTelco;

beforeAll(async () => {
  // One in three as if the number did not exist: shares that are not whole.
  tiny = await openTinyTelco(({ id }) => (Number(id) % 3 === 0 ? { ...ALL_AGREE, verdict: 6 } : ALL_AGREE));
  const rows = Array.from(
    { length: ROWS },
    (_, i) => `${i},09,0790851${String(i).padStart(5, '0')},Nguyễn Văn Ấm,1985`,
  );
  writeFileSync(tiny.file, `row_id,msisdn,id_number,full_name,date_of_birth\n${rows.join('\n')}\n`);
});
afterAll(async () => {
  await tiny.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(LANGUAGES)('in %s', (language, other) => {
  const said = async (...args: string[]) => {
    const { code, stdout, stderr } = await runCaptured([...args, '--lang', language]);
    expect([code, stderr]).toEqual([0, expect.anything()]);
    return stdout + stderr;
  };

  test('a file of thousands of rows is told of in the numbers of the language, from the look at it to its receipt', async () => {
    const { file, gateway } = tiny;
    const out = join(folder, `${language}.csv`);
    const profile = ['--profile', gateway.profileFolder];
    const texts = [
      await said('telco', 'inspect', file, '--out', join(folder, `${language}.mapping.json`)),
      await said('telco', 'verify', file, '--dry-run', ...profile),
      await said('telco', 'verify', file, '--out', out, ...profile),
      await said('telco', 'report', out, '--out', join(folder, `${language}.html`)),
      await said('receipt', 'verify', out, ...profile),
      await said('receipt', 'prove', out, '--row', '1001', '--out', join(folder, `${language}.json`)),
      await said('receipt', 'check', join(folder, `${language}.json`), ...profile),
    ];
    const refused = await runCaptured(['telco', 'verify', file, '--out', out, ...profile, '--lang', language]);
    texts.push(refused.stderr);
    for (const text of texts) expect(text).toMatch(GROUPED[language]);
    for (const text of texts) expect(text).not.toMatch(GROUPED[other]);
  });

  test('a job, a finding and an error are told of in the numbers of the language', () => {
    const job = create(JobSchema, {
      ...{ jobId: 'ab', state: JobState.OPEN, rows: 30_000n, chunks: 3n },
      totals: [{ verdict: Verdict.VERIFIED, rows: 28_500n }],
    });
    const error = new KitError('INTERRUPTED');
    error.keptRows = 30_000;
    const { details } = explain(error, language);
    const free = {
      check: 'disk',
      level: 'ok',
      code: 'DISK_OK',
      facts: { folder: '/', free: 30_000 },
    } as const;
    const texts = [
      changeLine({ job, rate: 4_000, over: false }, 60_000, language),
      jobTable([job], language, 120),
      totalsTable(job, language, 120),
      ...findingLines(free, language, 120),
      ...details,
    ];
    expect(texts.length).toBe(5);
    for (const text of texts) expect(text).toMatch(GROUPED[language]);
    for (const text of texts) expect(text).not.toMatch(GROUPED[other]);
  });
});

test.each([
  [5, /chậm hơn cổng \d+ giây/],
  [-2, /nhanh hơn cổng \d+ giây/],
])('a clock %i s behind the gateway’s is told by its side, never by a negative number', async (seconds, said) => {
  tiny.gateway.faults.serverInfo = { serverTime: BigInt(Math.floor(Date.now() / 1000) + seconds) };
  const dryRun = ['telco', 'verify', tiny.file, '--dry-run', '--lang', 'vi'];
  const { stdout } = await runCaptured([...dryRun, '--profile', tiny.gateway.profileFolder]);
  delete tiny.gateway.faults.serverInfo;
  expect(stdout).toMatch(said);
});

test('a number is taken as it is told, in either language', async () => {
  for (const limit of ['1,000', '1.000', '1_000', '1000']) {
    const { code, stdout } = await runCaptured([
      ...['telco', 'verify', tiny.file, '--dry-run', '--limit', limit, '--json'],
      ...['--profile', tiny.gateway.profileFolder],
    ]);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { rows: 1_000 }]);
  }
  for (const wrong of ['1.5', '1.0000', '.5']) {
    const { code } = await runCaptured(['telco', 'verify', tiny.file, '--dry-run', '--limit', wrong, '--json']);
    expect(code).toBe(2);
  }
});
