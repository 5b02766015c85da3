import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '..', '..');

export interface SourceFile {
  /** Path from the repository's root, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Modules it imports: paths from the root where they are ours, package names where not. */
  readonly imports: readonly string[];
}

const IMPORT = /(?:^|\n)\s*(?:import|export)\s+(?:type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/g;

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
    .map((path) => {
      const text = readFileSync(path, 'utf8');
      const imports = [...text.matchAll(IMPORT)].map(([, from, dynamic]) => {
        const name = from ?? dynamic ?? '';
        return name.startsWith('.') ? relative(ROOT, resolve(dirname(path), name)) : name;
      });
      return { path: relative(ROOT, path), text, imports };
    });
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
