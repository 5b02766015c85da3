/**
 * A posting: one leaf of one entry, 20 bytes: tag of the person (9) ‖ position of the entry in the log, u40 BE ‖ number of the
 * leaf, u24 BE ‖ id of its body, u24 BE. Runs of postings are cut into blocks by the first bits of the tag; inside of a block
 * there is no order, because a block is read whole.
 */
import { TAG_BYTES, TAG_STRIDE } from './person-tags.ts';

export const POSTING_BYTES = 20;
const WORDS = POSTING_BYTES / 4;
/** Blocks of so many are 1.6 to 3.2 kB: sealing costs little a posting, a list reads little, and all of it stays in the row. */
const MOST_A_BLOCK = 160;
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
  let words = new Uint32Array(Math.max(1, expected) * WORDS);
  let end = 0;

  function room(more: number): void {
    while (end + more > words.length) {
      const doubled = new Uint32Array(words.length * 2);
      doubled.set(words);
      words = doubled;
    }
  }

  return {
    get count(): number {
      return end / WORDS;
    },
    /** `tags`: those of `personTags`, as words; the posting is of person `at`. @throws {RangeError} beyond what a posting holds */
    add(tags: Uint32Array, at: number, { position, leaf, body }: Posting): void {
      if (position > MOST_40 || leaf > MOST_24 || body > MOST_24) throw new RangeError('a posting has no room for it');
      room(WORDS);
      const tag = at * (TAG_STRIDE / 4);
      // Five words a posting are written faster than twenty bytes; the lowest byte of a word stands first, as everywhere we run.
      words[end] = tags[tag] ?? 0;
      words[end + 1] = tags[tag + 1] ?? 0;
      words[end + 2] =
        ((tags[tag + 2] ?? 0) & 0xff) |
        ((position / 0x1_0000_0000) << 8) |
        (((position >>> 24) & 0xff) << 16) |
        (((position >>> 16) & 0xff) << 24);
      words[end + 3] =
        ((position >>> 8) & 0xff) | ((position & 0xff) << 8) | ((leaf >>> 16) << 16) | (((leaf >>> 8) & 0xff) << 24);
      words[end + 4] = (leaf & 0xff) | ((body >>> 16) << 8) | (((body >>> 8) & 0xff) << 16) | ((body & 0xff) << 24);
      end += WORDS;
    },
    /** Takes postings over as they are. */
    addPacked(packed: Uint8Array): void {
      room(packed.length / 4);
      new Uint8Array(words.buffer).set(packed, end * 4);
      end += packed.length / 4;
    },
    /** All of them; the memory is this object's own. */
    packed: () => new Uint8Array(words.buffer, 0, end * 4),
    /** Begins anew in the same memory. */
    clear(): void {
      end = 0;
    },
  };
}

export type Postings = ReturnType<typeof createPostings>;

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
  const from = asWords(packed);
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

/** The same bytes as words; copied where they do not lie at a multiple of four. */
export function asWords(packed: Uint8Array): Uint32Array {
  const aligned = packed.byteOffset % 4 === 0 ? packed : packed.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

/** The postings of one person in a block. */
export function* postingsOf(block: Uint8Array, tag: Uint8Array): Generator<Posting> {
  for (let at = 0; at < block.length; at += POSTING_BYTES) {
    if (!hasTag(block, at, tag)) continue;
    const view = new DataView(block.buffer, block.byteOffset + at, POSTING_BYTES);
    yield {
      position: view.getUint8(9) * 0x1_0000_0000 + view.getUint32(10),
      leaf: (view.getUint16(14) << 8) | view.getUint8(16),
      body: (view.getUint16(17) << 8) | view.getUint8(19),
    };
  }
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
