/** The file, piece by piece, with its digest and the header read on the way. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { filled } from '../../errors/words.ts';
import { type Block, createFramer } from './frame.ts';
import { IMPORT_WORDS } from './import-words.ts';
import { parseBlock } from './parse-block.ts';
import { type ImportPlan, planImport } from './plan.ts';
import { ImportError } from './reject.ts';

export interface Source {
  readonly plan: ImportPlan;
  /** The blocks of the file, each record once; the first begins with the header. */
  blocks(): AsyncGenerator<Block>;
  /** SHA-256 of the file, hex; after the last block. */
  digest(): string;
}

/**
 * Opens a file and reads its header. `pieceSize` bounds a block, and thereby memory.
 * Throws ImportError: FILE where it cannot be read or is empty, HEADER, RECORD_TOO_LONG.
 */
export async function openSource(file: string, pieceSize = 1024 * 1024): Promise<Source> {
  const hash = createHash('sha256');
  const framer = createFramer();
  async function* read(): AsyncGenerator<Block> {
    try {
      for await (const piece of createReadStream(file, { highWaterMark: pieceSize })) {
        hash.update(piece as Buffer);
        const block = framer.push(piece as Buffer);
        if (block !== undefined) yield block;
      }
    } catch (error) {
      if (error instanceof ImportError) throw error;
      throw new ImportError('FILE', filled(IMPORT_WORDS.unreadable, { file }), error);
    }
    const last = framer.end();
    if (last !== undefined) yield last;
  }
  const blocks = read();
  const first = await blocks.next();
  if (first.done === true) throw new ImportError('FILE', filled(IMPORT_WORDS.empty, { file }));
  const { rows, broken } = parseBlock(first.value);
  if (broken.has(0)) throw new ImportError('HEADER', IMPORT_WORDS.headerQuotes);
  const plan = planImport(rows[0] ?? []);
  return {
    plan,
    blocks: async function* () {
      yield first.value;
      yield* blocks;
    },
    digest: () => hash.digest('hex'),
  };
}
