import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { fileBytes } from './csv-read.ts';

/** SHA-256 of the file that a job is opened for: of the whole file, never of anything in it. */
export type FileDigest = {
  readonly digest: Buffer;
  readonly bytes: number;
  /** CRC-32: by it a second reading sees that the file is still the same, for a tenth of what a digest costs. */
  readonly checksum: number;
};

/**
 * The bytes of a file, digested on their way; `end` after the last tells of them all.
 *
 * A second reading is only checked: that shows a file that somebody wrote to meanwhile. Who would make another file of the
 * same checksum holds this agency's files and keys, and needs no second reading.
 */
export function readDigested(path: string): Reading & { end(): FileDigest } {
  const hash = createHash('sha256');
  const reading = readWith(path, (piece) => hash.update(piece));
  return { ...reading, end: () => ({ digest: hash.digest(), ...reading.end() }) };
}

/** The same bytes again; `end` tells whether they are those that were digested. */
export function readAgain(path: string, expected: FileDigest): Reading & { end(): boolean } {
  const reading = readWith(path, () => undefined);
  return {
    ...reading,
    end() {
      const { bytes, checksum } = reading.end();
      return bytes === expected.bytes && checksum === expected.checksum;
    },
  };
}

type Reading = {
  /** Each stands until the next is asked for. */
  pieces(): AsyncGenerator<Uint8Array>;
  /** Bytes given out so far. */
  read(): number;
};

function readWith(
  path: string,
  look: (piece: Uint8Array) => void,
): Reading & { end(): Pick<FileDigest, 'bytes' | 'checksum'> } {
  let bytes = 0;
  let checksum = 0;
  return {
    async *pieces() {
      for await (const piece of fileBytes(path)) {
        look(piece);
        checksum = crc32(piece, checksum);
        bytes += piece.length;
        yield piece;
      }
    },
    read: () => bytes,
    end: () => ({ bytes, checksum }),
  };
}
