import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { ALL_COMMANDS } from './all-commands.ts';
import type { Cli } from './cli.ts';
import { HELP_VI } from './help-vi.ts';
import { createProgram, loadCommands } from './run.ts';
import { runCaptured } from './testing/terminal.ts';

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8')) as {
  version: string;
};

const folder = mkdtempSync(join(tmpdir(), 'lienthong-cli-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the command line', () => {
  test('tells its version', async () => {
    expect(await runCaptured(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('lists every command and the exit codes in its help', async () => {
    const { code, stdout } = await runCaptured(['--help']);
    expect(code).toBe(0);
    const commands = [
      'demo',
      'dev',
      'register',
      'telco',
      'profile',
      'person',
      'call',
      'receipt',
      'audit',
      'job',
      'explain',
      'enroll',
      'doctor',
      'policy',
      'gateway-keys',
      'genesis',
      'proposal',
      'agreement',
      'agency',
      'certificate',
      'key',
      'issuer',
      'officer',
      'request',
      'status',
      'backup',
      'restore',
      'migrate',
      'serve',
    ];
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    expect(stdout).toContain('130 interrupted');
  });

  test('speaks Vietnamese in its help where asked to, down to every command, argument and option', async () => {
    const untranslated: string[] = [];
    const seen = new Set<string>();
    const walk = (command: Command): void => {
      const texts = [command, ...command.registeredArguments, ...command.options].map((one) =>
        typeof one.description === 'string' ? one.description : one.description(),
      );
      for (const text of texts) {
        seen.add(text);
        if (!Object.hasOwn(HELP_VI, text)) untranslated.push(text);
      }
      for (const inner of command.commands) walk(inner);
    };
    const terminal = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, env: {} };
    const { signal } = new AbortController();
    const settings = { language: 'en', json: false } as const;
    const cli: Cli = { terminal: { ...terminal, signal }, exitCode: 0, settings, gave: false };
    walk(createProgram(cli, '0', await loadCommands([], ALL_COMMANDS)));
    expect(untranslated).toEqual([]);
    // And nothing is kept that no command says any more; what the library itself says is not in the walk.
    expect(Object.keys(HELP_VI).filter((text) => !seen.has(text))).toEqual(['display help for command']);

    for (const args of [
      ['telco', 'verify', '--help', '--lang', 'vi'],
      ['telco', 'verify', '--lang=vi', '--help'],
    ]) {
      const { code, stdout } = await runCaptured(args);
      expect([code, stdout]).toEqual([0, expect.stringContaining('đối chiếu tệp thuê bao')]);
      expect(stdout).toContain('Tùy chọn:');
      // Neither what the library itself writes around them.
      expect(stdout).not.toMatch(/Options:|\[options\]|\(choices|\(default/);
      expect(stdout).toContain('(một trong: "vi", "en")');
    }
    expect((await runCaptured(['--help'], { env: { LANG: 'vi_VN.UTF-8' } })).stdout).toContain('130 bị ngắt');
  });

  test('without a command says what there is, as a usage error', async () => {
    const { code, stdout, stderr } = await runCaptured([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('telco');
  });
});

describe('usage errors end with 2 and say what is wrong', () => {
  test.each([
    [['nonsense'], /unknown command 'nonsense'/],
    [['dev', 'down'], /unknown command 'down'/],
    [['telco', 'verify', '--out', 'b'], /missing required argument 'file'/],
    [['telco', 'verify', 'a.csv'], /--out must be a file for the results/],
    [['telco', 'verify', 'a.csv', '--out', 'b', '--lang', 'fr'], /Allowed choices are vi, en/],
    [['telco', 'verify', 'a.csv', '--out', 'b', '--fail-on', 'WRONG'], /--fail-on must be some of VERIFIED/],
    [['telco', 'verify', 'a.csv', '--out', 'b', '--chunk-rows', 'x'], /--chunk-rows must be a whole number/],
    [['telco', 'verify', 'a.csv', '--out', 'b', '--date-order', 'us'], /--date-order must be one of day-first/],
    [['telco', 'verify', 'a.csv', '--out', 'b', '--encoding', 'koi8'], /--encoding must be one of utf-8/],
    [['telco', 'verify', 'a.csv', '--out', 'b', '--window', '22-05'], /--window must be hours as in 22:00-05:00/],
    [['telco', 'verify', 'a.csv', '--out', 'b', '--limit', '0'], /--limit must be a whole number from 1/],
    [['telco', 'verify', 'a.csv', '--out', '-', '--excel'], /--out must be a file where a workbook goes/],
    [['telco', 'verify', 'a.csv', '--out', 'b', '--mapping', join(folder, 'none')], /Cannot read .*none/],
    [['telco', 'inspect', join(folder, 'none.csv')], /Cannot read .*none\.csv/],
    [['person', 'get', '901085000017'], /required option '--fields <paths>'/],
    [['person', 'get', '--fields', 'a', '--unknown'], /unknown option '--unknown'/],
    [['dev', 'up'], /required option '--data <dir>'/],
    [['dev', 'up', '--data', folder, '--port', '99999'], /--port must be a whole number from 0 to 65535/],
    [['demo', '--persons', '5'], /--persons must be a whole number from 2000/],
    [['demo', '--subscribers', '-1'], /--subscribers must be a whole number|argument missing/],
    [['migrate'], /No database was named/],
    [['genesis'], /required option '--officer <dir...>'/],
    [
      ['enroll', 'request', '--deployment', 'd', '--out', folder],
      /--agency, --officer, --issuer must be given, one of/,
    ],
    [['enroll', 'request', '--agency', 'a', '--deployment', 'd', '--out', folder], /--name-en must be given/],
    [['enroll', 'finish', folder, '--address', 'h:1', '--ca', 'c', '--root', 'r'], /Cannot read .*request\.json/],
    [
      ['enroll', 'finish', folder, '--address', 'h:1', '--ca', 'c', '--root', 'r', '--unit-code', 'An-901085000017'],
      /--unit-code must be a code .*without a number of a person/,
    ],
    [['accesses', 'erase', '--case', 'An-901.085.000.017', '--yes'], /--case must be a code .*without a number/],
    [['agency', 'admit', join(folder, 'none'), '--certificate', 'c'], /Cannot read .*none/],
    [['officer', 'create', 'r', '--certificate', 'c', '--roles', 'king'], /--roles must be some of proposer/],
    [['status'], /No deployment was named/],
    [['request', 'show', 'a b', '--config', 'c'], /<id> must be a request id/],
    [['status', '--config', 'c', '--metrics', 'x'], /config: c cannot be read|c cannot be read/],
    [['backup'], /required option '--out <dir>'/],
    [['backup', '--out', join(folder, 'b')], /No log was named/],
    [['restore'], /restore must be given DIR, or --verify/],
    [['audit', 'verify', '--data', join(folder, 'none')], /is not a data folder/],
    [['audit', 'exposure', '--since', '2026-01-01T00:00:00Z'], /required option '--key <kid>'/],
    [['audit', 'exposure', '--key', 'abc', '--since', '2026-01-01T00:00:00Z'], /--key must be the thumbprint of a key/],
    [['audit', 'exposure', '--key', 'A'.repeat(43), '--since', '2026-01-01'], /--since must be a moment as/],
    [
      ['audit', 'exposure', '--key', 'A'.repeat(43), '--since', '2026-01-01T00:00Z', '--until', '2026-01-01T00:00Z'],
      /--until must be later than --since/,
    ],
    [['register', 'import', 'p.csv', '--data', join(folder, 'none')], /is not a data folder/],
    [['receipt', 'verify', 'r.csv', '--root', join(folder, 'none.json')], /Cannot read .*none\.json \(ENOENT\)/],
  ])('%j', async (args, said) => {
    const { code, stderr, stdout } = await runCaptured(args);
    expect(stderr).toMatch(said);
    expect([code, stdout]).toEqual([2, '']);
  });
});

describe('a profile that is not there ends with 3', () => {
  test.each([
    ['telco', 'verify', 'a.csv', '--out', 'b.csv'],
    ['person', 'get', '901085000017', '--fields', 'full_name'],
    ['call', 'PersonService/GetPerson', '{}'],
    ['job', 'list'],
    ['job', 'show', 'x'],
    ['job', 'watch', 'x'],
    ['job', 'cancel', 'x', '--yes'],
    ['receipt', 'check', 'p.json'],
    ['receipt', 'verify', 'r.csv'],
  ])('%s %s', async (...args) => {
    const none = await runCaptured(args);
    expect([none.code, none.stdout]).toEqual([3, '']);
    expect(none.stderr).toContain('--profile DIR');
    const elsewhere = await runCaptured(args, { env: { LIENTHONG_PROFILE: join(folder, 'no-profile') } });
    expect(elsewhere.code).toBe(3);
    expect(elsewhere.stderr.split('\n')).toEqual([
      `No profile at ${join(folder, 'no-profile')}.`,
      '--profile names the folder that holds config.json.',
      '',
    ]);
  });
});

describe('languages and programs', () => {
  test('Vietnamese by --lang and by the environment, --lang first', async () => {
    const args = ['job', 'list'];
    expect((await runCaptured([...args, '--lang', 'vi'])).stderr).toMatch(/^Chưa chỉ ra hồ sơ kết nối\.\n/);
    expect((await runCaptured(args, { env: { LANG: 'vi_VN.UTF-8' } })).stderr).toMatch(/^Chưa chỉ ra/);
    expect((await runCaptured([...args, '--lang', 'en'], { env: { LANG: 'vi_VN.UTF-8' } })).stderr).toMatch(
      /^No profile/,
    );
    expect((await runCaptured(args, { env: { LANG: 'vilnius' } })).stderr).toMatch(/^No profile/);
  });

  test('--lang counts before the command as well, and behind it counts more', async () => {
    const vi = /^Chưa chỉ ra hồ sơ kết nối\.\n/;
    expect((await runCaptured(['--lang', 'vi', 'job', 'list'])).stderr).toMatch(vi);
    expect((await runCaptured(['--lang=vi', 'job', 'list'])).stderr).toMatch(vi);
    expect((await runCaptured(['--lang', 'vi', 'job', 'list', '--lang', 'en'])).stderr).toMatch(/^No profile/);
    expect((await runCaptured(['--lang', 'vi', 'job', '--help'])).stdout).toContain('Cách dùng:');
  });

  test('with --json an error is an object on standard output', async () => {
    const { code, stdout } = await runCaptured(['job', 'list', '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: { exitCode: 3, reason: 'PROFILE_NEEDED' } });
  });
});

describe('a mistake in the command line', () => {
  test.each([
    [['telco', 'verify', 'a.csv', '--no-such-option'], '--no-such-option'],
    [['telco', 'verify', 'a.csv', '--ou'], "'--ou' (Did you mean --out?)"],
    [['telco', 'verify'], 'file'],
    [['telco', 'verify', 'a.csv', '--lang', 'fr'], 'fr'],
    [['telco', 'no-such-command'], 'no-such-command'],
    [['telco', 'explain', 'a.csv'], '--results'],
    [['no-such-command'], 'no-such-command'],
  ])('is told to programs too: %j', async (args, named) => {
    const { code, stdout, stderr } = await runCaptured([...args, '--json']);
    const { error } = JSON.parse(stdout);
    expect([code, error]).toMatchObject([2, { exitCode: 2, reason: 'USAGE', details: [] }]);
    expect(error.happened).toContain(named);
    expect(error.happened).not.toMatch(/^error:|\n/);
    expect(stderr.replaceAll('\n', ' ')).toContain(error.happened);
    expect(await runCaptured(args)).toMatchObject({ code: 2, stdout: '' });
  });

  test.each([
    [['telco', 'verify', 'a.csv', '--no-such-option'], "không có tùy chọn '--no-such-option'"],
    [['telco', 'verify', 'a.csv', '--ou'], "không có tùy chọn '--ou' (Có phải bạn muốn dùng --out?)"],
    [['telco', 'verify'], "thiếu tham số bắt buộc 'file'"],
    [['telco', 'verify', 'a.csv', 'b.csv', '--out', 'c'], 'thừa tham số: cần 1, nhận 2: a.csv, b.csv.'],
    [['telco', 'no-such-command'], "không có lệnh 'no-such-command'"],
    [['telco', 'explain', 'a.csv'], "thiếu tùy chọn bắt buộc '--results <file>'"],
    [['no-such-command'], "không có lệnh 'no-such-command'"],
  ])('is told in Vietnamese where that was asked: %j', async (args, happened) => {
    const { code, stdout, stderr } = await runCaptured([...args, '--json'], { env: { LANG: 'vi_VN.UTF-8' } });
    expect([code, JSON.parse(stdout).error.happened]).toEqual([2, happened]);
    expect(stderr.replaceAll('\n', ' ')).toContain(`lỗi: ${happened}`);
    expect(stderr).not.toMatch(/error:|Did you mean/);
  });

  test.each([
    [['telco', 'verify', 'a.csv'], '--out phải là tệp ghi kết quả, hoặc "-".'],
    [
      ['telco', 'verify', 'a.csv', '--out', 'b', '--chunk-rows', 'x'],
      '--chunk-rows phải là số nguyên từ 256 đến 8192.',
    ],
    [['telco', 'verify', 'a.csv', '--out', 'b', '--window', '3'], '--window phải là khung giờ viết như 22:00-05:00.'],
    [['request', 'show', 'a b', '--config', 'c'], '<id> phải là mã yêu cầu,'],
    [['restore'], 'restore phải kèm DIR, hoặc --verify, hoặc cả hai.'],
  ])('in an option’s value too: %j', async (args, said) => {
    expect((await runCaptured([...args, '--lang', 'vi'])).stderr).toContain(said);
  });

  test('help and version are none', async () => {
    for (const args of [['--help'], ['--version'], ['telco', 'verify', '--help']]) {
      const { code, stdout } = await runCaptured([...args, '--json']);
      expect([code, stdout.includes('"error"')]).toEqual([0, false]);
    }
  });
});

describe('a config file', () => {
  test('that is wrong names its member, not its content', async () => {
    const file = join(folder, 'config.json');
    writeFileSync(file, '{\n  // said twice\n  "version":1,\n  "secret":"hunter2"');
    const { code, stderr } = await runCaptured(['migrate', '--config', file]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${file} is not JSON: line 4, column 21`);
    expect(stderr).not.toContain('hunter2');
  });

  test('serve passes on the exit code of the gateway', async () => {
    const { code } = await runCaptured(['serve', '--config', join(folder, 'missing.json')]);
    expect(code).toBe(2);
  });
});
