import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { mappingPathOf, writeMapping } from '../../../connectors/telco/mapping-file.ts';
import { runCaptured } from '../testing/terminal.ts';
import { settingsOf } from './telco-settings.ts';
import { parseSendWindow, waitingLine } from './telco-words.ts';

const folder = mkdtempSync(join(tmpdir(), 'lt-settings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const columns = { row_id: 'STT', msisdn: 'SĐT', id_number: 'GTTT', full_name: 'Tên', date_of_birth: 'NS' };
const file = join(folder, 'subscribers.csv');
const beside = mappingPathOf(file);

describe('how a file is read', () => {
  test('is said by the options, else by the mapping beside it, member by member', async () => {
    await writeMapping(beside, {
      columns,
      sheet: 'A',
      stated: { encoding: 'tcvn3', nameWidth: 25, daysFrom1904: true },
    });
    expect(await settingsOf(file, {})).toEqual({
      ...{ columns, sheet: 'A', mapping: beside },
      stated: { encoding: 'tcvn3', nameWidth: 25, daysFrom1904: true },
    });
    const said = { columns: 'full_name=HO_TEN', sheet: 'B', encoding: 'vni', daysFrom: '1900', newYearUnknown: false };
    expect(await settingsOf(file, said)).toEqual({
      ...{ columns: { ...columns, full_name: 'HO_TEN' }, sheet: 'B', mapping: beside },
      stated: { encoding: 'vni', nameWidth: 25, daysFrom1904: false, newYearMeansUnknown: false },
    });
  });

  test('is by another mapping where that is named, by none where none is wanted, or there is none', async () => {
    const named = join(folder, 'other.json');
    await writeMapping(named, { columns: { ...columns, row_id: 'ID' }, stated: {} });
    expect(await settingsOf(file, { mapping: named })).toMatchObject({ columns: { row_id: 'ID' }, mapping: named });
    const none = { columns: {}, sheet: undefined, stated: {}, mapping: undefined };
    expect(await settingsOf(file, { mapping: false })).toEqual(none);
    expect(await settingsOf(join(folder, 'else.csv'), {})).toEqual(none);
    expect(await settingsOf('-', {})).toEqual(none);
    await expect(settingsOf(file, { mapping: join(folder, 'none') })).rejects.toMatchObject({ reason: 'FILE_MISSING' });
    writeFileSync(`${file}2.mapping.json`, '{}');
    await expect(settingsOf(`${file}2`, {})).rejects.toMatchObject({ reason: 'MAPPING_WRONG' });
  });
});

describe('telco inspect', () => {
  const rows = ['STT,SĐT,Số GTTT,Họ tên,Ngày sinh', '1,0961234501,901085000017,Nguyễn Văn An,27/03/1985'];
  const path = join(folder, 'inspected.csv');
  writeFileSync(path, `${rows.join('\n')}\n2,0961234502,90219000,Trần Thị Bình,30/02/1990\n`);

  test('shows in words what it found, and leaves a mapping that is used and not written over', async () => {
    const first = await runCaptured(['telco', 'inspect', path]);
    expect([first.code, first.stdout]).toEqual([0, expect.stringContaining('BIRTH_DATE_NOT_IN_CALENDAR')]);
    expect(first.stdout).toContain(`Mapping: ${mappingPathOf(path)}\n`);
    expect((await settingsOf(path, {})).columns).toMatchObject({ id_number: 'Số GTTT' });
    expect((await runCaptured(['telco', 'inspect', path, '--lang', 'vi'])).stdout).toContain('đã có sẵn và giống hệt');
    await writeMapping(mappingPathOf(path), { columns, stated: {} });
    expect((await runCaptured(['telco', 'inspect', path])).stdout).toContain('says something else');
    expect((await settingsOf(path, {})).columns).toEqual(columns);
  });

  test('gives all of it as JSON, and the mapping alone on standard output', async () => {
    const out = join(folder, 'm.json');
    const { stdout } = await runCaptured(['telco', 'inspect', path, '--json', '--out', out]);
    expect(JSON.parse(stdout)).toMatchObject({ rows: 2, mappingFile: { path: out, written: true } });
    const alone = await runCaptured(['telco', 'inspect', path, '--out', '-']);
    expect(JSON.parse(alone.stdout)).toMatchObject({ format: 'lienthong-telco-mapping/1', date_order: 'day-first' });
  });
});

test('a window is told with the moment it opens, in the time that it is said in', () => {
  expect(parseSendWindow(undefined)).toBeUndefined();
  expect(() => parseSendWindow('22')).toThrow('--window must be');
  const line = waitingLine(new Date(2026, 10, 28, 22, 0), '22:00-05:00', 'en');
  expect(line).toContain('waiting until 22:00 28/11/2026');
});
