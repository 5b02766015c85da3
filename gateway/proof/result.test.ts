import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from './reference.test-support.ts';
import {
  decodeResult,
  encodeResult,
  packFieldResults,
  RESULT_BYTES,
  type RowResult,
  writeResult,
} from './result-bytes.ts';
import { createCellCodec, RESULT_COLUMNS, type ResultCells } from './result-cells.ts';
import { aResult, CODEC } from './samples.test-support.ts';

const PLAIN: RowResult = {
  verdict: 1,
  id: 1,
  name: 1,
  birthDate: 1,
  notices: [],
  nameScore: undefined,
  score: undefined,
  reasons: [],
  currentId: 0,
};

describe('result bytes', () => {
  it('lie where the format says', () => {
    const bytes = encodeResult({
      verdict: 2,
      id: 1,
      name: 2,
      birthDate: 3,
      notices: [1, 3],
      nameScore: 87,
      score: 0,
      reasons: [0, 9, 95],
      currentId: 900_123_456_789,
    });
    expect(hex(bytes)).toBe('02390a5700' + '010200000000000000000080' + '15f58993d1');
    expect(bytes.length).toBe(RESULT_BYTES);
  });

  it('come back as the result, and have one encoding', () => {
    fc.assert(
      fc.property(aResult, (result) => {
        expect(decodeResult(encodeResult(result))).toEqual(result);
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(aResult, fc.nat(21), fc.integer({ min: 1, max: 255 }), (result, at, change) => {
        const bytes = Uint8Array.from(encodeResult(result));
        bytes[at]! ^= change;
        let decoded: RowResult | undefined;
        try {
          decoded = decodeResult(bytes);
        } catch {
          return;
        }
        expect(hex(encodeResult(decoded))).toBe(hex(bytes));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['verdict 0', 0, 0, 'RANGE'],
    ['verdict 11', 0, 11, 'RANGE'],
    ['a reserved field-result bit', 1, 0x40, 'NOT_CANONICAL'],
    ['a reserved notice bit', 2, 0x10, 'NOT_CANONICAL'],
    ['score 100', 3, 100, 'RANGE'],
    ['score 254', 4, 254, 'RANGE'],
    ['an ID of 13 digits', 21, 0xff, 'RANGE'],
  ])('are refused with %s', (_name, at, value, reason) => {
    const bytes = Uint8Array.from(encodeResult(PLAIN));
    bytes[at] = value;
    expect(() => decodeResult(bytes)).toThrow(reason);
    expect(() => decodeResult(bytes.subarray(1))).toThrow('LENGTH');
  });

  it('cannot be made from numbers outside of their fields', () => {
    const wrong: Partial<RowResult>[] = [
      { verdict: 0 },
      { verdict: 11 },
      { notices: [4] },
      { nameScore: 100 },
      { score: -1 },
      { reasons: [96] },
      { reasons: [-1] },
      { currentId: 1e12 },
      { currentId: 0.5 },
    ];
    for (const change of wrong) expect(() => encodeResult({ ...PLAIN, ...change })).toThrow('RANGE');
  });

  it('are the same from the writer for loops, next to its neighbours', () => {
    const out = new Uint8Array(66).fill(0xee);
    writeResult(out, 22, 2, packFieldResults(1, 2, 3), 0b1010, 87, 0, 0x201, 0, 0x8000_0000, 900_123_456_789);
    expect(hex(out.subarray(22, 44))).toBe('02390a5700' + '010200000000000000000080' + '15f58993d1');
    expect(out.subarray(0, 22).every((b) => b === 0xee) && out.subarray(44).every((b) => b === 0xee)).toBe(true);
  });
});

describe('result cells', () => {
  it('print and parse are inverses', () => {
    fc.assert(
      fc.property(aResult, (result) => {
        expect(CODEC.parse(CODEC.print(result))).toEqual(result);
      }),
      { numRuns: 300 },
    );
  });

  it('an edited cell is refused or means another result', () => {
    const edit = fc.tuple(
      fc.constantFrom(...RESULT_COLUMNS),
      fc.nat(),
      fc.constantFrom(...'0123459|AE_ \t\u00a0'),
      fc.nat(2),
    );
    fc.assert(
      fc.property(aResult, edit, (result, [column, where, character, kind]) => {
        const cells = CODEC.print(result);
        const cell = cells[column];
        const at = where % (cell.length + 1);
        const edited = cell.slice(0, at) + (kind === 2 ? '' : character) + cell.slice(kind === 0 ? at : at + 1);
        fc.pre(edited !== cell);
        let parsed: RowResult;
        try {
          parsed = CODEC.parse({ ...cells, [column]: edited });
        } catch {
          return;
        }
        expect(hex(encodeResult(parsed))).not.toBe(hex(encodeResult(result)));
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[Partial<ResultCells>, string]>([
    [{ verdict: 'verified' }, 'UNKNOWN_NAME'],
    [{ verdict: '' }, 'UNKNOWN_NAME'],
    [{ verdict: 'constructor' }, 'UNKNOWN_NAME'],
    [{ id_result: 'true' }, 'UNKNOWN_NAME'],
    [{ score: '07' }, 'NOT_CANONICAL'],
    [{ score: '100' }, 'NOT_CANONICAL'],
    [{ name_score: ' 7' }, 'NOT_CANONICAL'],
    [{ reasons: 'REASON_2|REASON_1' }, 'NOT_CANONICAL'],
    [{ reasons: 'REASON_1|REASON_1' }, 'NOT_CANONICAL'],
    [{ reasons: 'REASON_1|' }, 'UNKNOWN_NAME'],
    [{ notices: '|' }, 'UNKNOWN_NAME'],
    [{ current_id: '000000000000' }, 'NOT_CANONICAL'],
    [{ current_id: '90012345678' }, 'NOT_CANONICAL'],
    [{ current_id: '9001234567890' }, 'NOT_CANONICAL'],
  ])('%j is refused', (change, reason) => {
    expect(() => CODEC.parse({ ...CODEC.print(PLAIN), ...change })).toThrow(reason);
  });

  it('tables with two names for one code are refused', () => {
    const tables = { verdicts: { A: 1, B: 1 }, notices: {}, reasons: {} };
    expect(() => createCellCodec(tables)).toThrow('INCONSISTENT');
    expect(() => createCellCodec({ verdicts: {}, notices: { A: 4 }, reasons: {} })).toThrow('RANGE');
  });
});
