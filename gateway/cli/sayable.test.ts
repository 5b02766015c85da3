/** Names that somebody else gave to files, sheets and options reach the terminal as text. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeWorkbook } from '../../connectors/kit/xlsx/write-workbook.ts';
import { sayable } from './sayable.ts';
import { runCaptured } from './testing/terminal.ts';

/** Clears the screen, sets the window's title, turns what follows around. */
const EVIL = '\u001b[2J\u001b]0;t\u0007\u009b31m\u202efdp.vsc';
const STEERS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/;
const TABLE = 'row_id,msisdn,id_number,full_name,date_of_birth\nr1,0961234500,901085000017,Nguyễn Văn An,1985-03-27\n';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-sayable-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function told(args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await runCaptured(args);
  expect(stdout + stderr).toContain('fdp.vsc');
  return stdout + stderr;
}

describe('a name that would steer the terminal', () => {
  it('does not, of a file that is read or is not there', async () => {
    const file = join(folder, `${EVIL}.csv`);
    writeFileSync(file, TABLE);
    expect(await told(['telco', 'inspect', file])).not.toMatch(STEERS);
    expect(await told(['telco', 'inspect', join(folder, `no ${EVIL}.csv`)])).not.toMatch(STEERS);
  });

  it('does not, of a sheet of a workbook that somebody sent', async () => {
    const file = join(folder, 'sent.xlsx');
    async function* rows() {
      yield [['r1', '0961234500']];
    }
    await writeWorkbook(file, { title: EVIL, header: ['a', 'b'], widths: [9, 9], rows: rows() });
    expect(await told(['telco', 'inspect', file, '--sheet', 'another'])).not.toMatch(STEERS);
  });

  it('does not, of an option that is none', async () => {
    expect(await told(['telco', 'inspect', `--${EVIL}`])).not.toMatch(STEERS);
  });
});

it('leaves what a sentence is made of', () => {
  const text = 'Đã đọc 1.000 dòng:\n\tNguyễn Văn An, “x” – ┌─┐ ✓ 😀';
  expect(sayable(text)).toBe(text);
});
