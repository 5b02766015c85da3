/** What a stream's payload is and how much it holds, read off the wire before any object is made of it. */

/** Fields of ChunkStreamRequest. */
const KINDS = { 1: 'opening', 2: 'chunk', 3: 'end' } as const;
export type StreamMessageKind = (typeof KINDS)[keyof typeof KINDS];

/** Openings and ends are small; what is larger is none. */
export const SMALL_MESSAGE_BYTES = 16 * 1024;

const IDS = 3;
const NAMES = 4;
const TEXT_ROWS = 7;

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

/**
 * Whether a chunk's bytes hold more rows than `most`: counted off the wire, because decoding eight megabytes of empty rows makes
 * four million objects. Bytes that are no message count as too many: they would not decode either.
 */
export function holdsMoreRows(payload: Uint8Array, from: number, most: number): boolean {
  let rows = 0;
  for (let at = from; at < payload.length; ) {
    const tag = varint(payload, at);
    if (tag === undefined) return true;
    const field = Math.floor(tag.value / 8);
    const end = endOfValue(payload, tag.value & 7, tag.end);
    if (end === undefined || end > payload.length) return true;
    if (field === NAMES || field === TEXT_ROWS) rows += 1;
    // Ids come packed, eight bytes each, or one by one; without a name each they are refused later.
    if (field === IDS && (end - at) / 8 > most + 2) return true;
    if (rows > most) return true;
    at = end;
  }
  return false;
}

function endOfValue(payload: Uint8Array, wireType: number, at: number): number | undefined {
  if (wireType === 0) return varint(payload, at)?.end ?? longVarint(payload, at);
  if (wireType === 1) return at + 8;
  if (wireType === 5) return at + 4;
  const length = wireType === 2 ? varint(payload, at) : undefined;
  return length === undefined ? undefined : length.end + length.value;
}

/** End of a varint of up to ten bytes. */
function longVarint(payload: Uint8Array, at: number): number | undefined {
  for (let i = 0; i < 10; i++) {
    const byte = payload[at + i];
    if (byte === undefined) return undefined;
    if (byte < 128) return at + i + 1;
  }
  return undefined;
}
