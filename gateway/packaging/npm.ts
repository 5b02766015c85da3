/** The npm that the machine has, asked for what it knows best. */
import { spawnSync } from 'node:child_process';

/** Runs npm and returns what it printed. Throws an Error with its words. */
export function npm(args: readonly string[], cwd: string): string {
  const windows = process.platform === 'win32';
  const { status, stdout, stderr } = spawnSync(windows ? 'npm.cmd' : 'npm', args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: windows,
  });
  if (status !== 0) throw new Error(`npm ${args[0]} failed: ${stderr || stdout}`);
  return stdout;
}

/** Packs a folder that is ready, into `destination`. Returns the name of the tarball. */
export function packFolder(folder: string, destination: string): string {
  const [packed] = JSON.parse(
    npm(['pack', '--json', '--ignore-scripts', '--pack-destination', destination], folder),
  ) as [{ filename: string }];
  return packed.filename;
}
