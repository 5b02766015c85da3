/**
 * Units whose bound may be near, in memory that all threads of a gateway see: an open hash table of 64-bit words, the number of values
 * in the lowest byte in the place of the unit's own. Written by one thread. Whoever reads a word while it is written sees an entry
 * too few or too old: the append transaction finds that out.
 */
import { UNIT_BYTES } from './guard-units.ts';

const HEADER = 4;
const TAG_WORDS = 2048;
const START = HEADER + TAG_WORDS;
const LEAST = 256;
const COUNT_BITS = 0xff;

/** Tells of a table which units have how many values, 0 where one is not near; and whether a tag stands before any unit of a name and date. */
export function readNear(buffer: SharedArrayBuffer) {
  const words = new Uint32Array(buffer);
  const mask = (words[0] ?? LEAST) - 1;

  function countOf(high: number, low: number): number {
    const own = low & ~COUNT_BITS;
    for (let at = slotOf(high, own, mask); ; at = (at + 1) & mask) {
      const lowWord = words[START + at * 2 + 1] ?? 0;
      if (lowWord === 0) return 0;
      if ((lowWord & ~COUNT_BITS) === own && words[START + at * 2] === high) return lowWord & COUNT_BITS;
    }
  }

  return {
    hasTags: words[2] !== 0,
    hasTag: (tag: number): boolean => ((words[HEADER + (tag >>> 5)] ?? 0) & (1 << (tag & 31))) !== 0,
    countOf,
    /** A byte for each of many units, 1 where it has so many values; undefined where none has, as nearly always. */
    reached(units: Uint8Array, bound: number): Uint8Array | undefined {
      const view = new DataView(units.buffer, units.byteOffset, units.length);
      let found: Uint8Array | undefined;
      for (let at = 0; at < units.length; at += UNIT_BYTES) {
        if (countOf(view.getUint32(at), view.getUint32(at + 4)) < bound) continue;
        found ??= new Uint8Array(units.length / UNIT_BYTES);
        found[at / UNIT_BYTES] = 1;
      }
      return found;
    },
  };
}

function slotOf(high: number, own: number, mask: number): number {
  return (high ^ (own >>> 8)) & mask;
}

export interface NearEntry {
  readonly unit: bigint;
  readonly count: number;
  /** Whether it is of a name and date. */
  readonly tagged: boolean;
}

/** A table that grows: readers that hold the old memory are told by the append transaction what they miss. */
export function createNearTable() {
  let words: Uint32Array<SharedArrayBuffer> | undefined;

  function put(high: number, low: number, count: number, tagged: boolean): void {
    if (words === undefined || (words[1] ?? 0) * 2 >= (words[0] ?? 0)) grow();
    const table = words as unknown as Uint32Array;
    const mask = (table[0] ?? LEAST) - 1;
    // A unit whose own bits are all zero would read as an empty place.
    const own = low & ~COUNT_BITS;
    let at = slotOf(high, own, mask);
    for (; ; at = (at + 1) & mask) {
      const lowWord = table[START + at * 2 + 1] ?? 0;
      if (lowWord === 0) {
        table[1] = (table[1] ?? 0) + 1;
        break;
      }
      if ((lowWord & ~COUNT_BITS) === own && table[START + at * 2] === high) break;
    }
    table[START + at * 2] = high;
    table[START + at * 2 + 1] = own | Math.max(1, Math.min(count, COUNT_BITS));
    if (!tagged) return;
    const tag = high >>> 16;
    table[2] = 1;
    table[HEADER + (tag >>> 5)] = (table[HEADER + (tag >>> 5)] ?? 0) | (1 << (tag & 31));
  }

  function grow(): void {
    const before = words;
    const size = before === undefined ? LEAST : (before[0] ?? LEAST) * 2;
    words = new Uint32Array(new SharedArrayBuffer((START + size * 2) * 4));
    words[0] = size;
    if (before === undefined) return;
    words[2] = before[2] ?? 0;
    words.set(before.subarray(HEADER, START), HEADER);
    for (let at = START; at < before.length; at += 2) {
      const low = before[at + 1] ?? 0;
      if (low !== 0) put(before[at] ?? 0, low, low & COUNT_BITS, false);
    }
  }

  return {
    get buffer(): SharedArrayBuffer | undefined {
      return words?.buffer;
    },
    put({ unit, count, tagged }: NearEntry): void {
      const bits = BigInt.asUintN(64, unit);
      put(Number(bits >> 32n), Number(bits & 0xffff_ffffn), count, tagged);
    },
  };
}
