import { describe, expect, it } from 'vitest';
import { createParties } from './parties.ts';

const setUp = () =>
  createParties({
    connectionsPerEntity: 3,
    requestsPerEntity: 10,
    windowBytesPerEntity: 100,
    refusalsPerSecond: 5,
  });

it('refusals of a party are counted over all of its connections, also those that are closed', () => {
  const parties = setUp();
  let refused = 0;
  for (let i = 0; i < 3; i++) {
    const party = parties.connect('a', 0);
    if (party === undefined) throw new Error('it has no connection');
    for (let asked = 0; asked < 10; asked++) if (parties.refuse(party, 0)) refused += 1;
    parties.disconnect(party, 0);
  }
  expect(refused).toBe(10);
});

describe('a party that was let go', () => {
  it('stays out for five seconds, then twice as long each time, up to a minute', () => {
    const parties = setUp();
    let now = 0;
    for (const seconds of [5, 10, 20, 40, 60, 60]) {
      const party = parties.connect('a', now);
      expect(party).toBeDefined();
      if (party === undefined) return;
      parties.bar(party, now);
      // What its other connections do meanwhile is the same offence.
      parties.bar(party, now + 1);
      parties.disconnect(party, 0);
      expect(parties.connect('a', now + seconds * 1000 - 1)).toBeUndefined();
      expect(parties.isBarred('a', now + seconds * 1000 - 1)).toBe(true);
      expect(parties.isBarred('b', now)).toBe(false);
      now += seconds * 1000;
    }
    now += 60_001;
    const party = parties.connect('a', now);
    if (party !== undefined) parties.bar(party, now);
    expect(parties.isBarred('a', now + 4_999)).toBe(true);
    expect(parties.isBarred('a', now + 5_000)).toBe(false);
  });

  it('is one that opens its connections time and again', () => {
    const parties = setUp();
    const again = (now: number) => {
      const party = parties.connect('a', now);
      if (party !== undefined) parties.disconnect(party, 0);
      return party !== undefined;
    };
    expect([1, 2, 3].map(() => again(0))).toEqual([true, true, true]);
    expect([again(0), again(4_999), again(5_000)]).toEqual([false, false, true]);
    for (let at = 10_000; at < 20_000; at += 50) expect(again(at)).toBe(true);
  });
});
