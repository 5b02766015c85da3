import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BIRTH_LEVELS, KIND_MASKS, listReasons, NAME_LEVELS } from '../../../gateway/matching/index.ts';

/** The cases by hand leave out nothing that the matcher can say: a new level or reason fails here until it has one. */
function table(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8')) as Record<string, unknown>;
}

/** How many cases of a table name each word. Cases are arrays or objects; words stand in them as strings, at any depth. */
function countWords(value: unknown, into: Map<string, number>): Map<string, number> {
  if (typeof value === 'string') into.set(value, (into.get(value) ?? 0) + 1);
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) countWords(part, into);
  return into;
}

const words = new Map<string, number>();
for (const name of ['names', 'birth-dates', 'id-numbers', 'rows']) countWords(table(name), words);
const compared = countWords(table('birth-dates').compare, new Map());

/** One case shows what is meant, a second one that it was no accident. */
const LEAST = 2;

test.each(Object.keys(KIND_MASKS) as (keyof typeof KIND_MASKS)[])('every reason of kind %s has its cases', (kind) => {
  const few = listReasons(KIND_MASKS[kind]).filter((reason) => (words.get(reason) ?? 0) < LEAST);
  expect(few).toEqual([]);
});

test('every level of a name has its cases', () => {
  const levels = countWords(table('names'), new Map());
  expect(Object.keys(NAME_LEVELS).filter((label) => (levels.get(label) ?? 0) < LEAST)).toEqual([]);
});

test('every level of a date has its cases', () => {
  expect(Object.keys(BIRTH_LEVELS).filter((label) => (compared.get(label) ?? 0) < LEAST)).toEqual([]);
});
