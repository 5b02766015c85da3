import { expect, test } from 'vitest';
import { createCounting } from '../telemetry/counting.ts';
import { NOTHING_HELD } from '../telemetry/edge-usage.ts';
import type { ThreadFigures } from '../telemetry/metrics.ts';
import { figuresOf, toldFigures } from './thread-figures.ts';

const METHOD = '/lienthong.person.v1.PersonService/GetPerson';

test('a thread that is late, or fails, is told as it last was, and one that has said nothing yet not at all', async () => {
  const { watcher, registry } = createCounting(() => false);
  const answer = async (): Promise<ThreadFigures> => {
    await watcher.call(
      { method: METHOD },
      async () => 1,
      () => ({ outcome: 'OK', requestId: undefined }),
    );
    const turnedAway = { ...NOTHING_HELD.turnedAway, BYTES: 7 };
    return {
      counted: structuredClone(await registry.getMetricsAsJSON()),
      usage: {
        ...{ callsInFlight: 1, chunksInFlight: 0, lookups: 0, matchingChunks: 0, pools: {} },
        edge: { ...NOTHING_HELD, turnedAway },
      },
    };
  };
  const asked = [answer, () => Promise.reject(new Error('it ended')), () => new Promise<never>(() => {})];
  const one = toldFigures(() => (asked.shift() ?? answer)(), 10);
  const silent = toldFigures(() => new Promise(() => {}), 10);
  const first = await figuresOf([one, silent]);
  expect(first).toHaveLength(1);
  expect(await figuresOf([one, silent])).toEqual(first);
  expect(await figuresOf([one, silent])).toEqual(first);
});
