import { createSecretKey } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { RecordKeys } from './entry-parts.ts';
import type { Filtered } from './filter.ts';
import type { Appender } from './log-port.ts';
import { createRecord } from './record.ts';
import type { RefusedCall } from './record-refusal.ts';

const key = createSecretKey(Buffer.alloc(32));
const keys: RecordKeys = { 'log-key': key, answer: key, decision: key, evidence: key, pseudonym: key };

it.each([
  ['another', ErrorReason.LOG_BROKEN],
  ['fenced', ErrorReason.DRAINING],
  ['unkept', ErrorReason.STORAGE_UNAVAILABLE],
] as const)('a log in trouble (%s) takes nothing and nothing is answered from it: neither an answer, nor a refusal, nor a stored one', async (trouble, reason) => {
  const append = vi.fn<Appender['append']>();
  const appender = { append } as unknown as Appender;
  const recorder = createRecord({ appender, keys, nowMs: () => 0, logTrouble: () => trouble });
  // What would be recorded is not even looked at.
  await expect(recorder.record({} as Filtered)).rejects.toMatchObject({ reason });
  expect(await recorder.recordRefusal({} as RefusedCall)).toBe('unlogged');
  expect(() => recorder.mustBeWriter()).toThrow(expect.objectContaining({ reason }));
  expect(append).not.toHaveBeenCalled();
});
