import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { ListAccessesResponseSchema } from '../../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { everyPage } from './accesses-list.ts';

const page = (agency: string, next: number[]) =>
  create(ListAccessesResponseSchema, {
    ...{ accesses: [{ agency }], logPosition: BigInt(agency.length) },
    nextPageToken: Uint8Array.from(next),
  });

test('a list of many pages is asked for to its end, and is complete up to where the first page was', async () => {
  const tokens: number[][] = [];
  const pages = [page('a', [1]), page('bb', [2, 2]), page('ccc', [])];
  const whole = await everyPage(async (token) => {
    tokens.push([...token]);
    return pages[tokens.length - 1] ?? page('too many', []);
  });
  expect(tokens).toEqual([[], [1], [2, 2]]);
  expect(whole.accesses.map(({ agency }) => agency)).toEqual(['a', 'bb', 'ccc']);
  expect([whole.logPosition, whole.nextPageToken.length]).toEqual([1n, 0]);
});
