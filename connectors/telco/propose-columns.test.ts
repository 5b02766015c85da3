import { describe, expect, it } from 'vitest';
import { foldHeader, headerSays } from './column-words.ts';
import { proposeColumns } from './propose-columns.ts';

const ROWS = [
  ['1', '0961234501', '901085000017', 'NGUYỄN VĂN AN', '27/03/1985', '12/05/2021', 'Hà Nội'],
  ['2', '0961234502', '902190000025', 'Trần Thị Bình', '02/11/1990', '01/07/2022', 'Huế'],
  ['3', '961234503', '012345678', 'Lê Hoàng Cường', '27/05/1975', '30/08/2019', 'Hà Nội'],
  ['4', '84961234504', '904188000041', 'Nông Thị Dung', '1988', '22/12/2023', 'Cao Bằng'],
];
const table = (...headers: string[]) =>
  headers.map((header, k) => ({ header, cells: ROWS.map((row) => row[k] ?? '') }));
const byName = (headers: string[], stated = {}) =>
  Object.fromEntries(
    proposeColumns(table(...headers), stated).columns.map(({ name, header, by }) => [name, `${header} ${by}`]),
  );

describe('a header', () => {
  it.each([
    ['SỐ_GTTT', 'so gttt'],
    ['SoGttt', 'so gttt'],
    ['Họ và tên', 'ho va ten'],
    ['Địa  chỉ', 'dia chi'],
    ['Số CMND/CCCD', 'so cmnd cccd'],
  ])('%s is %s', (header, words) => expect(foldHeader(header)).toBe(words));

  it.each([
    ['Số thuê bao', 'msisdn', true],
    ['MSISDN', 'msisdn', true],
    ['HO_TEN', 'full_name', true],
    ['HoTenKH', 'full_name', true],
    ['Ngày sinh', 'date_of_birth', true],
    ['DOB', 'date_of_birth', true],
    ['STT', 'row_id', true],
    ['Số CMND/CCCD', 'id_number', true],
    ['so_cccd_moi', 'id_number', false],
    ['Ngày cấp CCCD', undefined, false],
    ['Loại giấy tờ', undefined, false],
    ['Ngày kích hoạt', undefined, false],
    ['Họ và tên đệm', undefined, false],
    ['HODEM', undefined, false],
    ['Họ và chữ lót', undefined, false],
    ['Tên đệm KH', undefined, false],
    ['LAST_NAME', undefined, false],
    ['customerFirstName', undefined, false],
    ['Surname', undefined, false],
    ['Full name (last name first)', 'full_name', false],
    ['Họ tên đệm và tên', 'full_name', false],
    ['Tên', undefined, false],
    ['x', undefined, false],
  ])('%s says %s', (header, name, sure) => expect(headerSays(header)).toMatchObject({ name, sure }));
});

describe('columns', () => {
  it('are found by what they are called, in either language', () => {
    const vi = byName(['STT', 'Số thuê bao', 'Số GTTT', 'Họ và tên', 'Ngày sinh', 'Ngày cấp', 'Nơi cấp']);
    expect(vi).toEqual({
      row_id: 'STT both',
      msisdn: 'Số thuê bao both',
      id_number: 'Số GTTT both',
      full_name: 'Họ và tên both',
      date_of_birth: 'Ngày sinh both',
    });
    expect(Object.values(byName(['row_id', 'msisdn', 'id_number', 'full_name', 'date_of_birth']))).toHaveLength(5);
  });

  it('are found by their cells where their names say nothing; a date of issue is no date of birth', () => {
    expect(byName(['ID', 'F1', 'F2', 'F3', 'F4', 'F5', 'F6'])).toEqual({
      row_id: 'ID both',
      msisdn: 'F1 cells',
      id_number: 'F2 cells',
      full_name: 'F3 cells',
      date_of_birth: 'F4 cells',
    });
  });

  it('that are missing are named, but for a key: the phone number stands in for that', () => {
    const { columns, missing, unused } = proposeColumns(table('x', 'sdt', 'y', 'ten').slice(1, 4));
    expect(missing).toEqual(['date_of_birth']);
    expect(columns.find(({ name }) => name === 'row_id')).toMatchObject({ header: 'sdt', by: 'instead' });
    expect(unused).toEqual([]);
  });

  it('are those that the user says', () => {
    expect(byName(['STT', 'a', 'b', 'c', 'Ngày sinh', 'Ngày cấp'], { date_of_birth: 'ngày CẤP' })).toMatchObject({
      date_of_birth: 'Ngày cấp stated',
      row_id: 'STT both',
    });
    expect(proposeColumns(table('a', 'b'), { full_name: 'none' }).missing).toContain('full_name');
  });
});

describe('of two columns that could be it', () => {
  const ids = ROWS.map((_, i) => [`25123456${i}`, `90108500001${i}`]);
  const found = (columns: Record<string, string[]>, name: 'id_number' | 'full_name') => {
    const given = Object.entries(columns).map(([header, cells]) => ({ header, cells }));
    return proposeColumns(given).columns.find((column) => column.name === name)?.header;
  };
  const [old, personal] = [ids.map(([cmnd = '']) => cmnd), ids.map(([, cccd = '']) => cccd)];
  const except = (cells: string[], kept: number) => cells.map((cell, i) => (i < kept ? cell : ''));

  it('the one with the new numbers is taken, wherever it stands', () => {
    expect(found({ 'Số CMND': old, 'Số CCCD': personal }, 'id_number')).toBe('Số CCCD');
    expect(found({ 'Số CCCD': personal, 'Số CMND': old }, 'id_number')).toBe('Số CCCD');
  });

  it('the one that is filled is, old numbers too', () => {
    expect(found({ 'Số CMND': except(old, 1), 'Số CCCD': personal }, 'id_number')).toBe('Số CCCD');
    expect(found({ 'Số CMND': old, 'Số CCCD': except(personal, 1) }, 'id_number')).toBe('Số CMND');
    expect(found({ 'Số CMND': old, x: ROWS.map(() => 'x') }, 'id_number')).toBe('Số CMND');
  });

  it('one alone is taken by its cells however many are empty', () => {
    expect(found({ F1: except(personal, 1), F2: ROWS.map(() => '') }, 'id_number')).toBe('F1');
  });

  it('none is a part of a name, or a place beside the parts', () => {
    const [names, front] = [ROWS.map((row) => row[3] ?? ''), ROWS.map(() => 'Nguyễn Văn')];
    const places = ROWS.map(() => 'Hà Nội');
    for (const parts of ['Họ và tên đệm', 'HO_DEM', 'Họ', 'LAST_NAME', 'First Name'])
      expect(found({ [parts]: front, Tên: ROWS.map(() => 'An'), 'Thành phố': places }, 'full_name')).toBeUndefined();
    expect(found({ 'Tên đệm': front, 'Họ tên': names }, 'full_name')).toBe('Họ tên');
    expect(found({ Tên: names, STT: ROWS.map((_, i) => String(i)) }, 'full_name')).toBe('Tên');
  });
});
