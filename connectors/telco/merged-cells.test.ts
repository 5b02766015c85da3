import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { TinyRow } from '../kit/tiny-gateway.test-support.ts';
import { workbookParts, writeZip } from '../kit/xlsx/workbook.test-support.ts';
import { dryRun } from './dry-run.ts';
import { inspectFile } from './inspect.ts';
import type { MergedColumn } from './merged-cells.ts';
import { ALL_AGREE, openTinyTelco, type TinyTelco } from './tiny-telco.test-support.ts';

const HEADER = ['row_id', 'msisdn', 'id_number', 'full_name', 'date_of_birth'];
let sent: TinyRow[];
let tiny: TinyTelco;
beforeEach(async () => {
  sent = [];
  tiny = await openTinyTelco((row) => {
    sent.push(row);
    return ALL_AGREE;
  });
});
afterEach(() => tiny.close());

const cell = (text: string): string => (text === '' ? '<c/>' : `<c t="inlineStr"><is><t>${text}</t></is></c>`);
/** Rows 4 to 23 below a title; of the given rows some cells are empty, as a merge leaves them. */
async function bookOf(merges: string[], empty: Readonly<Record<number, readonly number[]>> = {}): Promise<string> {
  const rows = Array.from({ length: 20 }, (_, i) =>
    [`r${i}`, `09${10_000_000 + i}`, `9${10_850_000_000 + i}`, 'Nguyễn Văn Ân', '27/03/1985'].map((text, k) =>
      (empty[i + 4] ?? []).includes(k) ? '' : text,
    ),
  );
  const all: [number, string[]][] = [
    [1, ['DANH SÁCH']],
    [3, HEADER],
    ...rows.map((r, i): [number, string[]] => [i + 4, r]),
  ];
  const xml = all.map(([r, cells]) => `<row r="${r}">${cells.map(cell).join('')}</row>`).join('');
  const file = join(tiny.folder, 'subscribers.xlsx');
  await writeZip(file, workbookParts([{ name: 'A', rows: xml, merges }]));
  return file;
}

it('cells that a merge hides are counted and told of before anybody is asked; their rows have a result', async () => {
  // The title; numbers over three rows and over two; a name and a date over two rows; keys, which nobody is asked by.
  const merges = ['A1:E1', 'C4:C6', 'C10:C11', 'D8:E9', 'A12:A13'];
  const file = await bookOf(merges, { 5: [2], 6: [2], 8: [4], 9: [3, 4], 11: [2], 13: [0] });
  const merged = [
    { column: 'id_number', header: 'id_number', rows: 3, lines: [5, 6, 11] },
    { column: 'full_name', header: 'full_name', rows: 1, lines: [9] },
    { column: 'date_of_birth', header: 'date_of_birth', rows: 2, lines: [8, 9] },
  ];
  expect((await inspectFile({ file })).merged).toEqual(merged);
  const told: [number, readonly MergedColumn[]][] = [];
  const onMerged = (found: readonly MergedColumn[]): void => void told.push([tiny.gateway.starts, found]);
  const profile = tiny.gateway.profileFolder;
  expect(await dryRun({ file, profile, headerLine: 3, onMerged })).toMatchObject({ rows: 20, merged });
  expect(await tiny.run({ file, headerLine: 3, onMerged })).toMatchObject({ rows: 20, merged });
  expect(told).toEqual([
    [0, merged],
    [0, merged],
  ]);
  expect(sent.filter(({ id }) => id === '')).toHaveLength(3);
  expect(readFileSync(tiny.out, 'utf8').trimEnd().split('\n')).toHaveLength(21);
});

it('a sheet without such cells tells of none, whatever else is merged: its title, cells side by side, rows below the last', async () => {
  const file = await bookOf(['A1:E2', 'A5:B5', 'C23:C40', 'x', 'C1:C3']);
  expect((await inspectFile({ file })).merged).toEqual([]);
  expect(await tiny.run({ file, headerLine: 3, onMerged: () => expect.unreachable() })).not.toHaveProperty('merged');
});
