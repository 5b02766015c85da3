import { expect, it } from 'vitest';
import { drawEntryId } from './entry-id.ts';

const EARLY = Date.UTC(2026, 0, 1);
const LATE = Date.UTC(2400, 0, 1);

it('stands in order of time, whatever chance adds', () => {
  const times = [EARLY, EARLY + 1, EARLY + 255, EARLY + 256, LATE];
  const ids = times.map((time) => drawEntryId(time));
  expect([...ids].sort(Buffer.compare)).toEqual(ids);
  expect(ids.map((id) => id.readUIntBE(0, 6))).toEqual(times);
});

it('is 16 bytes, and another one each time within one millisecond', () => {
  const ids = Array.from({ length: 2_000 }, () => drawEntryId(EARLY));
  expect(new Set(ids.map((id) => id.toString('hex'))).size).toBe(2_000);
  expect(new Set(ids.map(({ length }) => length))).toEqual(new Set([16]));
  // No byte of the random part stands still.
  for (let at = 6; at < 16; at++) expect(new Set(ids.map((id) => id[at])).size).toBeGreaterThan(200);
});
