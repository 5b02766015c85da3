import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import papaparse from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadAddressCatalogue } from './addresses.ts';
import { FURTHER_COLUMNS, generatePopulation, PERSON_COLUMNS, personCells, writePersonsCsv } from './population.ts';
import { ALL_PREFIXES } from './telco-prefixes.ts';

const SEED = 20_251_122;
const addresses = loadAddressCatalogue();
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lt-synthetic-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('persons.csv', () => {
  const COLUMN_RULES: Record<(typeof PERSON_COLUMNS)[number], RegExp> = {
    personal_id: /^9\d{11}$/u,
    full_name: /^\p{Lu}/u,
    date_of_birth: /^(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/u,
    sex: /^[MF]$/u,
    birth_province_code: /^0\d\d$/u,
    old_cmnd: /^(\d{9}(;\d{9})*)?$/u,
    status: /^(alive|deceased|missing|id_superseded|cancelled)$/u,
    superseded_by: /^(9\d{11})?$/u,
    mobile: new RegExp(`^((${ALL_PREFIXES.join('|')})\\d{7})?$`, 'u'),
    permanent_address: /^.+, (Phường|Xã|Đặc khu) .+, .+$/u,
    ethnicity: /^\p{Lu}/u,
  };

  it('has the promised header, then further columns by field path, every cell in its format', async () => {
    const path = join(folder, 'persons.csv');
    const written = await writePersonsCsv(path, { seed: SEED, persons: 2_000, addresses });
    const text = await readFile(path, 'utf8');
    expect(text.startsWith(PERSON_COLUMNS.join(','))).toBe(true);
    const { data, meta, errors } = papaparse.parse<Record<string, string>>(text, {
      header: true,
      skipEmptyLines: true,
    });
    expect(errors).toEqual([]);
    expect(meta.fields).toEqual([...PERSON_COLUMNS, ...FURTHER_COLUMNS]);
    expect(data.length).toBe(written.rows);
    for (const row of data) {
      const broken = PERSON_COLUMNS.filter((column) => !COLUMN_RULES[column].test(row[column] ?? '?'));
      if (broken.length > 0) expect.fail(`${broken.join()} of ${row.personal_id}`);
      expect(row['permanent_address.province']).toMatch(/^\d\d@2025-07-01$/u);
      expect(row['permanent_address.commune']).toMatch(/^\d{5}@2025-07-01$/u);
      expect(row.religion).not.toBe('');
      expect(row.marital_status).toMatch(/^(single|married|divorced|widowed)$/u);
    }
    const current = new Set(
      data.filter(({ status }) => !/^(id_|canc)/u.test(status ?? '')).map((row) => row.personal_id),
    );
    expect(current.size).toBe(2_000);
    expect(data.filter((row) => row.superseded_by !== '' && !current.has(row.superseded_by))).toEqual([]);
    expect(data.some(({ status, superseded_by }) => status === 'id_superseded' && superseded_by !== '')).toBe(true);
  });

  it('writes only the promised columns when told so, in another dress', async () => {
    const path = join(folder, 'narrow.csv');
    await writePersonsCsv(path, {
      seed: SEED,
      persons: 300,
      addresses,
      further: false,
      format: { separator: ';', crlf: true, bom: true },
    });
    const text = await readFile(path, 'utf8');
    expect(text.startsWith(`\uFEFF${PERSON_COLUMNS.join(';')}\r\n`)).toBe(true);
    const { data, errors } = papaparse.parse<string[]>(text.slice(1), { delimiter: ';', skipEmptyLines: true });
    expect(errors).toEqual([]);
    expect(data.slice(1).map((cells) => cells.join('|'))).toEqual(
      [...generatePopulation({ seed: SEED, persons: 300, addresses })].map((record) => personCells(record).join('|')),
    );
  });

  it('leaves the same bytes whatever is written twice', async () => {
    const [a, b] = [join(folder, 'a.csv'), join(folder, 'b.csv')];
    await writePersonsCsv(a, { seed: 5, persons: 8_000, addresses });
    await writePersonsCsv(b, { seed: 5, persons: 8_000, addresses });
    expect((await readFile(a)).equals(await readFile(b))).toBe(true);
  });
});
