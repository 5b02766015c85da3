import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { assertSameTotals, readCleanRows, readTotals } from './clean-totals.ts';

const folder = mkdtempSync(join(tmpdir(), 'lienthong-totals-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

it('counts verdicts of clean rows only, wherever their columns stand', async () => {
  const truth = write('truth.csv', ['row_id,label,subject,holder', '1,clean,5,5', '2,damaged.case,6,6', '3,clean,7,7']);
  const clean = await readCleanRows(truth, 3);
  const raw = write('raw.csv', ['row_id,msisdn,verdict', '3,84,MISMATCH', '1,84,VERIFIED', '2,84,MISMATCH']);
  const results = write('results.csv', [
    'line,row_id,msisdn,verdict,action',
    '2,1,84,VERIFIED,KEEP',
    '3,2,84,PROBABLE,REVIEW',
    '4,3,84,MISMATCH,CONTACT',
  ]);
  expect(await readTotals(raw, clean)).toEqual({ totals: { VERIFIED: 1, MISMATCH: 1 }, lines: 3 });
  expect(await readTotals(results, clean)).toEqual({ totals: { VERIFIED: 1, MISMATCH: 1 }, lines: 3 });
});

it('a verdict that only one side gave is a difference, and no totals at all agree with nothing', () => {
  expect(() => assertSameTotals({ VERIFIED: 2 }, { VERIFIED: 2 })).not.toThrow();
  expect(() => assertSameTotals({ VERIFIED: 2 }, { VERIFIED: 1, MISMATCH: 1 })).toThrow(/clean rows/);
  expect(() => assertSameTotals({ VERIFIED: 2, NOT_FOUND: 1 }, { VERIFIED: 2 })).toThrow(/clean rows/);
  expect(() => assertSameTotals({}, {})).toThrow(/no clean row/);
});
