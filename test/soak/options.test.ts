import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../support/runs/scenarios.ts';
import { CLIENT_STAGES, GATEWAY_STAGES } from '../support/runs/stages.ts';
import { NAMES } from './names.ts';
import { chooseScenarios, readOptions } from './options.ts';
import seeds from './seeds.json' with { type: 'json' };
import { createTally } from './tally.ts';

const names = Object.keys(SCENARIOS);

describe('options of a soak', () => {
  it('are whole numbers, or it says what is wrong', () => {
    expect(readOptions(['--seed', '5', '--rounds', '2', '--only', 'kill-append,disk'])).toMatchObject({
      ...{ seed: 5, rounds: 2, rows: 6000 },
      only: ['kill-append', 'disk'],
    });
    for (const args of [['--rounds', '0'], ['--seed', 'x'], ['--rows', '10'], ['--what']])
      expect(typeof readOptions(args), args.join(' ')).toBe('string');
  });

  it('choose scenarios by name, or by the beginning of one', () => {
    expect(chooseScenarios(names, [])).toEqual(names);
    expect(chooseScenarios(names, ['kill-client'])).toEqual([
      'kill-client-send',
      'kill-client-spool',
      'kill-client-finish',
    ]);
    // A whole name is that one alone.
    expect(chooseScenarios(names, ['disk-client'])).toEqual(['disk-client']);
    expect(chooseScenarios(names, ['nothing'])).toEqual([]);
  });
});

it('each stage has its scenario, so that 20 rounds are 200 deaths and more', () => {
  const stages = [...Object.keys(GATEWAY_STAGES), ...Object.keys(CLIENT_STAGES).map((stage) => `client-${stage}`)];
  expect(stages.filter((stage) => !names.includes(`kill-${stage}`))).toEqual([]);
  expect(stages).toHaveLength(10);
});

it('the seeds that are kept name scenarios that there are', () => {
  expect(seeds.filter(({ scenario }) => !NAMES.includes(scenario))).toEqual([]);
});

it('a tally says what failed, and how to play it again', () => {
  let said = '';
  const options = readOptions(['--seed', '1']);
  if (typeof options === 'string') throw new Error(options);
  const out = {
    write(text: string): boolean {
      said += text;
      return true;
    },
  };
  const tally = createTally(options, out);
  const record = {
    scenario: 'kill-sign',
    seed: 3,
    suffered: ['kill at sign 4'],
    deaths: 1,
    attempts: 1,
    starts: 2,
    ms: 9,
  };
  tally.add({ ...record, struck: true, found: [] });
  expect(tally.summary()).toBe(true);
  tally.add({ ...record, struck: true, found: ['LOG: GAP at 3'] });
  expect(tally.summary()).toBe(false);
  expect(said).toContain('again: npm run soak -- --only kill-sign --seed 3 --rounds 1');
  expect(said).toContain('2 rounds, 2 deaths, 1 failed, 0 in which nothing struck');
});
