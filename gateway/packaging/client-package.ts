/** The package for agencies: what its commands reach of the same tree, and the dependencies of that. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildCode } from './build-code.ts';
import { ROOT } from './compile.ts';
import { CLIENT_DOCUMENTS, exportsOf, NO_DOCUMENT, PROGRAMS } from './package-files.ts';
import { packagedLinks } from './packaged-links.ts';

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

/** Stages the package in `folder`. Throws an Error where its code needs a package that the whole one does not name. */
export function stageClient(folder: string, manifest: Manifest): void {
  const { packages } = buildCode(folder, PROGRAMS.client);
  cpSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  cpSync(join(ROOT, 'gateway', 'packaging', 'client-readme.md'), join(folder, 'README.md'));
  copyDocuments(folder);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(clientManifest(manifest, packages), null, 2)}\n`);
}

function copyDocuments(folder: string): void {
  for (const [from, to] of Object.entries(CLIENT_DOCUMENTS)) {
    const filter = (path: string) => !NO_DOCUMENT.test(path);
    cpSync(join(ROOT, from), join(folder, to), { recursive: true, filter });
    if (!from.endsWith('.md')) continue;
    writeFileSync(join(folder, to), packagedLinks(readFileSync(join(ROOT, from), 'utf8'), from, CLIENT_DOCUMENTS));
  }
  // Read with the recipient's key alone; whoever looks for secrets in the package finds none.
  const path = join(folder, 'vectors', 'signing', 'encrypted.json');
  const { ephemeral: _ephemeral, ...encrypted } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeFileSync(path, `${JSON.stringify(encrypted, null, 2)}\n`);
}

export function clientManifest(manifest: Manifest, packages: readonly string[]): Record<string, unknown> {
  const { name, version, license, engines, optionalDependencies } = manifest;
  return {
    name: `${name}-client`,
    version,
    description: 'Liên Thông for agencies: verify files and people, read answers, prove them. Without a gateway',
    license,
    private: true,
    type: 'module',
    engines,
    bin: { lienthong: 'gateway/cli/launcher.mjs' },
    exports: exportsOf('./'),
    dependencies: Object.fromEntries(packages.map((each) => [each, versionOf(manifest, each)])),
    optionalDependencies,
  };
}

/** Throws an Error where the manifest does not name the package. */
export function versionOf({ dependencies }: Manifest, name: string): string {
  const version = dependencies[name];
  if (version === undefined) throw new Error(`${name} is used and is not among the dependencies of package.json`);
  return version;
}
