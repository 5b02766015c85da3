import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AppendItem } from '../exchange/log-port.ts';
import { createAppendQueue, type Waiting } from './append-queue.ts';

const ROOM = { items: 10_000, bytes: 1e9 };
const LIMITS = { items: 256, bytes: 4 * 1024 * 1024 };

function itemOf(agency: string, size: number, options: { requestId?: string; legalEntity?: string } = {}): AppendItem {
  const { requestId, legalEntity } = options;
  return {
    agency,
    ...(legalEntity === undefined ? {} : { legalEntity }),
    entryId: randomBytes(16),
    salt: randomBytes(16),
    entry: Buffer.alloc(size),
    changeRevision: 0n,
    standsOn: [],
    ...(requestId === undefined ? {} : { request: { requestId, digest: Buffer.alloc(32) } }),
  };
}

function queueOf(items: readonly AppendItem[], most = ROOM) {
  const queue = createAppendQueue(most);
  const taken = items.map((item) =>
    queue.push(
      item,
      () => undefined,
      () => undefined,
    ),
  );
  return { queue, taken };
}

const itemsOf = (group: readonly Waiting[]) => group.map(({ item }) => item);

test("everything comes out once, each party's in order of arrival, no key twice in a group, within the limits", () => {
  const arrival = fc.record({
    agency: fc.constantFrom('a', 'b', 'c'),
    size: fc.constantFrom(10, 1000, 100_000),
    requestId: fc.option(fc.constantFrom('one', 'two', 'three'), { nil: undefined }),
  });
  const bounds = fc.record({ items: fc.integer({ min: 1, max: 12 }), bytes: fc.constantFrom(500, 50_000, 300_000) });
  fc.assert(
    fc.property(fc.array(arrival, { maxLength: 60 }), bounds, (arrivals, limits) => {
      const items = arrivals.map(({ agency, size, requestId }) =>
        itemOf(agency, size, requestId === undefined ? {} : { requestId }),
      );
      const { queue } = queueOf(items);
      const out: AppendItem[] = [];
      for (let group = queue.next(limits); group.length > 0; group = queue.next(limits)) {
        expect(group.length).toBeLessThanOrEqual(limits.items);
        const size = group.reduce((sum, { bytes }) => sum + bytes, 0);
        if (group.length > 1) expect(size).toBeLessThanOrEqual(limits.bytes);
        const keys = group.flatMap((one) => one.keys);
        expect(new Set(keys).size).toBe(keys.length);
        out.push(...itemsOf(group));
      }
      expect(queue.length).toBe(0);
      expect(new Set(out)).toEqual(new Set(items));
      expect(out.length).toBe(items.length);
      // What shares a key keeps its order; so does, of one party, all that shares none.
      for (const agency of ['a', 'b', 'c']) {
        for (const id of [undefined, 'one', 'two', 'three']) {
          const of = (list: readonly AppendItem[]) =>
            list.filter((item) => item.agency === agency && item.request?.requestId === id);
          expect(of(out)).toEqual(of(items));
        }
      }
    }),
  );
});

describe('fair', () => {
  const chunk = (legalEntity: string) => itemOf(`${legalEntity}-bulk`, 300_000, { legalEntity });

  test("a single call stands in the next group, however much of somebody else's job came before it", () => {
    const call = itemOf('clinic', 500);
    const { queue } = queueOf([...Array.from({ length: 200 }, () => chunk('telco')), call]);
    expect(itemsOf(queue.next(LIMITS))).toContain(call);
  });

  test('two jobs share a group by halves, whoever filled the queue', () => {
    const { queue } = queueOf([
      ...Array.from({ length: 60 }, () => chunk('first')),
      ...Array.from({ length: 60 }, () => chunk('second')),
    ]);
    const group = itemsOf(queue.next(LIMITS));
    const firsts = group.filter(({ legalEntity }) => legalEntity === 'first').length;
    expect(Math.abs(2 * firsts - group.length)).toBeLessThanOrEqual(1);
  });

  test('another name of the same legal entity is no further share', () => {
    const items = Array.from({ length: 40 }, (_, i) => itemOf(`branch-${i % 4}`, 300_000, { legalEntity: 'one' }));
    const other = Array.from({ length: 40 }, () => chunk('other'));
    const { queue } = queueOf([...items, ...other]);
    const group = itemsOf(queue.next(LIMITS));
    const others = group.filter(({ legalEntity }) => legalEntity === 'other').length;
    expect(Math.abs(2 * others - group.length)).toBeLessThanOrEqual(1);
  });
});

test('a full queue takes nothing more, but has room for what is small and must be on record', () => {
  const answer = { ...itemOf('a', 100), answer: Buffer.alloc(100) };
  const { queue, taken } = queueOf([answer, answer, answer], { items: 2, bytes: 1e6 });
  expect(taken).toEqual([true, true, false]);
  expect(
    queue.push(
      itemOf('a', 100),
      () => undefined,
      () => undefined,
    ),
  ).toBe(true);
});
