import { fork } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RowResult } from '../../gateway/proof/result-bytes.ts';
import { generateSigningJwk, loadSigningKey } from '../../gateway/signing/key-store.ts';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { JobState } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTcpProxy } from '../../test/support/faults/tcp-proxy.ts';
import { readCsv } from '../kit/csv-read.ts';
import { unguard, writeCell } from '../kit/csv-write.ts';
import { KitError } from '../kit/kit-error.ts';
import { loadProfile } from '../kit/profile.ts';
import { verifyReceipt } from '../kit/receipt-verify.ts';
import { RESULT_HEADER } from '../kit/result-lines.ts';
import type { Fate, TinyGateway, TinyRow } from '../kit/tiny-gateway.test-support.ts';
import { CHUNK, openTinyTelco, type TinyTelco } from './tiny-telco.test-support.ts';

const HEADER = 'row_id,msisdn,id_number,full_name,date_of_birth';

/** A stand-in for matching: what a row gets follows from its number alone. */
function judge({ id }: TinyRow): RowResult {
  const none = {
    nameScore: undefined,
    score: undefined,
    reasons: [] as number[],
    notices: [] as number[],
    currentId: 0,
  };
  if (!/^\d{12}$/.test(id)) return { ...none, verdict: 6, id: 0, name: 0, birthDate: 0, reasons: [10] };
  if (id.endsWith('9')) return { ...none, verdict: 4, id: 2, name: 3, birthDate: 3 };
  if (id.endsWith('8'))
    return { ...none, verdict: 1, id: 1, name: 1, birthDate: 1, notices: [1], currentId: Number(id) + 1 };
  if (id.endsWith('7'))
    return { ...none, verdict: 3, id: 1, name: 2, birthDate: 1, nameScore: 41, score: 80, reasons: [35, 40] };
  return { ...none, verdict: 1, id: 1, name: 1, birthDate: 1 };
}

let tiny: TinyTelco;
let folder: string;
let gateway: TinyGateway;
let port: number;
let file: string;
let out: string;

beforeEach(async () => {
  tiny = await openTinyTelco(judge);
  ({ folder, gateway, port, file, out } = tiny);
});

afterEach(async () => {
  await tiny.close();
});

function writeFile(rows: number): void {
  const lines = [HEADER];
  for (let i = 0; i < rows; i++)
    lines.push(`r${i},09${10_000_000 + i},9${10_850_000_000 + i},Nguyễn Văn Ân ${i},1985-03-27`);
  writeFileSync(file, `${lines.join('\n')}\n`);
}

const run = (options?: Parameters<TinyTelco['run']>[0]) => tiny.run(options);

async function results(path = out): Promise<Record<string, string>[]> {
  const columns = RESULT_HEADER.map((name) => ({ name, header: name }));
  const rows: Record<string, string>[] = [];
  async function* source(): AsyncGenerator<Uint8Array> {
    yield readFileSync(path);
  }
  for await (const { count, cells } of readCsv(source(), { columns, batchRows: 4096 })) {
    for (let i = 0; i < count; i++) {
      rows.push(Object.fromEntries(RESULT_HEADER.map((name, k) => [name, unguard(cells[k]?.[i] ?? '')])));
    }
  }
  return rows;
}

async function failure(promise: Promise<unknown>): Promise<KitError> {
  const error = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(KitError);
  return error as KitError;
}

async function expectComplete(rows: number): Promise<void> {
  const found = await results();
  expect(found.length).toBe(rows);
  expect(
    found.every(
      (row, i) =>
        row.line === String(i + 2) &&
        row.row_id === `r${i}` &&
        row.proof_ref === `${Math.floor(i / CHUNK)}:${i % CHUNK}`,
    ),
  ).toBe(true);
  const { keySetRoot } = await loadProfile(gateway.profileFolder);
  expect(await verifyReceipt(out, keySetRoot)).toMatchObject({ ok: true, rows, found: 0 });
  expect(readdirSync(folder).sort()).toEqual([
    'profile',
    'results.csv',
    'results.csv.asked',
    'results.csv.receipt',
    'subscribers.csv',
  ]);
}

describe('a file', () => {
  it('is answered row by row, with totals, reasons and an example of each', async () => {
    writeFile(1_000);
    const progress: number[] = [];
    const summary = await run({ onProgress: ({ rows }) => progress.push(rows) });
    expect(summary).toMatchObject({
      ...{ rows: 1_000, chunks: 4, resumedRows: 0, misshapen: 0 },
      totals: { VERIFIED: 800, NOT_FOUND: 100, MISMATCH: 100 },
      actions: { KEEP: 700, UPDATE_ID: 100, CONTACT: 200 },
      notices: [{ notice: 'ID_SUPERSEDED', count: 100, line: 10 }],
    });
    expect(summary.reasons.map(({ count, line }) => [count, line])).toEqual([
      [100, 9],
      [100, 9],
    ]);
    expect(progress).toEqual([256, 512, 768, 1_000]);
    expect(statSync(out).mode & 0o077).toBe(0);
    await expectComplete(1_000);
  });

  it('of any records gives one line for each, in order, with what was read, over one stream or several', async () => {
    const cell = fc.string({ unit: fc.constantFrom('1', 'a', '=', '"', ',', '\n', 'ễ', "'", ' '), maxLength: 5 });
    const row = fc.tuple(
      cell,
      cell,
      fc.constantFrom('901085000017', '12', ''),
      cell,
      fc.constantFrom('1985-03-27', '1985'),
    );
    let attempt = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 700 }),
        fc.constantFrom(1, 3),
        async (rows, channels) => {
          // Records, not lines: some hold line breaks, and some have a cell too many.
          const records = rows.map((cells, i) => `${cells.map(writeCell).join(',')}${i % 50 === 7 ? ',surplus' : ''}`);
          writeFileSync(file, `${HEADER}\n${records.join('\n')}\n`);
          const path = join(folder, `results-${attempt++}.csv`);
          const summary = await run({ out: path, channels });
          const expected = rows.map(([rowId, msisdn]) => [guardOnce(rowId), guardOnce(msisdn)]);
          expect((await results(path)).map((found) => [found.row_id, found.msisdn])).toEqual(expected);
          expect(summary.misshapen).toBe(rows.filter((_, i) => i % 50 === 7).length);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('from standard input is kept in a file of its owner until the end', async () => {
    writeFile(300);
    const bytes = readFileSync(file);
    async function* stdin(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 1_000);
      yield bytes.subarray(1_000);
    }
    const before = readdirSync(tmpdir()).filter((name) => name.endsWith('.spool'));
    expect((await run({ file: stdin() })).rows).toBe(300);
    expect(readdirSync(tmpdir()).filter((name) => name.endsWith('.spool'))).toEqual(before);
  });

  it('with other headers is read by --columns', async () => {
    writeFileSync(file, 'MA;SO_TB;SO_GTTT;HO_TEN;NGAY_SINH\n1;09;901085000016;An;27/03/1985\n');
    const columns = {
      row_id: 'MA',
      msisdn: 'SO_TB',
      id_number: 'SO_GTTT',
      full_name: 'HO_TEN',
      date_of_birth: 'NGAY_SINH',
    };
    expect((await run({ columns })).totals).toEqual({ VERIFIED: 1 });
    expect((await failure(run({ columns: { name: 'X' } }))).reason).toBe('COLUMN_UNKNOWN');
  });

  it.each([
    ['empty', '', 'FILE_EMPTY'],
    ['without records', `${HEADER}\n`, 'NO_RECORDS'],
    ['with another header', 'a,b\n1,2\n', 'HEADER_WRONG'],
  ])('that is %s is refused before anything is asked of the gateway', async (_name, text, reason) => {
    writeFileSync(file, text);
    expect((await failure(run())).reason).toBe(reason);
    expect(gateway.starts).toBe(0);
  });

  it('that is broken further down is refused before anything is asked, and taken once it is mended', async () => {
    writeFile(600);
    appendFileSync(file, '"open,1,2,3,4\n');
    const error = await failure(run());
    expect([error.reason, error.facts.line, error.exitCode]).toEqual(['QUOTE_UNCLOSED', 602, 2]);
    expect([existsSync(out), gateway.starts]).toEqual([false, 0]);
    writeFile(600);
    expect(await run()).toMatchObject({ rows: 600, resumedRows: 0 });
    expect(gateway.starts).toBe(1);
    await expectComplete(600);
  });

  it('that is written to meanwhile is not answered as if it were whole', async () => {
    writeFile(12_000);
    let once = true;
    gateway.faults.beforeAnswer = () => {
      if (once) appendFileSync(file, 'late,1,2,3,4\n');
      once = false;
      return 'go on';
    };
    expect((await failure(run({ inFlight: 1 }))).reason).toBe('FILE_CHANGED');
    expect(existsSync(out)).toBe(false);
  });
});

describe('an interruption', () => {
  const ROWS = CHUNK * 30 + 17;
  /** Enough chunks for acknowledgements to begin. */
  const MANY = CHUNK * 75 + 17;

  /** Runs the same in a process of its own; resolves when it is gone. */
  function child(): { kill: () => void; gone: Promise<number | null> } {
    const program = join(folder, 'child.ts');
    const verify = new URL('./verify.ts', import.meta.url).href;
    writeFileSync(
      program,
      `import { verifySubscribers } from ${JSON.stringify(verify)};
       await verifySubscribers({ file: ${JSON.stringify(file)}, out: ${JSON.stringify(out)}, profile: ${JSON.stringify(gateway.profileFolder)}, chunkRows: ${CHUNK} });`,
    );
    const process_ = fork(program, { execArgv: ['--disable-warning=ExperimentalWarning'], stdio: 'ignore' });
    const gone = new Promise<number | null>((resolve) => process_.on('exit', (code) => resolve(code)));
    return { kill: () => process_.kill('SIGKILL'), gone };
  }

  it('by kill -9 at any point loses no answer, repeats no row, and sends the same bytes again', async () => {
    writeFile(MANY);
    // The server takes no chunk with other bytes, none that was acknowledged, and no token twice.
    for (const at of [2, 68]) {
      const killed = child();
      gateway.faults.beforeAnswer = (num) => {
        if (num === at) killed.kill();
        return 'go on';
      };
      expect(await killed.gone).toBe(null);
    }
    const closing = child();
    gateway.faults = {
      refuse(method) {
        if (method.endsWith('CloseJob')) closing.kill();
        return undefined;
      },
    };
    expect(await closing.gone).toBe(null);
    gateway.faults = {};
    rmSync(join(folder, 'child.ts'));
    const summary = await run();
    expect(summary).toMatchObject({ rows: MANY, chunks: 76, totals: { VERIFIED: expect.any(Number) } });
    expect(Object.values(summary.totals).reduce((a, b) => a + b)).toBe(MANY);
    expect(summary.resumedRows).toBeGreaterThan(0);
    expect(gateway.starts).toBe(1);
    await expectComplete(MANY);
  }, 60_000);

  it('by the gateway, which comes back, is waited for', async () => {
    writeFile(CHUNK * 20);
    gateway.faults.beforeAnswer = async (num): Promise<Fate> => {
      if (num !== 9) return 'go on';
      gateway.faults = {};
      await gateway.stop();
      setTimeout(() => void gateway.start(port), 400);
      return 'go on';
    };
    expect((await run({ giveUpMs: 10_000 })).rows).toBe(CHUNK * 20);
    await expectComplete(CHUNK * 20);
  });

  it('by the gateway, which does not come back, ends with exit class 5, and the next run goes on', async () => {
    writeFile(ROWS);
    gateway.faults.beforeAnswer = async (num): Promise<Fate> => {
      if (num === 20) await gateway.stop();
      return 'go on';
    };
    const error = await failure(run());
    expect([error.reason, error.exitCode]).toEqual(['UNAVAILABLE', 5]);
    expect(existsSync(out)).toBe(false);
    gateway.faults = {};
    await gateway.start(port);
    const summary = await run();
    expect(summary.resumedRows).toBeGreaterThanOrEqual(CHUNK * 15);
    await expectComplete(ROWS);
  });

  it('by the user keeps what was answered', async () => {
    writeFile(ROWS);
    const stop = new AbortController();
    gateway.faults.beforeAnswer = (num) => {
      if (num === 20) stop.abort();
      return 'go on';
    };
    const error = await failure(run({ signal: stop.signal }));
    expect([error.reason, error.exitCode]).toEqual(['INTERRUPTED', 130]);
    gateway.faults = {};
    expect((await run()).resumedRows).toBeGreaterThanOrEqual(CHUNK * 15);
    await expectComplete(ROWS);
  });

  it('by a gateway that is silent, at its opening or after a chunk, does not wait for ever', async () => {
    writeFile(CHUNK * 3);
    const forever = new Promise<Fate>(() => {});
    gateway.faults.beforeAnswer = () => forever;
    const error = await failure(run({ giveUpMs: 300, stallMs: 200 }));
    expect([error.reason, error.exitCode]).toEqual(['UNAVAILABLE', 5]);
    gateway.faults = { hold: true };
    expect((await failure(run({ giveUpMs: 300, stallMs: 200 }))).reason).toBe('UNAVAILABLE');
  });

  it('by a connection that swallows everything and never ends is left for another one', async () => {
    writeFile(2000);
    const way = await startTcpProxy({ port: () => port });
    const config = join(gateway.profileFolder, 'config.json');
    writeFileSync(config, readFileSync(config, 'utf8').replace(`localhost:${port}`, `localhost:${way.port}`));
    // In the middle of the chunks: only they are so many bytes.
    way.set({ kind: 'stall', direction: 'up', afterBytes: 30_000, ms: 600_000 });
    try {
      const summary = await run({ channels: 1, stallMs: 400, giveUpMs: 5_000 });
      expect([summary.rows, way.struck]).toEqual([2000, true]);
    } finally {
      await way.close();
    }
  });

  it('of streams, again and again, is made up for', async () => {
    writeFile(CHUNK * 12);
    let broken = 0;
    gateway.faults.beforeAnswer = (num) =>
      num % 4 === 1 && broken++ < 6 ? (broken % 2 === 0 ? 'break' : 'no end') : 'go on';
    expect((await run({ channels: 2, giveUpMs: 10_000 })).rows).toBe(CHUNK * 12);
    await expectComplete(CHUNK * 12);
  });

  it('of a stream that always stops without its end is INCOMPLETE, not complete', async () => {
    writeFile(CHUNK * 3);
    gateway.faults.beforeAnswer = (num) => (num === 2 ? 'no end' : 'go on');
    const error = await failure(run({ giveUpMs: 300 }));
    expect([error.reason, error.exitCode]).toEqual(['INCOMPLETE', 5]);
    expect(existsSync(out)).toBe(false);
  });

  it('in the middle of naming the files is made good without asking the gateway again', async () => {
    writeFile(600);
    mkdirSync(out);
    const error = await failure(run());
    expect([error.reason, error.exitCode]).toEqual(['OUTPUT_UNWRITABLE', 2]);
    await gateway.stop();
    rmSync(out, { recursive: true });
    expect(await run()).toMatchObject({ rows: 600, resumedRows: 600 });
    await expectComplete(600);
  });

  it('continues no job of other columns, another size of chunks, or another file', async () => {
    writeFile(ROWS);
    gateway.faults.beforeAnswer = async (num): Promise<Fate> => {
      if (num === 20) await gateway.stop();
      return 'go on';
    };
    await failure(run());
    gateway.faults = {};
    await gateway.start(port);
    expect((await run({ chunkRows: 512 })).resumedRows).toBe(0);
    expect(gateway.starts).toBe(2);
  });

  it('leaves results that were cut since to be told of, not continued', async () => {
    writeFile(ROWS);
    gateway.faults.beforeAnswer = async (num): Promise<Fate> => {
      if (num === 20) await gateway.stop();
      return 'go on';
    };
    await failure(run());
    gateway.faults = {};
    await gateway.start(port);
    writeFileSync(`${out}.part`, 'line');
    expect((await failure(run())).reason).toBe('STATE_DAMAGED');
  });
});

describe('a job', () => {
  it('that the gateway paused, ended or forgot is named so', async () => {
    writeFile(600);
    const refusal = (jobState: JobState) => (method: string) =>
      method.endsWith('VerifyChunks') ? { reason: ErrorReason.JOB_STATE as const, signed: true, jobState } : undefined;
    gateway.faults.refuse = refusal(JobState.PAUSED);
    const paused = await failure(run());
    expect([paused.reason, paused.exitCode]).toEqual(['JOB_PAUSED', 4]);
    gateway.faults.refuse = refusal(JobState.CANCELLED);
    expect(await failure(run())).toMatchObject({ reason: 'JOB_GONE', facts: { state: 'CANCELLED' } });
    gateway.faults = {};
    gateway.jobs.clear();
    expect(await failure(run())).toMatchObject({ reason: 'JOB_GONE', facts: { state: 'UNKNOWN' } });
  });

  it('whose results are not those of its row root is not written', async () => {
    writeFile(600);
    gateway.faults.results = (bytes) => bytes.writeUInt8(2, 22 * 5);
    expect(await failure(run())).toMatchObject({ reason: 'UNTRUSTED_ANSWER', facts: { problem: 'ROW_ROOT' } });
    expect(existsSync(out)).toBe(false);
  });

  it('whose answers are not signed is not written', async () => {
    writeFile(600);
    gateway.faults.answer = (method, { message, jws }) => ({
      message,
      jws: method.endsWith('Chunks') ? undefined : jws,
    });
    expect(await failure(run())).toMatchObject({ reason: 'UNTRUSTED_ANSWER', facts: { problem: 'SIGNATURE_MISSING' } });
  });

  it('is not written by two at once', async () => {
    writeFile(CHUNK * 4);
    let second: Promise<KitError> | undefined;
    gateway.faults.beforeAnswer = async (): Promise<Fate> => {
      second ??= failure(run());
      await second;
      return 'go on';
    };
    await run();
    expect((await second)?.reason).toBe('OUTPUT_BUSY');
  });

  it('needs a chunk size that is a power of two', async () => {
    writeFile(10);
    for (const chunkRows of [100, 300, 16_384, 0])
      expect((await failure(run({ chunkRows }))).reason).toBe('CHUNK_ROWS_WRONG');
  });
});

describe('a receipt', () => {
  const ROWS = 600;
  const root = async () => (await loadProfile(gateway.profileFolder)).keySetRoot;
  const lines = () => readFileSync(out, 'utf8').trimEnd().split('\n');
  const put = (changed: readonly string[]) => writeFileSync(out, `${changed.join('\n')}\n`);

  beforeEach(async () => {
    writeFile(ROWS);
    await run();
  });

  it.each(
    RESULT_HEADER.map((name, index) => [name, index] as const),
  )('finds an edited cell of %s and names its line', async (name, index) => {
    const edits: Record<string, string> = {
      verdict: 'MISMATCH',
      action: 'STOP',
      as_of: '2026-01-01T00:00:00Z',
      score: '7',
      name_score: '8',
    };
    const changed = lines();
    const cells = (changed[300] ?? '').split(',');
    cells[index] = edits[name] ?? (cells[index] === 'TRUE' ? 'FALSE' : '99');
    changed[300] = cells.join(',');
    put(changed);
    const report = await verifyReceipt(out, await root());
    expect(report.ok).toBe(false);
    expect(report.found).toBe(1);
    expect(report.problems[0]).toMatchObject({ line: name === 'line' ? 99 : 301 });
  });

  it.each([
    ['a row taken out', (all: string[]) => all.toSpliced(300, 1)],
    ['a row put in twice', (all: string[]) => all.toSpliced(300, 0, all[300] ?? '')],
    ['two rows exchanged', (all: string[]) => all.toSpliced(300, 2, all[301] ?? '', all[300] ?? '')],
    ['the last row taken off', (all: string[]) => all.slice(0, -1)],
    ['a row added', (all: string[]) => [...all, all.at(-1) ?? '']],
  ])('finds %s', async (_name, edit) => {
    put(edit(lines()));
    expect((await verifyReceipt(out, await root())).ok).toBe(false);
  });

  it('tells what it is of', async () => {
    const report = await verifyReceipt(out, await root(), { logOrigin: 'test-deployment/log/main' });
    expect(report).toMatchObject({ ok: true, rows: ROWS, agency: 'viettel', deployment: 'test-deployment' });
    expect(report.logSize).toBe(gateway.log.length - 1);
    expect((await failure(verifyReceipt(out, await root(), { agency: 'mobifone' }))).reason).toBe('RECEIPT_WRONG');
    expect((await failure(verifyReceipt(out, await root(), { logOrigin: 'other' }))).reason).toBe('RECEIPT_WRONG');
  });

  it('of another root, or changed itself, proves nothing', async () => {
    const { publicJwk } = loadSigningKey(await generateSigningJwk());
    expect((await failure(verifyReceipt(out, publicJwk))).reason).toBe('UNTRUSTED_KEY_SET');
    const path = `${out}.receipt`;
    const text = readFileSync(path, 'utf8');
    for (const [from, to] of [
      ['"rows":600', '"rows":601'],
      ['"num":1', '"num":2'],
      ['"job_id":"', '"job_id":"0'],
      ['{"format"', ' {"format"'],
      ['key_set_payload":"', 'key_set_payload":"A'],
    ] as const) {
      writeFileSync(path, text.replace(from, to));
      expect(['RECEIPT_WRONG', 'UNTRUSTED_KEY_SET']).toContain(
        (await failure(verifyReceipt(out, await root()))).reason,
      );
    }
  });
});

/** What `writeCell` made of a cell is what stands in the input file, and so what was read. */
function guardOnce(cell: string): string {
  const written = writeCell(cell);
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written;
}
