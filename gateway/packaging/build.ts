/**
 * Makes what the packages hold.
 *
 *   build.ts            `dist/`, before `npm pack` (script "prepack")
 *   build.ts --client   `lienthong-client-<version>.tgz` in the working folder: the commands of an agency, without a gateway
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildCode } from './build-code.ts';
import { type Manifest, stageClient, versionOf } from './client-package.ts';
import { ROOT } from './compile.ts';
import { packFolder } from './npm.ts';
import { PROGRAMS, RUN_TIME_FILES } from './package-files.ts';

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

function buildWhole(out: string): void {
  // Throws where the code needs what an installation would not bring.
  for (const each of buildCode(out, PROGRAMS.whole).packages) versionOf(manifest, each);
  for (const path of RUN_TIME_FILES) {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    cpSync(join(ROOT, path), join(out, path), { recursive: true });
  }
  // What the code asks for its version, and by which Node knows that it is made of modules.
  const { name, version } = manifest;
  writeFileSync(
    join(out, 'package.json'),
    `${JSON.stringify({ name, version, private: true, type: 'module' }, null, 2)}\n`,
  );
}

if (process.argv[2] === '--client') {
  const folder = join(ROOT, '.cache', 'client-package');
  rmSync(folder, { recursive: true, force: true });
  stageClient(folder, manifest);
  process.stdout.write(`${packFolder(folder, process.cwd())}\n`);
} else {
  buildWhole(join(ROOT, 'dist'));
}
