import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { fileBytes } from './csv-read.ts';

/** SHA-256 of the file that a job is opened for: of the whole file, never of anything in it. */
export type FileDigest = {
  readonly digest: Buffer;
  readonly bytes: number;
  /** CRC-32: by it a second reading sees that the file is still the same, for a tenth of what a digest costs. */
  readonly checksum: number;
  /** Of the file as it was opened. */
  readonly mark: FileMark;
};

/** What its system says of a file. Not which one it is: some systems number their files anew each time. */
export type FileMark = { readonly size: bigint; readonly modifiedNs: bigint };

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

/** The same bytes again. */
export function readAgain(path: string, expected: FileDigest): AgainReading {
  const reading = readWith(path, () => undefined);
  function end(): boolean {
    const { bytes, checksum } = reading.end();
    return bytes === expected.bytes && checksum === expected.checksum;
  }
  return {
    ...reading,
    end,
    async unchanged() {
      const mark = await reading.markNow();
      if (mark === undefined) return end();
      return mark.size === expected.mark.size && mark.modifiedNs === expected.mark.modifiedNs;
    },
  };
}

export type AgainReading = Reading & {
  /** Once all were given out: whether they are those that were digested. */
  end(): boolean;
  /** On the way: whether its system says that nobody wrote to the file since. Behind the last piece as `end`. */
  unchanged(): Promise<boolean>;
};

type Reading = {
  /** Each stands until the next is asked for. */
  pieces(): AsyncGenerator<Uint8Array>;
  /** Bytes given out so far. */
  read(): number;
};

function readWith(
  path: string,
  look: (piece: Uint8Array) => void,
): Reading & {
  end(): Omit<FileDigest, 'digest'>;
  /** Undefined once the file is closed. */
  markNow(): Promise<FileMark | undefined>;
} {
  let bytes = 0;
  let checksum = 0;
  let mark: FileMark = { size: 0n, modifiedNs: 0n };
  let open: FileHandle | undefined;
  return {
    async *pieces() {
      const opened = async (file: FileHandle): Promise<void> => {
        open = file;
        mark = await markOf(file);
      };
      try {
        for await (const piece of fileBytes(path, opened)) {
          look(piece);
          checksum = crc32(piece, checksum);
          bytes += piece.length;
          yield piece;
        }
      } finally {
        open = undefined;
      }
    },
    read: () => bytes,
    end: () => ({ bytes, checksum, mark }),
    markNow: async () => (open === undefined ? undefined : markOf(open)),
  };
}

async function markOf(file: FileHandle): Promise<FileMark> {
  const { size, mtimeNs } = await file.stat({ bigint: true });
  return { size, modifiedNs: mtimeNs };
}
