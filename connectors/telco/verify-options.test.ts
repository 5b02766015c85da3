import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readDigested } from '../kit/file-digest.ts';
import { loadProfile } from '../kit/profile.ts';
import { readReceiptFile } from '../kit/receipt-file.ts';
import { verifyReceipt } from '../kit/receipt-verify.ts';
import type { SendGate } from '../kit/send-window.ts';
import type { Fate, TinyGateway, TinyRow } from '../kit/tiny-gateway.test-support.ts';
import { workbookParts, writeZip } from '../kit/xlsx/workbook.test-support.ts';
import { dryRun } from './dry-run.ts';
import { ALL_AGREE, CHUNK, openTinyTelco, type TinyTelco } from './tiny-telco.test-support.ts';
import type { VerifyOptions } from './verify.ts';

/** What a run may be told: the first rows only, hours to send in, a sheet of a workbook, to ask nothing. */

const HEADER = ['row_id', 'msisdn', 'id_number', 'full_name', 'date_of_birth'];

let sent: TinyRow[];
let tiny: TinyTelco;
let folder: string;
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
  ({ folder, gateway, port, file, out } = tiny);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await tiny.close();
});

const run = (options: Parameters<TinyTelco['run']>[0] = {}) => tiny.run({ file, ...options });
const lines = (): string[] => readFileSync(out, 'utf8').trimEnd().split('\n').slice(1);
const proven = async () => verifyReceipt(out, (await loadProfile(gateway.profileFolder)).keySetRoot);
const cellsOf = (i: number): string[] => [
  `r${i}`,
  `09${i}`,
  `9${10_850_000_000 + i}`,
  `Nguyễn Văn Ân ${i}`,
  '1985-03-27',
];

function writeFile(rows: number): void {
  const all = Array.from({ length: rows }, (_, i) => cellsOf(i).join(','));
  writeFileSync(file, `${[HEADER.join(','), ...all].join('\n')}\n`);
}

/** Stops the gateway at a chunk, so that the run ends and is to be gone on with. */
function stopAt(chunk: number): void {
  gateway.faults.beforeAnswer = async (num): Promise<Fate> => {
    if (num === chunk) await gateway.stop();
    return 'go on';
  };
}

it('a file of people without telephones: one column of its own stands for both that come back as read', async () => {
  writeFileSync(file, 'MA_SO,CCCD,HO_TEN,NGAY_SINH\nBH-7,901085000017,Nguyễn Văn Ân,1985-03-27\n');
  const columns = {
    row_id: 'MA_SO',
    msisdn: 'MA_SO',
    id_number: 'CCCD',
    full_name: 'HO_TEN',
    date_of_birth: 'NGAY_SINH',
  };
  expect(await run({ columns })).toMatchObject({ rows: 1 });
  expect(sent).toMatchObject([{ id: '901085000017' }]);
  expect(lines()[0]).toMatch(/BH-7,BH-7,/);
  expect(await proven()).toMatchObject({ ok: true, rows: 1 });
});

describe('a limit', () => {
  it('asks about the first rows only; summary and receipt say so, and the receipt holds', async () => {
    writeFile(CHUNK * 3);
    const summary = await run({ limit: CHUNK + 10 });
    expect(summary).toMatchObject({ rows: CHUNK + 10, chunks: 2, limit: CHUNK + 10 });
    expect([lines().length, sent.length]).toEqual([CHUNK + 10, CHUNK + 10]);
    expect(await proven()).toMatchObject({ ok: true, rows: CHUNK + 10 });
    expect((await readReceiptFile(`${out}.receipt`)).limit).toBe(CHUNK + 10);
  });

  it('beyond the file is all of it; none is none', async () => {
    writeFile(300);
    expect(await run({ limit: 5000 })).toMatchObject({ rows: 300, limit: 5000 });
    const whole = await run({ replace: true });
    expect([whole.rows, whole.limit]).toEqual([300, undefined]);
    expect((await readReceiptFile(`${out}.receipt`)).limit).toBeUndefined();
  });

  it('that is another continues no job, and throws none away', async () => {
    writeFile(CHUNK * 8);
    stopAt(4);
    await expect(run({ limit: CHUNK * 7, inFlight: 1, giveUpMs: 200 })).rejects.toMatchObject({
      reason: 'UNAVAILABLE',
    });
    gateway.faults = {};
    await gateway.start(port);
    await expect(run({ limit: CHUNK * 6 })).rejects.toMatchObject({ facts: { differs: 'limit' } });
    expect(gateway.starts).toBe(1);
  });

  it('still sees that the file was changed behind it', async () => {
    writeFile(CHUNK * 3);
    // Between the two readings.
    const opened = async (): Promise<void> => writeFileSync(file, `${readFileSync(file, 'utf8')}x`);
    await expect(run({ limit: 10, gate: { isOpen: () => true, opened } })).rejects.toMatchObject({
      reason: 'FILE_CHANGED',
    });
  });

  it('in a receipt that was changed is found out where rows would not fit it', async () => {
    writeFile(300);
    await run({ limit: 200 });
    const path = `${out}.receipt`;
    writeFileSync(path, readFileSync(path, 'utf8').replace('"limit":200', '"limit":199'));
    await expect(proven()).rejects.toMatchObject({ reason: 'RECEIPT_WRONG' });
  });
});

describe('the purpose', () => {
  const other = async () => ({ ...(await loadProfile(gateway.profileFolder)), purposes: ['credit', 'insurance'] });

  it('is the connector’s own, and the summary names it', async () => {
    writeFile(3);
    expect((await run()).purpose).toBe('subscriber-verification');
  });

  it('is never another one that the profile happens to have, unless it is named', async () => {
    const profile = await other();
    const refused = { reason: 'PURPOSE_UNKNOWN', exitCode: 3, facts: { known: 'credit, insurance' } };
    writeFile(3);
    await expect(run({ profile })).rejects.toMatchObject(refused);
    await expect(dryRun({ file, profile, giveUpMs: 200 })).rejects.toMatchObject(refused);
    expect([gateway.starts, existsSync(out)]).toEqual([0, false]);
    expect(await dryRun({ file, profile, purpose: 'insurance' })).toMatchObject({ purpose: 'insurance' });
    expect((await run({ profile, purpose: 'credit' })).purpose).toBe('credit');
  });
});

describe('a window', () => {
  /** Open, shut once a chunk came, and opened again by whoever waits. */
  function nightly(): SendGate & { waits: number; shut: boolean } {
    const gate = {
      ...{ waits: 0, shut: false },
      isOpen: () => !gate.shut,
      async opened() {
        if (!gate.shut) return;
        gate.waits++;
        await new Promise((resolve) => setTimeout(resolve, 20));
        gate.shut = false;
      },
    };
    return gate;
  }

  it('that shuts holds rows back until it opens; none is lost or asked twice', async () => {
    writeFile(CHUNK * 12);
    const gate = nightly();
    let sentWhileShut = 0;
    gateway.faults.beforeAnswer = (num): Fate => {
      if (gate.shut) sentWhileShut++;
      if (num === 3 || num === 8) gate.shut = true;
      return 'go on';
    };
    expect((await run({ gate, channels: 1, inFlight: 2 })).rows).toBe(CHUNK * 12);
    expect(gate.waits).toBe(2);
    // What was under way when it shut was answered still.
    expect(sentWhileShut).toBeLessThanOrEqual(2);
    expect(gateway.received.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(await proven()).toMatchObject({ ok: true, rows: CHUNK * 12 });
  });

  it('that is shut keeps the job from being opened, and an interruption ends the waiting', async () => {
    writeFile(300);
    const stop = new AbortController();
    const opened = (): Promise<void> => {
      stop.abort();
      return Promise.reject(Object.assign(new Error('stopped'), { reason: 'INTERRUPTED' }));
    };
    await expect(run({ gate: { isOpen: () => false, opened }, signal: stop.signal })).rejects.toThrow('stopped');
    expect([gateway.starts, existsSync(out)]).toEqual([0, false]);
  });
});

describe('a workbook', () => {
  const cell = (text: string): string => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
  const row = (cells: string[]): string => `<row>${cells.map(cell).join('')}</row>`;
  const sheet = (name: string, rows: number) => ({
    name,
    rows: row(HEADER) + Array.from({ length: rows }, (_, i) => row(cellsOf(i))).join(''),
  });
  const spools = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.spool'));
  beforeEach(() => {
    file = join(folder, 'subscribers.xlsx');
    vi.stubEnv('TMPDIR', folder);
  });

  it('is verified row by row: lines are its rows, the digest is its own, and nothing is left of it', async () => {
    await writeZip(file, workbookParts([sheet('Tháng 11', 300)]));
    const summary = await run();
    expect(summary).toMatchObject({ rows: 300, sheet: 'Tháng 11', learnt: { encoding: { value: 'utf-8' } } });
    expect(lines().map((line) => line.split(',')[0])).toEqual(Array.from({ length: 300 }, (_, i) => String(i + 2)));
    expect(sent[0]).toMatchObject({ name: 'Nguyễn Văn Ân 0' });
    expect(await proven()).toMatchObject({ ok: true, rows: 300 });
    const digest = readDigested(file);
    for await (const _ of digest.pieces());
    expect(gateway.fileDigests).toEqual([digest.end().digest.toString('base64url')]);
    expect(spools()).toEqual([]);
  });

  it('is gone on with as the same job, by another spool; another sheet of it is another job', async () => {
    await writeZip(file, workbookParts([sheet('A', CHUNK * 6), sheet('B', CHUNK * 6)]));
    stopAt(4);
    await expect(run({ inFlight: 1, giveUpMs: 200 })).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
    gateway.faults = {};
    await gateway.start(port);
    const state = readFileSync(`${out}.job.json`);
    const summary = await run({ sheet: 'A' });
    expect(summary.resumedRows).toBeGreaterThan(0);
    expect([gateway.starts, summary.rows]).toEqual([1, CHUNK * 6]);
    writeFileSync(`${out}.job.json`, state);
    await expect(run({ sheet: 'B' })).rejects.toMatchObject({ facts: { differs: 'sheet' } });
    expect(gateway.starts).toBe(1);
  });

  it('that breaks off in the middle asks nothing and leaves nothing', async () => {
    const parts = workbookParts([sheet('A', 300)]);
    await writeZip(file, {
      ...parts,
      'xl/worksheets/sheet1.xml': (parts['xl/worksheets/sheet1.xml'] ?? '').slice(0, -30),
    });
    await expect(run()).rejects.toMatchObject({ reason: 'XLSX_WRONG', exitCode: 2 });
    expect([gateway.starts, existsSync(out), spools()]).toEqual([0, false, []]);
  });
});

describe('a dry run', () => {
  const dry = (options: Partial<VerifyOptions> = {}) =>
    dryRun({ file, profile: gateway.profileFolder, chunkRows: CHUNK, giveUpMs: 200, ...options });

  it('counts rows and chunks, and sees the gateway; nothing is asked or written', async () => {
    writeFile(600);
    writeFileSync(file, `${readFileSync(file, 'utf8')}x,1,12345,An,1985,too much\n`);
    expect(await dry()).toMatchObject({
      ...{ rows: 601, chunks: 3, slimRows: 600, misshapen: 1, purpose: 'subscriber-verification' },
      gateway: { agency: 'viettel', deployment: 'test-deployment' },
    });
    expect(await dry({ limit: 300 })).toMatchObject({ rows: 300, chunks: 2, limit: 300 });
    expect([gateway.starts, gateway.received, readdirSync(folder).toSorted()]).toEqual([
      ...[0, []],
      ['profile', 'subscribers.csv'],
    ]);
  });

  it.each([
    ['of another agency', { agency: 'mobifone' }, 'GATEWAY_DIFFERS'],
    ['of another deployment', { deployment: 'other' }, 'GATEWAY_DIFFERS'],
    ['whose clock is behind ours', { serverTime: BigInt(Math.floor(Date.now() / 1000) - 120) }, 'CLOCK_AHEAD'],
    ['whose clock is ahead of ours', { serverTime: BigInt(Math.floor(Date.now() / 1000) + 300) }, 'CLOCK_BEHIND'],
  ])('finds a gateway %s', async (_name, serverInfo, reason) => {
    writeFile(10);
    gateway.faults.serverInfo = serverInfo;
    await expect(dry()).rejects.toMatchObject({ reason, exitCode: 3 });
  });

  it('finds a gateway that is away, and a file that is wrong', async () => {
    writeFileSync(file, 'a,b\n1,2\n');
    await expect(dry()).rejects.toMatchObject({ reason: 'HEADER_WRONG' });
    writeFile(10);
    await gateway.stop();
    await expect(dry()).rejects.toMatchObject({ exitCode: 5 });
  });
});
