/** Who was told, and what an answer tells of whom: what the storm calls late must be late, and be called so. */
import { create, toBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import {
  ChunkStreamResponseSchema,
  Verdict,
  VerifyChunksResponseSchema,
  VerifyPersonResponseSchema,
} from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { createAsked, createTellings } from './storm-told.ts';

test('told is who was told before it was asked, until it is given back, and again after the next time', () => {
  const tellings = createTellings();
  const early = tellings.now();
  tellings.tell(1);
  tellings.tell(2);
  const before = tellings.now();
  expect(tellings.stillTold(early, [1, 2])).toEqual([]);
  expect(tellings.stillTold(before, [1, 2, 3])).toEqual([1, 2]);
  tellings.untell(1);
  expect(tellings.stillTold(before, [1, 2])).toEqual([2]);
  tellings.tell(1);
  // Asked before it was given back: told of meanwhile, with right.
  expect(tellings.stillTold(before, [1])).toEqual([]);
  expect(tellings.stillTold(tellings.now(), [1])).toEqual([1]);
});

test('an answer tells of the person of its call, save where it says that consent is missing', () => {
  const asked = createAsked();
  const requestId = 'ab'.repeat(16);
  asked.call(requestId, 'verify', 5);
  const answer = (verdict: Verdict) =>
    toBinary(VerifyPersonResponseSchema, create(VerifyPersonResponseSchema, { requestId, verdict }));
  expect(asked.toldByCall(answer(Verdict.VERIFIED))).toEqual([5]);
  expect(asked.toldByCall(answer(Verdict.CONSENT_MISSING))).toEqual([]);
  asked.call(requestId, 'read', 6);
  expect(asked.toldByCall(answer(Verdict.CONSENT_MISSING))).toEqual([6]);
  expect(() => createAsked().toldByCall(answer(Verdict.VERIFIED))).toThrow('nobody asked');
});

test('a frame tells of the people of its chunk whose rows do not say that consent is missing', () => {
  const asked = createAsked();
  asked.chunk('job', 3, [7, 8, 7]);
  const results = Buffer.alloc(3 * 22);
  results[0] = Verdict.VERIFIED;
  results[22] = Verdict.CONSENT_MISSING;
  results[44] = Verdict.CONSENT_MISSING;
  const frame = (job: string) => {
    const kind = { case: 'answer', value: { num: 3, rows: 3, results } } as const;
    const payload = toBinary(ChunkStreamResponseSchema, create(ChunkStreamResponseSchema, { kind }));
    const jws = `x.${Buffer.from(JSON.stringify({ job })).toString('base64url')}.x`;
    return toBinary(VerifyChunksResponseSchema, create(VerifyChunksResponseSchema, { payload, jws }));
  };
  expect(asked.toldByFrame(frame('job'))).toEqual([7]);
  expect(() => asked.toldByFrame(frame('another'))).toThrow('nobody asked');
});
