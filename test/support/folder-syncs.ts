import { readlinkSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** What was to be seen each time that the names in this folder were flushed while the work went on. Linux only. */
export async function atFolderSyncs<T>(
  folder: string,
  look: () => T | Promise<T>,
  work: () => Promise<unknown>,
): Promise<T[]> {
  const any = await open('.');
  const prototype = Object.getPrototypeOf(any) as FileHandle;
  await any.close();
  const { sync } = prototype;
  const seen: T[] = [];
  prototype.sync = async function (this: FileHandle) {
    if (readlinkSync(`/proc/self/fd/${this.fd}`) === folder) seen.push(await look());
    return sync.call(this);
  };
  try {
    await work();
  } finally {
    prototype.sync = sync;
  }
  return seen;
}
