/** A folder of keys: written whole or not at all, readable by its owner only. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface PrivateFolder {
  readonly path: string;
  /** The content, undefined where there is no such file. */
  read(name: string): Promise<string | undefined>;
  /** Replaces the file in one step: a reader sees the old one or the new one. Mode 0600. */
  write(name: string, content: string | Uint8Array): Promise<void>;
  /** The content of the file, which `make` gives where there is none yet. */
  keep(name: string, make: () => string | Promise<string>): Promise<string>;
}

/** @throws the file system's error */
export async function openPrivateFolder(path: string): Promise<PrivateFolder> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  // A folder that stood there before may be open to others.
  await chmod(path, 0o700);

  async function read(name: string): Promise<string | undefined> {
    try {
      return await readFile(join(path, name), 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async function write(name: string, content: string | Uint8Array): Promise<void> {
    const target = join(path, name);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const draft = `${target}.${randomBytes(6).toString('hex')}`;
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    await rename(draft, target);
  }

  return {
    path,
    read,
    write,
    async keep(name, make) {
      const there = await read(name);
      if (there !== undefined) return there;
      const made = await make();
      await write(name, made);
      return made;
    },
  };
}

export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
