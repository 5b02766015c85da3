/** Which files a program needs: read from compiled JavaScript, where types are gone. */
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, relative, resolve } from 'node:path';

export interface ImportGraph {
  /** Files reached, from the root, with `/`, in order. */
  readonly files: readonly string[];
  /** Packages named by them, in order. */
  readonly packages: readonly string[];
}

/** `import … from 'x'`, `export … from 'x'`, `import 'x'`: as compilers write them, from the beginning of a line. */
const STATIC =
  /^(?:import\s+(?:[\w*{}\s,$]+\sfrom\s+)?|export\s+(?:\*(?:\s+as\s+[\w$]+)?|\{[^}]*\})\s+from\s+)['"]([^'"]+)['"]/gm;
/** `import('x')`, anywhere. */
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;
/** Threads and programs: `new URL('./x.js', import.meta.url)`. */
const BY_URL = /\bnew URL\(\s*['"](\.[^'"]+\.m?js)['"]\s*,\s*import\.meta\.url\s*\)/g;
/** What is looked for by `require` of `createRequire`, files of a package included. */
const REQUIRED = /\b(?:require|createRequire\([^()]*(?:\([^()]*\))?[^()]*\))(?:\.resolve)?\(\s*['"]([^'"]+)['"]\s*\)/g;

const BUILT_IN = new Set(builtinModules);

/** Modules that a text names: relative ones, packages, `node:` ones; each once. */
export function modulesOf(text: string): string[] {
  const found = [STATIC, DYNAMIC, BY_URL, REQUIRED].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, name = '']) => name),
  );
  return [...new Set(found)];
}

/**
 * Everything that `entries` reach below `root`; `place` says where a named file stands, for declarations, which name code.
 * Throws an Error where a file is named that is not there.
 */
export function readImportGraph(
  root: string,
  entries: readonly string[],
  place: (path: string) => string = (path) => path,
): ImportGraph {
  const files = new Set<string>();
  const packages = new Set<string>();
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (files.has(path)) continue;
    files.add(path);
    const file = resolve(root, path);
    for (const name of modulesOf(readFileSync(file, 'utf8'))) {
      if (name.startsWith('.')) waiting.push(place(relative(root, resolve(dirname(file), name)).replaceAll('\\', '/')));
      else if (!name.startsWith('node:') && !BUILT_IN.has(name)) packages.add(packageOf(name));
    }
  }
  return { files: [...files].sort(), packages: [...packages].sort() };
}

/** `@a/b/c` → `@a/b`, `b/c` → `b` */
function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}
