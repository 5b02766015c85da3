import { expect, it } from 'vitest';
import { isRequestId, makeRequestId, traceableRequestId } from './request-id.ts';

it.each([
  '0f9c2b7a4d5e6f708192a3b4c5d6e7f8',
  'REQ-2026-000124',
  'a2345678',
  '1234567890123456',
])('a call keeps its own id %s in the log', (id) => expect(traceableRequestId(id)).toBe(id));

it.each([
  '901085000017',
  '901.085.000.017',
  '012345678',
  '0961234501',
  '1985-03-27',
  'short',
  'Nguyễn Văn An',
  '',
  undefined,
])('what may be a person’s, or is no id, is replaced by one of the gateway’s: %s', (id) => {
  const made = traceableRequestId(id);
  expect(made).toMatch(/^gw-[A-Za-z0-9_-]{22}$/);
  expect(isRequestId(made)).toBe(true);
});

it('no two are made alike', () => {
  expect(new Set(Array.from({ length: 100 }, makeRequestId)).size).toBe(100);
});
