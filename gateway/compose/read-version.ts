import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Version of this gateway, as its package says. */
export function readVersion(): string {
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
