import { describe, expect, it } from 'vitest';
import { clockFound } from './own-clock.ts';

const SERVER = 1_000_000;

describe('the clock of a refused token', () => {
  it.each([
    ['a clock that has the hour of another zone', [25_200, 25_200], 25_200],
    ['an answer that came late: the middle', [40, 50], 45],
    ['a clock behind', [-90, -90], -90],
    ['clocks that agree, and a call that was long on its way', [-65, 3], 0],
    ['whole seconds, which differ by what is cut off', [1, 1], 0],
  ])('%s', (_name, [signed = 0, heard = 0], ahead) => {
    const found = clockFound(SERVER, { signedAt: SERVER + signed, heardAt: SERVER + heard });
    expect(found.ahead).toBe(ahead);
    for (const words of Object.values(found.words))
      expect(words.match(/\d+/g) ?? []).toEqual(ahead === 0 ? [] : [String(Math.abs(ahead))]);
  });

  it('agrees only where the gateway may have looked at its own while the call was under way', () => {
    const found = (serverTime: number) => clockFound(serverTime, { signedAt: SERVER, heardAt: SERVER + 4 }).ahead;
    expect([found(SERVER - 1), found(SERVER + 5)]).toEqual([0, 0]);
    expect([found(SERVER - 2), found(SERVER + 6)]).toEqual([4, -4]);
  });
});
