import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { RevisionsSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import {
  ChunkStreamRequestSchema,
  ChunkStreamResponseSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import type { JudgedRows } from '../exchange/judge-rows.ts';
import type { RowDesk } from '../exchange/row-desk.ts';
import type { CallFacts, Composed } from '../exchange/work.ts';
import { RESULT_BYTES } from '../proof/result-bytes.ts';
import { chunkWork } from './chunk-work.ts';

const chunk = { num: 0, ids: [1n, 2n], names: ['A', 'B'], dates: [19850327, 19850327], rowRefs: new Uint8Array(32) };
const payload = toBinary(
  ChunkStreamRequestSchema,
  create(ChunkStreamRequestSchema, { kind: { case: 'chunk', value: { ...chunk, blind: new Uint8Array(16) } } }),
);
const work = chunkWork({ num: 0, payload, jobId: '0f'.repeat(16), maxRows: 256 }, {} as RowDesk, {} as never);

/** Two rows of this verdict, judged under a profile. */
async function answered(profile: string, verdict: number, unconsented: readonly number[] = []): Promise<Composed> {
  const results = new Uint8Array(2 * RESULT_BYTES);
  results[0] = results[RESULT_BYTES] = verdict;
  const proof = { seed: new Uint8Array(32), root: new Uint8Array(32) };
  const rows = { count: 2, results, proof, unconsented: Uint32Array.from(unconsented) } as unknown as JudgedRows;
  const revisions = create(RevisionsSchema, { policy: 'p', agreement: 'a:1', change: 7n, profile });
  return work.compose({ kind: 'rows', rows, asOf: 1_774_000_000 }, { revisions } as CallFacts);
}

test('a chunk that is given again says which profile its rows were judged under, also where rows are taken out', async () => {
  const stored = (await answered('lt-vn-2:2.2.0', 1)).payload;
  const whole = (await answered('lt-vn-2:2.3.0', 2)).again?.(stored);
  expect([whole?.profile, whole?.lessened]).toEqual(['lt-vn-2:2.2.0', undefined]);
  const lessened = (await answered('lt-vn-2:2.3.0', 8, [1])).again?.(stored);
  expect([lessened?.profile, lessened?.lessened !== undefined]).toEqual(['lt-vn-2:2.2.0', true]);
  const { kind } = fromBinary(ChunkStreamResponseSchema, lessened?.payload ?? new Uint8Array(0));
  const told = kind.case === 'answer' ? kind.value : undefined;
  expect([told?.redelivery, told?.results[0], told?.results[RESULT_BYTES]]).toEqual([true, 1, 8]);
  expect(told?.revisions?.profile).toBe('lt-vn-2:2.2.0');
});
