import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  VerifyChunksRequestSchema,
  VerifyChunksResponseSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { type Frame, UndecodableFrame } from '../exchange/ports.ts';
import { asBuffer } from './adapter.ts';

/** Opens the envelope only; the payload stays the bytes that were signed, in place. @throws {UndecodableFrame} */
export function decodeFrame(bytes: Uint8Array): Frame {
  try {
    return fromBinary(VerifyChunksRequestSchema, bytes, { readUnknownFields: false });
  } catch {
    throw new UndecodableFrame();
  }
}

export function encodeFrame({ payload, jws }: Frame): Buffer {
  return asBuffer(toBinary(VerifyChunksResponseSchema, create(VerifyChunksResponseSchema, { payload, jws })));
}
