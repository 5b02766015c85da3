/** The messages of gRPC in what a server sent over HTTP/2, each with the place of its last byte. */

const FRAME_HEAD = 9;
const MESSAGE_HEAD = 5;
const DATA = 0;

export interface SentMessage {
  readonly bytes: Buffer;
  /** Bytes of the connection up to and with the message's last. */
  readonly end: number;
}

/** @param plain all that was read from the connection, opened; what is not whole yet is left out */
export function readMessages(plain: Buffer): SentMessage[] {
  const messages: SentMessage[] = [];
  const streams = new Map<number, Buffer>();
  for (let at = 0; at + FRAME_HEAD <= plain.length; ) {
    const length = plain.readUIntBE(at, 3);
    const begin = at + FRAME_HEAD;
    const kind = plain[at + 3];
    const stream = plain.readUInt32BE(at + 5);
    at = begin + length;
    if (kind !== DATA) continue;
    let rest = Buffer.concat([streams.get(stream) ?? Buffer.alloc(0), plain.subarray(begin, at)]);
    while (rest.length >= MESSAGE_HEAD) {
      const size = MESSAGE_HEAD + rest.readUInt32BE(1);
      if (rest.length < size) break;
      messages.push({ bytes: rest.subarray(MESSAGE_HEAD, size), end: at - (rest.length - size) });
      rest = rest.subarray(size);
    }
    streams.set(stream, rest);
  }
  return messages;
}
