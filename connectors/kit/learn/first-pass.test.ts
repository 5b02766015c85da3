import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeLegacy } from '../decode/letters.test-support.ts';
import { KitError } from '../kit-error.ts';
import { sentProfile } from './finding.ts';
import { firstPass } from './first-pass.ts';

const NAMES = ['row_id', 'msisdn', 'id_number', 'full_name', 'date_of_birth'];
const COLUMNS = NAMES.map((name) => ({ name, header: name }));
const HEADER = NAMES.join(',');
const PERSON = 'Nguyễn Thị Ấm';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lt-first-'));
  path = join(folder, 'file.csv');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rows = (count: number, name = PERSON): string =>
  Array.from({ length: count }, (_, i) => `${i},09,901085000017,${name},1985-03-27\n`).join('');

async function pass(bytes: Uint8Array | string, options: Partial<Parameters<typeof firstPass>[1]> = {}) {
  writeFileSync(path, bytes);
  return firstPass(path, { columns: COLUMNS, batchRows: 256, stated: {}, ...options });
}

async function refusal(bytes: Uint8Array | string, options: Partial<Parameters<typeof firstPass>[1]> = {}) {
  const error = await pass(bytes, options).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(KitError);
  const { reason, facts, exitCode } = error as KitError;
  return { reason, line: facts.line, exitCode };
}

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

describe('the first reading of a file', () => {
  it('gives the digest of its bytes as they are, and how far it is', async () => {
    const text = utf16(`\ufeff${HEADER}\n${rows(600)}`);
    const seen: number[] = [];
    const { digest, learnt } = await pass(text, {
      onReading: ({ bytesRead, bytes }) => seen.push(bytesRead / bytes),
    });
    expect(digest).toEqual({
      ...{ digest: createHash('sha256').update(text).digest(), bytes: text.length },
      checksum: crc32(text),
      mark: { size: BigInt(text.length), modifiedNs: expect.any(BigInt) },
    });
    expect(learnt.encoding.value).toBe('utf-16le');
    expect(seen.at(-1)).toBe(1);
  });

  it('finds each encoding of a whole file', async () => {
    const text = `${HEADER}\n${rows(40)}`;
    const files = [
      ['utf-8', Buffer.from(text)],
      ['utf-8', Buffer.from(`\ufeff${text}`)],
      ['utf-16le', utf16(text)],
      ['utf-16be', utf16(text).swap16()],
      ['utf-16be', utf16(`\ufeff${text}`).swap16()],
      ['tcvn3', writeLegacy(text, 'tcvn3')],
      ['vni', writeLegacy(text, 'vni')],
      ['windows-1258', writeLegacy(text, 'windows-1258')],
      ['viscii', writeLegacy(text, 'viscii')],
    ] as const;
    for (const [encoding, bytes] of files) expect((await pass(bytes)).learnt.encoding.value).toBe(encoding);
  });

  it('looks at the whole file, not at its head only', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${HEADER}\n${rows(20_000, 'NGUYEN VAN AN')}`),
      writeLegacy(rows(400), 'vni'),
    ]);
    expect((await pass(bytes)).learnt.encoding.value).toBe('vni');
  });

  it('finds columns whose headers are in the encoding of the file', async () => {
    const columns = COLUMNS.map(({ name }) => ({ name, header: name === 'full_name' ? 'Họ và tên' : name }));
    const header = HEADER.replace('full_name', 'HỌ VÀ TÊN');
    for (const encoding of ['tcvn3', 'vni'] as const) {
      const { learnt } = await pass(writeLegacy(`${header}\n${rows(30)}`, encoding), { columns });
      expect(learnt.encoding.value).toBe(encoding);
    }
  });

  it('takes what is stated, and keeps what the file shows beside it', async () => {
    const stated = {
      ...({ encoding: 'viscii', dateOrder: 'month-first', newYearMeansUnknown: true } as const),
      ...{ nameWidth: 30, daysFrom1904: true },
    };
    const { learnt } = await pass(`${HEADER}\n${rows(30)}`, { stated });
    expect(sentProfile(learnt)).toEqual(stated);
    expect(Object.values(learnt).every((finding) => finding.stated)).toBe(true);
    expect(learnt.encoding.evidence).toEqual({ marked: 30, utf8: 30 });
    expect(learnt.newYearMeansUnknown.evidence).toEqual({ dates: 30, newYears: 0 });
  });

  it('takes the order of bytes from a file that is said to be UTF-16', async () => {
    const bytes = utf16(`\ufeff${HEADER}\n${rows(3)}`).swap16();
    const { learnt } = await pass(bytes, { stated: { encoding: 'utf-16le' } });
    expect(learnt.encoding).toMatchObject({ value: 'utf-16be', stated: true });
  });

  it('counts the width of names in characters, whatever their bytes', async () => {
    // Cut at 12 of up to 22 characters.
    const names = Array.from({ length: 3000 }, (_, i) => {
      const name = `Trần ${'ấếộữỳ'.repeat(5).slice(i % 5)}`.slice(0, 8 + (i % 15));
      return `${name.slice(0, 5)}${String.fromCharCode(97 + (i % 26), 97 + ((i * 7) % 26))}${name.slice(5)}`.slice(
        0,
        12,
      );
    });
    const text = `${HEADER}\n${names.map((name, i) => `${i},09,1,"${name}  ",1985\n`).join('')}`;
    for (const bytes of [Buffer.from(text), utf16(text), writeLegacy(text, 'vni'), writeLegacy(text, 'tcvn3')]) {
      expect((await pass(bytes)).learnt.nameWidth.value).toBe(12);
    }
  });

  it('is the same however often it is done', async () => {
    const bytes = writeLegacy(`${HEADER}\n${rows(5000)}`, 'tcvn3');
    const once = await pass(bytes);
    expect(await firstPass(path, { columns: COLUMNS, batchRows: 256, stated: {} })).toEqual(once);
  });

  it('leaves out records whose cells may be shifted', async () => {
    const { learnt } = await pass(`${HEADER}\n${rows(5)}1,2,3,4,1985-01-01,6\n`);
    expect(learnt.newYearMeansUnknown.evidence).toEqual({ dates: 5, newYears: 0 });
  });

  it('ends in order when it is aborted', async () => {
    expect(await refusal(`${HEADER}\n${rows(5)}`, { signal: AbortSignal.abort() })).toMatchObject({
      ...{ reason: 'INTERRUPTED', exitCode: 130 },
    });
  });
});

describe('a file that is refused before anything is sent', () => {
  it.each([
    ['empty', Buffer.alloc(0), 'FILE_EMPTY'],
    ['a lone byte order mark', Buffer.from('\ufeff'), 'FILE_EMPTY'],
    ['a lone mark of UTF-16', Buffer.of(0xff, 0xfe), 'FILE_EMPTY'],
    ['half a mark of UTF-16', Buffer.of(0xff), 'HEADER_WRONG'],
    ['zero bytes', Buffer.alloc(1000), 'HEADER_WRONG'],
    ['a header without records', Buffer.from(`${HEADER}\n`), 'NO_RECORDS'],
    ['a header in UTF-16 without records', utf16(`\ufeff${HEADER}`), 'NO_RECORDS'],
  ])('%s', async (_name, bytes, reason) => {
    expect(await refusal(bytes)).toMatchObject({ reason, exitCode: 2 });
  });

  it('an unclosed quote and a line without end name their line, in UTF-16 as well', async () => {
    const open = `${HEADER}\n${rows(3)}1,2,3,"open,5\n`;
    for (const bytes of [Buffer.from(open), utf16(open)]) {
      expect(await refusal(bytes)).toEqual({ reason: 'QUOTE_UNCLOSED', line: 5, exitCode: 2 });
    }
    const endless = Buffer.concat([utf16(`${HEADER}\n${rows(1)}`), Buffer.alloc(100 << 20, utf16('x'))]);
    const before = process.memoryUsage().rss;
    expect(await refusal(endless)).toEqual({ reason: 'LINE_TOO_LONG', line: 3, exitCode: 2 });
    expect(process.memoryUsage().rss - before).toBeLessThan(60e6);
  });
});

describe('a large file', () => {
  const header = `${HEADER},note\n`;
  const row = (i: number, note: string): string => `${i},09,901085000017,${PERSON},1985-03-27,${note}\n`;
  const fill = (note: (i: number) => string): string[] => Array.from({ length: 45_000 }, (_, i) => row(i, note(i)));

  it('of cells that hold line breaks is read', async () => {
    const lines = fill((i) => `"Ghi chú ${'x'.repeat(i % 50)}\nhai, ba\n"`);
    expect((await pass(`${header}${lines.join('')}`)).learnt.encoding.value).toBe('utf-8');
  });

  it('is refused with the line where a quote that is astray opens, wherever that is', async () => {
    const lines = fill(() => 'x');
    for (const at of [10, 38_000, 44_000]) {
      const damaged = lines.with(at, row(at, '"x')).with(at + 500, row(at + 500, 'x"'));
      expect(await refusal(`${header}${damaged.join('')}`)).toEqual({
        ...{ reason: 'QUOTE_UNCLOSED', line: 2 + at, exitCode: 2 },
      });
    }
  });
});

describe('a hostile file', () => {
  it('of two encodings one after the other is read as its beginning says', async () => {
    const bytes = Buffer.concat([utf16(`${HEADER}\n${rows(2)}`), Buffer.from('1,2,3,4,5\n')]);
    expect((await pass(bytes)).learnt.encoding.value).toBe('utf-16le');
  });

  it('that ends in half a character, or holds zero bytes, is read', async () => {
    const half = Buffer.concat([utf16(`${HEADER}\n${rows(3)}4,5,6,x,1985`), Buffer.of(0x41)]);
    expect((await pass(half)).learnt.encoding.value).toBe('utf-16le');
    expect((await pass(`${HEADER}\n${rows(3)}\0,\0,\0,\0,\0\n`)).learnt.encoding.value).toBe('utf-8');
  });
});
