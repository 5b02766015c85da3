import { describe, expect, test } from 'vitest';
import { unusedExports } from './exports.ts';
import { isTest, parseSource, readSources } from './source.ts';

/** What production exports and only tests or other languages use, each with its reason. */
const FOR_OTHERS: Readonly<Record<string, string>> = {
  'gateway/development/synthetic/population.ts: generatePopulation':
    'synthetic people in memory, for tests of all folders',
  'gateway/errors/page.ts: errorsTables': 'makes the tables of a page; a test compares',
  'gateway/fields/page.ts: fieldsTable': 'makes the table of a page; a test compares',
  'gateway/retention/page.ts: retentionTable': 'makes the table of a page; a test compares',
  'gateway/telemetry/metrics-page.ts: metricsTable': 'makes the table of a page; a test compares',
  'gateway/faults/point.ts: faultChannel': 'where tests listen in order to break things; production only tells',
  'gateway/proof/sha256-lanes.generate.ts: SHA256_LANES_WASM': 'stands in the text of the file that this one writes',
  'gateway/proof/tree.ts: consistencyProof':
    'over leaves in memory: what proofs read out of the database are held against',
};

test('what production exports, production uses', () => {
  const production = readSources('gateway', 'connectors', 'policies').filter(({ path }) => !isTest(path));
  const found = unusedExports(production, production);
  expect(found.filter((name) => FOR_OTHERS[name] === undefined)).toEqual([]);
  expect(Object.keys(FOR_OTHERS).filter((name) => !found.includes(name))).toEqual([]);
});

describe('an export', () => {
  const spare = 'export async function spare() {} // spare';
  const lines = ['export const used = 1;', spare, 'export type Own = 1;', 'let a: Own;'];
  const exporting = parseSource('gateway/matching/made-up.ts', lines.join('\n'));

  test('that nobody imports and its file does not use is named', () => {
    const user = parseSource('gateway/cli/user.ts', "import { used as it } from '../matching/made-up.ts';");
    expect(unusedExports([exporting], [user])).toEqual(['gateway/matching/made-up.ts: spare']);
  });

  test('is used where its module is taken whole', () => {
    const user = parseSource('gateway/cli/user.ts', "const all = await import('../matching/made-up.ts');");
    expect(unusedExports([exporting], [user])).toEqual([]);
  });
});
