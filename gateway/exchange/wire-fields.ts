import type { DescMessage } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** Messages inside of a message, by field number. */
const inner = new WeakMap<DescMessage, ReadonlyMap<number, DescMessage>>();

function innerOf(schema: DescMessage): ReadonlyMap<number, DescMessage> {
  const known = inner.get(schema);
  if (known !== undefined) return known;
  const found = new Map(
    schema.fields.flatMap((field) => (field.message ? [[field.number, field.message] as const] : [])),
  );
  inner.set(schema, found);
  return found;
}

/**
 * Whether a message has more fields than so many, those of the messages in it counted: told without making an object of any. A field
 * costs a decoder as much as hundreds of bytes of text do, and five bytes of a request are one.
 * @throws where the bytes are no message
 */
export function hasMoreFields(schema: DescMessage, message: Uint8Array, most: number): boolean {
  // Two bytes are the least.
  if (message.length <= 2 * most) return false;
  const reader = new BinaryReader(message);
  let left = most;
  const count = (within: DescMessage, end: number): void => {
    while (reader.pos < end && left >= 0) {
      const [number, type] = reader.tag();
      left -= 1;
      const nested = type === WireType.LengthDelimited ? innerOf(within).get(number) : undefined;
      if (nested === undefined) reader.skip(type, number);
      else {
        const length = reader.uint32();
        count(nested, reader.pos + length);
      }
    }
  };
  count(schema, message.length);
  return left < 0;
}
