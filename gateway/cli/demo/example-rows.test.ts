import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { exampleRows } from './example-rows.ts';
import { visible } from './report.ts';

const folder = mkdtempSync(join(tmpdir(), 'lienthong-examples-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const subscribers = join(folder, 'subscribers.csv');
const results = join(folder, 'results.csv');
writeFileSync(
  subscribers,
  [
    'row_id,msisdn,id_number,full_name,date_of_birth',
    '1,84901,901000000001,Nguyễn Văn An,1980-01-02',
    '2,84902,901000000002,NguyÔn ThÞ CÈn,1981-01-02',
    '3,84903,901000000003,"Trần Thị Cúc",1982-01-02',
    '4,84904,901000000004,Lê Dũng,1983',
  ].join('\n'),
);
writeFileSync(
  results,
  [
    'line,verdict,reasons',
    '2,MISMATCH,NAME_DIFFERS|BIRTH_DATE_DIFFERS',
    '3,MISMATCH,NAME_DIFFERS',
    '4,MISMATCH,NAME_DIFFERS',
    '5,VERIFIED,PARTIAL_DATE',
  ].join('\n'),
);
const files = { results, receipt: '' };

test('a row with the reason alone and a readable name stands for it, else the first one that has it', async () => {
  const reasons = [
    { reason: 'NAME_DIFFERS', count: 3, line: 2 },
    { reason: 'PARTIAL_DATE', count: 1, line: 5 },
    { reason: 'BIRTH_DATE_DIFFERS', count: 1, line: 2 },
  ];
  const rows = await exampleRows({ reasons, files }, subscribers, 6);
  expect(rows.map(({ reason, line, verdict, fullName }) => [reason, line, verdict, fullName])).toEqual([
    ['NAME_DIFFERS', 4, 'MISMATCH', 'Trần Thị Cúc'],
    ['PARTIAL_DATE', 5, 'VERIFIED', 'Lê Dũng'],
    ['BIRTH_DATE_DIFFERS', 2, 'MISMATCH', 'Nguyễn Văn An'],
  ]);
});

test('a readable row with other reasons is better than an unreadable one alone', async () => {
  const other = join(folder, 'other.csv');
  writeFileSync(
    other,
    ['line,verdict,reasons', '3,MISMATCH,NAME_DIFFERS', '4,MISMATCH,NAME_DIFFERS|X', '5,PROBABLE,Y|X'].join('\n'),
  );
  const reasons = [{ reason: 'NAME_DIFFERS', count: 2, line: 3 }];
  const rows = await exampleRows({ reasons, files: { results: other, receipt: '' } }, subscribers, 6);
  expect(rows.map(({ line }) => line)).toEqual([4]);
});

test('only as many reasons as asked for', async () => {
  const reasons = [
    { reason: 'NAME_DIFFERS', count: 3, line: 2 },
    { reason: 'PARTIAL_DATE', count: 1, line: 5 },
  ];
  expect(await exampleRows({ reasons, files }, subscribers, 1)).toHaveLength(1);
});

test.each([
  ['Lê Dũng', 'Lê Dũng'],
  [' Lê  Dũng\u00a0', '␣Lê␣␣Dũng␣'],
  ['Lê\u00a0Dũng', 'Lê␣Dũng'],
  ['Lê\u200bDũng', 'Lê▯Dũng'],
  ['  ', '∅'],
])('spaces that one would not see are shown: %j', (cell, shown) => {
  expect(visible(cell)).toBe(shown);
});
