import { createCipheriv } from 'node:crypto';
import { copyBytes, viewOf } from '../../gateway/proof/copy-bytes.ts';
import type { PackedTexts } from '../../gateway/proof/packed-texts.ts';
import { CELL_COUNTS, type CsvBatch } from './csv-read.ts';

/**
 * 16 bytes for what was asked of a row (row_id, msisdn, and the three values as they are sent): two rows have the same
 * where all five are the same, and without the key nobody can tell what stood there, nor try out guesses.
 *
 * AES-256 in CBC-MAC, over messages none of which begins another: the first block holds the lengths of all that follows.
 * So it is a pseudorandom function (Petrank and Rackoff, "CBC MAC for real-time data sources", 2000); with 2^25 rows two
 * different ones share a tag with a chance below 2^-60. HMAC-SHA-256 takes six times as long a row: names make messages of
 * two blocks. A whole batch is enciphered block by block, all rows in one call, so no call is made a row.
 */
export type AskedTags = (batch: CsvBatch) => Uint8Array;

export const TAG_BYTES = 16;
const WORDS = 4;
const BLOCK = 16;
const ALL_CELLS = 5;
/** Of a record with too many cells nothing is sent but that it is there. */
const ECHOED_CELLS = 2;

/**
 * @param key 32 bytes
 * @returns what gives the tags of a batch whose cells stand in the order of `CHUNK_CELLS`; they stand until the next call
 */
export function createAskedTags(key: Uint8Array): AskedTags {
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  let room = Buffer.alloc(1 << 16);
  let state = new Uint32Array();
  let blocks = new Uint32Array();
  let rows = new Uint32Array();

  return (batch) => {
    const { count } = batch;
    const starts = new Uint32Array(count + 1);
    write(batch, starts);
    if (state.length < WORDS * count) {
      state = new Uint32Array(WORDS * count);
      blocks = new Uint32Array(WORDS * count);
      rows = new Uint32Array(count);
    }
    state.fill(0, 0, WORDS * count);
    encipher(new Uint32Array(room.buffer, room.byteOffset, (starts[count] as number) / 4), starts, count);
    return new Uint8Array(state.buffer, 0, TAG_BYTES * count);
  };

  /** The messages one behind the other, whole blocks each: lengths, then the cells, then zeros. */
  function write({ count, texts, cellCounts }: CsvBatch, starts: Uint32Array): void {
    let end = 0;
    let view = viewOf(room);
    for (let i = 0; i < count; i++) {
      const misshapen = cellCounts[i] === CELL_COUNTS.TOO_MANY;
      const cells = misshapen ? ECHOED_CELLS : texts.length;
      let length = 0;
      for (let k = 0; k < cells; k++) length += lengthOf(texts[k], i);
      const next = end + BLOCK + ((length + BLOCK - 1) & -BLOCK);
      if (next > room.length) {
        room = Buffer.concat([room], next * 2);
        view = viewOf(room);
      }
      for (let at = next - BLOCK; at < next; at += 4) view.setUint32(at, 0);
      view.setUint8(end, misshapen ? 1 : 0);
      let at = end + BLOCK;
      for (let k = 0; k < ALL_CELLS; k++) {
        const text = texts[k];
        const bytes = k < cells ? lengthOf(text, i) : 0;
        // A cell is shorter than 2^24: a line has at most 2^20 bytes, a record with line breaks twice that.
        view.setUint16(end + 1 + 3 * k, bytes & 0xffff);
        view.setUint8(end + 3 + 3 * k, bytes >>> 16);
        if (text === undefined || bytes === 0) continue;
        const from = text.spans[2 * i] as number;
        at = copyBytes(view, at, text.view, from, from + bytes);
      }
      starts[i] = end;
      end = next;
    }
    starts[count] = end;
  }

  /** Block after block, all rows that have one: each is mixed with what its row has come to, and enciphered. */
  function encipher(words: Uint32Array, starts: Uint32Array, count: number): void {
    for (let i = 0; i < count; i++) rows[i] = i;
    for (let [block, active] = [0, count]; active > 0; block++) {
      for (let k = 0; k < active; k++) {
        const row = rows[k] as number;
        const from = (starts[row] as number) / 4 + WORDS * block;
        const to = WORDS * k;
        const own = WORDS * row;
        blocks[to] = (state[own] as number) ^ (words[from] as number);
        blocks[to + 1] = (state[own + 1] as number) ^ (words[from + 1] as number);
        blocks[to + 2] = (state[own + 2] as number) ^ (words[from + 2] as number);
        blocks[to + 3] = (state[own + 3] as number) ^ (words[from + 3] as number);
      }
      const mixed = wordsOf(cipher.update(new Uint8Array(blocks.buffer, 0, BLOCK * active)));
      let left = 0;
      for (let k = 0; k < active; k++) {
        const row = rows[k] as number;
        const from = WORDS * k;
        const own = WORDS * row;
        state[own] = mixed[from] as number;
        state[own + 1] = mixed[from + 1] as number;
        state[own + 2] = mixed[from + 2] as number;
        state[own + 3] = mixed[from + 3] as number;
        if ((starts[row] as number) + BLOCK * (block + 1) < (starts[row + 1] as number)) rows[left++] = row;
      }
      active = left;
    }
  }
}

/** The same memory as words; a copy where it does not begin at one. */
function wordsOf(bytes: Buffer): Uint32Array {
  const own = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return new Uint32Array(own.buffer, own.byteOffset, own.length / 4);
}

function lengthOf(text: PackedTexts | undefined, i: number): number {
  return text === undefined ? 0 : (text.spans[2 * i + 1] as number) - (text.spans[2 * i] as number);
}
