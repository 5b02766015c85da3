import { describe, expect, test } from 'vitest';
import { AN, BINH, HEADER, importing } from './import-files.ts';

const now = importing();

describe('rules', () => {
  const id = '901085000001';
  const base: Record<string, string> = {
    personal_id: id,
    full_name: 'An',
    date_of_birth: '1985',
    sex: 'M',
    status: 'alive',
  };
  const row = (cells: Record<string, string>) => {
    const all = { ...base, ...cells };
    return HEADER.split(',')
      .map((name) => `"${(all[name] ?? '').replaceAll('"', '""')}"`)
      .join(',');
  };
  const cases: [column: string, value: string, reason: string][] = [
    ['personal_id', '', 'REQUIRED'],
    ['personal_id', '90108500000', 'NUMBER_FORMAT'],
    ['personal_id', '9010850000012', 'NUMBER_FORMAT'],
    ['personal_id', '90108500000A', 'NUMBER_FORMAT'],
    ['personal_id', '000085000001', 'NUMBER_FORMAT'],
    ['personal_id', '９０１０８５０００００１', 'NUMBER_FORMAT'],
    ['full_name', '', 'REQUIRED'],
    ['full_name', ' \u00a0 ', 'REQUIRED'],
    ['full_name', 'A\u0000n', 'CONTROL_CHARACTER'],
    ['full_name', 'A\u001en', 'CONTROL_CHARACTER'],
    ['full_name', 'A\u0085n', 'CONTROL_CHARACTER'],
    ['full_name', 'A\ufffdn', 'ENCODING'],
    ['full_name', 'x'.repeat(1001), 'TOO_LONG'],
    ['date_of_birth', '85', 'DATE_FORMAT'],
    ['date_of_birth', '1985-02-29', 'DATE_FORMAT'],
    ['date_of_birth', '1985-00', 'DATE_FORMAT'],
    ['date_of_birth', '27/03/1985', 'DATE_FORMAT'],
    ['date_of_birth', '1849', 'DATE_FORMAT'],
    ['date_of_birth', '2149', 'DATE_FUTURE'],
    ['sex', 'Nam', 'CODE_UNKNOWN'],
    ['sex', 'm', 'CODE_UNKNOWN'],
    ['sex', 'constructor', 'CODE_UNKNOWN'],
    ['status', 'dead', 'CODE_UNKNOWN'],
    ['status', 'toString', 'CODE_UNKNOWN'],
    ['birth_province_code', '003', 'UNIT_FORMAT'],
    ['birth_province_code', 'Hà Nội', 'UNIT_FORMAT'],
    ['old_cmnd', '12345678', 'OLD_NUMBER_FORMAT'],
    ['old_cmnd', '012345678;', 'OLD_NUMBER_FORMAT'],
    ['old_cmnd', '000000000', 'OLD_NUMBER_FORMAT'],
    ['mobile', '12', 'MOBILE_FORMAT'],
    ['superseded_by', '901085000002', 'SUPERSEDED_BY_UNEXPECTED'],
  ];
  test('each broken rule is a reject with line, column and reason, and the neighbours go in', async () => {
    // Each row has a number of its own, so that no row is a repetition of another.
    const numbered = (index: number) => ({ personal_id: String(901085001000 + index) });
    const lines = cases.map(([column, value], index) => row({ ...numbered(index), [column]: value }));
    lines.push(
      row({ status: 'id_superseded' }),
      row({ status: 'id_superseded', superseded_by: id }),
      row({ status: 'cancelled', superseded_by: '1' }),
    );
    lines.push(row({}));
    const result = await now.importer.rows(...lines);
    const expected = cases.map(([column, , reason], index) => `${index + 2},${column},${reason}`);
    const n = cases.length + 2;
    expected.push(
      `${n},superseded_by,SUPERSEDED_BY_MISSING`,
      `${n + 1},superseded_by,SUPERSEDED_BY_SELF`,
      `${n + 2},superseded_by,NUMBER_FORMAT`,
    );
    expect(result.rejects).toEqual(expected);
    expect(result).toMatchObject({ created: 1, rejected: expected.length });
  });

  test('production refuses synthetic prefixes, development takes real ones', async () => {
    const real = '001085000001,An,1985,M,,,alive,,,,';
    const refused = await now.importer.file(`${HEADER}\n${real}\n${AN}\n`, { deploymentKind: 'production' });
    expect(refused.rejects).toEqual(['3,personal_id,PREFIX_SYNTHETIC']);
    expect(refused.created).toBe(1);
    expect((await now.importer.rows(real)).changed).toBe(0);
  });
});

test('a file that cannot be imported says why, names no value, and leaves nothing', async () => {
  const cases: [content: string, message: RegExp][] = [
    ['full_name,date_of_birth\n', /"personal_id" is missing/],
    ['personal_id,full_name\n', /"date_of_birth" is missing/],
    [`${HEADER},salary\n`, /"salary"/],
    [`${HEADER},contact.mobile\n`, /"mobile" and "contact.mobile" are the same field/],
    [`${HEADER},id_status,id_status\n`, /"id_status" stands twice/],
    [`${AN}\n`, /no column name/],
    ['', /empty/],
    [`${HEADER}\n${AN}\n901085000002,"${'x'.repeat(1_200_000)}`, /begins in line 3 is longer than 1 MiB/],
  ];
  for (const [content, message] of cases) {
    const error = await now.importer.file(content).then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toMatch(/Nguyễn|901085000001/);
  }
  expect((await now.db.pool.query('SELECT position FROM register_head')).rows).toEqual([{ position: 0 }]);
  expect((await now.db.pool.query('SELECT count(*) AS n FROM person_match')).rows).toEqual([{ n: 0 }]);
  expect((await now.importer.rows(AN)).created).toBe(1);
});

test('a byte-order mark, NFD text and a missing last line end do no harm', async () => {
  const content = Buffer.concat([
    Buffer.from([0xef, 0xbb, 0xbf]),
    Buffer.from(`${HEADER}\r\n${AN.normalize('NFD')}\r\n${BINH}`),
  ]);
  expect(await now.importer.file(content)).toMatchObject({ created: 2, rejected: 0 });
  const { rows } = await now.db.pool.query<{ full_name: string }>('SELECT full_name FROM person ORDER BY 1');
  expect(rows).toEqual([{ full_name: 'Nguyễn Văn An' }, { full_name: 'Trần Thị Bình' }]);
});

test('bytes that are not UTF-8 reject their row only', async () => {
  const latin = Buffer.concat([
    Buffer.from(`${HEADER}\n901085000009,`),
    Buffer.from([0xff, 0xfe]),
    Buffer.from(`,1985,M,,,alive,,,,\n${AN}\n`),
  ]);
  expect((await now.importer.file(latin)).rejects).toEqual(['2,full_name,ENCODING']);
});
