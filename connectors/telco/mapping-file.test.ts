import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findMapping, type MappingFile, mappingText, parseMapping, readMapping, writeMapping } from './mapping-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'lt-mapping-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const columns = { row_id: 'STT', msisdn: 'SĐT', id_number: 'Số GTTT', full_name: 'Họ tên', date_of_birth: 'Ngày sinh' };
const whole = { format: 'lienthong-telco-mapping/1', columns };
const parse = (value: unknown): MappingFile => parseMapping(JSON.stringify(value), 'm.json');

describe('a mapping', () => {
  it('is read as it was written', async () => {
    const path = join(folder, 'm.json');
    const mapping: MappingFile = {
      columns,
      sheet: 'Tháng 11',
      headerLine: 4,
      stated: {
        ...{ encoding: 'tcvn3', dateOrder: 'month-first', newYearMeansUnknown: false, nameWidth: 0 },
        daysFrom1904: true,
      },
    };
    await writeMapping(path, mapping);
    expect(await readMapping(path)).toEqual(mapping);
  });

  it('leaves to the file what it does not say, by null or by silence', () => {
    const learnt = { columns, sheet: undefined, stated: {} };
    expect(parse(whole)).toEqual(learnt);
    expect(parseMapping(`\ufeff${mappingText({ columns, stated: {} })}`, 'm.json')).toEqual(learnt);
  });

  it.each<[string, unknown, string]>([
    ['is no JSON', '{"format"', 'JSON'],
    ['is a list', [], 'JSON'],
    ['is of another format', { ...whole, format: 'lienthong-telco-mapping/2' }, 'format'],
    ['has no format', { columns }, 'format'],
    ['has a member more', { ...whole, date_oder: 'day-first' }, 'date_oder'],
    ['has a member that is no name', { ...whole, '901085000017 An': 1 }, 'a member'],
    ['has no columns', { format: whole.format }, 'columns'],
    ['lacks a column', { ...whole, columns: { ...columns, msisdn: undefined } }, 'columns.msisdn'],
    ['has a column without a header', { ...whole, columns: { ...columns, msisdn: ' ' } }, 'columns.msisdn'],
    ['has a column more', { ...whole, columns: { ...columns, sex: 'GT' } }, 'columns.sex'],
    ['has an unknown encoding', { ...whole, encoding: 'koi8' }, 'encoding'],
    ['has another date order', { ...whole, date_order: 'us' }, 'date_order'],
    ['has a truth that is a text', { ...whole, new_year_unknown: 'true' }, 'new_year_unknown'],
    ['has a width beyond', { ...whole, name_width: 201 }, 'name_width'],
    ['has half a width', { ...whole, name_width: 1.5 }, 'name_width'],
    ['has another year', { ...whole, days_from: 1970 }, 'days_from'],
    ['has a header on no line', { ...whole, header_line: 0 }, 'header_line'],
    ['has a header by a text', { ...whole, header_line: '4' }, 'header_line'],
    ['has a sheet by number', { ...whole, sheet: 1 }, 'sheet'],
  ])('that %s is refused, and the member named', (_name, value, member) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    expect(() => parseMapping(text, 'm.json')).toThrow(
      expect.objectContaining({ reason: 'MAPPING_WRONG', facts: expect.objectContaining({ member }), exitCode: 2 }),
    );
  });

  it('that is not there is none, unless it was named', async () => {
    const none = join(folder, 'none.json');
    expect(await findMapping(none)).toBeUndefined();
    await expect(readMapping(none)).rejects.toMatchObject({ reason: 'FILE_MISSING' });
    writeFileSync(none, 'x');
    await expect(findMapping(none)).rejects.toMatchObject({ reason: 'MAPPING_WRONG' });
  });
});
