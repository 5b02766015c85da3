import { type FileHandle, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../../gateway/disk/sync-folder.ts';
import { faultPoint } from '../../gateway/faults/point.ts';
import { explainWrite } from './disk-full.ts';
import { KitError } from './kit-error.ts';
import { systemCode } from './system-code.ts';

/** A file that is written to the end under another name, and gets its own name only when it is whole. */
export type PartFile = {
  /** Bytes given to `append` so far, those of earlier runs included. */
  readonly length: number;
  /** Bytes may be used again by the caller once this resolves. */
  append(data: string | Uint8Array): Promise<void>;
  /** Waits until all that was appended is on the disk. Throws for good once any write has failed: KitError DISK_FULL, or what the system said. */
  sync(): Promise<void>;
  close(): Promise<void>;
};

const FLUSH_BYTES = 1 << 18;

/**
 * Opens `<path>.part` and cuts it to `length`, what an earlier run is known to have written; a shorter one throws
 * STATE_DAMAGED. Only the owner may read it.
 */
export async function openPart(path: string, length: number, statePath: string): Promise<PartFile> {
  const part = partOf(path);
  let file: FileHandle;
  try {
    file = await open(part, length === 0 ? 'w' : 'r+', 0o600);
  } catch (error) {
    const code = systemCode(error);
    if (length > 0 && code === 'ENOENT') throw new KitError('STATE_DAMAGED', { file: statePath });
    const why = explainWrite(error, part);
    throw why instanceof KitError ? why : new KitError('OUTPUT_UNWRITABLE', { file: part, code }, { cause: error });
  }
  if ((await file.stat()).size < length) {
    await file.close();
    throw new KitError('STATE_DAMAGED', { file: statePath });
  }
  await file.truncate(length);
  let written = length;
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  /** What the first failed write failed of. What lies behind it is unknown, so nothing is written or synced any more. */
  let failure: { readonly error: unknown } | undefined;

  async function guarded(work: () => Promise<void>): Promise<void> {
    if (failure !== undefined) throw failure.error;
    try {
      await work();
    } catch (error) {
      failure ??= { error: explainWrite(error, part) };
      throw failure.error;
    }
  }

  async function write(bytes: Uint8Array): Promise<void> {
    faultPoint('client-flush');
    for (let at = 0; at < bytes.length; ) {
      at += (await file.write(bytes, at, bytes.length - at, written + at)).bytesWritten;
    }
    written += bytes.length;
    faultPoint('client-flushed');
  }

  async function flush(): Promise<void> {
    if (waiting.length === 0) return;
    const bytes = Buffer.concat(waiting);
    waiting = [];
    waitingBytes = 0;
    await write(bytes);
  }

  return {
    get length() {
      return written + waitingBytes;
    },
    append: (data) =>
      guarded(async () => {
        const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
        if (waitingBytes + bytes.length >= FLUSH_BYTES) {
          await flush();
          return write(bytes);
        }
        waiting.push(Buffer.from(bytes));
        waitingBytes += bytes.length;
      }),
    sync: () =>
      guarded(async () => {
        await flush();
        await file.datasync();
      }),
    close: () => file.close(),
  };
}

export function partOf(path: string): string {
  return `${path}.part`;
}

/**
 * Gives a whole file its name, for good. Done already: nothing happens. Throws STATE_DAMAGED where neither name has the file, or
 * the one that has it is of another length.
 *
 * @param bytes of the whole file, where they are known
 */
export async function publish(path: string, statePath: string, bytes?: number): Promise<void> {
  const part = partOf(path);
  const named = (await bytesOf(part)) === undefined;
  const length = await bytesOf(named ? path : part);
  if (length === undefined || length !== (bytes ?? length)) throw new KitError('STATE_DAMAGED', { file: statePath });
  try {
    if (!named) await rename(part, path);
    await syncFolder(dirname(path));
  } catch (error) {
    throw new KitError('OUTPUT_UNWRITABLE', { file: path, code: systemCode(error) }, { cause: error });
  }
}

/** Of a file; undefined where there is none of that name. */
async function bytesOf(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw new KitError('OUTPUT_UNWRITABLE', { file: path, code: systemCode(error) }, { cause: error });
  }
}
