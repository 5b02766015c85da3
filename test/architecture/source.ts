import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '..', '..');

export interface SourceFile {
  /** Path from the repository's root, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Modules of ours that it imports: paths from the root. */
  readonly imports: readonly string[];
  /** Modules of others that it loads: packages and `node:` modules, by whatever way of loading. */
  readonly foreign: readonly string[];
  /** What it takes out of each module, by the module's name as above; `*` for all of it. */
  readonly names: ReadonlyMap<string, readonly string[]>;
}

const IMPORT = /(?:^|\n)\s*(?:import|export)\s+(?:type\s+)?(?:([^'";]*?)\sfrom\s+)?'([^']+)'/g;
const DYNAMIC = /\bimport\(\s*'([^']+)'|\b(?:require|createRequire\([^()]*\))(?:\.resolve)?\(\s*'([^']+)'/g;

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (name === 'node_modules' || name === 'gen') return [];
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
}

/** Every TypeScript file below these folders. */
export function readSources(...folders: string[]): SourceFile[] {
  return folders
    .flatMap((folder) => walk(join(ROOT, folder)))
    .filter((path) => path.endsWith('.ts') || path.endsWith('.mjs'))
    .map((path) => parseSource(relative(ROOT, path), readFileSync(path, 'utf8')));
}

/** @param path from the root, with `/` */
export function parseSource(path: string, text: string): SourceFile {
  const names = new Map<string, string[]>();
  const take = (name: string, taken: readonly string[]): void => {
    const module = name.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(path), name)) : name;
    names.set(module, [...(names.get(module) ?? []), ...taken]);
  };
  for (const [, clause = '', name = ''] of text.matchAll(IMPORT)) take(name, namesOf(clause));
  for (const [, imported, required] of text.matchAll(DYNAMIC)) take(imported ?? required ?? '', ['*']);
  const modules = [...names.keys()];
  return { path, text, imports: modules.filter(isOurs), foreign: modules.filter((name) => !isOurs(name)), names };
}

/** The names that stand between `import` and `from`, as the other module has them. */
function namesOf(clause: string): string[] {
  if (clause.includes('*')) return ['*'];
  const [ahead = '', inside = ''] = clause.split(/[{}]/);
  const taken = inside.split(',').map((one) =>
    one
      .trim()
      .replace(/^type\s+/, '')
      .replace(/\s+as\s+.*$/s, ''),
  );
  return [...(/\w/.test(ahead) ? ['default'] : []), ...taken.filter((name) => name !== '')];
}

function isOurs(module: string): boolean {
  return /^(gateway|connectors|proto|policies|test)\//.test(module);
}

/** Folder that a path belongs to: `gateway/<area>`, `connectors/<name>`, `proto/gen`, or a file at the top of gateway. */
export function areaOf(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

export function isTest(path: string): boolean {
  return (
    path.endsWith('.test.ts') ||
    path.startsWith('test/') ||
    /\/testing(\/|\.ts$)/.test(path) ||
    path.endsWith('.test-support.ts') ||
    path.includes('test-fixtures')
  );
}
