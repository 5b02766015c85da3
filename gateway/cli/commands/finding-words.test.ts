import { expect, test } from 'vitest';
import { FINDING_WORDS } from './finding-words.ts';

const factsOf = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

test.each(Object.entries(FINDING_WORDS))('%s tells the same in both languages', (_finding, { en, vi }) => {
  expect(factsOf(vi)).toEqual(factsOf(en));
  expect(vi).not.toBe(en);
});

test.each(['METHODS_LACKED', 'COMMITS_UNSAFE', 'DATABASE_LOG_QUOTES'] as const)('%s names each of them', (finding) => {
  expect(factsOf(FINDING_WORDS[finding].en)).toEqual(['{names}']);
});

test('rows that count for nothing may be the config’s fault, where it was written anew by hand', () => {
  for (const words of Object.values(FINDING_WORDS.ROWS_IGNORED)) expect(words).toContain('"officers"');
});

test('jobs that wait for two officers name the command by which they let one go on', () => {
  for (const words of Object.values(FINDING_WORDS.JOBS_PAUSED)) expect(words).toContain('"lienthong release ID"');
});
