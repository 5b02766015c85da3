import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { columnsOf } from '../../connectors/kit/csv-header.ts';
import { parseMapping } from '../../connectors/telco/mapping-file.ts';
import { GetPersonRequestSchema } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { BackupError } from '../backup/backup-error.ts';
import { readManifest } from '../backup/manifest.ts';
import { planImport } from '../register/import/plan.ts';
import { openSource } from '../register/import/source.ts';
import { readSigningKeyFile } from '../signing/key-file.ts';
import { StorageError } from '../storage/errors.ts';
import { backupProblem } from './commands/backup-words.ts';
import { parseRequest } from './commands/call.ts';
import { explain } from './explain.ts';
import { runCaptured } from './testing/terminal.ts';

/** What other folders find wrong is told in one language too, and its English is what it was. */

const folder = mkdtempSync(join(tmpdir(), 'lienthong-vi-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function both(args: readonly string[]): Promise<{ readonly vi: string; readonly en: string }> {
  const said = async (LANG: string) => (await runCaptured(args, { env: { LANG } })).stderr.split('\n')[0] ?? '';
  return { vi: await said('vi_VN.UTF-8'), en: await said('en_US.UTF-8') };
}

const file = join(folder, 'config.json');
const whole = {
  ...{ version: 1, deployment: { id: 'dev-tests', kind: 'development' }, listen: {}, database: { url: 'env:URL' } },
  ...{ tls: { ca: 'file:ca', certificate: 'file:c', key: 'file:k' }, signing_key: 'file:s', key_set: 'file:k' },
  ...{ log: { origin: 'log', key: 'file:l', heads: 'file:h' }, storage_keys: 'file:k' },
  policy: { wasm: 'file:w', manifest: 'file:m', signature: 'file:s', key: 'file:k' },
};

describe('a config that is wrong', () => {
  test.each([
    ['{ "version": 1', 'phải JSON: dòng 1, cột 15', 'is not JSON: line 1, column 15'],
    ['[]', 'config: phải là một đối tượng JSON', ': config: must be an object'],
    ['{}', 'version: chưa có', 'config: version: is missing'],
    [{ ...whole, version: 2 }, 'version: phải là 1', 'config: version: must be 1'],
    [{ ...whole, lisen: 1 }, 'lisen: phiên bản này không có mục đó', 'config: lisen: is not a member of this version'],
    [
      { ...whole, listen: { port: 99_999 } },
      'listen.port: phải là số nguyên, tối đa 65535',
      'config: listen.port: must be a whole number up to 65535',
    ],
    [
      { ...whole, deployment: { id: 'p-1', kind: 'production' }, listen: { host: 'h' } },
      'officers: hệ thống chính thức phải nêu khóa của các cán bộ',
      'config: officers: a production deployment must name the keys of its officers',
    ],
    [whole, 'database.url: chưa đặt biến môi trường URL', 'config: database.url: the variable URL is not set'],
  ])('%j', async (content, vi, en) => {
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    const said = await both(['status', '--config', file]);
    expect(said.vi).toMatch(/^Không dùng được cấu hình: /);
    expect(said.vi).toContain(vi);
    expect(said.en).toContain(en);
    expect(said.en).not.toContain('config: config:');
  });

  test('or that anybody may write, or that is not there', async () => {
    writeFileSync(file, '{}');
    chmodSync(file, 0o646);
    expect((await both(['status', '--config', file])).vi).toContain(`ai cũng ghi được vào ${file}: hãy chạy chmod o-w`);
    expect((await both(['status', '--config', join(folder, 'none')])).vi).toBe(
      `Không dùng được cấu hình: config: không đọc được ${join(folder, 'none')}.`,
    );
  });
});

describe('a profile that is wrong', () => {
  const profile = join(folder, 'profile');
  mkdirSync(profile);
  test.each([
    ['[', 'config.json thiếu hoặc sai (phải là đối tượng JSON).', 'config.json is missing or wrong (a JSON object).'],
    [{ version: 2 }, 'version thiếu hoặc sai (phải là 1).', 'version is missing or wrong (1).'],
    [{ version: 1 }, 'ca thiếu hoặc sai (dạng file:PATH hoặc env:NAME).', '(file:PATH or env:NAME).'],
    [
      { version: 1, ca: 'env:CA' },
      'Không dùng được ca của hồ sơ kết nối: chưa đặt biến môi trường CA.',
      "The profile's ca cannot be used: the environment variable CA is not set.",
    ],
    [
      { version: 1, ca: 'file:ca.pem' },
      `Không dùng được ca của hồ sơ kết nối: không đọc được ${join(profile, 'ca.pem')}.`,
      `The profile's ca cannot be used: ${join(profile, 'ca.pem')} cannot be read.`,
    ],
  ])('%j', async (content, vi, en) => {
    writeFileSync(join(profile, 'config.json'), typeof content === 'string' ? content : JSON.stringify(content));
    const said = await both(['job', 'list', '--profile', profile]);
    expect(said.vi).toContain(vi);
    expect(said.en).toContain(en);
  });
});

test('a workbook that is none', async () => {
  const workbook = join(folder, 'a.xlsx');
  writeFileSync(workbook, 'PK\u0003\u0004 and no more');
  const said = async (lang: string) => (await runCaptured(['telco', 'inspect', workbook, '--lang', lang])).stderr;
  expect(await said('vi')).toMatch(/như tệp bảng tính\.\nKhông phải tệp ZIP\. Hãy mở/);
  expect(await said('en')).toMatch(/as a workbook\.\nNot a ZIP archive\. Open it/);
});

/** What work ends with, in both languages. */
async function ending(work: () => unknown, told: (error: unknown) => unknown = (error) => error) {
  const error: unknown = await Promise.resolve()
    .then(work)
    .catch((reason: unknown) => told(reason));
  return [explain(error, 'vi').happened, explain(error, 'en').happened];
}

test('a file of people that cannot be imported', async () => {
  expect(await ending(() => planImport(['personal_id', 'shoe_size']))).toEqual([
    'Không nhập được tệp: CSDL dân cư không có cột "shoe_size".',
    'The file cannot be imported: The register does not know the column "shoe_size".',
  ]);
  const none = join(folder, 'none.csv');
  expect(await ending(() => openSource(none))).toEqual([
    `Không nhập được tệp: Không đọc được tệp ${none}.`,
    `The file cannot be imported: The file ${none} cannot be read.`,
  ]);
});

test.skipIf(process.platform === 'win32')('a key that others may read, by whichever command', async () => {
  const key = join(folder, 'signing.jwk.json');
  writeFileSync(key, '{}', { mode: 0o644 });
  expect(await ending(() => readSigningKeyFile(key))).toEqual([
    `Không dùng được khóa: người khác đọc được tệp khóa ${key}: hãy chạy chmod 600 cho tệp này.`,
    `A key cannot be used: key file ${key} may be read by others: chmod 600 it.`,
  ]);
  const told = await runCaptured(['gateway-keys', 'add', key, '--root', key, '--key-set', join(folder, 'set.json')]);
  expect([told.code, told.stderr]).toEqual([3, expect.stringContaining(`${key} may be read by others`)]);
});

test('a file of other columns', async () => {
  const error = await Promise.resolve()
    .then(() => columnsOf('a,b', [{ name: 'row_id', header: 'row_id' }]))
    .catch((reason: unknown) => reason);
  expect(explain(error, 'vi').next).toContain('Tìm thấy: 2 ô, không ô nào là một trong các cột đó.');
  expect(explain(error, 'en').next).toContain('Found: 2 cells, none of them one of these.');
});

test.each([
  ['[]', 'JSON không đúng (phải là một đối tượng JSON).', 'JSON is wrong (an object).'],
  [
    '{"format":"lienthong-telco-mapping/1","columns":{"a b":1}}',
    'columns.một mục không đúng (là một trong row_id, ',
    'columns.a member is wrong (one of row_id, ',
  ],
])('a mapping that is wrong: %s', async (text, vi, en) => {
  const said = await ending(() => parseMapping(text, 'm.json'));
  expect(said[0]).toContain(`m.json: ${vi}`);
  expect(said[1]).toContain(`m.json: ${en}`);
});

test('a folder that is no backup', async () => {
  const empty = mkdtempSync(join(folder, 'backup-'));
  const told = (error: unknown) => backupProblem(error, empty, new AbortController().signal);
  expect(await ending(() => readManifest(empty, []), told)).toEqual([
    `${empty} không phải bản sao lưu nguyên vẹn của hệ thống này: không đọc được manifest.json.`,
    `${empty} is not a whole backup of this deployment: manifest.json cannot be read.`,
  ]);
  expect(new BackupError('FILLED', 'person').message).toBe('FILLED: person');
});

test('a database that is away', async () => {
  const away = new StorageError('unavailable', 'ECONNREFUSED', {}, undefined);
  expect(await ending(() => Promise.reject(away))).toEqual([
    'Không dùng được cơ sở dữ liệu: Cơ sở dữ liệu không sẵn sàng. (ECONNREFUSED)',
    'The database cannot be used: The database is not available. (ECONNREFUSED)',
  ]);
});

test.each([
  ['{', 'không phải JSON', 'it is not JSON'],
  ['[]', 'sai ở lienthong.person.v1.GetPersonRequest', 'lienthong.person.v1.GetPersonRequest is wrong'],
  [
    '{"personal_id":7}',
    'sai ở lienthong.person.v1.GetPersonRequest.personal_id',
    'GetPersonRequest.personal_id is wrong',
  ],
])('a request that is none: %s', async (text, vi, en) => {
  const said = await ending(() => parseRequest(GetPersonRequestSchema, text));
  expect(said[0]).toMatch(new RegExp(`dạng protobuf JSON: .*${vi}\\.$`));
  expect(said[1]).toMatch(new RegExp(`in protobuf JSON: .*${en}\\.$`));
});
