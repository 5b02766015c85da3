/** Files as telcos have them, through the commands and a whole gateway: looked at, mapped, from and to workbooks, in part, dry. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sheetToCsv } from '../../connectors/kit/xlsx/sheet-to-csv.ts';
import { workbookParts, writeZip } from '../../connectors/kit/xlsx/workbook.test-support.ts';
import { ALL_COMMANDS } from '../../gateway/cli/all-commands.ts';
import { runCli } from '../../gateway/cli/run.ts';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { crowdPerson } from '../support/gateway-people.ts';

const ROWS = 700;
const HEADER = ['STT', 'Số thuê bao', 'Số GTTT', 'Họ và tên', 'Ngày sinh', 'Ngày cấp'];
const COLUMNS = 'row_id=STT,msisdn=Số thuê bao,id_number=Số GTTT,full_name=Họ và tên,date_of_birth=Ngày sinh';

let gateway: TestGateway;
let folder: string;
let profile: string;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: ROWS });
  folder = join(gateway.folder, 'files');
  mkdirSync(folder);
  profile = gateway.deployment.profiles.viettel ?? '';
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await gateway?.stop();
});

const run = (...args: string[]) => runCaptured(args, { env: { PATH: process.env.PATH ?? '' } });
const verify = (file: string, out: string, ...more: string[]) =>
  run('telco', 'verify', file, '--out', out, '--profile', profile, '--json', ...more);
const records = (path: string): string[][] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

/** Everybody as the register has them, but for the last: a number of nobody. */
function rowsOf(date: (born: number) => string): string[][] {
  return Array.from({ length: ROWS }, (_, n) => {
    const { id, name, born } = crowdPerson(n);
    const number = n === ROWS - 1 ? '999999999999' : String(id).padStart(12, '0');
    return [String(n + 1), `09${61_000_000 + n}`, number, name, date(born), '01/02/2022'];
  });
}
const slashes = (born: number): string => {
  const digits = String(born);
  return `${digits.slice(6)}/${digits.slice(4, 6)}/${digits.slice(0, 4)}`;
};

describe('a CSV file with headers of its own', () => {
  it('is inspected, and then verified by the mapping beside it, as by options', async () => {
    const file = join(folder, 'thue-bao.csv');
    writeFileSync(file, `\ufeff${[HEADER, ...rowsOf(slashes)].map((row) => row.join(';')).join('\r\n')}\r\n`);
    const refused = await verify(file, join(folder, 'a.csv'));
    expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([2, { error: { reason: 'HEADER_WRONG' } }]);

    const inspected = await run('telco', 'inspect', file, '--json');
    expect(JSON.parse(inspected.stdout)).toMatchObject({
      ...{ rows: ROWS, form: { separator: ';', lineEnd: 'CRLF', byteOrderMark: true } },
      mappingFile: { path: `${file}.mapping.json`, written: true },
    });
    const { code, stdout } = await verify(file, join(folder, 'a.csv'));
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { rows: ROWS, totals: { VERIFIED: ROWS - 1, NOT_FOUND: 1 }, mapping: `${file}.mapping.json` },
    ]);
    await verify(file, join(folder, 'b.csv'), '--no-mapping', '--columns', COLUMNS);
    const told = (path: string) => records(path).map((cells) => cells.slice(0, 13));
    expect(told(join(folder, 'a.csv'))).toEqual(told(join(folder, 'b.csv')));
    const said = await run('telco', 'explain', file, '--results', join(folder, 'a.csv'), '--row', '3');
    expect([said.code, said.stdout]).toEqual([0, expect.stringContaining('VERIFIED')]);
  });
});

describe('a workbook', () => {
  /** Numbers as numbers, days as day numbers, names as shared texts: as a spreadsheet keeps them. */
  async function book(path: string): Promise<void> {
    const rows = rowsOf(String);
    const strings = [...HEADER, ...rows.map((row) => row[3] ?? '')].map((one) => `<si><t>${one}</t></si>`).join('');
    const day = (born: string): number =>
      Math.round(Date.UTC(Number(born.slice(0, 4)), Number(born.slice(4, 6)) - 1, Number(born.slice(6))) / 86_400_000) +
      25_569;
    const cell = (value: string | number, style = 0, type = 'n'): string =>
      `<c s="${style}" t="${type}"><v>${value}</v></c>`;
    const head = HEADER.map((_, i) => cell(i, 0, 's')).join('');
    const body = rows.map(([n = '', phone = '', id = '', , born = ''], i) =>
      [cell(n), cell(Number(phone), 1), cell(Number(id), 2), cell(HEADER.length + i, 0, 's'), cell(day(born), 3)].join(
        '',
      ),
    );
    const xml = [head, ...body].map((cells) => `<row>${cells}</row>`).join('');
    const formats = ['0000000000', '000000000000', 'dd/mm/yyyy'];
    await writeZip(
      path,
      workbookParts(
        [
          { name: 'Bìa', rows: '' },
          { name: 'Thuê bao', rows: xml },
        ],
        { strings, formats },
      ),
    );
  }

  it('goes in and comes out: lines are rows of its sheet, results and workbook say the same', async () => {
    vi.stubEnv('TMPDIR', folder);
    const [file, out] = [join(folder, 'thue-bao.xlsx'), join(folder, 'x.csv')];
    await book(file);
    expect((await run('telco', 'inspect', file, '--sheet', 'thuê bao')).stdout).toContain('Sheet "Thuê bao"');
    const { code, stdout } = await verify(file, out, '--excel', '--lang', 'vi');
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      {
        ...{ rows: ROWS, sheet: 'Thuê bao', totals: { VERIFIED: ROWS - 1, NOT_FOUND: 1 } },
        excel: { path: join(folder, 'x.xlsx'), rows: 1, sheets: 1 },
      },
    ]);
    const last = records(out).at(-1) ?? [];
    expect(last.slice(0, 5)).toEqual([
      String(ROWS + 1),
      String(ROWS),
      `09${61_000_000 + ROWS - 1}`,
      'NOT_FOUND',
      'CONTACT',
    ]);
    const workbook = await text((await sheetToCsv(join(folder, 'x.xlsx'))).pieces);
    expect(workbook).toContain(`\n${ROWS + 1},${ROWS},09${61_000_000 + ROWS - 1},NOT_FOUND,`);
    expect((await run('receipt', 'verify', out, '--profile', profile)).code).toBe(0);
    const said = await run('telco', 'explain', file, '--results', out, '--row', '2', '--json');
    expect(JSON.parse(said.stdout)).toMatchObject({ row: { line: 2, rowId: '1', msisdn: '0961000000' } });
    expect(readdirSync(folder).filter((name) => name.endsWith('.spool'))).toEqual([]);
  });
});

describe('a file that was verified before', () => {
  it('is asked about where it changed, and nowhere else: by the gateway’s own log, results and proofs', async () => {
    const [file, earlier, out] = [join(folder, 'weekly.csv'), join(folder, 'week-1.csv'), join(folder, 'week-2.csv')];
    const write = (rows: readonly string[][]): void =>
      writeFileSync(file, `${[HEADER, ...rows].map((row) => row.join(';')).join('\n')}\n`);
    const again = (...more: string[]) =>
      verify(file, out, '--columns', COLUMNS, '--no-mapping', '--changed-since', ...more);
    /** Rows of all jobs, as the gateway counts them, and entries of its log. */
    const counts = async () => {
      const { rows } = await gateway.database.pool.query(
        'SELECT (SELECT sum(rows) FROM job) AS rows, (SELECT count(*) FROM log_entry) AS entries',
      );
      return { rows: Number(rows[0]?.rows), entries: Number(rows[0]?.entries) };
    };
    const rows = rowsOf(slashes);
    write(rows);
    expect((await verify(file, earlier, '--columns', COLUMNS, '--no-mapping')).code).toBe(0);
    const job = /"job_id":"([0-9a-f]+)"/.exec(readFileSync(`${earlier}.receipt`, 'utf8'))?.[1] ?? '';

    // Three subscriptions changed hands, one is gone, one is new; the file is sorted otherwise.
    for (const at of [5, 200, 650]) (rows[at] as string[])[3] = 'Tên Của Người Khác';
    rows.splice(300, 1);
    rows.push(['new', '0961999999', ...(rowsOf(slashes)[300] ?? []).slice(2)]);
    write(rows.reverse());

    const edited = readFileSync(earlier, 'utf8');
    writeFileSync(earlier, edited.replace('NOT_FOUND,CONTACT', 'VERIFIED,KEEP'));
    const before = await counts();
    const refused = await again(job);
    expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([2, { error: { reason: 'EARLIER_DIFFERS' } }]);
    writeFileSync(earlier, edited);
    expect(await counts()).toEqual(before);

    const { code, stdout } = await again(job, '--excel-all');
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      {
        ...{ rows: ROWS, totals: { VERIFIED: ROWS - 4, NOT_FOUND: 1 } },
        since: { jobId: job, asked: { rows: 4 }, carried: { rows: ROWS - 4, jobs: { [job]: ROWS - 4 } } },
      },
    ]);
    expect((await counts()).rows - before.rows).toBe(4);
    const told = new Map(records(earlier).map((cells) => [cells[1], cells]));
    const carried = records(out).filter((cells) => cells[16] === job);
    expect(carried).toHaveLength(ROWS - 4);
    for (const cells of carried) {
      const was = told.get(cells[1]) ?? [];
      expect(cells.slice(1, 16)).toEqual(was.slice(1));
      expect(cells[17]).toBe(was[0]);
    }
    const verified = await run('receipt', 'verify', out, '--profile', profile);
    expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining(`exactly those of job ${job}`)]);
    const proof = join(folder, 'carried.json');
    expect((await run('receipt', 'prove', out, '--row', carried[0]?.[0] ?? '', '--out', proof)).code).toBe(0);
    const checked = await run('receipt', 'check', proof, '--profile', profile, '--json');
    expect(JSON.parse(checked.stdout)).toMatchObject({ ok: true, jobId: job, cells: { row_id: carried[0]?.[1] } });
    const report = await run('telco', 'report', out, '--out', join(folder, 'week-2.html'), '--json');
    expect(JSON.parse(report.stdout)).toMatchObject({ rows: ROWS, carried: { [job]: ROWS - 4 } });
    const workbook = await text((await sheetToCsv(join(folder, 'week-2.xlsx'))).pieces);
    expect(workbook).toContain('Carried from job');
    expect(workbook.split(job).length - 1).toBe(ROWS - 4);
  });
});

describe('a run in part', () => {
  const plain = (): string => {
    const path = join(folder, 'plain.csv');
    const header = 'row_id,msisdn,id_number,full_name,date_of_birth';
    writeFileSync(path, `${[header, ...rowsOf(slashes).map((row) => row.slice(0, 5).join(','))].join('\n')}\n`);
    return path;
  };

  it('of the first rows says so in summary and receipt, and tells its counts to a command', async () => {
    const [out, hook] = [join(folder, 'limited.csv'), join(folder, 'hook.json')];
    const { code, stdout } = await verify(plain(), out, '--limit', '300', '--on-done', `cat > ${hook}`);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { rows: 300, limit: 300, onDone: { exitCode: 0 } }]);
    expect(records(out)).toHaveLength(300);
    expect((await run('receipt', 'verify', out, '--profile', profile)).stdout).toContain('Only the first 300 rows');
    const told = readFileSync(hook, 'utf8');
    expect(JSON.parse(told)).toMatchObject({ status: 'complete', exit_code: 0, rows: 300, totals: { VERIFIED: 300 } });
    for (const [, phone = '', id = '', name = ''] of rowsOf(slashes).slice(0, 300)) {
      for (const cell of [phone, id, name]) expect(told).not.toContain(cell);
    }
  });

  it('whose command fails is complete all the same; one that fails tells the command why', async () => {
    const out = join(folder, 'failing.csv');
    const failing = await verify(plain(), out, '--on-done', 'exit 7');
    expect([failing.code, JSON.parse(failing.stdout)]).toMatchObject([0, { rows: ROWS, onDone: { exitCode: 7 } }]);
    expect(failing.stderr).toContain('ended with code 7');
    const hook = join(folder, 'why.json');
    const wrong = await verify(join(folder, 'none.csv'), join(folder, 'n.csv'), '--on-done', `cat > ${hook}`);
    expect(wrong.code).toBe(2);
    expect(JSON.parse(readFileSync(hook, 'utf8'))).toEqual({ status: 'failed', exit_code: 2, reason: 'FILE_MISSING' });
  });

  it('that is dry leaves no job, no entry and no file', async () => {
    const count = async () =>
      Number((await gateway.database.pool.query('SELECT count(*) FROM log_entry')).rows[0]?.count);
    const [jobs, before] = [await run('job', 'list', '--profile', profile, '--json'), await count()];
    const out = join(folder, 'dry.csv');
    const { code, stdout } = await verify(plain(), out, '--dry-run');
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { dryRun: true, rows: ROWS, chunks: 1, slimRows: ROWS, gateway: { agency: 'viettel' } },
    ]);
    expect([await count(), readdirSync(folder).filter((name) => name.startsWith('dry'))]).toEqual([before, []]);
    const after = await run('job', 'list', '--profile', profile, '--json');
    expect(JSON.parse(after.stdout)).toHaveLength((JSON.parse(jobs.stdout) as unknown[]).length);
    const spoken = await run('telco', 'verify', plain(), '--dry-run', '--profile', profile, '--lang', 'vi');
    expect(spoken.stdout).toContain('chưa hỏi gì');
  });

  it('waits outside of its hours, says until when, and stops when it is interrupted', async () => {
    const now = new Date();
    const [from, to] = [2, 3].map((hours) => `${String((now.getHours() + hours) % 24).padStart(2, '0')}:00`);
    const out = join(folder, 'night.csv');
    const stop = new AbortController();
    let said = '';
    const stderr = new Writable({
      write(piece, _encoding, done) {
        said += String(piece);
        if (said.includes('waiting until')) stop.abort();
        done();
      },
    });
    const args = ['telco', 'verify', plain(), '--out', out, '--profile', profile, '--window', `${from}-${to}`];
    const terminal = { stdin: Readable.from([]), stdout: new PassThrough().resume(), stderr, env: {} };
    const code = await runCli(args, { ...terminal, signal: stop.signal }, ALL_COMMANDS);
    expect([code, existsSync(out)]).toEqual([130, false]);
    expect(said).toContain(`waiting until ${from}`);
  });
});
