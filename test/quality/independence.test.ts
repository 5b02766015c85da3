import { expect, test } from 'vitest';
import { readSources } from '../architecture/source.ts';

/** A generator that knew the matcher would only damage what the matcher repairs, and the figure would mean nothing. */
test('the generator knows nothing of the matcher, not even through others', () => {
  const sources = readSources('test/quality', 'gateway');
  const reached = new Set<string>();
  const reach = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const name of sources.find((file) => file.path === path)?.imports ?? []) reach(name);
  };
  const own = sources.filter(({ path }) => path.startsWith('test/quality/generate/'));
  for (const { path } of own) reach(path);
  expect(own.length).toBeGreaterThan(20);
  expect(reached).toContain('gateway/development/synthetic/random.ts');
  expect([...reached].filter((path) => path.startsWith('gateway/matching'))).toEqual([]);
});

test('the runner knows the matcher by its door alone', () => {
  const names = readSources('test/quality').flatMap(({ imports }) =>
    imports.filter((name) => name.startsWith('gateway/matching')),
  );
  expect(new Set(names)).toEqual(new Set(['gateway/matching/index.ts']));
});
