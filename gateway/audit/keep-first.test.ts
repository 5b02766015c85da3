import { expect, test } from 'vitest';
import { createKeepFirst, HeadNotKept } from './keep-first.ts';

/** Heads whose keeping ends when it is told to. */
function slowHeads() {
  const ends: ((error?: Error) => void)[] = [];
  const keep = () =>
    new Promise<void>((resolve, reject) => {
      ends.push((error) => (error === undefined ? resolve() : reject(error)));
    });
  return { ends, keep };
}
const turns = () => new Promise((done) => setImmediate(done));

test('whoever asks while a head is kept waits for the next, which they share', async () => {
  const { ends, keep } = slowHeads();
  const keepFirst = createKeepFirst(keep);
  const told: string[] = [];
  const ask = (name: string) => keepFirst().then(() => told.push(name));
  const first = ask('first');
  await turns();
  const others = [ask('second'), ask('third')];
  await turns();
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await first;
  await turns();
  expect([told, ends.length]).toEqual([['first'], 2]);
  ends[1]?.();
  await Promise.all(others);
  expect(told).toEqual(['first', 'second', 'third']);
});

test('a head that cannot be kept is a failure to those only who waited for it', async () => {
  const { ends, keep } = slowHeads();
  const keepFirst = createKeepFirst(keep);
  const failing = expect(keepFirst()).rejects.toThrow('no space');
  await turns();
  ends[0]?.(new Error('no space'));
  await failing;
  const after = keepFirst();
  await turns();
  ends[1]?.();
  await after;
});

test('a disk that hangs is not waited for for ever, and gathers no further keeping', async () => {
  const { ends, keep } = slowHeads();
  const keepFirst = createKeepFirst(keep, 1);
  for (let n = 0; n < 3; n++) await expect(keepFirst()).rejects.toBeInstanceOf(HeadNotKept);
  expect(ends).toHaveLength(1);
});
