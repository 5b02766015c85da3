/** A small file system that can be full: a tmpfs, which only root may mount. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly path: string;
  resize(kib: number): void;
  unmount(): void;
}

/** Undefined where this process may not mount one. */
export function mountSmallDisk(kib: number, mode = '0700'): SmallDisk | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const path = mkdtempSync(join(tmpdir(), 'lienthong-disk-'));
  const quiet = { stdio: 'ignore' } as const;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k,mode=${mode}`, 'tmpfs', path], quiet);
  } catch {
    rmSync(path, { recursive: true, force: true });
    return undefined;
  }
  return {
    path,
    resize: (to) => void execFileSync('mount', ['-o', `remount,size=${to}k`, path], quiet),
    unmount() {
      execFileSync('umount', ['-l', path], quiet);
      rmSync(path, { recursive: true, force: true });
    },
  };
}
