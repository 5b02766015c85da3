import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCsv } from '../kit/csv-read.ts';
import { readBack, writeLegacy } from '../kit/decode/letters.test-support.ts';
import { loadProfile } from '../kit/profile.ts';
import { verifyReceipt } from '../kit/receipt-verify.ts';
import { RESULT_HEADER } from '../kit/result-lines.ts';
import type { Fate, TinyGateway, TinyRow } from '../kit/tiny-gateway.test-support.ts';
import { ALL_AGREE, CHUNK, openTinyTelco, type TinyTelco } from './tiny-telco.test-support.ts';

/** Whole files in the encodings that telcos' systems write, against a gateway that notes what it is sent. */

const HEADER = 'row_id,msisdn,id_number,full_name,date_of_birth';
/** A run is stopped at this chunk of its file. */
const STOP_AT = 4;
const INTERRUPTED_ROWS = CHUNK * 6;
const NAMES = ['Nguyễn Văn Ấm', 'TRẦN THỊ Ưng', 'Đỗ Huỳnh Tuyết', 'Lê Ngọc Khuê', 'Phạm Quỳnh Như', 'Vũ Đức Hữu'];

let sent: TinyRow[];
let tiny: TinyTelco;
let gateway: TinyGateway;
let port: number;
let file: string;
let out: string;

beforeEach(async () => {
  sent = [];
  tiny = await openTinyTelco((row) => {
    sent.push(row);
    return ALL_AGREE;
  });
  ({ gateway, port, file, out } = tiny);
});

afterEach(async () => {
  await tiny.close();
});

const run = (options?: Parameters<TinyTelco['run']>[0]) => tiny.run(options);

/** The gateway goes away in the middle of the file; `goOn` brings it back. */
async function runIntoAStop(): Promise<void> {
  gateway.faults.beforeAnswer = async (num): Promise<Fate> => {
    if (num === STOP_AT) await gateway.stop();
    return 'go on';
  };
  await expect(run({ inFlight: 1, giveUpMs: 200 })).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
}
async function goOn(): Promise<void> {
  gateway.faults = {};
  await gateway.start(port);
}

const nameOf = (i: number): string => NAMES[i % NAMES.length] ?? '';
const textOf = (rows: number, date = '1985-03-27'): string => {
  const lines = Array.from({ length: rows }, (_, i) => `Sổ ${i},09${i},9${10_850_000_000 + i},${nameOf(i)},${date}`);
  return `${[HEADER, ...lines].join('\r\n')}\r\n`;
};

async function results(): Promise<string[][]> {
  const columns = RESULT_HEADER.map((name) => ({ name, header: name }));
  async function* source(): AsyncGenerator<Uint8Array> {
    yield readFileSync(out);
  }
  const rows: string[][] = [];
  for await (const { count, cells } of readCsv(source(), { columns, batchRows: 4096 })) {
    for (let i = 0; i < count; i++) rows.push(cells.map((column) => column[i] ?? ''));
  }
  return rows;
}

const ENCODED = [
  ['utf-8', (text: string) => Buffer.from(`\ufeff${text}`)],
  ['utf-16le', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['utf-16be', (text: string) => Buffer.from(text, 'utf16le').swap16()],
  ['tcvn3', (text: string) => writeLegacy(text, 'tcvn3')],
  ['vni', (text: string) => writeLegacy(text, 'vni')],
  ['windows-1258', (text: string) => writeLegacy(text, 'windows-1258')],
  ['viscii', (text: string) => writeLegacy(text, 'viscii')],
] as const;

describe.each(ENCODED)('a file in %s', (encoding, written) => {
  const ROWS = CHUNK * 3 + 5;
  const seen = (text: string) => (encoding === 'tcvn3' ? readBack(text, 'tcvn3') : text);

  it('is sent in Unicode, comes back in it row by row, and is proven by its receipt', async () => {
    writeFileSync(file, written(textOf(ROWS)));
    // Chunks arrive in their order over one connection only.
    const summary = await run({ channels: 1 });
    expect(summary).toMatchObject({
      ...{ rows: ROWS, totals: { VERIFIED: ROWS }, unreadable: { count: 0, line: 0 } },
      learnt: { encoding: { value: encoding, stated: false } },
    });
    expect(gateway.profiles).toMatchObject([{ encoding, nameWidth: 0, daysFrom1904: false }]);
    expect(sent.map(({ name }) => name.normalize('NFC'))).toEqual(
      Array.from({ length: ROWS }, (_, i) => seen(nameOf(i))),
    );
    expect((await results()).map(([line, rowId, msisdn]) => [line, rowId?.normalize('NFC'), msisdn])).toEqual(
      Array.from({ length: ROWS }, (_, i) => [String(i + 2), `Sổ ${i}`, `09${i}`]),
    );
    const { keySetRoot } = await loadProfile(gateway.profileFolder);
    expect(await verifyReceipt(out, keySetRoot)).toMatchObject({ ok: true, rows: ROWS, found: 0 });
  });

  it('is gone on with after an interruption, as the same job', async () => {
    writeFileSync(file, written(textOf(INTERRUPTED_ROWS)));
    await runIntoAStop();
    await goOn();
    const summary = await run();
    expect(summary.resumedRows).toBeGreaterThan(0);
    expect([summary.rows, gateway.starts]).toEqual([INTERRUPTED_ROWS, 1]);
    expect((await results()).length).toBe(INTERRUPTED_ROWS);
  });
});

describe('what is learnt of a file', () => {
  it('is sent in the opening, all five members of it', async () => {
    // Cut at 14, the month first, and 1 January for whoever's day is unknown.
    const lines = Array.from({ length: 2000 }, (_, i) => {
      const letters = 8 + (i % 5) + ((i * 7) % 4) + ((i * 11) % 3);
      const name = `An ${String.fromCharCode(65 + (i % 26), 97 + (i % 25))}${'ngân'.repeat(4)}`.slice(
        0,
        Math.min(letters, 14),
      );
      const date = i % 10 === 0 ? '01/01/1985' : `${String((i % 12) + 1).padStart(2, '0')}/2${i % 9}/1985`;
      return `${i},09${i},9${10_850_000_000 + i},${name},${date}`;
    });
    writeFileSync(file, `${[HEADER, ...lines].join('\n')}\n`);
    const { learnt } = await run();
    expect(gateway.profiles).toMatchObject([
      { encoding: 'utf-8', dateOrder: 2, newYearMeansUnknown: true, nameWidth: 14, daysFrom1904: false },
    ]);
    expect(learnt.newYearMeansUnknown).toEqual({
      ...{ value: true, stated: false },
      evidence: { dates: 2000, newYears: 200 },
    });
    // Dates that a habit has a say in are the gateway's to read.
    expect(sent.every(({ date }) => date.includes('/'))).toBe(true);
  });

  it('is what the user says, where the user says it', async () => {
    writeFileSync(file, textOf(300, '1985-01-01'));
    await run({ encoding: 'utf-8', newYearMeansUnknown: false, nameWidth: 30, daysFrom1904: true });
    expect(gateway.profiles).toMatchObject([
      { encoding: 'utf-8', newYearMeansUnknown: false, nameWidth: 30, daysFrom1904: true },
    ]);
    expect(sent[0]?.date).toBe('19850101');
  });

  it('stays what the opening said when the job is gone on with', async () => {
    writeFileSync(file, textOf(INTERRUPTED_ROWS));
    await runIntoAStop();
    // As if a version of the program that learns something else had begun.
    const state = readFileSync(`${out}.job.json`, 'utf8');
    writeFileSync(`${out}.job.json`, state.replace('"nameWidth":{"value":0', '"nameWidth":{"value":33'));
    await goOn();
    expect((await run()).learnt.nameWidth.value).toBe(33);
    expect(gateway.starts).toBe(1);
  });

  it('begins a new job where the user says something else and gives up what was answered', async () => {
    writeFileSync(file, textOf(INTERRUPTED_ROWS));
    await runIntoAStop();
    await goOn();
    await expect(run({ nameWidth: 30 })).rejects.toMatchObject({ reason: 'OUTPUT_UNFINISHED' });
    rmSync(`${out}.job.json`);
    expect((await run({ nameWidth: 30 })).resumedRows).toBe(0);
    expect(gateway.starts).toBe(2);
  });
});

describe('what cannot be read', () => {
  it('is U+FFFD in what is sent and comes back, and is counted', async () => {
    const broken = Buffer.from(textOf(300));
    for (const row of [40, 41]) broken[broken.indexOf(`Sổ ${row},`) + 1] = 0xff;
    writeFileSync(file, broken);
    const { rows, unreadable } = await run();
    expect(rows).toBe(300);
    expect(unreadable.line).toBe(42);
    expect(unreadable.count).toBeGreaterThanOrEqual(2);
    const found = await results();
    expect(found.filter(([, rowId]) => rowId?.includes('\ufffd')).map(([line]) => line)).toEqual(['42', '43']);
  });

  it('of a file of UTF-16 that ends in half a character is its last one', async () => {
    writeFileSync(file, Buffer.concat([Buffer.from(textOf(300).trimEnd(), 'utf16le'), Buffer.of(0x41)]));
    const { rows, unreadable } = await run();
    expect([rows, unreadable]).toEqual([300, { count: 1, line: 301 }]);
    expect(sent.at(-1)?.date).toBe('1985-03-27\ufffd');
  });
});
