/**
 * A chunk's columns, read off the wire into arrays: the generated decoder makes a bigint, an object and a view of most values, which
 * costs more than everything else that is done with a row. What the contract does not know is skipped, as it does; a test
 * holds both against each other.
 */
import { isUtf8 } from 'node:buffer';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

export interface TextRowColumns {
  readonly index: number;
  readonly idNumber: string;
  readonly fullName: string;
  readonly dateOfBirth: string;
}

export interface ChunkColumns {
  readonly num: number;
  readonly ackedThrough: number;
  /** Beyond 2^53 inexact: far beyond every number that is one. */
  readonly ids: Float64Array;
  readonly names: readonly string[];
  readonly dates: Uint32Array;
  readonly rowRefs: Uint8Array;
  readonly textRows: readonly TextRowColumns[];
  readonly blind: Uint8Array;
}

/** Field numbers of Chunk and TextRow. */
const CHUNK = { num: 1, ackedThrough: 2, ids: 3, names: 4, dates: 5, rowRefs: 6, textRows: 7, blind: 8 } as const;
const TEXT = { index: 1, idNumber: 2, fullName: 3, dateOfBirth: 4 } as const;

class NotDecodable extends Error {}
class TooManyRows extends Error {}

/**
 * The columns of a serialised Chunk; `undecodable` where it is none, `too-many` where it holds more than `most` rows: found while
 * reading, because eight megabytes of empty rows would make four million objects.
 */
export function readChunkColumns(bytes: Uint8Array, most: number): ChunkColumns | 'undecodable' | 'too-many' {
  try {
    return read(bytes, new BinaryReader(bytes), most);
  } catch (error) {
    return error instanceof TooManyRows ? 'too-many' : 'undecodable';
  }
}

function read(bytes: Uint8Array, reader: BinaryReader, most: number): ChunkColumns {
  let [num, ackedThrough] = [0, 0];
  let ids: Float64Array = new Float64Array(0);
  let dates: Uint32Array = new Uint32Array(0);
  let [rowRefs, blind] = [new Uint8Array(0), new Uint8Array(0)];
  const names = createNames(bytes);
  const textRows: TextRowColumns[] = [];
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === CHUNK.names) {
      names.add(reader, wireType);
      if (names.count + textRows.length > most) throw new TooManyRows();
    } else if (field === CHUNK.textRows) {
      textRows.push(readTextRow(reader, wireType));
      if (names.count + textRows.length > most) throw new TooManyRows();
    } else if (field === CHUNK.ids)
      ids = append(ids, readFixed(bytes, reader, { wireType, width: 8, most }, Float64Array), most);
    else if (field === CHUNK.dates)
      dates = append(dates, readFixed(bytes, reader, { wireType, width: 4, most }, Uint32Array), most);
    else if (field === CHUNK.rowRefs) rowRefs = readBytes(reader, wireType);
    else if (field === CHUNK.blind) blind = readBytes(reader, wireType);
    else if (field === CHUNK.num) num = readNumber(reader, wireType);
    else if (field === CHUNK.ackedThrough) ackedThrough = readNumber(reader, wireType);
    else reader.skip(wireType, field);
  }
  must(reader.pos <= reader.len);
  return { num, ackedThrough, ids, names: names.finish(), dates, rowRefs, textRows, blind };
}

function must(condition: boolean): void {
  if (!condition) throw new NotDecodable();
}

function readNumber(reader: BinaryReader, wireType: WireType): number {
  must(wireType === WireType.Varint);
  return reader.uint32();
}

function readBytes(reader: BinaryReader, wireType: WireType): Uint8Array<ArrayBuffer> {
  must(wireType === WireType.LengthDelimited);
  return Uint8Array.from(reader.bytes());
}

/** Words of four or eight bytes: many packed, as they are sent, or one by itself. */
function readFixed<T extends Float64Array | Uint32Array>(
  bytes: Uint8Array,
  reader: BinaryReader,
  { wireType, width, most }: { readonly wireType: WireType; readonly width: 4 | 8; readonly most: number },
  into: new (length: number) => T,
): T {
  const packed = wireType === WireType.LengthDelimited;
  must(packed || wireType === (width === 8 ? WireType.Bit64 : WireType.Bit32));
  const length = packed ? reader.uint32() : width;
  must(length % width === 0);
  if (length / width > most) throw new TooManyRows();
  const { pos } = reader;
  reader.pos += length;
  must(reader.pos <= reader.len);
  const out = new into(length / width);
  for (let i = 0; i < out.length; i++) {
    const low = wordAt(bytes, pos + i * width);
    out[i] = width === 4 ? low : low + wordAt(bytes, pos + i * width + 4) * 0x1_0000_0000;
  }
  return out;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0
  );
}

function append<T extends Float64Array | Uint32Array>(before: T, next: T, most: number): T {
  if (before.length === 0) return next;
  if (before.length + next.length > most) throw new TooManyRows();
  const out = new (before.constructor as new (length: number) => T)(before.length + next.length);
  out.set(before);
  out.set(next, before.length);
  return out;
}

function readTextRow(reader: BinaryReader, wireType: WireType): TextRowColumns {
  must(wireType === WireType.LengthDelimited);
  const row = { index: 0, idNumber: '', fullName: '', dateOfBirth: '' };
  const length = reader.uint32();
  const end = reader.pos + length;
  must(end <= reader.len);
  while (reader.pos < end) {
    const [field, type] = reader.tag();
    if (field === TEXT.index) row.index = readNumber(reader, type);
    else if (field === TEXT.idNumber) row.idNumber = readText(reader, type);
    else if (field === TEXT.fullName) row.fullName = readText(reader, type);
    else if (field === TEXT.dateOfBirth) row.dateOfBirth = readText(reader, type);
    else reader.skip(type, field);
  }
  must(reader.pos === end);
  return row;
}

function readText(reader: BinaryReader, wireType: WireType): string {
  must(wireType === WireType.LengthDelimited);
  return reader.string(true);
}

/** Gathers names as bytes and makes text of all of them at once: a decoder's call for each costs more than its text. */
function createNames(source: Uint8Array) {
  const bytes = Buffer.allocUnsafe(source.length + 1);
  const starts: number[] = [];
  let end = 0;
  let holdsSeparator = false;
  return {
    get count(): number {
      return starts.length;
    },
    add(reader: BinaryReader, wireType: WireType): void {
      must(wireType === WireType.LengthDelimited);
      const length = reader.uint32();
      const from = reader.pos;
      reader.pos += length;
      must(reader.pos <= reader.len);
      starts.push(end);
      for (let at = from; at < reader.pos; at++) {
        const byte = source[at] ?? 0;
        if (byte === 0) holdsSeparator = true;
        bytes[end++] = byte;
      }
      // Takes the place of the name's length: there is always room.
      bytes[end++] = 0;
    },
    finish(): string[] {
      if (starts.length === 0) return [];
      must(isUtf8(bytes.subarray(0, end)));
      if (!holdsSeparator) return bytes.toString('utf8', 0, end - 1).split('\0');
      return starts.map((start, at) => bytes.toString('utf8', start, (starts[at + 1] ?? end) - 1));
    },
  };
}
