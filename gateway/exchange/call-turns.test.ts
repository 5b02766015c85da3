import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { createCallTurns } from './call-turns.ts';

function setUp(besideOthers = 2) {
  let now = 0;
  const turns = createCallTurns({ strangers: '', besideOthers, nowMs: () => now });
  const under = new Map<string, (() => void)[]>();
  const call = (party: string) =>
    turns.run(party, () => new Promise<void>((resolve) => under.set(party, [...(under.get(party) ?? []), resolve])));
  const count = async (party: string) => {
    await sleep(0);
    return under.get(party)?.length ?? 0;
  };
  const pass = (ms: number) => {
    now += ms;
  };
  return {
    turns,
    call,
    count,
    pass,
    asks: turns.asks,
    othersCall: turns.othersCall,
    finish: (party: string, at: number) => under.get(party)?.[at]?.(),
  };
}

describe('calls of a party', () => {
  it('are all under way while nobody else calls', async () => {
    const { call, count } = setUp();
    for (let i = 0; i < 50; i++) void call('a');
    expect(await count('a')).toBe(50);
  });

  it('wait beside others, whose own begin at once, and go on one for one', async () => {
    const { call, count, finish } = setUp();
    void call('b');
    for (let i = 0; i < 50; i++) void call('a');
    expect([await count('a'), await count('b')]).toEqual([1, 1]);
    void call('b');
    expect(await count('b')).toBe(2);
    finish('a', 0);
    expect(await count('a')).toBe(2);
  });

  it('are half as many as another asks, up to what there may be, and more again once it has its answers', async () => {
    const { call, count, finish } = setUp(3);
    for (let i = 0; i < 4; i++) void call('b');
    for (let i = 0; i < 50; i++) void call('a');
    expect(await count('a')).toBe(2);
    // Both ask much: as many as there may be, each.
    for (let i = 0; i < 50; i++) void call('b');
    finish('a', 0);
    expect(await count('a')).toBe(4);
    expect(await count('b')).toBe(4);
    for (let i = 0; i < 54; i++) {
      finish('b', i);
      await count('b');
    }
    expect(await count('b')).toBe(54);
    // Nobody asks anything now, and whoever was here may come back: not all at once.
    expect(await count('a')).toBe(4);
    finish('a', 1);
    finish('a', 2);
    finish('a', 3);
    expect(await count('a')).toBe(7);
  });

  it('are half as many as another asked a moment ago, until that moment is over', async () => {
    const { call, count, finish, pass } = setUp(8);
    for (let i = 0; i < 4; i++) void call('b');
    for (let i = 0; i < 50; i++) void call('a');
    for (let i = 0; i < 4; i++) finish('b', i);
    expect(await count('a')).toBe(2);
    pass(200);
    finish('a', 0);
    expect(await count('a'), 'one for one').toBe(3);
    // It asks again, and less: what it asked before counts for its time, and no longer.
    void call('b');
    finish('a', 1);
    expect(await count('a')).toBe(4);
    pass(100);
    finish('a', 2);
    finish('a', 3);
    expect(await count('a')).toBe(5);
    finish('b', 4);
    await count('b');
    pass(300);
    finish('a', 4);
    expect(await count('a'), 'as many as beside whoever was here lately').toBe(13);
  });

  it('are not kept at one at a time by whoever asks one thing now and then', async () => {
    const { call, count, finish, pass } = setUp(8);
    void call('b');
    for (let i = 0; i < 50; i++) void call('a');
    finish('b', 0);
    await count('b');
    pass(60);
    finish('a', 0);
    expect(await count('a'), 'a moment later').toBe(2);
    pass(10);
    finish('a', 1);
    expect(await count('a'), 'and then').toBe(10);
    // Two at once come from further away than one.
    void call('b');
    void call('b');
    for (let i = 2; i < 10; i++) finish('a', i);
    expect(await count('a')).toBe(11);
    finish('b', 1);
    finish('b', 2);
    await count('b');
    pass(120);
    finish('a', 10);
    expect(await count('a')).toBe(12);
    pass(10);
    finish('a', 11);
    expect(await count('a')).toBe(20);
  });

  it('are half as many as another asked whose answers took long, for a moment after it has them', async () => {
    const { call, count, finish, pass } = setUp(8);
    for (let i = 0; i < 2; i++) void call('b');
    for (let i = 0; i < 50; i++) void call('a');
    pass(1000);
    finish('b', 0);
    finish('b', 1);
    await count('b');
    pass(120);
    finish('a', 0);
    expect(await count('a')).toBe(2);
    pass(10);
    finish('a', 1);
    expect(await count('a')).toBe(10);
  });

  it('do not wait behind a slow one of their own for somebody who has gone', async () => {
    const { call, count, finish, pass } = setUp(8);
    void call('b');
    for (let i = 0; i < 20; i++) void call('a');
    finish('b', 0);
    expect(await count('a')).toBe(1);
    pass(300);
    await vi.waitFor(async () => expect(await count('a')).toBe(8));
    pass(2000);
    await vi.waitFor(async () => expect(await count('a')).toBe(20));
  });

  it('wait for nobody who had gone before they came, and nothing is looked at once none waits', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const { call, count, finish, pass } = setUp(8);
      for (let i = 0; i < 10; i++) void call('b');
      for (let i = 0; i < 10; i++) finish('b', i);
      await count('b');
      for (let i = 0; i < 20; i++) void call('a');
      expect(await count('a')).toBe(5);
      pass(250);
      vi.advanceTimersByTime(100);
      expect([await count('a'), vi.getTimerCount()]).toEqual([5, 1]);
      pass(1);
      vi.advanceTimersByTime(100);
      expect([await count('a'), vi.getTimerCount()]).toEqual([8, 1]);
      pass(2000);
      vi.advanceTimersByTime(100);
      expect([await count('a'), vi.getTimerCount()]).toEqual([20, 0]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('are bounded together in the very moment in which it is forgotten what they asked before', async () => {
    let now = 0;
    let step = 0;
    const turns = createCallTurns({ strangers: '', besideOthers: 1, nowMs: () => (now += step) });
    await Promise.all(['b', 'b', 'a'].map((party) => turns.run(party, async () => undefined)));
    [now, step] = [126, 1];
    let under = 0;
    for (let i = 0; i < 3; i++) {
      void turns.run('b', () => {
        under += 1;
        return new Promise(() => undefined);
      });
    }
    await sleep(0);
    expect(under).toBe(1);
  });

  it('that are given up while they wait are never begun, and keep nobody waiting', async () => {
    const { turns, call, count, finish } = setUp();
    void call('b');
    void call('a');
    expect(await count('a')).toBe(1);
    const gone = new AbortController();
    let begun = 0;
    const waits = Array.from({ length: 50 }, () =>
      turns.run(
        'a',
        async () => {
          begun += 1;
        },
        gone,
      ),
    );
    void call('a');
    gone.abort(new Error('gone'));
    const ended = Promise.allSettled(waits);
    finish('a', 0);
    expect((await ended).every((one) => one.status === 'rejected' && one.reason.message === 'gone')).toBe(true);
    expect([begun, await count('a')]).toEqual([0, 2]);
  });

  it('go on together once the others are gone, in order, and a failure gives its turn back', async () => {
    const { call, count, finish, pass } = setUp();
    void call('b');
    for (let i = 0; i < 5; i++) void call('a');
    pass(3000);
    finish('a', 0);
    expect(await count('a')).toBe(5);
    const turns = createCallTurns({ strangers: '', besideOthers: 1, nowMs: () => 0 });
    await turns.run('b', async () => undefined);
    const order: number[] = [];
    const all = [1, 2, 3].map((n) =>
      turns.run('a', async () => {
        order.push(n);
        throw new Error('no');
      }),
    );
    expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(order).toEqual([1, 2, 3]);
  });

  it('hold back for nobody whom nobody knows, who takes turns all the same', async () => {
    const { call, count } = setUp(4);
    void call('');
    for (let i = 0; i < 50; i++) void call('a');
    expect(await count('a')).toBe(4);
    for (let i = 0; i < 50; i++) void call('');
    expect(await count('')).toBe(4);
  });

  it('tell for two seconds that somebody else asks, and nothing where a call is no question', () => {
    const { call, pass, asks, othersCall } = setUp();
    void call('a');
    expect([othersCall('a'), othersCall('b')]).toEqual([false, false]);
    asks('a');
    expect([othersCall('a'), othersCall('b')]).toEqual([false, true]);
    pass(1500);
    asks('b');
    pass(1500);
    expect([othersCall('a'), othersCall('b')]).toEqual([true, false]);
    pass(1000);
    expect([othersCall('a'), othersCall('b')]).toEqual([false, false]);
  });
});
