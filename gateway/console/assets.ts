import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { posix } from 'node:path';

/** What the server gives beside pages. */
export interface Asset {
  readonly type: string;
  readonly body: string;
}

/** Modules that pages name; what these import is given as well, and nothing else of the program. */
const ENTRIES = ['sign-in', 'sign-acts', 'sign-out', 'check-proof'].map((name) => `console/browser/${name}.ts`);
const PLAIN = { 'style.css': 'text/css; charset=utf-8', 'icon.svg': 'image/svg+xml' } as const;
const IMPORT = /^(?:import|export)\s[^;'"]*?from\s*['"](\.[^'"]+)['"]/gm;

/** Everything by its path below `/assets/`, read once. */
export async function loadAssets(): Promise<ReadonlyMap<string, Asset>> {
  const assets = new Map<string, Asset>();
  for (const [name, type] of Object.entries(PLAIN)) {
    assets.set(name, { type, body: await readFile(new URL(name, import.meta.url), 'utf8') });
  }
  const waiting = [...ENTRIES];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (assets.has(path)) continue;
    const body = await readModule(path);
    assets.set(path, { type: 'text/javascript; charset=utf-8', body });
    for (const [, name = ''] of body.matchAll(IMPORT)) waiting.push(posix.join(posix.dirname(path), name));
  }
  return assets;
}

/** A module of the gateway's sources as a browser runs it: types stripped, lines kept; compiled where this program is. */
async function readModule(path: string): Promise<string> {
  const at = (name: string) => new URL(`../${name}`, import.meta.url);
  try {
    const source = await readFile(at(path), 'utf8');
    return path.endsWith('.ts') ? stripTypeScriptTypes(source) : source;
  } catch (error) {
    if (!path.endsWith('.ts') || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return readFile(at(path.replace(/\.ts$/, '.js')), 'utf8');
  }
}
