import { expect, test } from 'vitest';
import { CATALOGUE } from '../errors/catalogue.ts';
import { misplaced, outOfOrder } from './stream-order.ts';

test('what refuses a stream is true of a message that cannot be read as well as of its order', () => {
  const refusals = [outOfOrder('opening', 'REQUIRED'), misplaced('opening'), misplaced('end'), misplaced(undefined)];
  expect(new Set(refusals.map(({ reason }) => reason)).size).toBe(1);
  const [{ reason } = misplaced(undefined)] = refusals;
  const { en, nextEn, vi, nextVi } = CATALOGUE[reason];
  // An order is not what somebody mends whose chunk was damaged (payload: NOT_DECODABLE): the details say which it is.
  expect(en).toMatch(/^A message of the stream, or its place in it,/);
  expect(vi).toMatch(/^Một thông điệp của luồng, hoặc vị trí của nó,/);
  expect(nextEn).toMatch(/^See the details\. Send each message whole: the opening, then/);
  expect(nextVi).toMatch(/^Xem chi tiết\. Gửi trọn vẹn từng thông điệp: phần mở,/);
});
