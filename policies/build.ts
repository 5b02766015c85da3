/**
 * Builds the policy bundle, and proves that the committed one is what the Rego says.
 *
 *   build.ts            Rego → bundle/policy.wasm and bundle/.manifest
 *   build.ts --check    builds into a temporary folder and compares with bundle/, byte by byte
 *   build.ts --test     opa fmt, opa check --strict, opa test with full line coverage
 *
 * Always `-O=0`: higher levels of OPA's optimiser fail open with data that comes at run time.
 * The path given to `-b` is written into the WASM, hence `-b .` from this folder and nothing else.
 * Exit codes: 0 done or equal, 1 different or a test failed, 3 no OPA.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const OPA_VERSION = '1.22.2';
export const ENTRY_POINT = 'lienthong/exchange/decision';

const here = fileURLToPath(new URL('.', import.meta.url));
const bundle = join(here, 'bundle');
/** Data and build products that lie beside the rules and are no part of the policy. */
const IGNORED = ['agreements', 'starter', 'bundle', 'vectors', '*.json', '*_test.rego'];
/** What the bundle holds, by name. The Rego that OPA packs along is left out: the sources lie beside it. */
const FILES = ['policy.wasm', '.manifest'] as const;

type Bundle = Readonly<Record<(typeof FILES)[number], Buffer>>;

/** The OPA of the pinned version, in GOPATH/bin or on the PATH; undefined when there is none. */
export function findOpa(): string | undefined {
  const name = process.platform === 'win32' ? 'opa.exe' : 'opa';
  const goPaths = (process.env.GOPATH ?? join(homedir(), 'go')).split(delimiter);
  const folders = [...goPaths.map((path) => join(path, 'bin')), ...(process.env.PATH ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path) && isPinned(path));
}

function isPinned(opa: string): boolean {
  const { stdout } = spawnSync(opa, ['version'], { encoding: 'utf8' });
  return typeof stdout === 'string' && stdout.split('\n')[0] === `Version: ${OPA_VERSION}`;
}

function run(opa: string, args: readonly string[], cwd = here): string {
  const { status, stdout, stderr } = spawnSync(opa, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`opa ${args[0]} failed:\n${stdout}${stderr}`);
  return stdout;
}

/** Compiles the rules; the same sources give the same bytes. */
export function compile(opa: string): Bundle {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-policy-'));
  try {
    const { revision } = JSON.parse(readFileSync(join(here, '.manifest'), 'utf8')) as { revision: string };
    const archive = join(folder, 'bundle.tar.gz');
    const flags = ['-t', 'wasm', '-e', ENTRY_POINT, '-O=0', '--prune-unused', '--capabilities', 'capabilities.json'];
    run(opa, ['build', '-b', '.', ...flags, ...ignored(), '--revision', revision, '-o', archive]);
    const tar = spawnSync('tar', ['-xzf', archive, ...FILES.map((name) => `/${name}`)], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (tar.status !== 0) throw new Error(`tar failed: ${tar.stderr}`);
    return {
      'policy.wasm': readFileSync(join(folder, 'policy.wasm')),
      '.manifest': readFileSync(join(folder, '.manifest')),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ignored(): string[] {
  return IGNORED.flatMap((pattern) => ['--ignore', pattern]);
}

/** Names of the committed files that differ from what the rules compile to; empty when the bundle is fresh. */
export function stale(built: Bundle): string[] {
  return FILES.filter((name) => {
    const path = join(bundle, name);
    return !existsSync(path) || !built[name].equals(readFileSync(path));
  });
}

/** `.rego` files that the formatter would change, failed checks and tests, and lines no test reaches. */
export function test(opa: string): string[] {
  const rules = readdirSync(here).filter((name) => name.endsWith('.rego'));
  const steps = [
    ['fmt', '--fail', '-l', ...rules],
    ['check', '--strict', ...rules],
    ['test', '--coverage', '--threshold', '100', ...rules, 'vectors:vectors'],
    ['test', ...rules, 'vectors:vectors'],
  ];
  return steps.flatMap((step) => {
    try {
      run(opa, step);
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
}

function write(built: Bundle): void {
  const before = join(bundle, '.manifest');
  const differs = stale(built);
  if (differs.includes('policy.wasm') && existsSync(before) && !differs.includes('.manifest')) {
    throw new Error('the rules changed and the revision did not: raise "revision" in policies/.manifest');
  }
  mkdirSync(bundle, { recursive: true });
  for (const name of FILES) writeFileSync(join(bundle, name), built[name]);
}

function main(args: readonly string[]): number {
  const opa = findOpa();
  if (opa === undefined) {
    const install = `go install github.com/open-policy-agent/opa@v${OPA_VERSION}`;
    process.stderr.write(`OPA ${OPA_VERSION} is neither in GOPATH/bin nor on the PATH. Install it with: ${install}\n`);
    return 3;
  }
  if (args.includes('--test')) {
    const problems = test(opa);
    for (const problem of problems) process.stderr.write(`${problem}\n`);
    process.stdout.write(problems.length === 0 ? 'policies: formatted, checked, tested, every line covered\n' : '');
    if (problems.length > 0) return 1;
  }
  const built = args.includes('--test') && !args.includes('--check') ? undefined : compile(opa);
  if (args.includes('--check') && built !== undefined) {
    const differing = stale(built);
    process.stdout.write(differing.length === 0 ? 'policies/bundle is what the rules compile to\n' : '');
    for (const name of differing)
      process.stderr.write(`policies/bundle/${name} is not what the rules compile to: npm run policy\n`);
    return differing.length === 0 ? 0 : 1;
  }
  if (built !== undefined) {
    write(built);
    process.stdout.write(`policies/bundle written, policy.wasm ${built['policy.wasm'].byteLength} bytes\n`);
  }
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
