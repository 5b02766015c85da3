import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Chunk, ChunkSchema } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { type ChunkColumns, readChunkColumns } from './chunk-columns.ts';

const MOST = 64;

const name = fc.oneof(
  fc.constantFrom('Nguyễn Văn An', 'TRẦN THỊ BÍCH', '', 'a\0b', '\uFEFFBom', 'x'.repeat(300), '𝕹𝖌'),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);
const chunk = fc.record({
  num: fc.nat(),
  ackedThrough: fc.nat(),
  ids: fc.array(fc.bigInt({ min: 0n, max: 999_999_999_999n }), { maxLength: 8 }),
  names: fc.array(name, { maxLength: 8 }),
  dates: fc.array(fc.nat(21_001_231), { maxLength: 8 }),
  rowRefs: fc.uint8Array({ maxLength: 64 }),
  textRows: fc.array(fc.record({ index: fc.nat(40), idNumber: name, fullName: name, dateOfBirth: name }), {
    maxLength: 6,
  }),
  blind: fc.uint8Array({ maxLength: 16 }),
});

/** What the generated decoder makes of it, in the form of ours. */
function asColumns(decoded: Chunk): unknown {
  const { num, ackedThrough, ids, names, dates, rowRefs, textRows, blind } = decoded;
  return {
    num,
    ackedThrough,
    ids: ids.map(Number),
    names,
    dates: [...dates],
    rowRefs: [...rowRefs],
    textRows: textRows.map(({ index, idNumber, fullName, dateOfBirth }) => ({
      index,
      idNumber,
      fullName,
      dateOfBirth,
    })),
    blind: [...blind],
  };
}

function plain(columns: ChunkColumns): unknown {
  const { ids, dates, rowRefs, blind } = columns;
  return { ...columns, ids: [...ids], dates: [...dates], rowRefs: [...rowRefs], blind: [...blind] };
}

function second(bytes: Uint8Array): Chunk | undefined {
  try {
    return fromBinary(ChunkSchema, bytes, { readUnknownFields: false });
  } catch {
    return undefined;
  }
}

describe('held against the generated decoder', () => {
  test('every chunk is read alike', () => {
    fc.assert(
      fc.property(chunk, (value) => {
        const bytes = toBinary(ChunkSchema, create(ChunkSchema, value));
        const columns = readChunkColumns(bytes, MOST);
        if (typeof columns === 'string') throw new Error(columns);
        expect(plain(columns)).toEqual(asColumns(second(bytes) as Chunk));
      }),
      { numRuns: 500 },
    );
  });

  test('fields in any order, twice, one by one or unknown are read alike', () => {
    const part = fc.oneof(
      fc.bigInt({ min: 0n, max: 1n << 40n }).map((id) => (w: BinaryWriter) => w.tag(3, 1).fixed64(id)),
      fc.nat(99).map((date) => (w: BinaryWriter) => w.tag(5, 5).fixed32(date)),
      name.map((text) => (w: BinaryWriter) => w.tag(4, 2).string(text)),
      fc.nat(9).map((num) => (w: BinaryWriter) => w.tag(1, 0).uint32(num)),
      fc.uint8Array({ maxLength: 4 }).map((bytes) => (w: BinaryWriter) => w.tag(8, 2).bytes(bytes)),
      name.map((text) => (w: BinaryWriter) => w.tag(99, 2).string(text)),
      fc.nat(9).map((num) => (w: BinaryWriter) => w.tag(77, 0).uint32(num)),
      fc.constant((w: BinaryWriter) => w.tag(60, 3).tag(61, 0).uint32(5).tag(60, 4)),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        const writer = new BinaryWriter();
        for (const write of parts) write(writer);
        const bytes = writer.finish();
        const columns = readChunkColumns(bytes, MOST);
        if (typeof columns === 'string') throw new Error(columns);
        expect(plain(columns)).toEqual(asColumns(second(bytes) as Chunk));
      }),
      { numRuns: 500 },
    );
  });

  test('bytes that were changed are refused, or read as the generated decoder reads them; nothing is thrown', () => {
    fc.assert(
      fc.property(
        chunk,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        (value, changes) => {
          const bytes = toBinary(ChunkSchema, create(ChunkSchema, value));
          for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
          const columns = readChunkColumns(bytes, MOST);
          if (typeof columns === 'string') return;
          expect(plain(columns)).toEqual(asColumns(second(bytes) as Chunk));
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('bounded', () => {
  test('rows are counted while they are read', () => {
    fc.assert(
      fc.property(chunk, fc.nat(10), (value, most) => {
        const bytes = toBinary(ChunkSchema, create(ChunkSchema, value));
        const rows = Math.max(value.names.length + value.textRows.length, value.ids.length, value.dates.length);
        expect(readChunkColumns(bytes, most) === 'too-many').toBe(rows > most);
      }),
    );
  });

  test('eight megabytes of empty rows are too many without more of them being made than may be', () => {
    const rows = new Uint8Array(8 * 1024 * 1024);
    for (let i = 0; i < rows.length; i += 2) rows[i] = 0x3a;
    expect(readChunkColumns(rows, 8192)).toBe('too-many');
    for (let i = 0; i < rows.length; i += 2) rows[i] = 0x22;
    expect(readChunkColumns(rows, 8192)).toBe('too-many');
  });

  test('ids one by one are no way around the bound', () => {
    const rows = new Uint8Array(9 * 100);
    for (let i = 0; i < rows.length; i += 9) rows[i] = 0x19;
    expect(readChunkColumns(rows, 99)).toBe('too-many');
    expect(readChunkColumns(rows, 100)).toMatchObject({ ids: { length: 100 } });
  });

  test('a name that is no UTF-8 makes the chunk undecodable, as it does for every proto3 decoder', () => {
    expect(readChunkColumns(Uint8Array.of(0x22, 2, 0xc3, 0x28), MOST)).toBe('undecodable');
  });
});
