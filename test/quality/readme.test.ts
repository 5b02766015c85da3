import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MIX, sharesOf, singleParts } from './generate/mix.ts';
import { createLabelledPopulation } from './generate/population.ts';
import { createWorld } from './generate/world.ts';

const README = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');
const world = createWorld(createLabelledPopulation({ seed: 1, persons: 20_000, zeroPrefixes: true }));

test('the README states every class, and no share that is not dealt', () => {
  const lines = README.split('\n');
  const unstated = sharesOf(world).filter(([label]) => {
    const [group = '', key = ''] = label.split(/\.(.*)/u);
    const word = new RegExp(`(?<![\\w+])${key.replace('+', '\\+')}(?![\\w+])`, 'u');
    return !lines.some((line) => line.startsWith(`| \`${group}.\``) && word.test(line));
  });
  expect(unstated).toEqual([]);
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  expect(README).toContain(
    `${percent(MIX.clean)} clean, ${percent(MIX.one)} with one damage, ${percent(MIX.two)} with two, ${percent(MIX.different)} of different people, ${percent(MIX.absent)} with absent numbers, ${percent(MIX.unreadable)} unreadable`,
  );
});

test('the README states the parts of one-damage classes', () => {
  const usual = createWorld(createLabelledPopulation({ seed: 1, persons: 20_000 }));
  const parts = singleParts(usual);
  const share = (weight: number) => `${((100 * MIX.one * weight) / parts).toFixed(2)} %`;
  expect(README).toContain(`as 3 : 2 : 1 of ${parts} parts, so ${share(3)}, ${share(2)} and ${share(1)} of all rows`);
});
