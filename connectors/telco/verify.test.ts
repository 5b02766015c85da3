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
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { JobState } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { writeCell } from '../kit/csv-write.ts';
import { failure } from '../kit/failure.test-support.ts';
import type { KitError } from '../kit/kit-error.ts';
import type { Fate, TinyGateway } from '../kit/tiny-gateway.test-support.ts';
import { expectComplete, HEADER, judgeByNumber, resultsOf, writeSubscribers } from './subscribers.test-support.ts';
import { CHUNK, openTinyTelco, type TinyTelco } from './tiny-telco.test-support.ts';

let tiny: TinyTelco;
let folder: string;
let gateway: TinyGateway;
let file: string;
let out: string;

beforeEach(async () => {
  tiny = await openTinyTelco(judgeByNumber);
  ({ folder, gateway, file, out } = tiny);
});

afterEach(async () => {
  await tiny.close();
});

const run = (options?: Parameters<TinyTelco['run']>[0]) => tiny.run(options);

describe('a file', () => {
  it('is answered row by row, with totals, reasons and an example of each', async () => {
    writeSubscribers(file, 1_000);
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
    // Once for each chunk: what stands in the file, which an answer that came before its turn does not add to.
    expect(progress).toHaveLength(4);
    expect(progress).toEqual(progress.map((rows) => [0, 256, 512, 768, 1_000].find((one) => one === rows)));
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(progress.at(-1)).toBe(1_000);
    expect(statSync(out).mode & 0o077).toBe(0);
    await expectComplete(tiny, 1_000);
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
          // Of names that are none it is not said here that they are.
          const summary = await run({ out: path, channels, mappingBelieved: true });
          const expected = rows.map(([rowId, msisdn]) => [guardOnce(rowId), guardOnce(msisdn)]);
          expect((await resultsOf(path)).map((found) => [found.row_id, found.msisdn])).toEqual(expected);
          expect(summary.misshapen).toBe(rows.filter((_, i) => i % 50 === 7).length);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('from standard input is kept in a file of its owner until the end', async () => {
    writeSubscribers(file, 300);
    const bytes = readFileSync(file);
    async function* stdin(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 1_000);
      yield bytes.subarray(1_000);
    }
    const temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    vi.stubEnv('TMPDIR', temporary);
    expect((await run({ file: stdin() }).finally(() => vi.unstubAllEnvs())).rows).toBe(300);
    expect(readdirSync(temporary)).toEqual([]);
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
    expect((await failure(run({ columns: { name: 'X' }, replace: true }))).reason).toBe('COLUMN_UNKNOWN');
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
    writeSubscribers(file, 600);
    appendFileSync(file, '"open,1,2,3,4\n');
    const error = await failure(run());
    expect([error.reason, error.facts.line, error.exitCode]).toEqual(['QUOTE_UNCLOSED', 602, 2]);
    expect([existsSync(out), gateway.starts]).toEqual([false, 0]);
    writeSubscribers(file, 600);
    expect(await run()).toMatchObject({ rows: 600, resumedRows: 0 });
    expect(gateway.starts).toBe(1);
    await expectComplete(tiny, 600);
  });

  it('that is written to meanwhile is not answered as if it were whole', async () => {
    writeSubscribers(file, 12_000);
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

describe('a job', () => {
  it('that the gateway paused, ended or forgot is named so', async () => {
    writeSubscribers(file, 600);
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

  it.each([
    'ANSWER_GONE',
    'AGREEMENT_CHANGED',
    'CONTENT_CHANGED',
  ] as const)('of which no chunk can be answered again (%s) is named so, with what to do', async (state) => {
    writeSubscribers(file, 600);
    gateway.faults.refuse = (method) =>
      method.endsWith('VerifyChunks') ? { reason: ErrorReason[state], signed: true } : undefined;
    const error = await failure(run());
    const kept = `${out}.job.json`;
    expect([error.reason, error.exitCode, error.facts.state, error.facts.file]).toEqual(['JOB_GONE', 4, state, kept]);
    expect(error.text('en')).toContain(`Remove ${kept} and run again`);
    gateway.faults = {};
    rmSync(kept);
    expect((await run()).rows).toBe(600);
  });

  it('whose results are not those of its row root is not written', async () => {
    writeSubscribers(file, 600);
    gateway.faults.results = (bytes) => bytes.writeUInt8(2, 22 * 5);
    expect(await failure(run())).toMatchObject({ reason: 'UNTRUSTED_ANSWER', facts: { problem: 'ROW_ROOT' } });
    expect(existsSync(out)).toBe(false);
  });

  it('whose answers are not signed is not written', async () => {
    writeSubscribers(file, 600);
    gateway.faults.answer = (method, { message, jws }) => ({
      message,
      jws: method.endsWith('Chunks') ? undefined : jws,
    });
    expect(await failure(run())).toMatchObject({ reason: 'UNTRUSTED_ANSWER', facts: { problem: 'SIGNATURE_MISSING' } });
  });

  it('is not written by two at once', async () => {
    writeSubscribers(file, CHUNK * 4);
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
    writeSubscribers(file, 10);
    for (const chunkRows of [100, 300, 16_384, 0])
      expect((await failure(run({ chunkRows }))).reason).toBe('CHUNK_ROWS_WRONG');
  });
});

/** What `writeCell` made of a cell is what stands in the input file, and so what was read. */
function guardOnce(cell: string): string {
  const written = writeCell(cell);
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written;
}
