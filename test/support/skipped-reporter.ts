/** Names the tests that were skipped, and counts them, at the end of a run: a check that did not happen must not look like one. */
import type { Reporter, TestModule } from 'vitest/node';

export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].map((test) => `${module.relativeModuleId}: ${test.fullName}`),
    );
    if (skipped.length === 0) return;
    process.stdout.write(`\nskipped tests: ${skipped.length}\n${skipped.map((name) => `  ${name}\n`).join('')}`);
  }
}
