import { create, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ChunkStreamRequestSchema } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { holdsMoreRows, splitMessage } from './stream-message.ts';

function chunk(slim: number, text: number): Uint8Array {
  return toBinary(
    ChunkStreamRequestSchema,
    create(ChunkStreamRequestSchema, {
      kind: {
        case: 'chunk',
        value: {
          num: 3,
          ids: new Array<bigint>(slim).fill(901085000017n),
          names: new Array<string>(slim).fill('Nguyễn Văn An'),
          dates: new Array<number>(slim).fill(19850327),
          textRows: Array.from({ length: text }, (_, index) => ({ index, fullName: 'x'.repeat(index % 200) })),
          rowRefs: new Uint8Array(16 * (slim + text)),
          blind: new Uint8Array(16),
        },
      },
    }),
  );
}

test('rows are counted off the wire as decoding would count them', () => {
  fc.assert(
    fc.property(fc.nat(40), fc.nat(40), fc.nat(90), (slim, text, most) => {
      const payload = chunk(slim, text);
      const split = splitMessage(payload);
      expect(split?.kind).toBe('chunk');
      expect(holdsMoreRows(payload, split?.from ?? 0, most)).toBe(slim + text > most);
    }),
    { numRuns: 200 },
  );
});

test('eight megabytes of empty rows are too many without one of them being made', () => {
  const rows = new Uint8Array(8 * 1024 * 1024);
  for (let i = 0; i < rows.length; i += 2) rows[i] = 0x3a;
  expect(holdsMoreRows(rows, 0, 8192)).toBe(true);
});

test('a payload is one member from end to end, or nothing', () => {
  const payload = chunk(1, 0);
  expect(splitMessage(payload.subarray(0, -1))).toBeUndefined();
  expect(splitMessage(Buffer.concat([payload, payload]))).toBeUndefined();
  expect(splitMessage(new Uint8Array(0))).toBeUndefined();
});

test('no bytes make either of them throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      splitMessage(bytes);
      expect(typeof holdsMoreRows(bytes, 0, 5)).toBe('boolean');
    }),
    { numRuns: 2000 },
  );
});
