/** As much of the protobuf wire format as the log's messages use: varints and length-delimited fields; others are passed over. */
import { type Bytes, concat, Malformed } from './bytes.ts';

/** The values of a message by field number, in order; a number is a varint, bytes are length-delimited. */
export type Fields = ReadonlyMap<number, readonly (bigint | Bytes)[]>;

/** @throws {Malformed} for anything else than whole fields */
export function readFields(message: Uint8Array): Fields {
  const fields = new Map<number, (bigint | Bytes)[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new Malformed('message');
  };
  while (at < message.length) {
    const tag = varint();
    const number = Number(tag >> 3n);
    const values = fields.get(number) ?? [];
    fields.set(number, values);
    if ((tag & 7n) === 0n) {
      values.push(varint());
    } else if ((tag & 7n) === 2n) {
      const length = Number(varint());
      if (length > message.length - at) throw new Malformed('message');
      values.push(concat(message.subarray(at, at + length)));
      at += length;
    } else if ((tag & 7n) === 1n) at += 8;
    else if ((tag & 7n) === 5n) at += 4;
    else throw new Malformed('message');
  }
  if (at > message.length) throw new Malformed('message');
  return fields;
}

/** The last value of a field counts, as in every reader; absent bytes are none. @throws {Malformed} of another kind */
export function bytesAt(fields: Fields, number: number): Bytes {
  return asBytes(fields.get(number)?.at(-1) ?? new Uint8Array(0));
}

export function allBytesAt(fields: Fields, number: number): Bytes[] {
  return (fields.get(number) ?? []).map(asBytes);
}

export function textAt(fields: Fields, number: number): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesAt(fields, number));
}

/** @throws {Malformed} beyond 2^53 − 1 */
export function numberAt(fields: Fields, number: number): number {
  const value = fields.get(number)?.at(-1) ?? 0n;
  if (typeof value !== 'bigint' || value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Malformed('number');
  return Number(value);
}

function asBytes(value: bigint | Bytes): Bytes {
  if (typeof value === 'bigint') throw new Malformed('bytes');
  return value;
}
