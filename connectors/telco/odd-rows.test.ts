import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dryRun } from './dry-run.ts';
import { inspectFile } from './inspect.ts';
import { isColumnNumbers, isTotalsLine } from './row-oddities.ts';
import { ALL_AGREE, openTinyTelco, type TinyTelco } from './tiny-telco.test-support.ts';

let tiny: TinyTelco;
beforeEach(async () => {
  tiny = await openTinyTelco(() => ALL_AGREE);
});
afterEach(() => tiny.close());

const HEADER = 'row_id,msisdn,id_number,full_name,date_of_birth';
const rows = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `r${from + i},0961,9${10_850_000_000 + from + i},Tống Văn Ấm,27/03/1985`);

it('a header, numbers of columns and totals among the rows are told of once, with their lines, and have their results', async () => {
  const lines = [
    HEADER,
    '(1),(2),(3),(4),(5)',
    ...rows(0, 299),
    HEADER.toUpperCase(),
    ...rows(299, 309),
    'Tổng cộng,,310,,',
    ',,,TỔNG SỐ: 310,',
  ];
  writeFileSync(tiny.file, `${lines.join('\n')}\n`);
  const noSubscribers = {
    repeatedHeaders: { rows: 1, lines: [302] },
    columnNumbers: { rows: 1, lines: [2] },
    totals: { rows: 2, lines: [313, 314] },
  };
  expect(await dryRun({ file: tiny.file, profile: tiny.gateway.profileFolder })).toMatchObject({ noSubscribers });
  expect(await tiny.run()).toMatchObject({ rows: 313, noSubscribers });
  expect((await inspectFile({ file: tiny.file })).oddities).toMatchObject(noSubscribers);
});

it('a file of subscribers tells of none', async () => {
  writeFileSync(tiny.file, `${[HEADER, ...rows(0, 20), 'r20,0961,,Tống,', 'Cộng hòa,,,x,'].join('\n')}\n`);
  expect(await tiny.run()).not.toHaveProperty('noSubscribers');
});

describe('a line of totals', () => {
  it.each([
    [['Tổng', '', '', '', ''], true],
    [['', 'Cộng:', '1.250', '', ''], true],
    [['', '', '', 'Tổng số thuê bao: 1.250', ''], true],
    [['GRAND TOTAL', '', '', '', ''], true],
    [['1', '0961', '901085000017', 'Tổng', ''], false],
    [['1', '0961', '', 'Tống Văn An', ''], false],
    [['1', '0961', '', 'Cộng Thị Tổng', ''], false],
    [['', '', '', '', ''], false],
  ])('%j: %s', (cells, is) => expect(isTotalsLine(cells)).toBe(is));
});

describe('a line that numbers the columns', () => {
  it.each([
    [['(1)', '(2)', '(3)', '(4)', '(5)'], true],
    [['A', 'B', '1', '2', '3'], true],
    [['1', '2', ' 4', '5 ', '( 12 )'], true],
    [['1', '1', '1', '1', '1'], false],
    [['1', '', '3', '4', '5'], false],
    [['1', '2', '3', 'Ý Nhi', '5'], false],
    [['1', '0961', '901085000017', 'Y', '1985'], false],
  ])('%j: %s', (cells, is) => expect(isColumnNumbers(cells)).toBe(is));
});
