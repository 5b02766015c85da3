/** TypeScript to what Node runs below `node_modules`, where it strips no types. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
/** A relative path to a TypeScript file in quotes: in code, that of a thread or a program; in declarations, of an import. */
const PATH_TO_SOURCE = /(['"])(\.{1,2}\/[^'"\n]*)\.ts\1/g;

/** Every file below a folder, from it, with `/`. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

/** Compiles gateway and connectors into `out`, declarations beside the code. Throws an Error with the compiler's words. */
export function compile(out: string): void {
  rmSync(out, { recursive: true, force: true });
  const { status, stdout } = spawnSync(
    process.execPath,
    [TSC, '-p', join(ROOT, 'gateway', 'packaging'), '--outDir', out],
    { cwd: ROOT, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`The sources do not compile:\n${stdout}`);
  for (const name of filesBelow(out)) {
    const path = join(out, name);
    const text = readFileSync(path, 'utf8');
    const rewritten = toCompiled(text);
    if (rewritten !== text) writeFileSync(path, rewritten);
  }
}

/** The compiler turns `./x.ts` into `./x.js` in imports of code only: here in all that remains. */
export function toCompiled(text: string): string {
  return text.replaceAll(PATH_TO_SOURCE, '$1$2.js$1');
}
