import { fromBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packTexts } from '../../gateway/proof/packed-texts.ts';
import { rowRef } from '../../gateway/proof/row-ref.ts';
import { type Chunk, ChunkStreamRequestSchema } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { ACK_WINDOW, ackedThrough, buildChunk, chunkBlind } from './chunk-build.ts';
import type { CsvBatch } from './csv-read.ts';
import { KitError } from './kit-error.ts';

const jobKey = Buffer.alloc(32, 7);
const numberIn = (shape: RegExp) => (bytes: Uint8Array, from: number, to: number) => {
  const text = Buffer.from(bytes.subarray(from, to)).toString('utf8');
  return shape.test(text) ? Number(text) : 0;
};
const slim = { idNumber: numberIn(/^9\d{11}$/), birthDate: numberIn(/^\d{8}$/) };

function batchOf(rows: readonly (readonly string[])[], cellCounts: readonly number[] = rows.map(() => 0)): CsvBatch {
  const cells = [0, 1, 2, 3, 4].map((k) => rows.map((row) => row[k] ?? ''));
  return {
    ...{ count: rows.length, cells, texts: cells.map((column) => packTexts(column)) },
    lines: Float64Array.from(rows, (_, i) => i + 2),
    cellCounts: Uint8Array.from(cellCounts),
  };
}

function decode(payload: Uint8Array): Chunk {
  const { kind } = fromBinary(ChunkStreamRequestSchema, payload);
  if (kind.case !== 'chunk') throw new Error('no chunk');
  return kind.value;
}

describe('a chunk', () => {
  const row = fc.tuple(
    fc.string({ maxLength: 5 }),
    fc.constant('0912345678'),
    fc.constantFrom('901085000017', '12', ''),
    fc.constantFrom('Nguyễn Văn Ân', ''),
    fc.constantFrom('19850327', '1985'),
  );

  it('carries every record once, slim or as its texts, in its place', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
        const { payload, refs } = buildChunk({ num: 3, batch: batchOf(rows), jobKey, slim });
        const chunk = decode(payload);
        let next = 0;
        const texts = new Map(chunk.textRows.map((text) => [text.index, text]));
        rows.forEach(([rowId, msisdn, id, name, date], i) => {
          const text = texts.get(i);
          const slimRow = text === undefined ? next++ : -1;
          const sent =
            text === undefined
              ? [String(chunk.ids[slimRow]), chunk.names[slimRow], String(chunk.dates[slimRow])]
              : [text.idNumber, text.fullName, text.dateOfBirth];
          expect(sent).toEqual([id, name, date]);
          expect(Buffer.from(refs.subarray(i * 16, i * 16 + 16)).equals(rowRef(jobKey, i + 2, rowId, msisdn))).toBe(
            true,
          );
        });
        expect(chunk.ids.length).toBe(next);
        expect(Buffer.from(chunk.rowRefs).equals(refs)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('is the same bytes whenever it is made again', () => {
    const rows = [['1', '09', '901085000017', 'A', '19850327']];
    const make = (num: number) => Buffer.from(buildChunk({ num, batch: batchOf(rows), jobKey, slim }).payload);
    expect(make(70).equals(make(70))).toBe(true);
    expect(make(70).equals(make(71))).toBe(false);
    expect(Buffer.from(chunkBlind(jobKey, 1)).equals(chunkBlind(Buffer.alloc(32, 8), 1))).toBe(false);
  });

  it('acknowledges by its number alone', () => {
    expect([0, 63, 64, 65, 1000].map(ackedThrough)).toEqual([0, 0, 0, 1, 1000 - ACK_WINDOW]);
    expect(
      decode(buildChunk({ num: 80, batch: batchOf([['', '', '', '', '']]), jobKey, slim }).payload).ackedThrough,
    ).toBe(16);
  });

  it('sends nothing of a record with too many cells, so that nothing shifted is compared', () => {
    const rows = [['1', '09', '901085000017', 'A', '19850327']];
    const built = buildChunk({ num: 0, batch: batchOf(rows, [2]), jobKey, slim });
    const chunk = decode(built.payload);
    expect(chunk.ids).toEqual([]);
    expect(chunk.textRows.map(({ idNumber, fullName, dateOfBirth }) => [idNumber, fullName, dateOfBirth])).toEqual([
      ['', '', ''],
    ]);
    expect(built.misshapen).toBe(1);
  });

  it('cuts a text that is too long just behind the limit, never in the middle of a character', () => {
    const [name] = decode(
      buildChunk({ num: 0, batch: batchOf([['', '', 'x', `${'a'.repeat(1024)}😀😀`, '']]), jobKey, slim }).payload,
    ).textRows.map(({ fullName }) => fullName);
    expect(Buffer.byteLength(name ?? '')).toBeGreaterThan(1024);
    expect(Buffer.byteLength(name ?? '')).toBeLessThan(1100);
  });

  it('refuses to be larger than what a gateway takes', () => {
    const rows = Array.from({ length: 4096 }, () => ['', '', 'ễ'.repeat(1000), '', '']);
    expect(() => buildChunk({ num: 0, batch: batchOf(rows), jobKey, slim })).toThrow(KitError);
  });
});
