import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quote, writeCell } from '../../../connectors/kit/csv-write.ts';
import { RESULT_HEADER } from '../../../connectors/kit/result-lines.ts';
import { runCaptured } from '../testing/terminal.ts';

/** The command by its two files, as `telco verify` leaves them. */

const ATTACK = '</td><script>alert(1)</script><img src=http://evil.invalid/x onerror=alert(1)>';
const HEADERS = ['row_id', 'msisdn', '<script>alert(2)</script>', 'full_name', 'date_of_birth'];
const AS_OF = '2026-11-28T00:00:00Z';

type Row = { rowId?: string; id: string; born: string; answer: string };
const verified = 'VERIFIED,KEEP,TRUE,TRUE,TRUE,,,,,';
const ROWS: readonly Row[] = [
  ...Array.from({ length: 30 }, (_, i) => ({
    id: `0010850000${10 + i}`,
    born: `1985-03-${10 + (i % 20)}`,
    answer: verified,
  })),
  ...Array.from({ length: 12 }, (_, i) => ({
    ...{ id: `0790900000${10 + i}`, born: `0${1 + (i % 9)}/02/1990` },
    answer: 'MISMATCH,CONTACT,TRUE,FALSE,FALSE,20,10,NAME_DIFFERS|BIRTH_DATE_DIFFERS,,',
  })),
  ...Array.from({ length: 9 }, (_, i) => ({
    ...{ id: `0790800000${10 + i}`, born: '1980' },
    answer: 'PROBABLE,REVIEW,TRUE,FALSE,TRUE,80,80,TONE_DIFFERS,,',
  })),
  { id: '001050000001', born: '12/06/1950', answer: 'VERIFIED,STOP,TRUE,TRUE,TRUE,,,,DECEASED,' },
  {
    rowId: ATTACK,
    id: '012345678',
    born: '',
    answer: 'NOT_FOUND,CONTACT,FALSE,NOT_AVAILABLE,NOT_AVAILABLE,,,ID_NOT_FOUND,,',
  },
  {
    rowId: `=HYPERLINK("${ATTACK}")`,
    id: ATTACK,
    born: ATTACK,
    answer: 'INVALID,CONTACT,NOT_AVAILABLE,NOT_AVAILABLE,NOT_AVAILABLE,,,ID_FORMAT,,',
  },
  { id: '999085000017', born: '85-03-27', answer: 'NOT_CONFIRMED,CONTACT,,,,,,,,' },
];

let folder: string;
let file: string;
let results: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lt-report-'));
  [file, results] = [join(folder, 'sub<b>&scribers.csv'), join(folder, 're"sults<i>.csv')];
  const input = ROWS.map(({ rowId, id, born }, i) =>
    [rowId ?? `S${i}`, `0961${i}`, id, ATTACK, born].map(quote).join(),
  );
  writeFileSync(file, [HEADERS.join(), ...input].join('\n'));
  writeResults(results, ROWS);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function writeResults(path: string, rows: readonly Row[], from = 0): void {
  const lines = rows.map(({ rowId, answer }, i) =>
    [from + i + 2, writeCell(rowId ?? `S${from + i}`), `0961${from + i}`, answer, AS_OF, '', `0:${i}`].join(),
  );
  writeFileSync(path, `${[RESULT_HEADER.join(), ...lines].join('\n')}\n`);
}

const report = (...args: string[]) => runCaptured(['telco', 'report', results, ...args]);
const withFile = ['--columns', `id_number=${HEADERS[2]}`];
async function pageOf(...args: string[]): Promise<string> {
  const out = join(folder, 'report.html');
  const { code, stderr } = await report('--out', out, ...args);
  expect([code, stderr.includes('✓')]).toEqual([0, true]);
  return readFileSync(out, 'utf8');
}
/** Cells of a table's rows, by its caption, tags taken off. */
function tableOf(page: string, caption: string): string[][] {
  const text = page.split(`<caption>${caption}</caption>`)[1]?.split('</table>')[0] ?? '';
  return [...text.matchAll(/<tr[^>]*>(.*)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell = '']) => cell.replaceAll(/<[^>]*>/g, '')),
  );
}

describe('what the report counts', () => {
  test('verdicts, actions, notices, reasons', async () => {
    const page = await pageOf('--lang', 'en');
    expect(
      tableOf(page, 'What to do')
        .slice(1)
        .map((row) => row.slice(0, 3)),
    ).toEqual([
      ...[
        ['KEEP', '30', '54.5 %'],
        ['STOP', '1', '1.8 %'],
        ['REVIEW', '9', '16.4 %'],
        ['CONTACT', '15', '27.3 %'],
      ],
    ]);
    expect(
      tableOf(page, 'What the gateway answered')
        .slice(1)
        .map(([verdict, rows]) => `${verdict} ${rows}`),
    ).toEqual([...['VERIFIED 31', 'PROBABLE 9', 'MISMATCH 12', 'NOT_FOUND 1', 'INVALID 1', 'NOT_CONFIRMED 1']]);
    expect(tableOf(page, 'Notices')[1]).toEqual(['DECEASED', '1', '1.8 %', 'the person has died', '53']);
    expect(
      tableOf(page, 'Commonest reasons')
        .slice(1)
        .map(([name, rows]) => `${name} ${rows}`),
    ).toEqual([...['NAME_DIFFERS 12', 'BIRTH_DATE_DIFFERS 12', 'TONE_DIFFERS 9', 'ID_NOT_FOUND 1', 'ID_FORMAT 1']]);
    expect(page).toContain('add --file FILE');
  });

  test('provinces and years from the file’s own cells, crossed without small groups', async () => {
    const page = await pageOf('--file', file, ...withFile, '--lang', 'en');
    expect(tableOf(page, 'By province').slice(1)).toEqual([
      ['Hà Nội', '001', '31', '1', '3.2 %'],
      ['TP. Hồ Chí Minh', '079', '21', '21', '100.0 %'],
      ['invented (given to nobody)', '999', '1', '1', '100.0 %'],
      ['9-digit card number (CMND)', '', '1', '1', '100.0 %'],
      ['no number that can be read', '', '1', '1', '100.0 %'],
    ]);
    expect(
      tableOf(page, 'By year of birth')
        .slice(1)
        .map((row) => row.slice(0, 3)),
    ).toEqual([
      ...[
        ['not known', '3', '3'],
        ['1950', '1', '1'],
        ['1980', '9', '9'],
        ['1985', '30', '0'],
        ['1990', '12', '12'],
      ],
    ]);
    const crossed = tableOf(page, 'To do, by province and decade of birth');
    expect(crossed[0]).toEqual(['Province', 'not known', '1950–1959', '1980–1989', '1990–1999']);
    expect(crossed[1]).toEqual(['079 TP. Hồ Chí Minh', '0', '0', '&lt;10', '12']);
    expect(crossed.find(([name]) => name === '001 Hà Nội')).toEqual(['001 Hà Nội', '0', '&lt;10', '0', '0']);
    expect(page).toContain('Read as UTF-8.');
  });

  test('the same as data, in Vietnamese too, and to standard output', async () => {
    const { code, stdout } = await report('--file', file, ...withFile, '--out', '-', '--json');
    const data = JSON.parse(stdout) as Record<string, unknown>;
    expect([code, data]).toMatchObject([
      0,
      { rows: 55, actions: { KEEP: 30, CONTACT: 15 }, years: { 1985: { rows: 30, work: 0 } }, as_of: { first: AS_OF } },
    ]);
    expect(JSON.stringify(data.crossings)).toContain('"work":"<10"');
    const vi = await report('--file', file, ...withFile, '--out', '-', '--lang', 'vi');
    expect(vi.stdout).toContain('<html lang="vi">');
    // In Vietnamese a point groups thousands: a share with one would be read as ten times itself.
    expect(vi.stdout).toMatch(/\d,\d %/);
    expect(vi.stdout).not.toMatch(/\d\.\d %/);
    // One form and one zone of times for people, so that none reads as seven hours from another.
    expect(vi.stdout).toContain('Dữ liệu dân cư từ 28/11/2026 07:00 +07:00 đến ');
    expect(vi.stdout).not.toMatch(/UTC|\dT\d\d:/);
    for (const text of ['Việc cần làm', 'Theo tỉnh', 'người này đã chết', 'Khác dấu thanh'])
      expect(vi.stdout).toContain(text);
  });
});

describe('the page', () => {
  const pages = async () => [await pageOf(), await pageOf('--file', file, ...withFile, '--lang', 'vi')];

  test('asks for nothing, runs nothing, and allows nothing but its own style and the pictures within it', async () => {
    for (const page of await pages()) {
      const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
      const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
      const digest = createHash('sha256').update(style).digest('base64');
      expect(policy).toBe(
        `default-src 'none'; img-src data:; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`,
      );
      // Before anything that the policy would have to govern.
      expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style>'));
      expect(page).not.toMatch(/<(?:script|link|iframe|object|embed|form|base|svg|a)\b/i);
      expect(page).not.toMatch(/\s(?:on\w+|style|href|srcset)\s*=/i);
      expect(style).not.toMatch(/url\(|@import/);
      expect(
        [...page.matchAll(/src="([^"]*)"/g)].every(([, src]) =>
          /^data:image\/svg\+xml;base64,[A-Za-z0-9+/=]+$/.test(src ?? ''),
        ),
      ).toBe(true);
      for (const [, svg = ''] of page.matchAll(/base64,([A-Za-z0-9+/=]+)"/g)) {
        const drawn = Buffer.from(svg, 'base64').toString('utf8');
        expect(drawn).toMatch(/^<svg /);
        expect(drawn.replaceAll(/xmlns(?::xlink)?="[^"]*"/g, '')).not.toMatch(
          /https?:|<script|<image|href|@import|url\(/i,
        );
      }
    }
  });

  test('holds no value of the file: no name, number, key, header or date, hostile ones least of all', async () => {
    for (const page of await pages()) {
      for (const cell of ['evil.invalid', 'alert(', 'HYPERLINK', '001085000010', '012345678', '0961', '1985-03', 'S12'])
        expect(page).not.toContain(cell);
      // The names of files come from outside as well.
      expect(page).toContain('re&quot;sults&lt;i&gt;.csv');
    }
  });

  test('is well formed, every picture described and beside a table, every table with caption and headers', async () => {
    for (const page of await pages()) {
      const open: string[] = [];
      for (const [, end, name = ''] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
        if (['meta', 'img'].includes(name)) continue;
        if (end === '/') expect(open.pop()).toBe(name);
        else open.push(name);
      }
      expect(open).toEqual([]);
      const count = (pattern: RegExp): number => page.match(pattern)?.length ?? 0;
      expect(count(/<img /g)).toBeGreaterThan(1);
      expect(count(/<img [^>]*alt="[^"]{10,}"/g)).toBe(count(/<img /g));
      expect(
        count(/<\/figure>\s*<div class="scroll" role="region" aria-label="[^"]+" tabindex="0">\s*<table>\s*<caption>/g),
      ).toBe(count(/<figure>/g));
      expect(count(/<caption>/g)).toBe(count(/<table>/g));
      expect(count(/<tr[^>]*><th scope="(?:row|col)"/g)).toBe(count(/<tr\b/g));
      expect(page).toContain('@media print');
      expect(page).toContain('width=device-width');
    }
  });
});

describe('ends with 2 and says why, and leaves no report', () => {
  test('for results that are edited, of another file, or not there', async () => {
    const run = async (rows: readonly Row[], ...args: string[]) => {
      const path = join(folder, 'other.csv');
      writeResults(path, rows);
      const out = join(folder, 'none.html');
      const { code, stderr } = await runCaptured(['telco', 'report', path, '--out', out, ...args]);
      expect(() => readFileSync(out)).toThrow('ENOENT');
      return [code, stderr];
    };
    const [first] = ROWS as [Row];
    for (const answer of [
      ...[`${ATTACK},KEEP,TRUE,TRUE,TRUE,,,,,`, 'VERIFIED,STOP,TRUE,TRUE,TRUE,,,,,', `${verified},extra`],
      ...[`VERIFIED,KEEP,TRUE,TRUE,TRUE,,,${ATTACK},,`, `VERIFIED,KEEP,TRUE,TRUE,TRUE,,,,${ATTACK},`],
    ])
      expect(await run([{ ...first, answer }])).toEqual([
        2,
        expect.stringMatching(/Line 2 .* is not as this program writes/),
      ]);
    const source = ['--file', file, ...withFile];
    expect(await run([{ ...first, rowId: 'another' }], ...source)).toEqual([
      2,
      expect.stringContaining('does not belong to'),
    ]);
    expect(await run([...ROWS, first], ...source)).toEqual([2, expect.stringContaining('has no row for line 57')]);
    expect((await runCaptured(['telco', 'report', join(folder, 'none.csv')])).code).toBe(2);
  });

  test('but results that were filtered are taken', async () => {
    const path = join(folder, 'filtered.csv');
    writeResults(path, ROWS.slice(30, 40), 30);
    const { code, stdout } = await runCaptured([
      'telco',
      'report',
      path,
      '--file',
      file,
      ...withFile,
      '--out',
      '-',
      '--json',
    ]);
    const counted = { rows: 10, file_rows: 55, provinces: { '079': { rows: 10, work: 10 } } };
    expect([code, JSON.parse(stdout)]).toMatchObject([0, counted]);

    const out = join(folder, 'part.html');
    const part = await runCaptured(['telco', 'report', path, '--file', file, ...withFile, '--out', out]);
    expect(part.stdout).toContain('10 of the 55 rows of the file');
    expect(readFileSync(out, 'utf8')).toContain('10 of the 55 rows of the file have a result here; 45 have none');
    const whole = await report('--file', file, ...withFile, '--out', out);
    expect(whole.stdout).toContain('Report of 55 rows');
    expect(readFileSync(out, 'utf8')).not.toContain('have a result here');
  });
});
