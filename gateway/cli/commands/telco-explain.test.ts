import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RESULT_HEADER } from '../../../connectors/kit/result-lines.ts';
import { textWidth } from '../layout.ts';
import { runCaptured } from '../testing/terminal.ts';

/** The command by its two files, as `telco verify` leaves them; nothing listens anywhere. */

let folder: string;
let file: string;
let results: string;
const AS_OF = '2026-11-28T00:00:00Z';
const AS_OF_HERE = '28/11/2026 07:00 +07:00';
const ROWS = [
  ['1', '0961', '901085000017', 'NGUYỄN VĂN AN', '27/03/1985'],
  ['2', '0962', '902190000025', 'NguyÔn V¨n An', '1990-11-02'],
  ['3', '0963', '904188000041', 'Nông Thị Dũng', '1988'],
  ['4', '0964', '901O85OOOO17', 'An\u200b\u001b[2J', '27-Mar-85'],
  ['5', '0965', '', 'Hoàng', '31/04/1990'],
  ['6', '0966', '901085000017', '1985-03-27', 'Nguyễn Văn An'],
  ['=7', '0967', '901085000017', 'Nguyễn Văn An', '1985-03-27', 'one too many'],
] as const;
/** From `verdict` to `current_id`. */
const ANSWERS = [
  'VERIFIED,KEEP,TRUE,TRUE,TRUE,,,,,',
  'VERIFIED,UPDATE_ID,TRUE,TRUE,TRUE,,,LEGACY_ENCODING,ID_SUPERSEDED,905095000058',
  'PROBABLE,REVIEW,TRUE,FALSE,TRUE,80,80,TONE_DIFFERS|PARTIAL_DATE,,',
  'NOT_CONFIRMED,CONTACT,,,,,,,,',
  'INVALID,CONTACT,NOT_AVAILABLE,NOT_AVAILABLE,NOT_AVAILABLE,,,ID_MISSING|BIRTH_DATE_NOT_IN_CALENDAR,,',
  'PROBABLE,REVIEW,,,,,,,,',
  'INVALID,CONTACT,NOT_AVAILABLE,NOT_AVAILABLE,NOT_AVAILABLE,,,ID_MISSING|NAME_MISSING|BIRTH_DATE_MISSING,,',
];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-explain-'));
  [file, results] = [join(folder, 'subscribers.csv'), join(folder, 'results.csv')];
  writeFileSync(file, ['row_id,msisdn,id_number,full_name,date_of_birth', ...ROWS.map((row) => row.join())].join('\n'));
  writeResults(results, ANSWERS);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function writeResults(path: string, answers: readonly string[]): void {
  const lines = answers.map((answer, i) => {
    const [rowId = '', msisdn] = ROWS[i] ?? [];
    return `${i + 2},${rowId.startsWith('=') ? `'${rowId}` : rowId},${msisdn},${answer},${AS_OF},,0:${i}`;
  });
  writeFileSync(path, `${[RESULT_HEADER.join(), ...lines].join('\n')}\n`);
}

const explain = (...args: string[]) => runCaptured(['telco', 'explain', file, '--results', results, ...args]);
/** One section of the text, without its title, in one line. */
async function section(row: number, title: string, ...more: string[]): Promise<string> {
  const { stdout } = await explain('--row', String(row), ...more);
  const found = stdout.split('\n\n').find((part) => part.startsWith(`${title}\n`)) ?? '';
  return found.slice(title.length).replaceAll(/\s+/g, ' ').trim();
}

describe('how a row is read', () => {
  test('step by step, from its own cells', async () => {
    expect(await section(2, 'How it is read')).toBe(
      'Number 901085000017, a personal ID (12 digits) Nothing had to be undone. ' +
        'Name compared as "nguyễn văn an" (case is no difference) Nothing had to be undone. ' +
        'Date 27/03/1985, the whole date Nothing had to be undone.',
    );
  });

  test('with what its name may have been, only as far as the row shows it', async () => {
    const read = await section(3, 'How it is read');
    expect(read).toContain('also read as "Nguyễn Văn An": LEGACY_ENCODING: The name is still in an old encoding');
    expect(await section(2, 'How it is read')).not.toContain('also read as');
  });

  test('with guesses, years of two digits and signs that cannot be seen', async () => {
    const read = await section(5, 'How it is read');
    expect(read).toContain('901085000017, a personal ID (12 digits) ID_LOOKALIKE_DIGITS:');
    expect(read).toContain('27/03/85, the whole date TWO_DIGIT_YEAR:');
    expect(await section(5, 'As it stands in the file')).toContain('An⟨U+200B⟩⟨U+001B⟩[2J');
    expect((await explain('--row', '5')).stdout).not.toContain('\u001b');
  });

  test('with name and date in each other’s column, and with more cells than the header', async () => {
    expect(await section(7, 'How it is read')).toMatch(
      /"nguyễn văn an" .*COLUMNS_SHIFTED.*27\/03\/1985.*COLUMNS_SHIFTED/,
    );
    expect(await section(8, 'How it is read')).toMatch(/^The record has more cells than the header/);
  });
});

describe('what was answered', () => {
  test('each part in words, with what to do', async () => {
    expect(await section(4, 'What the gateway answered')).toBe(
      'Verdict PROBABLE: Probably the same person; the reasons say what differs ' +
        'Number TRUE: agrees Name FALSE: differs Date TRUE: agrees ' +
        'Name score 80 of 99: how alike the names are (a band of 20, where the agreement grants no exact score) ' +
        'Score 80 of 99: the share of right people among rows of that weight (a band of 20, where the agreement grants no exact score) ' +
        'Reasons TONE_DIFFERS: A word carries another tone (Dũng – Dung). ' +
        'PARTIAL_DATE: The date was compared on the parts that are known (year, or month and year). ' +
        `Notices not told with this verdict Register of ${AS_OF_HERE}`,
    );
    expect(await section(4, 'How the verdict comes about')).toBe(
      '1. Rule 5: nobody who holds the number is VERIFIED, and one person is PROBABLE. ' +
        '2. Name FALSE: grade near (one stated doubt). ' +
        '3. Date of birth TRUE: grade part (equal on what both sides know). ' +
        '4. At most, for these grades: PROBABLE (standard, review), MISMATCH (exact), by the strictness of the agreement.',
    );
    expect(await section(4, 'What to do')).toBe('REVIEW have a person look at it');
  });

  test('what is withheld is said to be, and nothing of it told', async () => {
    const answered = await section(7, 'What the gateway answered');
    for (const field of ['Number', 'Name', 'Date', 'Reasons'])
      expect(answered).toContain(`${field} not granted by the agreement`);
    expect(await section(7, 'How the verdict comes about')).toMatch(/how far they agree is not told\.$/);
    expect(await section(5, 'How the verdict comes about')).toMatch(/^1\. It stands for PROBABLE, MISMATCH/);
  });

  test('a field that the row has and that was not compared is not laid on the row or on the agreement', async () => {
    const spent = join(folder, 'spent.csv');
    writeResults(spent, ANSWERS.with(0, 'PROBABLE,REVIEW,TRUE,TRUE,NOT_AVAILABLE,,,,,'));
    const told = async (...more: string[]) => {
      const { stdout } = await runCaptured(['telco', 'explain', file, '--results', spent, '--row', '2', ...more]);
      return stdout.replaceAll(/\s+/g, ' ');
    };
    const english = await told();
    expect(english).toContain('Date NOT_AVAILABLE: not compared: the register has none, or a limit of wrong values');
    expect(english).toContain('Reasons none told');
    expect(english).toContain('grade absent (no date was compared)');
    expect(english).not.toMatch(/not granted by the agreement|one side has nothing/);
    expect(await told('--lang', 'vi')).toContain('đã hết số lần được hỏi sai về người này');
    // Of a row without a date that is all there is to say.
    expect(await section(6, 'What the gateway answered')).toContain('Date NOT_AVAILABLE: one side has nothing');
  });

  test('a number of the register is not repeated', async () => {
    const { stdout } = await explain('--row', '3');
    expect(stdout).toContain('stands in the column current_id');
    expect(stdout).not.toContain('905095000058');
    expect((await explain('--row', '3', '--json')).stdout).not.toContain('905095000058');
  });

  test('an answer that cannot be to the row as it reads now is doubted', async () => {
    const mended = join(folder, 'mended.csv');
    writeResults(mended, ANSWERS.with(0, ANSWERS[4] ?? ''));
    const { stdout } = await runCaptured(['telco', 'explain', file, '--results', mended, '--row', '2']);
    expect(stdout).toContain('This answer does not fit the row as it reads now');
    expect((await explain('--row', '2')).stdout).not.toContain('does not fit');
  });
});

describe('languages and programs', () => {
  test('Vietnamese, every line within the width', async () => {
    for (const language of ['vi', 'en'])
      for (let row = 2; row <= 8; row++) {
        const { code, stdout } = await explain('--row', String(row), '--lang', language);
        expect(code).toBe(0);
        expect(Math.max(...stdout.split('\n').map(textWidth))).toBeLessThanOrEqual(100);
        expect(stdout).toContain(language === 'vi' ? 'Việc cần làm' : 'What to do');
      }
  });

  test('--json holds the same as data, with the reasons in both languages', async () => {
    const { code, stdout } = await explain('--row-id', '3', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      row: { line: 4, rowId: '3', idNumber: '904188000041' },
      reading: { number: { kind: 'PERSONAL' }, name: { key: 'nông thị dũng' }, date: { known: 'YEAR', text: '1988' } },
      answer: { verdict: 'PROBABLE', action: 'REVIEW', score: { told: 'TOLD', value: 80 } },
      path: { rule: 5, nameGrades: ['near'], dateGrades: ['part'], ceilings: { standard: ['PROBABLE'] } },
      profile: { id: 'lt-vn-2' },
      words: { TONE_DIFFERS: { vi: 'Khác dấu thanh (Dũng – Dung).' } },
    });
  });
});

describe('ends with 2 and says what is wrong', () => {
  test.each([
    [['--row', '1'], /No record of .* starts on line 1\./],
    [['--row', '99'], /No record of .* starts on line 99\./],
    [['--row-id', '99'], /has this row_id/],
    [[], /--row must be a line of the file; or give --row-id/],
    [['--row', '2', '--row-id', '1'], /not both/],
    [['--row', 'x'], /--row must be a whole number/],
    [['--row', '2', '--columns', 'nothing=X'], /There is no column nothing/],
    [['--row', '2', '--encoding', 'koi8'], /--encoding must be one of/],
  ])('%j', async (args, said) => {
    const { code, stdout, stderr } = await explain(...args);
    expect(stderr).toMatch(said);
    expect([code, stdout]).toEqual([2, '']);
  });

  test('where the results are another file’s, edited, or not there', async () => {
    const text = { other: ANSWERS, short: ANSWERS.slice(0, 1), edited: [...ANSWERS] };
    text.edited[2] = (ANSWERS[2] ?? '').replace('REVIEW', 'KEEP');
    for (const [name, said] of [
      ['short', /has no row for line 4/],
      ['edited', /Line 4 in .* is not as this program writes it/],
      ['none', /Cannot read/],
    ] as const) {
      const path = join(folder, `${name}.csv`);
      if (name !== 'none') writeResults(path, text[name]);
      const { code, stderr } = await runCaptured(['telco', 'explain', file, '--results', path, '--row', '4']);
      expect(stderr).toMatch(said);
      expect(code).toBe(2);
    }
    const later = join(folder, 'later.csv');
    writeFileSync(later, `row_id,msisdn,id_number,full_name,date_of_birth\n9,0999,901085000017,An,1985\n`);
    const { code, stderr } = await runCaptured(['telco', 'explain', later, '--results', results, '--row', '2']);
    expect([code, /does not belong to .*, they differ at line 2/.test(stderr)]).toEqual([2, true]);
  });
});

describe('the published profile', () => {
  test('every reason in words, in both languages, and all of it as data', async () => {
    const { stdout } = await runCaptured(['profile', '--json']);
    const { id, reasons } = JSON.parse(stdout) as { id: string; reasons: Record<string, { vi: string; en: string }> };
    expect(id).toBe('lt-vn-2');
    for (const language of ['vi', 'en'] as const) {
      const shown = (await runCaptured(['profile', '--lang', language])).stdout;
      expect(Math.max(...shown.split('\n').map(textWidth))).toBeLessThanOrEqual(100);
      for (const [name, words] of Object.entries(reasons)) {
        expect(shown).toContain(name);
        expect(shown).toContain(words[language].split(' ').slice(0, 3).join(' '));
      }
    }
  });
});
