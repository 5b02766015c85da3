import { randomBytes } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import {
  ChunkStreamEndSchema,
  ChunkStreamResponseSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import type { Frame } from '../exchange/ports.ts';
import { digestOf } from '../signing/digest.ts';
import type { Signer } from '../signing/sign.ts';

/** What a stream was answered. */
export interface Answered {
  readonly agency: string;
  readonly jobId: string;
  readonly chunks: number;
  readonly rows: number;
  /** Over the row roots of its chunks. */
  readonly root: Uint8Array;
}

export interface StreamEndDeps {
  readonly signer: Signer;
  readonly deployment: string;
  readonly nowSeconds: () => number;
}

/** The last frame of a stream, signed. */
export function streamEnd(
  { signer, deployment, nowSeconds }: StreamEndDeps,
  { agency, jobId, chunks, rows, root }: Answered,
): Frame {
  const value = create(ChunkStreamEndSchema, { chunks, rows: BigInt(rows), root, blind: randomBytes(16) });
  const payload = toBinary(
    ChunkStreamResponseSchema,
    create(ChunkStreamResponseSchema, { kind: { case: 'end', value } }),
  );
  const jws = signer.sign('lt-end+jws', {
    aud: `${agency}@${deployment}`,
    iat: Math.floor(nowSeconds()),
    dig: digestOf(payload),
    job: jobId,
    cnt: chunks,
    rows,
    root: Buffer.from(root).toString('base64url'),
  });
  return { payload, jws };
}
