import { createSecretKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { createByteRow } from './byte-row.ts';
import { planImport } from './plan.ts';
import { createRowWriters } from './row-writers.ts';
import { createLineScanner } from './scan-line.ts';

const HEADER = [
  'personal_id',
  'full_name',
  'date_of_birth',
  'sex',
  'birth_province_code',
  'old_cmnd',
  'status',
  'superseded_by',
  'mobile',
  'permanent_address.commune',
  'nationalities',
  'father.full_name',
  'father.personal_id',
  'children.full_name',
  'ethnicity',
  'id_status',
];
const LINE = ['901085000001', 'Nguyễn Văn An', '1985-03-27', ...Array<string>(13).fill('')];

/** True where the line is taken by bytes. That it is then read right, `load-block.test.ts` holds. */
function isTaken(cells: readonly string[], deployment: 'development' | 'production' = 'development'): boolean {
  const data = {
    plan: planImport(HEADER),
    deployment,
    today: 20260101,
    importNo: 1,
    key: createSecretKey(Buffer.alloc(32)),
    keyId: 'k',
  };
  const writers = createRowWriters(data);
  const bytes = Buffer.from(`${cells.join(',')}\r\n`);
  const line = createLineScanner(HEADER.length)(bytes, 0);
  expect(line.next).toBe(bytes.length);
  const taken = line.clean && line.cells === HEADER.length && createByteRow(data, writers)(bytes, line, 7);
  expect(writers.person.length > 0).toBe(taken);
  expect(writers.identifier.length > 0).toBe(taken);
  if (!taken) expect(writers.relation.length).toBe(0);
  return taken;
}

const withCell = (column: string, cell: string) => LINE.with(HEADER.indexOf(column), cell);

test.each([
  ['full_name', '"Nguyễn Văn An"'],
  ['date_of_birth', '1985'],
  ['date_of_birth', '1985-07'],
  ['sex', 'F'],
  ['birth_province_code', '079'],
  ['old_cmnd', '012345678'],
  ['old_cmnd', '012345678;112233445'],
  ['status', 'missing'],
  ['mobile', '0971234567'],
  ['mobile', '+84971234567'],
  ['permanent_address.commune', '00001'],
  ['permanent_address.commune', '00001@2025-07-01'],
  ['nationalities', 'VN'],
  ['father.full_name', '"Cha, Ông"'],
  ['father.personal_id', '901060000001'],
  ['children.full_name', 'An'],
  ['ethnicity', 'Tày'],
  ['id_status', 'current'],
])('an ordinary line is taken by bytes: %s %s', (column, cell) => {
  expect(isTaken(withCell(column, cell))).toBe(true);
});

test.each([
  ['personal_id', '90108500000'],
  ['full_name', ''],
  ['full_name', ' An'],
  ['full_name', '"A""n"'],
  ['full_name', 'ễ'.normalize('NFD')],
  ['full_name', 'x'.repeat(1001)],
  ['date_of_birth', '2149'],
  ['status', 'id_superseded'],
  ['superseded_by', '901085000002'],
  ['children.full_name', 'An;Ba'],
  ['id_status', 'cancelled'],
  // Found out when the person and its numbers are written already.
  ['father.personal_id', '12'],
  ['old_cmnd', '012345678;'],
])('what needs a closer look is left, with nothing written: %s %s', (column, cell) => {
  expect(isTaken(withCell(column, cell))).toBe(false);
});

test('a synthetic number is left where people are real', () => {
  expect(isTaken(LINE, 'production')).toBe(false);
  expect(isTaken(LINE.with(0, '001085000001'), 'production')).toBe(true);
});
