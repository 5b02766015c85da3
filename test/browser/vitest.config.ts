import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** `npm run test:browser`: apart from `npm test`, because it needs a Chromium on the machine. */
export default defineConfig({
  root: join(import.meta.dirname, '..', '..'),
  test: {
    name: 'browser',
    include: ['test/browser/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
