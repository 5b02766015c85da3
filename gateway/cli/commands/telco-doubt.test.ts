import { readdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ALL_AGREE, openTinyTelco, type TinyTelco } from '../../../connectors/telco/tiny-telco.test-support.ts';
import { runCaptured } from '../testing/terminal.ts';

let tiny: TinyTelco;

beforeEach(async () => {
  tiny = await openTinyTelco(() => ALL_AGREE);
});
afterEach(() => tiny.close());

test('a column that holds dates of issue is asked about only where it is said to be meant', async () => {
  const { file, out, folder, gateway } = tiny;
  const rows = Array.from({ length: 20 }, (_, i) => `${i},09,0790851000${10 + i},Nguyễn Văn Ấm,${i + 1}/03/2021`);
  writeFileSync(file, `row_id,msisdn,id_number,full_name,Ngày cấp\n${rows.join('\n')}\n`);
  const profile = ['--columns', 'date_of_birth=Ngày cấp', '--profile', gateway.profileFolder, '--json'];
  const verify = ['telco', 'verify', file, ...profile];
  const facts = { member: 'date_of_birth', column: 'Ngày cấp', problem: 'YEARS_OF_PAPERS 2021' };
  for (const how of [['--dry-run'], ['--out', out]]) {
    const { code, stdout } = await runCaptured([...verify, ...how]);
    expect([code, JSON.parse(stdout)]).toMatchObject([2, { error: { reason: 'MAPPING_DOUBTFUL' } }]);
    for (const fact of Object.values(facts)) expect(stdout).toContain(fact);
  }
  expect([gateway.starts, readdirSync(folder).toSorted()]).toEqual([0, ['profile', 'subscribers.csv']]);

  const believed = await runCaptured([...verify, '--out', out, '--mapping-believed']);
  expect([believed.code, JSON.parse(believed.stdout)]).toMatchObject([0, { rows: 20 }]);
  const dry = await runCaptured([...verify, '--dry-run', '--mapping-believed']);
  expect([dry.code, JSON.parse(dry.stdout)]).toMatchObject([0, { rows: 20 }]);
});
