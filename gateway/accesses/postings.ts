/**
 * A posting: one leaf of one entry, 20 bytes: tag of the person (9) ‖ position of the entry in the log, u40 BE ‖ number of the
 * leaf, u24 BE ‖ id of its body, u24 BE. Runs of postings are cut into blocks by the first bits of the tag; inside of a block
 * there is no order, because a block is read whole.
 */
import { TAG_BYTES, TAG_STRIDE } from './person-tags.ts';

export const POSTING_BYTES = 20;
const WORDS = POSTING_BYTES / 4;
/** A block of so many fits a page of the database beside others, and nothing of it is moved out of line. */
const MOST_A_BLOCK = 64;
const MOST_BITS = 30;
const MOST_24 = 0xff_ffff;
const MOST_40 = 2 ** 40 - 1;

export interface Posting {
  readonly position: number;
  readonly leaf: number;
  readonly body: number;
}

/** Postings one after another in memory that doubles. */
export function createPostings(expected = 1024) {
  let bytes = new Uint8Array(Math.max(1, expected) * POSTING_BYTES);
  let end = 0;

  return {
    get count(): number {
      return end / POSTING_BYTES;
    },
    /** `tags` as `personTags` gives them; the posting is of the person at `at`. @throws {RangeError} beyond what a posting holds */
    add(tags: Uint8Array, at: number, { position, leaf, body }: Posting): void {
      if (position > MOST_40 || leaf > MOST_24 || body > MOST_24) throw new RangeError('a posting has no room for it');
      if (end + POSTING_BYTES > bytes.length) bytes = doubled(bytes);
      const from = at * TAG_STRIDE;
      for (let i = 0; i < TAG_BYTES; i++) bytes[end++] = tags[from + i] ?? 0;
      bytes[end++] = position / 0x1_0000_0000;
      bytes[end++] = position >>> 24;
      bytes[end++] = position >>> 16;
      bytes[end++] = position >>> 8;
      bytes[end++] = position;
      bytes[end++] = leaf >>> 16;
      bytes[end++] = leaf >>> 8;
      bytes[end++] = leaf;
      bytes[end++] = body >>> 16;
      bytes[end++] = body >>> 8;
      bytes[end++] = body;
    },
    /** Takes postings over as they are. */
    addPacked(packed: Uint8Array): void {
      while (end + packed.length > bytes.length) bytes = doubled(bytes);
      bytes.set(packed, end);
      end += packed.length;
    },
    /** All of them; the memory is this object's own. */
    packed: () => bytes.subarray(0, end),
  };
}

function doubled(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(bytes.length * 2);
  more.set(bytes);
  return more;
}

/** Bits of the tag that a run of so many postings is cut by. */
export function bitsFor(count: number): number {
  return Math.min(MOST_BITS, Math.max(0, Math.ceil(Math.log2(count / MOST_A_BLOCK))));
}

/** Block of a run that a tag falls into. */
export function blockOf(tags: Uint8Array, at: number, bits: number): number {
  const head =
    (((tags[at] ?? 0) << 24) | ((tags[at + 1] ?? 0) << 16) | ((tags[at + 2] ?? 0) << 8) | (tags[at + 3] ?? 0)) >>> 0;
  return bits === 0 ? 0 : head >>> (32 - bits);
}

/**
 * Cuts postings into blocks, by counting and no comparing: tags lie evenly. `first` is the run's number of the first block,
 * `count` how many there are; blocks without a posting are left out.
 */
export function cutIntoBlocks(
  packed: Uint8Array,
  bits: number,
  { first = 0, count = 2 ** bits }: { readonly first?: number; readonly count?: number } = {},
): { readonly block: number; readonly postings: Uint8Array }[] {
  const total = packed.length / POSTING_BYTES;
  const of = new Uint32Array(total);
  const ends = new Uint32Array(count + 1);
  for (let i = 0; i < total; i++) {
    const at = blockOf(packed, i * POSTING_BYTES, bits) - first;
    of[i] = at;
    ends[at + 1] = (ends[at + 1] ?? 0) + 1;
  }
  for (let i = 0; i < count; i++) ends[i + 1] = (ends[i + 1] ?? 0) + (ends[i] ?? 0);
  const starts = ends.slice();
  // Five words a posting move faster than twenty bytes.
  const from = words(packed);
  const sorted = new Uint32Array(total * WORDS);
  for (let i = 0; i < total; i++) {
    const at = of[i] ?? 0;
    const place = starts[at] ?? 0;
    starts[at] = place + 1;
    for (let w = 0; w < WORDS; w++) sorted[place * WORDS + w] = from[i * WORDS + w] ?? 0;
  }
  const bytes = new Uint8Array(sorted.buffer);
  const blocks: { block: number; postings: Uint8Array }[] = [];
  for (let i = 0; i < count; i++) {
    const begin = ends[i] ?? 0;
    const end = ends[i + 1] ?? 0;
    if (begin === end) continue;
    blocks.push({ block: first + i, postings: bytes.subarray(begin * POSTING_BYTES, end * POSTING_BYTES) });
  }
  return blocks;
}

function words(packed: Uint8Array): Uint32Array {
  const aligned = packed.byteOffset % 4 === 0 ? packed : packed.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

/** The postings of one person in a block. */
export function postingsOf(block: Uint8Array, tag: Uint8Array): Posting[] {
  const found: Posting[] = [];
  for (let at = 0; at < block.length; at += POSTING_BYTES) {
    if (!hasTag(block, at, tag)) continue;
    const view = new DataView(block.buffer, block.byteOffset + at, POSTING_BYTES);
    found.push({
      position: view.getUint8(9) * 0x1_0000_0000 + view.getUint32(10),
      leaf: (view.getUint16(14) << 8) | view.getUint8(16),
      body: (view.getUint16(17) << 8) | view.getUint8(19),
    });
  }
  return found;
}

/** The block without the postings of one person; the same block where there are none. */
export function withoutPerson(block: Uint8Array, tag: Uint8Array): Uint8Array {
  const kept = createPostings(block.length / POSTING_BYTES);
  for (let at = 0; at < block.length; at += POSTING_BYTES) {
    if (!hasTag(block, at, tag)) kept.addPacked(block.subarray(at, at + POSTING_BYTES));
  }
  return kept.count * POSTING_BYTES === block.length ? block : kept.packed();
}

function hasTag(block: Uint8Array, at: number, tag: Uint8Array): boolean {
  for (let i = 0; i < TAG_BYTES; i++) if (block[at + i] !== tag[i]) return false;
  return true;
}
