import { create, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ChunkStreamRequestSchema } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { splitMessage } from './stream-message.ts';

const payload = toBinary(
  ChunkStreamRequestSchema,
  create(ChunkStreamRequestSchema, { kind: { case: 'chunk', value: { num: 3, names: ['Nguyễn Văn An'] } } }),
);

test('a payload is one member from end to end, or nothing', () => {
  expect(splitMessage(payload)).toEqual({ kind: 'chunk', from: 2 });
  expect(splitMessage(payload.subarray(0, -1))).toBeUndefined();
  expect(splitMessage(Buffer.concat([payload, payload]))).toBeUndefined();
  expect(splitMessage(new Uint8Array(0))).toBeUndefined();
});

test('no bytes make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      splitMessage(bytes);
    }),
    { numRuns: 2000 },
  );
});
