import { expect, it, vi } from 'vitest';
import { createPoll } from './poll.ts';

it('whoever asks while a look is under way gets one that begins afterwards, all of them the same', async () => {
  let end: () => void = () => undefined;
  const look = vi.fn(() => new Promise<void>((resolve) => (end = resolve)));
  const poll = createPoll(look, 60_000);
  const first = poll.refresh();
  await Promise.resolve();
  expect(look).toHaveBeenCalledTimes(1);
  const later = Array.from({ length: 100 }, () => poll.refresh());
  end();
  await first;
  await vi.waitFor(() => expect(look).toHaveBeenCalledTimes(2));
  end();
  await Promise.all(later);
  expect(look).toHaveBeenCalledTimes(2);
});

it('a look that fails is told to all who asked for it, and the next one comes all the same', async () => {
  const look = vi.fn<() => Promise<void>>().mockRejectedValueOnce(new RangeError('away')).mockResolvedValue();
  const onFailure = vi.fn();
  const poll = createPoll(look, 60_000, onFailure);
  const both = await Promise.allSettled([poll.refresh(), poll.refresh()]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await poll.refresh();
  expect([look.mock.calls.length, onFailure.mock.calls.length]).toEqual([2, 1]);
});
