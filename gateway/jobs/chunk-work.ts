import { randomBytes } from 'node:crypto';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import {
  ChunkAnswerSchema,
  ChunkStreamResponseSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import type { FieldRule } from '../errors/rules.ts';
import type { RowBatch } from '../exchange/judge-rows.ts';
import { CallRefused } from '../exchange/refused.ts';
import type { RowDesk } from '../exchange/row-desk.ts';
import type { Asked, Work } from '../exchange/work.ts';
import type { FileProfile } from '../matching/index.ts';
import { readChunkColumns } from '../verification/chunk-columns.ts';
import { type ChunkProblem, readChunk } from '../verification/read-rows.ts';
import { splitMessage } from './stream-message.ts';

const PROBLEMS: Readonly<Record<ChunkProblem, { field: string; rule: FieldRule }>> = {
  EMPTY: { field: 'chunk.ids', rule: 'REQUIRED' },
  TOO_MANY_ROWS: { field: 'chunk.ids', rule: 'TOO_MANY' },
  UNEQUAL_COLUMNS: { field: 'chunk.names', rule: 'INCONSISTENT' },
  ROW_REFS: { field: 'chunk.row_refs', rule: 'LENGTH' },
  TEXT_ROW_ORDER: { field: 'chunk.text_rows', rule: 'INCONSISTENT' },
};

/** Chunks that a job may have: with the largest chunks, eighty times the country's people. */
export const MOST_CHUNKS = 1_000_000;

function refuse(field: string, rule: FieldRule): never {
  throw new CallRefused(ErrorReason.BAD_REQUEST, { violations: [{ field, rule }] });
}

/** A chunk's payload, read. */
export interface ReadChunk {
  readonly num: number;
  readonly ackedThrough: number;
  readonly rows: RowBatch;
}

/** @throws {CallRefused} BAD_REQUEST where it is no chunk or its parts do not fit together */
export function readChunkPayload(payload: Uint8Array, maxRows: number, habits: FileProfile): ReadChunk {
  const split = splitMessage(payload);
  if (split?.kind !== 'chunk') return refuse('chunk', 'REQUIRED');
  const chunk = readChunkColumns(payload.subarray(split.from), maxRows);
  if (chunk === 'too-many') return refuse('chunk.ids', 'TOO_MANY');
  if (chunk === 'undecodable') return refuse('message', 'NOT_DECODABLE');
  const { num, ackedThrough, blind } = chunk;
  if (num >= MOST_CHUNKS) return refuse('chunk.num', 'RANGE');
  if (ackedThrough > MOST_CHUNKS) return refuse('chunk.acked_through', 'RANGE');
  if (blind.length !== 16) return refuse('chunk.blind', 'LENGTH');
  const rows = readChunk(chunk, maxRows, habits);
  if (typeof rows === 'string') throw new CallRefused(ErrorReason.BAD_REQUEST, { violations: [PROBLEMS[rows]] });
  return { num, ackedThrough, rows };
}

/** A chunk as work for the pipeline. */
export function chunkWork(num: number, desk: RowDesk, asked: Asked): Work {
  return {
    asked,
    wanted: { kind: 'chunk', desk },
    compose(view, { revisions }) {
      if (view.kind !== 'rows' || view.rows.proof === undefined)
        throw new TypeError('a chunk is answered from its rows');
      const { count, results, proof } = view.rows;
      const answer = create(ChunkAnswerSchema, {
        num,
        rows: count,
        results,
        rowSeed: proof.seed,
        rowRoot: proof.root,
        asOf: BigInt(Math.floor(view.asOf)),
        revisions,
        blind: randomBytes(16),
      });
      const response = create(ChunkStreamResponseSchema, { kind: { case: 'answer', value: answer } });
      return { payload: toBinary(ChunkStreamResponseSchema, response), again: markRedelivery };
    },
  };
}

function markRedelivery(stored: Uint8Array): Uint8Array {
  const response = fromBinary(ChunkStreamResponseSchema, stored);
  if (response.kind.case === 'answer') response.kind.value.redelivery = true;
  return toBinary(ChunkStreamResponseSchema, response);
}

/** The row root that a stored answer tells. */
export function rowRootOf(stored: Uint8Array): Uint8Array {
  const { kind } = fromBinary(ChunkStreamResponseSchema, stored);
  if (kind.case !== 'answer') throw new TypeError('a stored answer of a chunk is none');
  return kind.value.rowRoot;
}
