import { createHash } from 'node:crypto';
import { fileBytes } from './csv-read.ts';

/** SHA-256 of the file that a job is opened for: of the whole file, never of anything in it. */

export type FileDigest = { readonly digest: Buffer; readonly bytes: number };

/** The bytes of a file, digested on their way; `end` after the last gives the digest of them all. */
export function readDigested(path: string): {
  pieces(): AsyncGenerator<Uint8Array>;
  /** Bytes given out so far. */
  read(): number;
  end(): FileDigest;
} {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    async *pieces() {
      for await (const piece of fileBytes(path)) {
        hash.update(piece);
        bytes += piece.length;
        yield piece;
      }
    },
    read: () => bytes,
    end: () => ({ digest: hash.digest(), bytes }),
  };
}
