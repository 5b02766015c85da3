/** Tries each mutant of the rules against their tests and vectors; what passes them all has survived. */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Mutant, mutantsOf } from './rego.ts';

const POLICIES = fileURLToPath(new URL('../../policies', import.meta.url));
/** `opa test` ends so where a test failed; whatever else means that the mutant is no policy at all. */
const TESTS_FAILED = 2;

export type Outcome = 'killed' | 'survived' | 'no policy';

export function ruleFiles(): string[] {
  return readdirSync(POLICIES)
    .filter((name) => name.endsWith('.rego') && !name.endsWith('_test.rego'))
    .sort();
}

export function allRegoMutants(opa: string): Mutant[] {
  return ruleFiles().flatMap((file) => mutantsOf(opa, POLICIES, file));
}

/** Outcome by mutant, in the order given. */
export async function tryRegoMutants(
  opa: string,
  mutants: readonly Mutant[],
  { workers = 2, onOutcome }: { readonly workers?: number; readonly onOutcome?: (done: number) => void } = {},
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), 'lienthong-mutant-'));
    try {
      const names = readdirSync(POLICIES).filter((name) => name.endsWith('.rego'));
      for (const name of [...names, 'vectors']) cpSync(join(POLICIES, name), join(folder, name), { recursive: true });
      for (let at = next++; at < mutants.length; at = next++) {
        const mutant = mutants[at];
        if (mutant === undefined) return;
        const path = join(folder, mutant.file);
        const original = readFileSync(path);
        writeFileSync(path, mutant.source);
        const code = await run(opa, ['test', ...names, 'vectors:vectors'], folder);
        writeFileSync(path, original);
        outcomes[at] = code === 0 ? 'survived' : code === TESTS_FAILED ? 'killed' : 'no policy';
        onOutcome?.(++done);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return outcomes;
}

function run(opa: string, args: readonly string[], cwd: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(opa, args, { cwd, stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
