import { randomBytes } from 'node:crypto';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import {
  ChunkAnswerSchema,
  ChunkStreamResponseSchema,
  JobState,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import type { FieldRule } from '../errors/rules.ts';
import type { RowBatch } from '../exchange/judge-rows.ts';
import type { Effect } from '../exchange/log-port.ts';
import { CallRefused } from '../exchange/refused.ts';
import type { RowDesk } from '../exchange/row-desk.ts';
import type { Asked, GivenAgain, Work } from '../exchange/work.ts';
import type { FileProfile } from '../matching/index.ts';
import { rowLeaves, treeRoot } from '../proof/batch.ts';
import { RESULT_BYTES } from '../proof/result-bytes.ts';
import { NODE_TAGS } from '../proof/tree.ts';
import { readChunkColumns } from '../verification/chunk-columns.ts';
import { type ChunkProblem, readChunk } from '../verification/read-rows.ts';
import { isTakenOut } from '../verification/taken-out.ts';
import { splitMessage } from './stream-message.ts';

const PROBLEMS: Readonly<Record<ChunkProblem, { field: string; rule: FieldRule }>> = {
  EMPTY: { field: 'chunk.ids', rule: 'REQUIRED' },
  TOO_MANY_ROWS: { field: 'chunk.ids', rule: 'TOO_MANY' },
  UNEQUAL_IDS: { field: 'chunk.ids', rule: 'INCONSISTENT' },
  UNEQUAL_NAMES: { field: 'chunk.names', rule: 'INCONSISTENT' },
  UNEQUAL_DATES: { field: 'chunk.dates', rule: 'INCONSISTENT' },
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

/** Where a chunk stands, and its bytes. */
export interface ChunkFacts {
  readonly num: number;
  readonly payload: Uint8Array;
  /** 32 hexadecimal digits. */
  readonly jobId: string;
  readonly maxRows: number;
}

/** A chunk as work for the pipeline. */
export function chunkWork(chunk: ChunkFacts, desk: RowDesk, asked: Asked): Work {
  const { num } = chunk;
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
      const { unconsented } = view.rows;
      return {
        payload: toBinary(ChunkStreamResponseSchema, response),
        again: (stored) => giveAgain(stored, chunk, { results, unconsented: unconsented ?? new Uint32Array(0) }),
      };
    },
  };
}

/** The stored answer, marked; rows that no consent covers any more say what they would say now, and the root is theirs. */
function giveAgain(
  stored: Uint8Array,
  chunk: ChunkFacts,
  now: { readonly results: Uint8Array; readonly unconsented: Uint32Array },
): GivenAgain {
  const response = fromBinary(ChunkStreamResponseSchema, stored);
  if (response.kind.case !== 'answer') throw new TypeError('a stored answer of a chunk is none');
  const answer = response.kind.value;
  const delta: number[] = new Array(11).fill(0);
  let lessened = false;
  for (const row of now.unconsented) {
    const [from, to] = [row * RESULT_BYTES, (row + 1) * RESULT_BYTES];
    const fresh = now.results.subarray(from, to);
    if (Buffer.compare(answer.results.subarray(from, to), fresh) === 0) continue;
    const [told, tells] = [answer.results[from] ?? 0, fresh[0] ?? 0];
    if (!isTakenOut(told, tells)) continue;
    delta[told]! -= 1;
    delta[tells]! += 1;
    answer.results.set(fresh, from);
    lessened = true;
  }
  answer.redelivery = true;
  // Also of a lessened one: rows that are told nothing of any more are judged by no profile.
  const profile = answer.revisions?.profile;
  if (!lessened) return { payload: toBinary(ChunkStreamResponseSchema, response), profile };
  const refs = rowRefsOf(chunk);
  answer.rowRoot = treeRoot(rowLeaves(answer.rowSeed, refs, answer.results), NODE_TAGS.row);
  const jobId = Buffer.from(chunk.jobId, 'hex');
  // A chunk of the same job that acknowledges this one holds the job when it deletes the stored answer. Of a job that is closed the
  // receipt says what was answered, for good: what is no longer told of it is not given at all.
  const locks: Effect[] = [
    {
      text: `SELECT FROM job WHERE job_id = $1 AND state <> ${JobState.DONE} FOR NO KEY UPDATE`,
      values: [jobId],
      orRefuse: { reason: ErrorReason.JOB_STATE, facts: { jobState: JobState.DONE } },
    },
  ];
  const effects = [
    {
      text: 'UPDATE job_chunk SET row_root = $3 WHERE job_id = $1 AND num = $2',
      values: [jobId, chunk.num, Buffer.from(answer.rowRoot)],
    },
    {
      text: `UPDATE job SET totals = (SELECT array_agg(old + new ORDER BY n) FROM unnest(totals, $2::bigint[]) WITH ORDINALITY AS t (old, new, n))
WHERE job_id = $1`,
      values: [jobId, delta.slice(1)],
    },
  ];
  return { payload: toBinary(ChunkStreamResponseSchema, response), profile, lessened: { locks, effects } };
}

function rowRefsOf({ payload, maxRows }: ChunkFacts): Uint8Array {
  const split = splitMessage(payload);
  const columns = split?.kind === 'chunk' ? readChunkColumns(payload.subarray(split.from), maxRows) : 'undecodable';
  if (typeof columns === 'string') throw new TypeError('a chunk that was answered is none');
  return columns.rowRefs;
}

/** The row root that a stored answer tells. */
export function rowRootOf(stored: Uint8Array): Uint8Array {
  const { kind } = fromBinary(ChunkStreamResponseSchema, stored);
  if (kind.case !== 'answer') throw new TypeError('a stored answer of a chunk is none');
  return kind.value.rowRoot;
}
