import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/**
 * Two projects: `fast` shares one embedded PostgreSQL cluster (fsync off) with a database a file;
 * `fault` starts a cluster of its own a file (fsync on), when the others are done.
 */
export default defineConfig({
  test: {
    reporters: ['default', './test/support/skipped-reporter.ts'],
    // Half as many again as cores: a test that waits for a process, a clock or a database leaves its core to another.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    // For the programs that tests start, hundreds of them: compiled once, as the launcher has it.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules', '.cache', 'lienthong') },
    projects: [
      {
        test: {
          name: 'fast',
          include: ['gateway/**/*.test.ts', 'connectors/**/*.test.ts', 'policies/**/*.test.ts', 'test/**/*.test.ts'],
          // In a browser: a run of its own, `npm run test:browser`.
          exclude: ['test/fault/**', 'test/browser/**', '**/node_modules/**'],
          globalSetup: ['test/support/fast-cluster.ts'],
          // Met only by what hangs: a machine that others use as well may take five times as long as one that is idle.
          testTimeout: 60_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 10_000 } },
          pool: 'forks',
          // Modules keep nothing but caches, so files share them: loaded anew for each file they cost more than most tests.
          isolate: false,
        },
      },
      {
        test: {
          name: 'fault',
          include: ['test/fault/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 10_000 } },
          pool: 'forks',
          // After `fast`: what is killed here is to have the machine for itself, and mostly waits.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
