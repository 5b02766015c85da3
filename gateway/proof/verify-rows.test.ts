import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from './reference.test-support.ts';
import { decodeResult, encodeResult } from './result-bytes.ts';
import { checkRowProof, type ProvenCells, parseRowProof, proveRow, type RowProof, writeRowProof } from './row-proof.ts';
import { CODEC, sampleReceipt, sampleRows, verifyRows } from './samples.test-support.ts';
import { chunkLeaves, type ReceiptRow } from './verify-rows.ts';

const rows = sampleRows(700);
const receipt = sampleReceipt(rows);

function withRow(index: number, change: (row: ReceiptRow) => ReceiptRow): ReceiptRow[] {
  return rows.map((row, at) => (at === index ? change(row) : row));
}

describe('rows against their receipt', () => {
  it('unchanged rows are all right', () => {
    expect(verifyRows(receipt, rows)).toEqual({ ok: true, rows: 700, problems: [], found: 0 });
    expect(verifyRows(sampleReceipt([]), []).ok).toBe(true);
  });

  it('one changed byte of one result is found and its line named', () => {
    fc.assert(
      fc.property(fc.nat(699), fc.nat(21), fc.integer({ min: 1, max: 255 }), (index, at, change) => {
        const changed = withRow(index, (row) => {
          const result = Uint8Array.from(row.result ?? []);
          result[at]! ^= change;
          return { ...row, result };
        });
        expect(verifyRows(receipt, changed)).toEqual({
          ok: false,
          rows: 700,
          found: 1,
          problems: [{ kind: 'ROW_CHANGED', line: index + 2, num: Math.floor(index / 256), index: index % 256 }],
        });
      }),
      { numRuns: 60 },
    );
  });

  it('one changed character of line, row_id or msisdn is found', () => {
    fc.assert(
      fc.property(fc.nat(699), fc.constantFrom('rowId', 'msisdn', 'line'), fc.nat(), (index, column, where) => {
        const changed = withRow(index, (row) => {
          if (column === 'line') return { ...row, line: row.line + 1 + (where % 1000) };
          const cell = row[column as 'rowId' | 'msisdn'];
          const at = where % (cell.length + 1);
          return { ...row, [column]: `${cell.slice(0, at)}x${cell.slice(at)}` };
        });
        const report = verifyRows(receipt, changed);
        expect([report.ok, report.found]).toEqual([false, 1]);
      }),
      { numRuns: 60 },
    );
  });

  it('one cell that no result prints as is found', () => {
    const report = verifyRows(
      receipt,
      withRow(300, (row) => ({ ...row, result: undefined })),
    );
    expect(report.problems).toEqual([{ kind: 'ROW_CHANGED', line: 302, num: 1, index: 44 }]);
  });

  it('two rows exchanged, also between chunks, are both named', () => {
    const swapped = rows.with(3, rows[400]!).with(400, rows[3]!);
    expect(verifyRows(receipt, swapped).problems.map((p) => p.kind === 'ROW_CHANGED' && [p.num, p.index])).toEqual([
      [0, 3],
      [1, 144],
    ]);
  });

  it('rows left out, added or repeated are found', () => {
    expect(verifyRows(receipt, rows.slice(0, -1)).problems).toEqual([
      { kind: 'ROWS_MISSING', expected: 700, found: 699 },
    ]);
    expect(verifyRows(receipt, rows.slice(0, 256)).problems).toEqual([
      { kind: 'ROWS_MISSING', expected: 700, found: 256 },
    ]);
    expect(verifyRows(receipt, []).ok).toBe(false);
    expect(verifyRows(receipt, [...rows, rows[699]!]).problems).toEqual([{ kind: 'ROW_ADDED', line: 701 }]);
    expect(verifyRows(sampleReceipt([]), rows.slice(0, 1)).ok).toBe(false);
    const dropped = verifyRows(receipt, rows.toSpliced(500, 1), 3);
    expect(dropped.problems[0]).toMatchObject({ kind: 'ROW_CHANGED', num: 1, index: 244, line: 503 });
    expect(dropped.problems.length).toBe(3);
    expect(dropped.found).toBe(200);
    expect(verifyRows(receipt, rows.toSpliced(10, 0, rows[10]!)).ok).toBe(false);
  });

  it('a change is found as well where the leaf tags were forged to hide it', () => {
    const changed = withRow(5, (row) => ({ ...row, msisdn: '0900000000' }));
    const hidden = sampleReceipt(changed);
    const forged = {
      ...receipt,
      chunks: receipt.chunks.map((chunk, num) => ({ ...chunk, leafTags: hidden.chunks[num]!.leafTags })),
    };
    expect(verifyRows(forged, changed).problems).toEqual([
      { kind: 'CHUNK_CHANGED', num: 0, firstLine: 2, lastLine: 257 },
    ]);
    expect(verifyRows(forged, rows).ok).toBe(true);
  });
});

describe('proof of one row', () => {
  const claims = receipt;

  function cellsOf(index: number): ProvenCells {
    const row = rows[index]!;
    const cells = CODEC.print(decodeResult(row.result!));
    return { ...cells, line: String(row.line), row_id: row.rowId, msisdn: row.msisdn };
  }

  function prove(index: number, from = receipt): RowProof {
    const num = Math.floor(index / from.chunkRows);
    const part = rows.slice(num * from.chunkRows, (num + 1) * from.chunkRows);
    return proveRow(from, index, chunkLeaves(from.jobKey, from.chunks[num]!.seed, part), cellsOf(index), CODEC);
  }

  it('holds for the first, the last and any row, and comes back from its text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(0, 255, 256, 511, 512, 699), fc.nat(699)), (index) => {
        const proof = prove(index);
        expect(checkRowProof(proof, claims, CODEC)).toBe(true);
        const text = writeRowProof(proof);
        expect(writeRowProof(parseRowProof(text))).toBe(text);
        expect(checkRowProof(parseRowProof(text), claims, CODEC)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('holds for a file of one row', () => {
    const one = sampleReceipt(rows.slice(0, 1));
    const leaves = chunkLeaves(one.jobKey, one.chunks[0]!.seed, rows.slice(0, 1));
    const proof = proveRow(one, 0, leaves, cellsOf(0), CODEC);
    expect(proof.path.length).toBe(0);
    expect(checkRowProof(parseRowProof(writeRowProof(proof)), one, CODEC)).toBe(true);
  });

  it('is false after any change of a cell, an index, a salt, the path, the job', () => {
    const proof = prove(301);
    const flip = (bytes: Uint8Array) => Uint8Array.from(bytes, (byte, at) => (at === 3 ? byte ^ 1 : byte));
    const changes: Partial<RowProof>[] = [
      { index: 300 },
      { index: 700 },
      { rows: 701 },
      { jobId: 'job-2' },
      { opening: flip(proof.opening) },
      { jobKey: flip(proof.jobKey) },
      { salt: flip(proof.salt) },
      { salt: proof.salt.subarray(1) },
      { path: flip(proof.path) },
      { path: proof.path.subarray(32) },
      { cells: { ...proof.cells, msisdn: '0900000000' } },
      { cells: { ...proof.cells, line: '0303' } },
      { cells: { ...proof.cells, line: '' } },
      { cells: { ...proof.cells, verdict: 'VERIFIED' } },
      { cells: { ...proof.cells, verdict: 'MAYBE' } },
      { cells: { ...proof.cells, score: '1' } },
      { cells: { ...proof.cells, current_id: '900000000001' } },
    ];
    expect(proof.cells.verdict).not.toBe('VERIFIED');
    for (const change of changes) expect(checkRowProof({ ...proof, ...change }, claims, CODEC)).toBe(false);
    expect(checkRowProof(proof, { ...claims, rowRoot: claims.opening }, CODEC)).toBe(false);
  });

  it('tells neither the seed nor anything of other rows', () => {
    const text = writeRowProof(prove(300));
    const seed = Buffer.from(receipt.chunks[1]!.seed);
    expect(text).not.toContain(seed.toString('base64url'));
    expect(text).not.toContain(hex(seed));
    expect(text).not.toContain(rows[301]!.msisdn);
  });

  it('is not made from leaves or cells of other rows', () => {
    const part = rows.slice(256, 512);
    const leaves = chunkLeaves(receipt.jobKey, receipt.chunks[1]!.seed, part);
    expect(() => proveRow(receipt, 300, leaves, cellsOf(301), CODEC)).toThrow('INCONSISTENT');
    expect(() => proveRow(receipt, 20, leaves, cellsOf(20), CODEC)).toThrow('INCONSISTENT');
    expect(() => proveRow(receipt, 699, leaves, cellsOf(699), CODEC)).toThrow('LENGTH');
    expect(() => proveRow(receipt, 700, leaves, cellsOf(699), CODEC)).toThrow('RANGE');
  });

  it('is parsed in one layout and one shape only', () => {
    const text = writeRowProof(prove(300));
    expect(() => parseRowProof(text.trim())).toThrow('NOT_CANONICAL');
    expect(() => parseRowProof(text.replace('{', '{"rows":1,'))).toThrow('NOT_CANONICAL');
    expect(() => parseRowProof(text.replace('proof/2', 'proof/3'))).toThrow('VERSION');
    expect(() => parseRowProof(text.replace('"cells":{', '"cells":{"x":"",'))).toThrow('SHAPE');
    expect(() => parseRowProof('[]')).toThrow('SHAPE');
  });

  it('keeps an encoded result and its cells together', () => {
    expect(hex(encodeResult(CODEC.parse(cellsOf(97))))).toBe(hex(rows[97]!.result!));
  });
});
