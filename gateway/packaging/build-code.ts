/** The compiled code of one package. */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compile, filesBelow, ROOT } from './compile.ts';
import { type ImportGraph, readImportGraph } from './import-graph.ts';
import { CONTRACT, LIBRARY, PLAIN_SCRIPTS } from './package-files.ts';

const GENERATED = join('proto', 'gen');

/** Compiles into `out` and removes what none of `programs` and exports reaches. Returns the code that is left, and its packages. */
export function buildCode(out: string, programs: readonly string[]): ImportGraph {
  compile(out);
  cpSync(join(ROOT, GENERATED), join(out, GENERATED), { recursive: true });
  for (const name of PLAIN_SCRIPTS) cpSync(join(ROOT, name), join(out, name));
  const there = filesBelow(out);
  const contract = there.filter((name) => name.startsWith(CONTRACT) && name.endsWith('.js'));
  const code = readImportGraph(out, [...programs, ...Object.values(LIBRARY).map((path) => `${path}.js`), ...contract]);
  // Declarations name types of files whose code nobody needs.
  const declared = code.files.map(declarationOf).filter((name) => there.includes(name));
  const declarations = readImportGraph(out, declared, declarationOf);
  const kept = new Set([...code.files, ...declarations.files]);
  for (const name of there) if (!kept.has(name)) rmSync(join(out, name));
  return code;
}

/** `a/b.js` → `a/b.d.ts`, `a/b.mjs` → `a/b.d.mts` */
export function declarationOf(path: string): string {
  return path.replace(/\.(m?)js$/, '.d.$1ts');
}
