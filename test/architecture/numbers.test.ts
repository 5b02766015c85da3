import { describe, expect, test } from 'vitest';
import { isTest, readSources } from './source.ts';

/** The one place of the command line that writes numbers for people: each of its functions demands the language. */
const NUMBERS = 'gateway/cli/numbers.ts';

const cli = readSources('gateway/cli').filter(({ path }) => !isTest(path));

/** Paths of files with the line that matches. */
const found = (sign: RegExp, files = cli) =>
  files.flatMap(({ path, text }) =>
    text
      .split('\n')
      .filter((line) => sign.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  );

describe('numbers for people', () => {
  test('are written in one place of the command line', () => {
    const formatters = /\btoFixed\(|\btoPrecision\(|\btoLocale\w*\(|\bNumberFormat\b|\\d\{3\}\)\+/;
    const elsewhere = cli.filter(({ path }) => path !== NUMBERS);
    expect(found(formatters, elsewhere)).toEqual([]);
    expect(found(formatters).length).toBeGreaterThan(0);
  });

  test('are written in the language that was asked for, and never in one that a place chose for itself', () => {
    expect(found(/\b(count|decimal|numbers|percent|plain|seconds)\(.*'(en|vi)'/)).toEqual([]);
  });

  test('know no language that counts where none is given', () => {
    const [{ text } = { text: '' }] = cli.filter(({ path }) => path === NUMBERS);
    const exported = [...text.matchAll(/^export (?:function|const) (\w+)/gm)].map(([, name]) => name);
    expect(exported.toSorted()).toEqual(['count', 'decimal', 'numbers', 'percent', 'plain', 'seconds']);
    expect(text).not.toMatch(/language\?|Language =|= '(en|vi)'[,)]/);
  });
});
