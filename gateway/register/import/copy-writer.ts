/** Rows in PostgreSQL's binary COPY format, straight into a buffer. */

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TEXT_OID = 25;

/** The header that every stream begins with, and the trailer that ends it. */
export const COPY_HEADER: Buffer = SIGNATURE;
export const COPY_TRAILER: Buffer = Buffer.from([0xff, 0xff]);

/** Appends rows; `take` gives the bytes so far and starts anew. */
export class CopyWriter {
  #buffer: Buffer<ArrayBuffer>;
  #view: DataView;
  #at = 0;

  constructor(size: number) {
    this.#buffer = Buffer.allocUnsafeSlow(Math.max(size, 1024));
    this.#view = new DataView(this.#buffer.buffer);
  }

  /** Room for `bytes` more, so that the buffer stays where it is while they are written. */
  room(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#at + bytes));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }

  /** Begins a row of `columns` columns. */
  row(columns: number): void {
    this.room(2);
    this.#view.setInt16(this.#at, columns);
    this.#at += 2;
  }

  null(): void {
    this.room(4);
    this.#view.setInt32(this.#at, -1);
    this.#at += 4;
  }

  /** A whole number up to 2^53. */
  int8(value: number): void {
    this.room(12);
    const high = Math.floor(value / 4294967296);
    this.#view.setInt32(this.#at, 8);
    this.#view.setInt32(this.#at + 4, high);
    this.#view.setUint32(this.#at + 8, value - high * 4294967296);
    this.#at += 12;
  }

  int4(value: number): void {
    this.room(8);
    this.#view.setInt32(this.#at, 4);
    this.#view.setInt32(this.#at + 4, value);
    this.#at += 8;
  }

  bool(value: boolean): void {
    this.room(5);
    this.#at = this.#buffer.writeInt32BE(1, this.#at);
    this.#at = this.#buffer.writeUInt8(value ? 1 : 0, this.#at);
  }

  int2(value: number): void {
    this.room(6);
    this.#view.setInt32(this.#at, 2);
    this.#view.setInt16(this.#at + 4, value);
    this.#at += 6;
  }

  /** Short ASCII, letter by letter: cheaper than a call into the engine. False where it is not that. */
  #writeAscii(value: string): boolean {
    const { length } = value;
    if (length > 40) return false;
    const from = this.#at + 4;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) return false;
      this.#buffer[from + i] = code;
    }
    return true;
  }

  text(value: string): void {
    this.room(4 + value.length * 3);
    const written = this.#writeAscii(value) ? value.length : this.#buffer.write(value, this.#at + 4, 'utf8');
    this.#view.setInt32(this.#at, written);
    this.#at += 4 + written;
  }

  /** The bytes of `source` from `start` to `end`. */
  bytes(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.room(4 + length);
    this.#view.setInt32(this.#at, length);
    this.#at += 4;
    const buffer = this.#buffer;
    // Short: a loop is faster than a view on them.
    for (let i = 0; i < length; i++) buffer[this.#at + i] = source[start + i] ?? 0;
    this.#at += length;
  }

  /** text[]; an empty list is '{}'. */
  texts(values: readonly string[]): void {
    this.room(24);
    const start = this.#at;
    const some = values.length > 0;
    this.#at = start + 4;
    this.#at = this.#buffer.writeInt32BE(some ? 1 : 0, this.#at);
    this.#at = this.#buffer.writeInt32BE(0, this.#at);
    this.#at = this.#buffer.writeInt32BE(TEXT_OID, this.#at);
    if (some) {
      this.#at = this.#buffer.writeInt32BE(values.length, this.#at);
      this.#at = this.#buffer.writeInt32BE(1, this.#at);
      for (const value of values) this.text(value);
    }
    this.#buffer.writeInt32BE(this.#at - start - 4, start);
  }

  /** Text of `prefix`, the bytes of `source` from `start` to `end`, and `suffix`: UTF-8 all of them. */
  joined(prefix: Uint8Array, source: Uint8Array, start: number, end: number, suffix: Uint8Array): void {
    const length = prefix.length + end - start + suffix.length;
    this.room(4 + length);
    this.#view.setInt32(this.#at, length);
    const buffer = this.#buffer;
    let at = this.#at + 4;
    for (let i = 0; i < prefix.length; i++) buffer[at++] = prefix[i] ?? 0;
    for (let i = start; i < end; i++) buffer[at++] = source[i] ?? 0;
    for (let i = 0; i < suffix.length; i++) buffer[at++] = suffix[i] ?? 0;
    this.#at = at;
  }

  /** text[] of one value: the bytes of `source` from `start` to `end`. */
  textOfOne(source: Uint8Array, start: number, end: number): void {
    this.room(28);
    const view = this.#view;
    const at = this.#at;
    view.setInt32(at, 24 + end - start);
    view.setInt32(at + 4, 1);
    view.setInt32(at + 8, 0);
    view.setInt32(at + 12, TEXT_OID);
    view.setInt32(at + 16, 1);
    view.setInt32(at + 20, 1);
    this.#at = at + 24;
    this.bytes(source, start, end);
  }

  /** Leaves `length` bytes of a value to be filled in later; returns their place. */
  reserve(length: number): number {
    this.room(4 + length);
    this.#view.setInt32(this.#at, length);
    const place = this.#at + 4;
    this.#at = place + length;
    return place;
  }

  /** What is written so far, for as long as nothing more is. */
  get written(): Uint8Array<ArrayBuffer> {
    return this.#buffer.subarray(0, this.#at);
  }

  get length(): number {
    return this.#at;
  }

  /** Forgets all that was written after the first `length` bytes. */
  rewind(length: number): void {
    this.#at = length;
  }

  /** The bytes written, in a buffer of their own. */
  take(): Buffer<ArrayBuffer> {
    const taken = this.#buffer.subarray(0, this.#at);
    this.#buffer = Buffer.allocUnsafeSlow(this.#buffer.length);
    this.#view = new DataView(this.#buffer.buffer);
    this.#at = 0;
    return taken;
  }
}
