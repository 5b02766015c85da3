import { expect, test } from 'vitest';
import type { LogTrouble } from '../exchange/log-port.ts';
import { type GatewayState, gatewayState, tellHealth } from './tell-health.ts';

test.each<[GatewayState, LogTrouble | undefined, boolean]>([
  ['serving', undefined, false],
  ['cut_off', 'unconfirmed', false],
  ['draining', undefined, true],
  ['draining', 'unconfirmed', true],
  ['broken', 'unkept', false],
  ['broken', 'another', true],
  ['fenced', 'fenced', true],
])('a gateway is %s with the trouble %s, draining: %s', (state, trouble, draining) => {
  const watch = { trouble: () => trouble };
  expect(gatewayState({ watch, draining: () => draining })).toBe(state);
});

test('health is told at once and whenever it changes, and no more once it is stopped', async () => {
  let state: GatewayState = 'broken';
  const said: unknown[] = [];
  const note = (fields: object) => void said.push(fields);
  const health = tellHealth({
    state: () => state,
    tell: (serving) => said.push(serving),
    log: { info: note, warn: note },
    everyMs: 5,
  });
  expect(said).toEqual([false, { state: 'broken' }]);
  state = 'cut_off';
  await expect.poll(() => said.slice(2)).toEqual([false, { state: 'cut_off' }]);
  state = 'serving';
  await expect.poll(() => said.slice(4)).toEqual([true, { state: 'serving' }]);
  health.stop();
  state = 'cut_off';
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(said).toHaveLength(6);
});
