import { TAG_BYTES } from './asked-tags.ts';
import { createBits } from './bits.ts';

/**
 * Which record of earlier results a tag belongs to: typed arrays of a size known beforehand, no object a row. Of a tag
 * twelve bytes are kept, 5.6 bytes of slots and a bit, 17.7 bytes a row; with where each record begins (`RecordPlaces`, 5 bytes)
 * 22.7: 20 million rows are 455 MB.
 */
export type CarryIndex = {
  /** The first record of a tag that may be carried stays: rows that are the same in everything have the same answer. */
  add(tags: Uint8Array, at: number, record: number): void;
  /** The record where it may be carried, or −1; its tag was looked for from then on. */
  find(tags: Uint8Array, at: number): number;
  readonly size: number;
  /** Tags that nobody has looked for. */
  readonly unsought: number;
};

const WORDS = 3;
const SLOTS_A_ROW = 1.4;

/**
 * @param records how many there are at most
 * @param mayCarry which of them; the others are known, so that it can be told which are gone
 */
export function createCarryIndex(records: number, mayCarry: (record: number) => boolean = () => true): CarryIndex {
  const slots = new Uint32Array(Math.ceil(records * SLOTS_A_ROW) + 1);
  const tags = new Uint32Array(WORDS * records);
  const sought = createBits(records);
  const capacity = slots.length;
  let [size, found] = [0, 0];

  /** The slot that has this tag, or the free one where it would stand. */
  function slotOf(a: number, b: number, c: number): number {
    // Tags are evenly spread: the first word's share of all its values is the slot's share of all slots.
    let slot = Math.floor((a / 0x1_0000_0000) * capacity);
    for (;;) {
      const record = slots[slot] as number;
      if (record === 0) return slot;
      const own = WORDS * (record - 1);
      if (tags[own] === a && tags[own + 1] === b && tags[own + 2] === c) return slot;
      slot = slot + 1 === capacity ? 0 : slot + 1;
    }
  }

  return {
    get size() {
      return size;
    },
    get unsought() {
      return size - found;
    },
    add(bytes, at, record) {
      const [a, b, c] = [wordAt(bytes, at), wordAt(bytes, at + 4), wordAt(bytes, at + 8)];
      const slot = slotOf(a, b, c);
      const first = (slots[slot] as number) - 1;
      if (first >= 0 && (mayCarry(first) || !mayCarry(record))) return;
      slots[slot] = record + 1;
      const own = WORDS * record;
      tags[own] = a;
      tags[own + 1] = b;
      tags[own + 2] = c;
      if (first < 0) size++;
    },
    find(bytes, at) {
      const record = (slots[slotOf(wordAt(bytes, at), wordAt(bytes, at + 4), wordAt(bytes, at + 8))] as number) - 1;
      if (record < 0) return -1;
      if (!sought.has(record)) {
        sought.set(record);
        found++;
      }
      return mayCarry(record) ? record : -1;
    },
  };
}

/** Where the tag of row i of a batch begins. */
export const tagAt = (i: number): number => TAG_BYTES * i;

function wordAt(bytes: Uint8Array, at: number): number {
  const [a, b, c, d] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]] as [number, number, number, number];
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}

/** Where each record of a file begins, 5 bytes a record: files of up to 1 TiB. */
export type RecordPlaces = {
  readonly count: number;
  add(at: number): void;
  /** Begin of a record; of the one behind the last, where the file ends. */
  of(record: number): number;
};

const LEAST_PLACES = 1 << 12;

export function createRecordPlaces(): RecordPlaces & { end(at: number): void } {
  let low = new Uint32Array(LEAST_PLACES);
  let high = new Uint8Array(LEAST_PLACES);
  let count = 0;
  function put(record: number, at: number): void {
    if (record === low.length) {
      const room = Math.ceil(record * 1.5);
      [low, high] = [grown(new Uint32Array(room), low), grown(new Uint8Array(room), high)];
    }
    low[record] = at % 0x1_0000_0000;
    high[record] = Math.floor(at / 0x1_0000_0000);
  }
  return {
    get count() {
      return count;
    },
    add: (at) => put(count++, at),
    end: (at) => put(count, at),
    of: (record) => (high[record] as number) * 0x1_0000_0000 + (low[record] as number),
  };
}

function grown<T extends { set(from: T): void }>(to: T, from: T): T {
  to.set(from);
  return to;
}
