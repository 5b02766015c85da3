/** What a stream's payload is, read off the wire before any object is made of it. */

/** Fields of ChunkStreamRequest. */
const KINDS = { 1: 'opening', 2: 'chunk', 3: 'end' } as const;
export type StreamMessageKind = (typeof KINDS)[keyof typeof KINDS];

/** Openings and ends are small; what is larger is none. */
export const SMALL_MESSAGE_BYTES = 16 * 1024;

/** A varint at `at`: its value and where it ends; undefined where there is none below 2^35. */
function varint(bytes: Uint8Array, at: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let i = 0; i < 5; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    value += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return { value, end: at + i + 1 };
  }
  return undefined;
}

/** The one member of a payload and where its bytes begin; undefined where it is not exactly one member from end to end. */
export function splitMessage(payload: Uint8Array): { kind: StreamMessageKind; from: number } | undefined {
  const tag = varint(payload, 0);
  const length = tag === undefined ? undefined : varint(payload, tag.end);
  if (tag === undefined || length === undefined || (tag.value & 7) !== 2) return undefined;
  const kind = KINDS[(tag.value >> 3) as keyof typeof KINDS];
  return kind !== undefined && length.end + length.value === payload.length ? { kind, from: length.end } : undefined;
}
