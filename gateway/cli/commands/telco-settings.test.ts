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
      headerLine: 4,
      stated: { encoding: 'tcvn3', nameWidth: 25, daysFrom1904: true },
    });
    expect(await settingsOf(file, {})).toEqual({
      ...{ file, columns, sheet: 'A', headerLine: 4, mapping: beside },
      stated: { encoding: 'tcvn3', nameWidth: 25, daysFrom1904: true },
    });
    const words = { columns: 'full_name=HO_TEN', sheet: 'B', headerLine: '2', encoding: 'vni', daysFrom: '1900' };
    const said = { ...words, newYearUnknown: false };
    expect(await settingsOf(file, said)).toEqual({
      ...{ file, columns: { ...columns, full_name: 'HO_TEN' }, sheet: 'B', headerLine: 2, mapping: beside },
      stated: { encoding: 'vni', nameWidth: 25, daysFrom1904: false, newYearMeansUnknown: false },
    });
  });

  test('is by another mapping where that is named, by none where none is wanted, or there is none', async () => {
    const named = join(folder, 'other.json');
    await writeMapping(named, { columns: { ...columns, row_id: 'ID' }, stated: {} });
    expect(await settingsOf(file, { mapping: named })).toMatchObject({ columns: { row_id: 'ID' }, mapping: named });
    const none = { columns: {}, sheet: undefined, stated: {}, mapping: undefined };
    expect(await settingsOf(file, { mapping: false })).toEqual({ file, ...none });
    expect(await settingsOf(join(folder, 'else.csv'), {})).toMatchObject(none);
    expect(await settingsOf('-', {})).toEqual({ file: '-', ...none });
    await expect(settingsOf(file, { mapping: join(folder, 'none') })).rejects.toMatchObject({ reason: 'FILE_MISSING' });
    writeFileSync(`${file}2.mapping.json`, '{}');
    await expect(settingsOf(`${file}2`, {})).rejects.toMatchObject({ reason: 'MAPPING_WRONG' });
  });
});

describe('a mapping of an earlier file', () => {
  const week = join(folder, 'week.csv');
  const header = 'row_id,msisdn,id_number,full_name,date_of_birth';
  writeFileSync(week, `${header}\n1,09,901085000017,Nguyễn Văn Ấm,27/03/1985\n`);
  const plain = { row_id: 'row_id', msisdn: 'msisdn', id_number: 'id_number' };
  const same = { ...plain, full_name: 'full_name', date_of_birth: 'date_of_birth' };

  test('is not used by itself where the file contradicts it; who names it or an encoding is believed', async () => {
    const path = mappingPathOf(week);
    await writeMapping(path, { columns: same, stated: { encoding: 'windows-1258' } });
    const verify = ['telco', 'verify', week, '--out', join(folder, 'out.csv'), '--json'];
    const { code, stdout } = await runCaptured(verify);
    expect([code, JSON.parse(stdout)]).toMatchObject([2, { error: { reason: 'MAPPING_STALE' } }]);
    const explained = await runCaptured(['telco', 'explain', week, '--results', 'r.csv', '--row', '2']);
    expect([explained.code, explained.stderr]).toEqual([2, expect.stringContaining(path)]);
    expect((await settingsOf(week, { mapping: path })).stated).toMatchObject({ encoding: 'windows-1258' });
    expect((await settingsOf(week, { encoding: 'vni' })).stated).toMatchObject({ encoding: 'vni' });
    expect(await settingsOf(week, { mapping: false })).toMatchObject({ mapping: undefined });
  });

  test('is not used either where the file has day and month the other way; who says the order is believed', async () => {
    const path = mappingPathOf(week);
    const rows = Array.from({ length: 30 }, (_, i) => `${i},09,901085000017,Nguyễn Văn Ấm,3/${(i % 18) + 13}/1985`);
    const turned = join(folder, 'turned.csv');
    writeFileSync(turned, `${header}\n${rows.join('\n')}\n`);
    await writeMapping(mappingPathOf(turned), { columns: same, stated: { encoding: 'utf-8', dateOrder: 'day-first' } });
    await expect(settingsOf(turned, {})).rejects.toMatchObject({ facts: { said: 'day-first', found: 'month-first' } });
    await expect(settingsOf(turned, { encoding: 'utf-8' })).rejects.toMatchObject({ reason: 'MAPPING_STALE' });
    expect((await settingsOf(turned, { dateOrder: 'day-first' })).stated).toMatchObject({ dateOrder: 'day-first' });
    await writeMapping(path, { columns: same, stated: { dateOrder: 'month-first' } });
    expect((await settingsOf(week, {})).stated).toMatchObject({ dateOrder: 'month-first' });
  });

  test('is named where its columns are not those of the file', async () => {
    const path = mappingPathOf(week);
    await writeMapping(path, { columns: { ...same, id_number: 'GTTT' }, stated: {} });
    const args = ['telco', 'explain', week, '--results', 'r.csv', '--row', '2'];
    const { code, stderr } = await runCaptured(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`${path}; --no-mapping`)]);
    const without = await runCaptured([...args, '--columns', 'msisdn=SDT', '--no-mapping']);
    expect(without.stderr).not.toContain('--no-mapping');
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
