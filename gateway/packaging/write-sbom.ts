/** `npm run sbom`: writes `lienthong-<version>.cdx.json` into the working folder. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './compile.ts';
import { npm } from './npm.ts';
import { type Bom, cutToProduct, type Lockfile, problemsOf } from './sbom.ts';

const read = (name: string): unknown => JSON.parse(readFileSync(join(ROOT, name), 'utf8'));
const { name, version } = read('package.json') as { name: string; version: string };
const lockfile = read('package-lock.json') as Lockfile;
const made = JSON.parse(npm(['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], ROOT)) as Bom;
const bom = cutToProduct(made, lockfile, name);
const problems = problemsOf(bom, lockfile);
if (problems.length > 0) throw new Error(`The bill of materials is not whole: ${problems.join('; ')}`);
const file = `${name}-${version}.cdx.json`;
writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`);
process.stdout.write(`${file}\n`);
