import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { PATCHES } from './patches.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

it.each(
  PATCHES.map((patch) => [patch.attack, patch] as const),
)('%s: the countermeasure stands in one place, and its test is there', (_attack, { file, find, test }) => {
  expect(readFileSync(join(ROOT, file), 'utf8').split(find)).toHaveLength(2);
  expect(existsSync(join(ROOT, test))).toBe(true);
});
