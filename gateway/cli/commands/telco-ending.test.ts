import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTinyGateway, type TinyGateway } from '../../../connectors/kit/tiny-gateway.test-support.ts';
import { runCaptured } from '../testing/terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'lienthong-ending-'));
const file = join(folder, 'subscribers.csv');
const result = { verdict: 1, id: 1, name: 1, birthDate: 1, notices: [], reasons: [], currentId: 0 } as const;
const UNTIL = 1_830_297_600;
let gateway: TinyGateway;
beforeAll(async () => {
  gateway = await createTinyGateway(folder, () => ({ ...result, nameScore: undefined, score: undefined }));
  await gateway.start();
  writeFileSync(file, 'row_id,msisdn,id_number,full_name,date_of_birth\n1,09,901085000017,Nguyễn Văn An,27/03/1985\n');
});
afterAll(async () => {
  await gateway?.stop();
  rmSync(folder, { recursive: true, force: true });
});

let runs = 0;
async function verify(ending: readonly object[], ...args: string[]) {
  gateway.faults = { serverInfo: { ending: ending as never } };
  const out = join(folder, `results-${++runs}.csv`);
  return runCaptured(['telco', 'verify', file, '--out', out, '--profile', gateway.profileFolder, ...args]);
}

it('a job’s summary says what of the agency’s own ends soon and what to do about it, to people and programs', async () => {
  const soon = [
    { what: 'certificate', subject: '', until: BigInt(UNTIL), withinDays: 7 },
    { what: 'signing_key', subject: 'K'.repeat(43), until: BigInt(UNTIL), withinDays: 30 },
    { what: 'agreement', subject: 'viettel-subscriber-verification:1', until: BigInt(UNTIL), withinDays: 60 },
    {
      what: 'raised_limit',
      subject: 'viettel-subscriber-verification:1 rows_per_day',
      until: BigInt(UNTIL),
      withinDays: 30,
    },
    // Of a gateway that knows more.
    { what: 'moon', subject: '', until: BigInt(UNTIL), withinDays: 60 },
  ];
  const english = await verify(soon);
  const lines = english.stdout.split('\n').filter((line) => line.startsWith('!'));
  expect([english.code, lines.length]).toEqual([0, 4]);
  expect(lines).toEqual([
    expect.stringMatching(/certificate of this profile ends on 01\/01\/2028.* \(within 7 days\)/),
    expect.stringContaining(`signing key ${'K'.repeat(43)} ends on`),
    expect.stringContaining('agreement viettel-subscriber-verification:1 ends on'),
    expect.stringMatching(
      /raised limit viettel-subscriber-verification:1 rows_per_day falls back on .* \(within 30 days\)/,
    ),
  ]);
  expect((await verify(soon, '--lang', 'vi')).stdout).toContain('Chứng thư của hồ sơ này hết hạn lúc');
  expect(JSON.parse((await verify(soon, '--json')).stdout)).toMatchObject({
    rows: 1,
    ending: soon.slice(0, 4).map((one) => ({ ...one, until: UNTIL })),
  });
});

it('and nothing where nothing does', async () => {
  const { code, stdout } = await verify([]);
  expect([code, stdout]).toEqual([0, expect.not.stringMatching(/^!/m)]);
  expect(JSON.parse((await verify([], '--json')).stdout)).not.toHaveProperty('ending');
});

it('and the purpose that was asked under', async () => {
  expect((await verify([])).stdout).toContain('\nPurpose: subscriber-verification.\n');
  expect(JSON.parse((await verify([], '--json')).stdout)).toMatchObject({ purpose: 'subscriber-verification' });
});
