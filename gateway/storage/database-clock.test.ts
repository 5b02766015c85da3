import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDatabaseClock } from './database-clock.ts';
import type { Database } from './pool.ts';

const unavailable = expect.objectContaining({ name: 'StorageError', kind: 'unavailable' });
/** A server whose clock stands at this millisecond. */
const at = (ms: number, wait = 0): Database => ({
  query: async <R>() => {
    if (wait > 0) await sleep(wait);
    return { rows: [{ ms }] as R[], rowCount: 1 };
  },
});
afterEach(() => vi.useRealTimers());

describe('the clock of the database', () => {
  it('is unavailable before it was read, and where it cannot be', async () => {
    const never = createDatabaseClock(at(1000));
    expect(() => never.nowMs()).toThrow(unavailable);
    const broken = createDatabaseClock({ query: () => Promise.reject(new Error('no')) });
    await expect(broken.start()).rejects.toEqual(unavailable);
  });

  it('is carried on for a while, and unavailable after that: as in a process that was frozen', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setInterval'] });
    const clock = createDatabaseClock(at(1_000_000));
    await clock.start();
    const from = clock.nowMs();
    vi.advanceTimersByTime(900);
    expect(clock.nowMs() - from).toBe(900);
    clock.stop();
    vi.advanceTimersByTime(33_000);
    expect(() => clock.nowMs()).toThrow(unavailable);
    expect(() => clock.nowSeconds()).toThrow(unavailable);
  });
});
