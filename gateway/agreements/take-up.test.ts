import { expect, it, vi } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { StorageError } from '../storage/errors.ts';
import { createTakeUp } from './take-up.ts';

const kept = () => ({ refresh: vi.fn<() => Promise<void>>(async () => undefined) });

it('callers and agreements are both looked at again', async () => {
  const [directory, watch] = [kept(), kept()];
  await createTakeUp(directory, watch)();
  expect([directory, watch].map(({ refresh }) => refresh.mock.calls.length)).toEqual([1, 1]);
});

it('agreements that cannot be loaded are no fault of the call, which may come again; a store that is away is told as one', async () => {
  const [directory, watch] = [kept(), kept()];
  const takeUp = createTakeUp(directory, watch);
  watch.refresh.mockRejectedValueOnce(new RangeError('the module has no room for it'));
  await expect(takeUp()).rejects.toMatchObject({
    reason: ErrorReason.POLICY_UNAVAILABLE,
    facts: { retryAfterMs: 500 },
  });
  const away = new StorageError('unavailable', 'ECONNREFUSED', {}, undefined);
  for (const { refresh } of [directory, watch]) {
    refresh.mockRejectedValueOnce(away);
    await expect(takeUp()).rejects.toBe(away);
  }
});
