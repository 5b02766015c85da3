import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createThreadShare } from './thread-share.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const share = createThreadShare({ nowMs: () => Date.now(), later: (work, ms) => void setTimeout(work, ms) });
  const connection = (party: string) => {
    const valve = {
      open: true,
      stop() {
        valve.open = false;
      },
      start() {
        valve.open = true;
      },
    };
    share.add(party, valve);
    return valve;
  };
  return { share, connection };
}

describe('what a party sends', () => {
  it('is read as it comes while nobody else is here', () => {
    const { share, connection } = setUp();
    const own = connection('a');
    share.here('a');
    share.spend('a', 10_000_000);
    expect(own.open).toBe(true);
  });

  it('is left unread beside others until what it cost is a quarter of the time, on all of its connections', () => {
    const { share, connection } = setUp();
    const [own, second, other] = [connection('a'), connection('a'), connection('b')];
    share.here('b');
    share.here('a');
    share.spend('a', 10_000);
    expect(own.open).toBe(true);
    // 100 ms of the thread beyond what may be spent at once: due in 400 ms.
    share.spend('a', 100_000);
    expect([own.open, second.open, other.open]).toEqual([false, false, true]);
    expect(connection('a').open).toBe(false);
    vi.advanceTimersByTime(399);
    expect(own.open).toBe(false);
    vi.advanceTimersByTime(2);
    expect([own.open, second.open]).toEqual([true, true]);
  });

  it('alone is owed to nobody who comes later, however much it was', () => {
    const { share, connection } = setUp();
    const own = connection('a');
    share.here('a');
    for (let i = 0; i < 60_000; i++) {
      share.spend('a', 500);
      vi.advanceTimersByTime(1);
    }
    share.here('b');
    share.spend('a', 500);
    vi.advanceTimersByTime(3);
    expect(own.open).toBe(true);
  });

  it('while it is to be unread stops its connection again: Node may have read on', () => {
    const { share, connection } = setUp();
    const own = connection('a');
    share.here('b');
    share.spend('a', 60_000);
    own.start();
    share.spend('a', 0, own);
    expect(own.open).toBe(false);
  });

  it('saves nothing up while it sends nothing', () => {
    const { share, connection } = setUp();
    const own = connection('a');
    vi.advanceTimersByTime(60_000);
    share.here('b');
    share.spend('a', 9_000);
    expect(own.open).toBe(true);
    share.spend('a', 9_000);
    expect(own.open).toBe(false);
  });

  it('is looked at again after a second, and read on where the others have gone', () => {
    const { share, connection } = setUp();
    const own = connection('a');
    share.here('b');
    share.here('a');
    share.spend('a', 60_000_000);
    vi.advanceTimersByTime(1999);
    expect(own.open).toBe(false);
    vi.advanceTimersByTime(1001);
    expect(own.open).toBe(true);
  });

  it('while it is stopped costs as well: answers to what was read before', () => {
    const { share, connection } = setUp();
    const own = connection('a');
    share.here('b');
    share.spend('a', 60_000);
    share.spend('a', 50_000);
    vi.advanceTimersByTime(399);
    expect(own.open).toBe(false);
    vi.advanceTimersByTime(2);
    expect(own.open).toBe(true);
  });

  it('is owed as well where it was less than may be spent at once: whoever comes back may not spend that anew', () => {
    const { share, connection } = setUp();
    share.here('b');
    for (let i = 0; i < 2; i++) {
      const own = connection('a');
      share.spend('a', 9_000);
      share.delete('a', own);
    }
    expect(connection('a').open).toBe(false);
    vi.advanceTimersByTime(1000);
    expect(connection('a').open).toBe(true);
  });

  it('is owed after its connections are closed, by whoever comes back', () => {
    const { share, connection } = setUp();
    const own = connection('a');
    share.here('b');
    share.spend('a', 100_000);
    share.delete('a', own);
    expect(connection('a').open).toBe(false);
    vi.advanceTimersByTime(1000);
    expect(connection('a').open).toBe(true);
  });
});

it('somebody is here for two seconds', () => {
  const { share } = setUp();
  expect(share.busy).toBe(false);
  share.here('a');
  expect(share.busy).toBe(true);
  vi.advanceTimersByTime(2001);
  expect(share.busy).toBe(false);
});
