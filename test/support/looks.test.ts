import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { withinLooks } from './looks.ts';

test('it looks no further once it holds, and forty times at most, with the last reason told', async () => {
  let looks = 0;
  const from = (n: number) => async () => {
    looks += 1;
    if (looks < n) throw new Error(`look ${looks}`);
  };
  await withinLooks(from(3));
  expect(looks).toBe(3);
  looks = 0;
  await withinLooks(from(40));
  looks = 0;
  await expect(withinLooks(from(41))).rejects.toThrow('look 40');
  expect(looks).toBe(40);
});

test('a look is over before the next one begins', async () => {
  let [looking, looks] = [0, 0];
  await withinLooks(async () => {
    looking += 1;
    expect(looking).toBe(1);
    await sleep(120);
    looking -= 1;
    looks += 1;
    if (looks < 3) throw new Error('not yet');
  });
  expect(looks).toBe(3);
});
