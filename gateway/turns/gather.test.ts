import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGathering } from './gather.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('what came in one turn', () => {
  it('is done step by step, in order, and not call by call', async () => {
    const gather = createGathering();
    const done: string[] = [];
    async function call(name: string): Promise<void> {
      await gather();
      done.push(`${name}1`);
      await undefined;
      done.push(`${name}2`);
      await undefined;
      done.push(`${name}3`);
    }
    await Promise.all(['a', 'b', 'c'].map(call));
    expect(done).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2', 'a3', 'b3', 'c3']);
  });

  it('goes on in slices, at least half of it at once, each of which has done all that it can before the next begins', async () => {
    const gather = createGathering(2);
    const done: number[][] = [];
    let slice: number[] = [];
    async function call(number: number): Promise<void> {
      await gather();
      slice.push(number);
    }
    const calls = Promise.all([0, 1, 2, 3, 4, 5, 6, 7, 8].map(call));
    for (let i = 0; i < 6; i++) {
      await turn();
      done.push(slice);
      slice = [];
    }
    await calls;
    expect(done.filter(({ length }) => length > 0)).toEqual([
      [0, 1, 2, 3, 4],
      [5, 6],
      [7, 8],
    ]);
  });

  it('loses nobody and overtakes nobody, whenever they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(7), { maxLength: 12 }), fc.integer({ min: 1, max: 5 }), async (turns, least) => {
        const gather = createGathering(least);
        const done: number[] = [];
        const calls: Promise<void>[] = [];
        for (const came of turns) {
          for (let i = 0; i < came; i++) {
            const number = calls.length;
            calls.push(gather().then(() => void done.push(number)));
          }
          await turn();
        }
        await Promise.all(calls);
        expect(done).toEqual(calls.map((_, number) => number));
      }),
    );
  });
});
