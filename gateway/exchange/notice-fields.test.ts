import { expect, it } from 'vitest';
import { Notice } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { NOTICES } from '../matching/index.ts';
import { noticesOf, withNoticeFields } from './notice-fields.ts';

it.each([
  'DECEASED',
  'ID_SUPERSEDED',
  'MISSING',
  'UNDER_INVESTIGATION',
] as const)('the bit of %s is its notice', (name) => {
  expect(noticesOf(NOTICES[name])).toEqual([Notice[name]]);
});

it('what notices tell stands among the fields once, ascending', () => {
  expect(noticesOf(0b111)).toHaveLength(3);
  expect(withNoticeFields([3, 1], noticesOf(0b111))).toEqual([1, 3, 44]);
  expect(withNoticeFields([3], noticesOf(0))).toEqual([3]);
  // The register holds no field of it.
  expect(withNoticeFields([], [Notice.UNDER_INVESTIGATION])).toEqual([]);
});
