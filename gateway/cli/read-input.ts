import type { Readable } from 'node:stream';

const MOST_BYTES = 4 * 1024 * 1024;

/** All of a stream as text; what is beyond 4 MB is not read. */
export async function readText(stream: Readable): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of stream) {
    pieces.push(Buffer.from(piece as Uint8Array));
    bytes += pieces.at(-1)?.length ?? 0;
    if (bytes > MOST_BYTES) break;
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** The first line of a stream: what comes behind it is left alone, so that a person at a terminal need not end the input. */
export async function readFirstLine(stream: Readable): Promise<string> {
  let text = '';
  for await (const piece of stream) {
    text += Buffer.from(piece as Uint8Array).toString('utf8');
    const end = text.indexOf('\n');
    if (end >= 0) return text.slice(0, end).replace(/\r$/, '');
    if (text.length > MOST_BYTES) break;
  }
  return text;
}
