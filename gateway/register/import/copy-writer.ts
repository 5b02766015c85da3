/** Rows in PostgreSQL's binary COPY format, straight into a buffer. */

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TEXT_OID = 25;

/** The header that every stream begins with, and the trailer that ends it. */
export const COPY_HEADER: Buffer = SIGNATURE;
export const COPY_TRAILER: Buffer = Buffer.from([0xff, 0xff]);

/** Appends rows; `take` gives the bytes so far and starts anew. */
export class CopyWriter {
  #buffer: Buffer<ArrayBuffer>;
  #at = 0;

  constructor(size: number) {
    this.#buffer = Buffer.allocUnsafeSlow(Math.max(size, 1024));
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#at + bytes));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }

  /** Begins a row of `columns` columns. */
  row(columns: number): void {
    this.#room(2);
    this.#at = this.#buffer.writeInt16BE(columns, this.#at);
  }

  null(): void {
    this.#room(4);
    this.#at = this.#buffer.writeInt32BE(-1, this.#at);
  }

  /** A whole number up to 2^53. */
  int8(value: number): void {
    this.#room(12);
    this.#at = this.#buffer.writeInt32BE(8, this.#at);
    const high = Math.floor(value / 4294967296);
    this.#at = this.#buffer.writeInt32BE(high, this.#at);
    this.#at = this.#buffer.writeUInt32BE(value - high * 4294967296, this.#at);
  }

  int4(value: number): void {
    this.#room(8);
    this.#at = this.#buffer.writeInt32BE(4, this.#at);
    this.#at = this.#buffer.writeInt32BE(value, this.#at);
  }

  bool(value: boolean): void {
    this.#room(5);
    this.#at = this.#buffer.writeInt32BE(1, this.#at);
    this.#at = this.#buffer.writeUInt8(value ? 1 : 0, this.#at);
  }

  int2(value: number): void {
    this.#room(6);
    this.#at = this.#buffer.writeInt32BE(2, this.#at);
    this.#at = this.#buffer.writeInt16BE(value, this.#at);
  }

  text(value: string): void {
    this.#room(4 + value.length * 3);
    const written = this.#buffer.write(value, this.#at + 4, 'utf8');
    this.#buffer.writeInt32BE(written, this.#at);
    this.#at += 4 + written;
  }

  /** The bytes of `source` from `start` to `end`. */
  bytes(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.#room(4 + length);
    this.#at = this.#buffer.writeInt32BE(length, this.#at);
    const buffer = this.#buffer;
    // Short: a loop is faster than a view on them.
    for (let i = 0; i < length; i++) buffer[this.#at + i] = source[start + i] ?? 0;
    this.#at += length;
  }

  /** text[]; an empty list is '{}'. */
  texts(values: readonly string[]): void {
    this.#room(24);
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

  get length(): number {
    return this.#at;
  }

  /** The bytes written, in a buffer of their own. */
  take(): Buffer<ArrayBuffer> {
    const taken = this.#buffer.subarray(0, this.#at);
    this.#buffer = Buffer.allocUnsafeSlow(this.#buffer.length);
    this.#at = 0;
    return taken;
  }
}
