import { copyBytes, viewOf } from '../../gateway/proof/copy-bytes.ts';
import type { PackedTexts } from '../../gateway/proof/packed-texts.ts';

/**
 * A chunk as protobuf bytes, written by hand: the same bytes as protobuf-es makes of the same message (a test compares
 * them), at a third of the time, because a file has millions of rows and the client's time is part of the user's wait.
 */

/** Rows that are sent as their texts; all members have an entry a row. */
export type TextRowsToSend = {
  readonly indexes: Uint32Array;
  readonly idNumbers: PackedTexts;
  readonly fullNames: PackedTexts;
  readonly birthDates: PackedTexts;
};

export type ChunkToSend = {
  readonly num: number;
  readonly ackedThrough: number;
  /** Slim rows, one entry each in the three lists. Numbers below 2^53. */
  readonly ids: Float64Array;
  readonly names: PackedTexts;
  readonly dates: Uint32Array;
  readonly rowRefs: Uint8Array;
  readonly textRows: TextRowsToSend;
  readonly blind: Uint8Array;
};

/** Field numbers of Chunk, TextRow and of the `chunk` in ChunkStreamRequest, with their wire types. */
const TAG = {
  chunk: (2 << 3) | 2,
  num: 1 << 3,
  ackedThrough: 2 << 3,
  ids: (3 << 3) | 2,
  names: (4 << 3) | 2,
  dates: (5 << 3) | 2,
  rowRefs: (6 << 3) | 2,
  textRows: (7 << 3) | 2,
  blind: (8 << 3) | 2,
  index: 1 << 3,
  idNumber: (2 << 3) | 2,
  fullName: (3 << 3) | 2,
  birthDate: (4 << 3) | 2,
} as const;

const LONGEST_VARINT = 5;
const HEADER_ROOM = 1 + LONGEST_VARINT;

/** A serialised ChunkStreamRequest that holds this chunk. Texts must be UTF-8. */
export function encodeChunk(chunk: ChunkToSend): Uint8Array {
  const { ids, names, dates, rowRefs, textRows, blind } = chunk;
  const payload = Buffer.allocUnsafeSlow(roomFor(chunk));
  const out = viewOf(payload);
  let at = HEADER_ROOM;
  if (chunk.num !== 0) at = varint(out, tag(out, at, TAG.num), chunk.num);
  if (chunk.ackedThrough !== 0) at = varint(out, tag(out, at, TAG.ackedThrough), chunk.ackedThrough);
  if (ids.length > 0) {
    at = varint(out, tag(out, at, TAG.ids), ids.length * 8);
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] as number;
      const high = Math.floor(id / 0x1_0000_0000);
      at = word(out, word(out, at, id - high * 0x1_0000_0000), high);
    }
  }
  for (let i = 0; i < names.spans.length; i += 2) {
    at = text(out, at, TAG.names, names.view, names.spans[i] as number, names.spans[i + 1] as number);
  }
  if (dates.length > 0) {
    at = varint(out, tag(out, at, TAG.dates), dates.length * 4);
    for (let i = 0; i < dates.length; i++) at = word(out, at, dates[i] as number);
  }
  if (rowRefs.length > 0) at = bytes(out, at, TAG.rowRefs, rowRefs);
  for (let i = 0; i < textRows.indexes.length; i++) at = textRow(out, at, textRows, i);
  if (blind.length > 0) at = bytes(out, at, TAG.blind, blind);
  // The length is known now: the envelope goes in front.
  const length = at - HEADER_ROOM;
  const start = HEADER_ROOM - 1 - varintLength(length);
  varint(out, tag(out, start, TAG.chunk), length);
  return payload.subarray(start, at);
}

function roomFor({ ids, names, rowRefs, textRows, blind }: ChunkToSend): number {
  const { indexes, idNumbers, fullNames, birthDates } = textRows;
  let room = HEADER_ROOM + 64 + ids.length * (12 + HEADER_ROOM) + rowRefs.length + blind.length;
  room += lengthOf(names) + indexes.length * 6 * HEADER_ROOM;
  return room + lengthOf(idNumbers) + lengthOf(fullNames) + lengthOf(birthDates);
}

function lengthOf({ spans }: PackedTexts): number {
  let length = 0;
  for (let i = 0; i < spans.length; i += 2) length += (spans[i + 1] as number) - (spans[i] as number);
  return length;
}

function textRow(
  out: DataView,
  start: number,
  { indexes, idNumbers, fullNames, birthDates }: TextRowsToSend,
  i: number,
): number {
  const index = indexes[i] as number;
  const length =
    (index === 0 ? 0 : 1 + varintLength(index)) +
    textLength(idNumbers, i) +
    textLength(fullNames, i) +
    textLength(birthDates, i);
  let at = varint(out, tag(out, start, TAG.textRows), length);
  if (index !== 0) at = varint(out, tag(out, at, TAG.index), index);
  at = textOfRow(out, at, TAG.idNumber, idNumbers, i);
  at = textOfRow(out, at, TAG.fullName, fullNames, i);
  return textOfRow(out, at, TAG.birthDate, birthDates, i);
}

/** Bytes of a text field, none where it is empty. */
function textLength({ spans }: PackedTexts, i: number): number {
  const length = (spans[2 * i + 1] as number) - (spans[2 * i] as number);
  return length === 0 ? 0 : 1 + varintLength(length) + length;
}

function textOfRow(out: DataView, at: number, field: number, { view, spans }: PackedTexts, i: number): number {
  const [from, to] = [spans[2 * i] as number, spans[2 * i + 1] as number];
  return from === to ? at : text(out, at, field, view, from, to);
}

function tag(out: DataView, at: number, value: number): number {
  out.setUint8(at, value);
  return at + 1;
}

function varint(out: DataView, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest > 0x7f) {
    out.setUint8(at++, (rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  out.setUint8(at++, rest);
  return at;
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value >>> 7; rest !== 0; rest >>>= 7) length++;
  return length;
}

/** 32 bits, little endian. */
function word(out: DataView, at: number, value: number): number {
  out.setUint32(at, value, true);
  return at + 4;
}

function bytes(out: DataView, start: number, field: number, value: Uint8Array): number {
  return copyBytes(out, varint(out, tag(out, start, field), value.length), viewOf(value), 0, value.length);
}

function text(out: DataView, start: number, field: number, source: DataView, from: number, to: number): number {
  return copyBytes(out, varint(out, tag(out, start, field), to - from), source, from, to);
}
