import { create, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packTexts } from '../../gateway/proof/packed-texts.ts';
import { ChunkStreamRequestSchema } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { type ChunkToSend, encodeChunk } from './chunk-encode.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 50 }),
  fc.string({ unit: fc.constantFrom('a', 'ễ', 'é', '😀', '\u0000'), maxLength: 130 }),
  fc.constantFrom('', 'x'.repeat(127), 'x'.repeat(128), 'ễ'.repeat(42), 'ễ'.repeat(43), 'y'.repeat(20_000)),
);
const slim = fc.record({
  id: fc.integer({ min: 0, max: 999_999_999_999 }),
  name: text,
  date: fc.integer({ min: 0, max: 21_001_231 }),
});
const textRow = fc.record({
  index: fc.oneof(fc.nat(8191), fc.constantFrom(0, 127, 128)),
  idNumber: text,
  fullName: text,
  birthDate: text,
});
const bytes = (max: number) => fc.uint8Array({ maxLength: max });

it('writes the bytes that protobuf-es writes', () => {
  const parts = fc.record({
    num: fc.oneof(fc.nat(), fc.constantFrom(0, 127, 128, 0x7fff_ffff)),
    ackedThrough: fc.nat(),
    slims: fc.array(slim, { maxLength: 20 }),
    textRows: fc.array(textRow, { maxLength: 10 }),
    rowRefs: bytes(300),
    blind: bytes(16),
  });
  fc.assert(
    fc.property(parts, ({ slims, textRows, ...rest }) => {
      const chunk: ChunkToSend = {
        ...rest,
        ids: Float64Array.from(slims, ({ id }) => id),
        names: packTexts(slims.map(({ name }) => name)),
        dates: Uint32Array.from(slims, ({ date }) => date),
        textRows: {
          indexes: Uint32Array.from(textRows, ({ index }) => index),
          idNumbers: packTexts(textRows.map(({ idNumber }) => idNumber)),
          fullNames: packTexts(textRows.map(({ fullName }) => fullName)),
          birthDates: packTexts(textRows.map(({ birthDate }) => birthDate)),
        },
      };
      const value = {
        ...rest,
        ids: slims.map(({ id }) => BigInt(id)),
        names: slims.map(({ name }) => name),
        dates: slims.map(({ date }) => date),
        textRows: textRows.map(({ birthDate, ...row }) => ({ ...row, dateOfBirth: birthDate })),
      };
      const expected = toBinary(
        ChunkStreamRequestSchema,
        create(ChunkStreamRequestSchema, { kind: { case: 'chunk', value } }),
      );
      expect(Buffer.from(encodeChunk(chunk)).equals(expected)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
