/**
 * The short form of `npm run soak`, with `death.test.ts`: what a run stands on goes away once in every way, and the seeds that once
 * failed.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import seeds from '../soak/seeds.json' with { type: 'json' };
import { type Baseline, takeBaseline } from '../support/runs/round.ts';
import { playScenario, SCENARIOS } from '../support/runs/scenarios.ts';
import { openWorld, type World } from '../support/runs/world.ts';

const SEED = 7;

let world: World;
let baseline: Baseline;
beforeAll(async () => {
  world = await openWorld({ rows: 3000, crowd: 1500 });
  baseline = await takeBaseline(world);
});
afterAll(() => world?.close());

describe('a run of a telco’s file', () => {
  it.each([
    'postgres-stop',
    'postgres-kill',
    'network-cut',
    'network-stall',
    'network-half-close',
    'database-link-cut',
    'disk-database',
  ])('with %s ends as an undisturbed one', async (name) => {
    const end = await playScenario(world, baseline, name, SEED);
    expect(end).toMatchObject({ differences: [] });
    expect(end.problem).toBeUndefined();
    expect(end.struck).toBe(true);
  });

  it.each(
    seeds.filter(({ scenario }) => scenario in SCENARIOS),
  )('with $scenario of seed $seed ends as an undisturbed one: $found', async ({ scenario, seed }) => {
    const end = await playScenario(world, baseline, scenario, seed);
    expect(end).toMatchObject({ differences: [] });
    expect(end.problem).toBeUndefined();
  });
});
