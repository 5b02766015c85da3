import { expect, it } from 'vitest';
import type { TakenBack } from '../exchange/flights.ts';
import { createSettling } from './settling.ts';

/** Each settles when it is told to. */
function open() {
  const said: number[] = [];
  const asked: { taken: TakenBack; through: () => void; fail: (error: Error) => void }[] = [];
  const settling = createSettling({
    settleAll: (taken) => new Promise((through, fail) => asked.push({ taken, through, fail })),
    say: async (revision) => {
      said.push(revision);
    },
  });
  return { settling, said, asked };
}

it('what was taken back later is looked for at once, and said when all before it is through', async () => {
  const { settling, said, asked } = open();
  const slow = settling.settleTo(5, [1]);
  const quick = settling.settleTo(7, [2]);
  expect(asked.map(({ taken }) => taken)).toEqual([[1], [2]]);
  asked[1]?.through();
  await quick;
  expect(said).toEqual([]);
  asked[0]?.through();
  await slow;
  expect(said).toEqual([7]);
});

it('what failed is not said by what settled after it, and is looked at again from there', async () => {
  const { settling, said, asked } = open();
  const failing = settling.settleTo(5, [1]);
  const later = settling.settleTo(7, [2]);
  expect(settling.seen).toBe(7);
  asked[0]?.fail(new Error('no thread'));
  await expect(failing).rejects.toThrow('no thread');
  expect(settling.seen).toBe(0);
  asked[1]?.through();
  await later;
  expect(said).toEqual([]);

  const again = settling.settleTo(7, undefined);
  asked[2]?.through();
  await again;
  expect(said).toEqual([7]);
});

it('what could not be said must still be', async () => {
  let reachable = false;
  const said: number[] = [];
  const settling = createSettling({
    settleAll: async () => undefined,
    say: async (revision) => {
      if (!reachable) throw new Error('no database');
      said.push(revision);
    },
  });
  await expect(settling.settleTo(5, [1])).rejects.toThrow('no database');
  expect(settling.seen).toBe(0);
  reachable = true;
  await settling.settleTo(5, [1]);
  expect(said).toEqual([5]);
});
