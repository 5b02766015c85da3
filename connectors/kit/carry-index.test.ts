import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createCarryIndex, createRecordPlaces } from './carry-index.ts';

const tag = (text: string): Uint8Array => createHash('sha256').update(text).digest().subarray(0, 16);

describe('an index of tags', () => {
  it('finds every record that was put in, and none that was not, when it is as full as it gets', () => {
    const many = 20_000;
    const index = createCarryIndex(many);
    for (let i = 0; i < many; i++) index.add(tag(`in ${i}`), 0, i);
    expect(index.size).toBe(many);
    for (let i = 0; i < many; i++) {
      if (index.find(tag(`in ${i}`), 0) !== i) throw new Error(`record ${i} is not found`);
      if (index.find(tag(`out ${i}`), 0) !== -1) throw new Error(`${i} is found and was never put in`);
    }
  });

  it('holds tags that all want one place, the last of all, and the first record of each', () => {
    const index = createCarryIndex(50);
    const crowded = (i: number): Uint8Array => Uint8Array.from([255, 255, 255, 255, i, 0, 0, 0, 0, 0, 0, 0]);
    for (let i = 0; i < 50; i++) index.add(crowded(i), 0, i);
    index.add(crowded(7), 0, 49);
    expect(Array.from({ length: 51 }, (_, i) => index.find(crowded(i), 0))).toEqual([
      ...Array.from({ length: 50 }, (_, i) => i),
      -1,
    ]);
  });

  it('knows records that may not be carried, and counts the tags that nobody looked for', () => {
    const index = createCarryIndex(5, (record) => record > 1);
    ['a', 'b', 'b', 'c', 'c'].forEach((text, i) => void index.add(tag(text), 0, i));
    expect([index.size, index.unsought]).toEqual([3, 3]);
    // The first of them that may be carried.
    expect(['a', 'b', 'b', 'x'].map((text) => index.find(tag(text), 0))).toEqual([-1, 2, 2, -1]);
    expect(index.unsought).toBe(1);
    expect([index.find(tag('c'), 0), index.unsought]).toEqual([3, 0]);
  });

  it('of no records finds nothing', () => {
    expect(createCarryIndex(0).find(tag(''), 0)).toBe(-1);
  });
});

describe('places of records', () => {
  it('reach beyond four gigabytes, and to where the file ends', () => {
    const places = createRecordPlaces();
    const at = (i: number): number => 5_000_000_000 + 131 * i;
    for (let i = 0; i < 10_000; i++) places.add(at(i));
    places.end(at(10_000));
    expect([places.count, places.of(0), places.of(9_999), places.of(10_000)]).toEqual([
      10_000,
      at(0),
      at(9_999),
      at(10_000),
    ]);
  });
});
