import { expect, test } from 'vitest';
import { createEnding, type EndingParts } from './ending.ts';

test('what calls still record is kept, the lease outlives the last answer, and the connections go last', async () => {
  const order: string[] = [];
  const part = (name: string) =>
    new Proxy({}, { get: (_, did) => async () => void order.push(`${name}.${String(did)}`) });
  const names = ['health', 'serving', 'others', 'barrier', 'matters', 'everyMinute', 'accesses', 'guarding', 'opened'];
  const parts = Object.fromEntries(
    [...names, 'telemetry', 'clock', 'matching', 'pools'].map((name) => [name, part(name)]),
  );
  const log = { info: (_: object, event: string) => void order.push(event) };
  await createEnding({ ...parts, log } as unknown as EndingParts)();
  const at = (did: string) => {
    expect(order).toContain(did);
    return order.indexOf(did);
  };
  for (const drained of ['serving.drain', 'others.drain']) expect(at(drained)).toBeLessThan(at('opened.close'));
  for (const answers of ['others.close', 'serving.close', 'opened.close'])
    expect(at(answers)).toBeLessThan(at('opened.leave'));
  expect(order.slice(0, 2)).toEqual(['health.stop', 'draining']);
  expect(order.slice(-2)).toEqual(['pools.end', 'stopped']);
});
