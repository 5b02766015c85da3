import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { telco } from './connector.ts';
import { demandPlausible } from './mapping-doubt.ts';

const folder = mkdtempSync(join(tmpdir(), 'lt-doubt-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'subscribers.csv');

const FAMILY = ['Nguyễn', 'Trần', 'Đỗ', 'Lê', 'Phạm'];
const GIVEN = ['Ấm', 'Bưởi', 'Tuyết', 'Khuê', 'Sơn', 'Hà', 'Mỹ'];
/** Its cells by row; the other columns of the file. */
const GOOD = {
  row_id: (i: number) => `KH/${i}`,
  msisdn: (i: number) => `09${12_345_678 + i * 1_009}`,
  id_number: (i: number) => `079085${String(100_017 + i * 37)}`,
  full_name: (i: number) => `${FAMILY[i % 5]} Văn ${GIVEN[i % 7]}`,
  date_of_birth: (i: number) => `${(i % 28) + 1}/${(i % 12) + 1}/${1960 + (i % 40)}`,
} as const;
const OTHERS = {
  'Ngày cấp': (i: number) => `${(i % 28) + 1}/${(i % 12) + 1}/${2016 + (i % 9)}`,
  'Địa chỉ': (i: number) => `${i} Q${i % 12}`,
  IMSI: (i: number) => `45201${String(1_234_567_890 + i)}`,
} as const;
type Cells = Readonly<Record<string, (i: number) => string>>;

async function problemOf(
  cells: Cells = {},
  columns: Readonly<Record<string, string>> = {},
  rows = 40,
): Promise<string | undefined> {
  const all: Cells = { ...GOOD, ...OTHERS, ...cells };
  const lines = Array.from({ length: rows }, (_, i) => Object.values(all).map((cell) => cell(i)));
  writeFileSync(file, [Object.keys(all), ...lines].map((line) => `${line.join(',')}\n`).join(''));
  try {
    await demandPlausible({ path: file }, telco.wanted(columns), undefined);
    return undefined;
  } catch (error) {
    const { reason, facts } = error as { reason?: string; facts?: Record<string, string> };
    expect(reason).toBe('MAPPING_DOUBTFUL');
    return `${facts?.member} = ${facts?.column}: ${facts?.problem}`;
  }
}

describe('a column that is not what the mapping says', () => {
  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['dates of issue', { date_of_birth: 'Ngày cấp' }, 'date_of_birth = Ngày cấp: YEARS_OF_PAPERS 2020'],
    ['names for dates', { date_of_birth: 'full_name', full_name: 'Địa chỉ' }, 'full_name = Địa chỉ: OTHER_CELLS 0/40'],
    ['numbers for dates', { date_of_birth: 'IMSI' }, 'date_of_birth = IMSI: OTHER_CELLS 0/40'],
    ['telephones for dates', { date_of_birth: 'msisdn' }, 'date_of_birth = msisdn: OTHER_CELLS 0/40'],
    ['telephones', { id_number: 'msisdn', msisdn: 'id_number' }, 'id_number = msisdn: OTHER_CELLS 0/40'],
    ['keys for numbers', { id_number: 'row_id' }, 'id_number = row_id: OTHER_CELLS 0/40'],
    ['serials for numbers', { id_number: 'IMSI' }, 'id_number = IMSI: OTHER_CELLS 0/40'],
    ['keys for names', { full_name: 'row_id' }, 'full_name = row_id: OTHER_CELLS 0/40'],
    ['one for two', { full_name: ' ID_Number ' }, 'full_name =  ID_Number : SAME_COLUMN id_number'],
    ['dates twice', { full_name: 'date_of_birth' }, 'date_of_birth = date_of_birth: SAME_COLUMN full_name'],
  ])('is found out: %s', async (_name, columns, problem) => expect(await problemOf({}, columns)).toBe(problem));

  test('is found out also of telephones that a spreadsheet took the zero of, or with their country', async () => {
    for (const before of ['', '84', '+84'])
      expect(await problemOf({ id_number: (i) => `${before}9${12_345_678 + i}` })).toMatch(/OTHER_CELLS 0/);
    expect(await problemOf({ Di: (i) => `9${12_345_678 + i}` }, { date_of_birth: 'Di' })).toMatch(/OTHER_CELLS 0/);
  });

  test('is found out in a file of twenty rows, of ten different cells', async () => {
    expect(await problemOf({}, { date_of_birth: 'Ngày cấp' }, 20)).toMatch(/YEARS_OF_PAPERS/);
    expect(await problemOf({}, { date_of_birth: 'full_name', full_name: 'Địa chỉ' }, 10)).toMatch(/OTHER_CELLS/);
    expect(await problemOf({}, { date_of_birth: 'full_name', full_name: 'Địa chỉ' }, 9)).toBeUndefined();
  });
});

describe('a file that merely is dirty, or of other people', () => {
  const of = (texts: readonly string[]) => (i: number) => `${texts[i % texts.length]}`;
  test.each<[string, Cells]>([
    ['as it should be', {}],
    ['no dates', { date_of_birth: () => '' }],
    ['words for unknown', { date_of_birth: of(['không rõ', 'N/A', 'xxx', 'chưa cập nhật', '00/00/0000']) }],
    ['days that are none', { date_of_birth: (i) => `${40 + i}/${20 + (i % 9)}/1985` }],
    ['days without years', { date_of_birth: (i) => `${(i % 28) + 1}/${(i % 12) + 1}` }],
    ['years of two digits', { date_of_birth: (i) => `${(i % 28) + 1}-${(i % 12) + 1}-85` }],
    ['day numbers', { date_of_birth: (i) => `${31_133 + i}` }],
    ['seconds', { date_of_birth: (i) => `${480_729_600 + i * 86_400}` }],
    ['moments', { date_of_birth: (i) => `1985-03-${10 + (i % 20)}T00:00:00.000Z` }],
    ['old cards only', { id_number: (i) => `${225_123_456 + i * 97}` }],
    ['old cards without their zero', { id_number: (i) => `${12_345_678 + i * 97}` }],
    ['zeros lost', { id_number: (i) => `${79_085_000_017 + i}` }],
    ['rounded by a spreadsheet', { id_number: (i) => `7.90${10 + i}E+10` }],
    ['masked', { id_number: (i) => `0790${85 + i}xxxxxx` }],
    ['cut', { id_number: (i) => `0790850${1000 + i}` }],
    [
      'passports',
      { id_number: (i) => `E${12_345_678 + i}`, full_name: (i) => `IVANOV-PETROV IVAN ${'I'.repeat(i % 9)}` },
    ],
    ['numbers in every second row', { id_number: (i) => (i % 2 === 0 ? GOOD.id_number(i) : GOOD.msisdn(i)) }],
    ['names of one word', { full_name: (i) => `Suharto${'abcdefghij'.charAt(i % 10)}` }],
    ['names of no Latin letters', { full_name: (i) => `王小${String.fromCharCode(0x4e00 + i)}` }],
    ['names with notes', { full_name: (i) => `NGUYEN VAN AN (${i})` }],
    ['names as pages write them', { full_name: (i) => `&#272;&#7863;ng &#7882; &#${7800 + i};` }],
    ['names of lost letters', { full_name: (i) => `Ngu?n V? ${'?'.repeat(1 + (i % 12))}` }],
    ['names with no letter left', { full_name: of(['???', '??? ??', '-', '.']) }],
    [
      'children',
      {
        date_of_birth: (i) => `${(i % 28) + 1}/2/${2015 + (i % 9)}`,
        id_number: (i) => `0792${15 + (i % 9)}${100_000 + i}`,
      },
    ],
  ])('is not refused: %s', async (_name, cells) => expect(await problemOf(cells)).toBeUndefined());

  test('is not refused for a few rows, or for a head that cannot be read', async () => {
    const dirty = { date_of_birth: () => 'Lê An', id_number: () => 'không', full_name: () => '12' };
    expect(await problemOf(dirty, {}, 5)).toBeUndefined();
    writeFileSync(file, '');
    await demandPlausible({ path: file }, telco.wanted({ id_number: 'CCCD' }), undefined);
  });
});
