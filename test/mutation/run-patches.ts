/** Tries each patch in a copy of the sources: the test named beside it must fail. */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Patch } from './patch.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = [
  'gateway',
  'connectors',
  'policies',
  'proto',
  'test',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];
/** Of a run in which tests ran and one failed. */
const TESTS_FAILED = 1;

export type PatchOutcome = 'killed' | 'survived' | 'does not fit';

/**
 * @param onOutcome told of each patch as it ends
 * @throws Error where the tests do not pass before anything is patched: they would then fail for another reason
 */
export async function tryPatches(
  patches: readonly Patch[],
  onOutcome: (patch: Patch, outcome: PatchOutcome) => void,
): Promise<PatchOutcome[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-patch-'));
  try {
    for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const tests = [...new Set(patches.map(({ test }) => test))];
    if (patches.length > 0 && (await vitest(folder, tests)) !== 0) throw new Error('the tests fail without a patch');
    const outcomes: PatchOutcome[] = [];
    for (const patch of patches) {
      const outcome = await tryOne(folder, patch);
      outcomes.push(outcome);
      onOutcome(patch, outcome);
    }
    return outcomes;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tryOne(folder: string, { file, find, put, test }: Patch): Promise<PatchOutcome> {
  const path = join(folder, file);
  const source = readFileSync(path, 'utf8');
  const at = source.indexOf(find);
  if (at < 0 || source.indexOf(find, at + 1) >= 0) return 'does not fit';
  writeFileSync(path, `${source.slice(0, at)}${put}${source.slice(at + find.length)}`);
  try {
    return (await vitest(folder, [test])) === TESTS_FAILED ? 'killed' : 'survived';
  } finally {
    writeFileSync(path, source);
  }
}

function vitest(cwd: string, tests: readonly string[]): Promise<number> {
  const program = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [program, 'run', '--project', 'fast', '--bail', '1', '--reporter', 'dot', ...tests];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? TESTS_FAILED + 1));
  });
}
