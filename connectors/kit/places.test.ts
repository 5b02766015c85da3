import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPlaces } from './places.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const BEFORE = { heard: 0 };

/** Who has got a place, in order. */
function crowd(places: ReturnType<typeof createPlaces>, names: readonly string[], signal?: AbortSignal) {
  const got: string[] = [];
  const left: string[] = [];
  const vain: string[] = [];
  for (const name of names)
    places.take(signal).then(
      (place) => (place === undefined ? vain : got).push(name),
      ({ reason }) => left.push(reason),
    );
  return { got, left, vain };
}
const turn = () => vi.advanceTimersByTimeAsync(0);

it('as many are under way as there are places, the others in the order in which they came', async () => {
  const places = createPlaces({ most: 2 });
  const { got } = crowd(places, ['a', 'b', 'c', 'd']);
  await turn();
  expect(got).toEqual(['a', 'b']);
  places.leave(BEFORE, 'answered');
  places.leave(BEFORE, 'answered');
  await turn();
  expect(got).toEqual(['a', 'b', 'c', 'd']);
});

it('the place of a call that was refused for a limit is free after a while', async () => {
  const places = createPlaces({ most: 1, limitedMs: 2_000 });
  const { got } = crowd(places, ['a', 'b']);
  await turn();
  places.leave(BEFORE, 'limited');
  await vi.advanceTimersByTimeAsync(1_999);
  expect(got).toEqual(['a']);
  await vi.advanceTimersByTimeAsync(1);
  expect(got).toEqual(['a', 'b']);
});

it('who waits can give up, and takes no place from the others', async () => {
  const places = createPlaces({ most: 1 });
  await places.take(undefined);
  const abort = new AbortController();
  const { left } = crowd(places, ['a', 'b'], abort.signal);
  const { got } = crowd(places, ['c']);
  abort.abort();
  places.leave(BEFORE, 'answered');
  await turn();
  expect([left, got]).toEqual([['INTERRUPTED', 'INTERRUPTED'], ['c']]);
  expect(await places.take(abort.signal).catch(({ reason }) => reason)).toBe('INTERRUPTED');
});

it('nobody waits any more where the client is closed', async () => {
  const places = createPlaces({ most: 1 });
  await places.take(undefined);
  const { got } = crowd(places, ['a', 'b']);
  places.close();
  await turn();
  expect(got).toEqual(['a', 'b']);
});

it('nobody waits for one silence after another, and everybody does for one slow call beside others that are answered', async () => {
  const places = createPlaces({ most: 2 });
  const [slow, prompt] = [await places.take(undefined), await places.take(undefined)];
  if (slow === undefined || prompt === undefined) throw new Error('no place');
  const { got, vain } = crowd(places, ['a', 'b', 'c']);
  places.leave(prompt, 'answered');
  places.leave(slow, 'silence');
  await turn();
  expect([got, vain]).toEqual([['a', 'b'], []]);
  places.leave({ heard: 1 }, 'silence');
  await turn();
  expect([got, vain]).toEqual([['a', 'b'], ['c']]);
  expect(await places.take(undefined)).toEqual({ heard: 1 });
});
