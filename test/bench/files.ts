/** Generated files, kept between runs: the same parameters and the same generator give the same file. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writePersonsCsv } from '../../gateway/development/synthetic/population.ts';
import { writeSubscribersCsv } from '../../gateway/development/synthetic/subscribers.ts';
import { ROOT } from './child.ts';

export const SEED = 20_261_101;

/** Short digest of a folder's files but for tests: what was made by other code is made again. */
export function digestOfFolder(folder: string): string {
  const hash = createHash('sha256');
  const at = join(ROOT, folder);
  for (const name of readdirSync(at).sort()) {
    if (/\.(ts|sql)$/.test(name) && !name.endsWith('.test.ts')) hash.update(name).update(readFileSync(join(at, name)));
  }
  return hash.digest('hex').slice(0, 8);
}

/** Removes what an older version of the code made: whatever begins as this folder does and is not it. */
export function removeOutdated(data: string, prefix: string, current: string): void {
  for (const name of readdirSync(data)) {
    if (name.startsWith(prefix) && name !== current) rmSync(join(data, name), { recursive: true, force: true });
  }
}

export interface BenchFiles {
  /** persons.csv of this many people. */
  persons(count: number): Promise<string>;
  /** A subscriber file of the mix `bench`, and the truth of its rows. */
  subscribers(rows: number, persons: number): Promise<{ readonly path: string; readonly truth: string }>;
}

export function createFiles({ data, say }: { data: string; say: (line: string) => void }): BenchFiles {
  const current = `files-${digestOfFolder('gateway/development/synthetic')}`;
  const folder = join(data, current);
  removeOutdated(data, 'files-', current);

  async function keep(
    names: readonly string[],
    make: (parts: readonly string[]) => Promise<unknown>,
  ): Promise<string[]> {
    const paths = names.map((name) => join(folder, name));
    if (paths.every((path) => existsSync(path))) return paths;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    say(`writing ${names[0]} …`);
    const parts = paths.map((path) => `${path}.${process.pid}.part`);
    try {
      await make(parts);
      for (const [index, path] of paths.entries()) renameSync(parts[index] ?? '', path);
    } finally {
      for (const part of parts) rmSync(part, { force: true });
    }
    return paths;
  }

  return {
    async persons(count) {
      const [path = ''] = await keep([`persons-${count}.csv`], ([part = '']) =>
        writePersonsCsv(part, { seed: SEED, persons: count }),
      );
      return path;
    },
    async subscribers(rows, persons) {
      const name = `subscribers-${rows}-of-${persons}`;
      const [path = '', truth = ''] = await keep([`${name}.csv`, `${name}.truth.csv`], ([part = '', truthPath = '']) =>
        writeSubscribersCsv(part, { seed: SEED, persons, subscribers: rows, mix: 'bench', truthPath }),
      );
      return { path, truth };
    },
  };
}
