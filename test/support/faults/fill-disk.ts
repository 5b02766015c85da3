import { readlinkSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { DiskFull } from './plan.ts';

/** Lets file handles write as a disk that is filling up does: what fits is written, the rest is refused. Returns what gives it room again. */
export async function fillDisk({ path, afterBytes }: DiskFull): Promise<() => void> {
  const any = await open(process.execPath);
  const prototype = Object.getPrototypeOf(any) as FileHandle;
  await any.close();
  let left = afterBytes;
  const full = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', errno: -28 });
  const write = prototype.write as (...args: unknown[]) => Promise<unknown>;
  const writeFile = prototype.writeFile as (...args: unknown[]) => Promise<unknown>;
  const isOnIt = (handle: FileHandle): boolean => readlinkSync(`/proc/self/fd/${handle.fd}`).includes(path);

  prototype.write = async function (this: FileHandle, bytes: Uint8Array, at = 0, count = bytes.length - at, to = null) {
    if (!isOnIt(this)) return write.call(this, bytes, at, count, to);
    if (left <= 0) throw full();
    const fits = Math.min(count, left);
    left -= fits;
    return write.call(this, bytes, at, fits, to);
  } as typeof prototype.write;
  prototype.writeFile = async function (this: FileHandle, data: string, options: unknown) {
    if (!isOnIt(this)) return writeFile.call(this, data, options);
    left -= Buffer.byteLength(data);
    if (left < 0) throw full();
    return writeFile.call(this, data, options);
  } as typeof prototype.writeFile;
  return () => Object.assign(prototype, { write, writeFile });
}
