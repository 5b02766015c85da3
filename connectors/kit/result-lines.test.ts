import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REASONS } from '../../gateway/matching/reasons.ts';
import { packTexts } from '../../gateway/proof/packed-texts.ts';
import { encodeResult, type FieldResult, type RowResult } from '../../gateway/proof/result-bytes.ts';
import { readCsv } from './csv-read.ts';
import { unguard } from './csv-write.ts';
import { addToTally, newTally } from './job-tally.ts';
import { actionOf, createResultLines, RESULT_HEADER, resultCodec } from './result-lines.ts';
import { createRowEcho } from './row-echo.ts';

const AS_OF = Date.UTC(2026, 10, 22, 7, 0, 5) / 1000;

const codes = Object.values(REASONS).map(({ code }) => code);
const field = fc.integer({ min: 0, max: 3 }).map((value) => value as FieldResult);
const score = fc.option(fc.nat(99), { nil: undefined });
const result: fc.Arbitrary<RowResult> = fc.record({
  verdict: fc.integer({ min: 1, max: 10 }),
  id: field,
  name: field,
  birthDate: field,
  notices: fc.subarray([0, 1, 2, 3]),
  nameScore: score,
  score,
  reasons: fc.subarray(codes, { maxLength: 3 }),
  currentId: fc.oneof(fc.constant(0), fc.constantFrom(901_085_000_017, 256, 2 ** 32, 999_999_999_999)),
});

describe('action', () => {
  it.each([
    ['VERIFIED', [], 'KEEP'],
    ['VERIFIED', ['DECEASED'], 'STOP'],
    ['VERIFIED', ['ID_SUPERSEDED', 'DECEASED', 'MISSING'], 'STOP'],
    ['VERIFIED', ['ID_SUPERSEDED', 'MISSING'], 'UPDATE_ID'],
    ['VERIFIED', ['MISSING'], 'REVIEW'],
    ['VERIFIED', ['UNDER_INVESTIGATION'], 'REVIEW'],
    ['PROBABLE', [], 'REVIEW'],
    ['AMBIGUOUS', [], 'REVIEW'],
    ['LIMITED', [], 'REVIEW'],
    ['NOT_PERMITTED', [], 'REVIEW'],
    ['MISMATCH', [], 'CONTACT'],
    ['NOT_FOUND', [], 'CONTACT'],
    ['INVALID', [], 'CONTACT'],
    ['CONSENT_MISSING', [], 'CONTACT'],
    ['NOT_CONFIRMED', [], 'CONTACT'],
  ] as const)('of %s with %j is %s', (verdict, notices, action) => {
    expect(actionOf(verdict, notices)).toBe(action);
  });
});

it('prints each row as the codec does, one line a row, whatever the rows around it', async () => {
  const codec = resultCodec();
  const row = fc.record({
    result,
    rowId: fc.string({ unit: fc.constantFrom('a', '=', ',', '"', '\n', 'ễ', '1', "'"), maxLength: 5 }),
    msisdn: fc.constantFrom('0912345678', '+84912345678', '', '=1'),
  });
  const format = createResultLines();
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), fc.nat(9), async (rows, num) => {
      const lines = rows.map((_, i) => i + 2);
      const { text } = format.format({
        num,
        asOf: AS_OF,
        results: Buffer.concat(rows.map((entry) => encodeResult(entry.result))),
        echo: createRowEcho(
          lines,
          packTexts(rows.map(({ rowId }) => rowId)),
          packTexts(rows.map(({ msisdn }) => msisdn)),
        ),
      });
      async function* source(): AsyncGenerator<Uint8Array> {
        yield Buffer.from(`${RESULT_HEADER.join(',')}\n`);
        yield text;
      }
      const columns = RESULT_HEADER.map((name) => ({ name, header: name }));
      const read: string[][] = [];
      for await (const { count, cells } of readCsv(source(), { columns, batchRows: 64 })) {
        for (let i = 0; i < count; i++) read.push(cells.map((column) => unguard(column[i] as string)));
      }
      const expected = rows.map(({ result: bytes, rowId, msisdn }, i) => {
        const cells = codec.print(bytes);
        const notices = cells.notices === '' ? [] : cells.notices.split('|');
        return [
          ...[String(i + 2), rowId, msisdn, cells.verdict, actionOf(cells.verdict, notices)],
          ...[cells.id_result, cells.name_result, cells.dob_result, cells.name_score, cells.score],
          ...[cells.reasons, cells.notices, cells.current_id, '2026-11-22T07:00:05Z', '', `${num}:${i}`],
        ];
      });
      expect(read).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

it('counts rows, reasons and notices, each with the first line that shows it', () => {
  const base: RowResult = {
    ...{ verdict: 1, id: 1, name: 1, birthDate: 1, notices: [], nameScore: undefined, score: undefined },
    ...{ reasons: [], currentId: 0 },
  };
  const rows: RowResult[] = [
    base,
    { ...base, verdict: 6, reasons: [1] },
    { ...base, notices: [0] },
    { ...base, verdict: 3, reasons: [1, 2], birthDate: 3 },
  ];
  const format = createResultLines();
  const tally = newTally();
  for (const num of [0, 1]) {
    const { forms } = format.format({
      ...{ num, asOf: AS_OF, results: Buffer.concat(rows.map(encodeResult)) },
      echo: createRowEcho(
        rows.map((_, i) => num * 4 + i + 2),
        packTexts(['', '', '', '']),
        packTexts(['', '', '', '']),
      ),
    });
    addToTally(tally, forms, 1);
  }
  expect(tally).toEqual({
    rows: 8,
    misshapen: 2,
    uncompared: { count: 2, line: 5 },
    verdicts: { VERIFIED: 4, INVALID: 2, MISMATCH: 2 },
    actions: { KEEP: 2, CONTACT: 4, STOP: 2 },
    notices: { DECEASED: { count: 2, line: 4 } },
    reasons: { OLD_ID_NUMBER: { count: 4, line: 3 }, ID_CANCELLED: { count: 2, line: 5 } },
  });
});

it('holds on to no memory that others share with it, however many different results a file has', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const format = createResultLines();
  const write = (num: number): string => {
    const result: RowResult = {
      ...{ verdict: 2, id: 1, name: 2, birthDate: 1, notices: [], reasons: [], currentId: 0 },
      ...{ nameScore: num % 100, score: Math.floor(num / 100) },
    };
    const echo = createRowEcho([num + 2], packTexts(['']), packTexts(['']));
    return Buffer.from(format.format({ num, asOf: AS_OF, results: encodeResult(result), echo }).text).toString();
  };
  const held = (): number => {
    // The first one's array buffers are freed beside, and counted at the latest when the second begins.
    collect();
    collect();
    return process.memoryUsage().arrayBuffers;
  };
  const before = held();
  for (let num = 0; num < 1000; num++) {
    write(num);
    // Half of what small Buffers are cut from, as chunks do that come and go.
    Buffer.allocUnsafe(Buffer.poolSize / 2 - 8);
  }
  expect(held() - before).toBeLessThan(4_000_000);
  expect(write(321)).toBe('323,,,PROBABLE,REVIEW,TRUE,FALSE,TRUE,21,3,,,,2026-11-22T07:00:05Z,,321:0\n');
});
