/**
 * The short form of `npm run soak`, with `loss.test.ts`: one telco's file, and every kind of death and pause once. After each, the
 * results, the job, the log and its leaves are those of an undisturbed run.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultPoint } from '../../gateway/faults/point.ts';
import type { Fault } from '../support/faults/plan.ts';
import { type Baseline, playRound, takeBaseline } from '../support/runs/round.ts';
import { CLIENT_STAGES, GATEWAY_STAGES } from '../support/runs/stages.ts';
import { openWorld, type World } from '../support/runs/world.ts';

const AWAY = ['STORAGE_UNAVAILABLE'];

let world: World;
let baseline: Baseline;
beforeAll(async () => {
  world = await openWorld({ rows: 3000, crowd: 1500 });
  baseline = await takeBaseline(world);
});
afterAll(() => world?.close());

const first = (point: FaultPoint, action: Fault['action']): Fault => ({ point, hit: 1, action });
const stageOf = (point: FaultPoint) =>
  Object.entries(CLIENT_STAGES).find(([, points]) => (points as readonly FaultPoint[]).includes(point))?.[0];
const out = (name: string) => `${world.folder}/${name}.csv`;

describe('a run of a telco’s file', () => {
  it('whose gateway is killed with -9 once in every stage ends as an undisturbed one', async () => {
    const gateway = Object.values(GATEWAY_STAGES).map((points) => first(points.at(-1) as FaultPoint, 'kill'));
    const end = await playRound(world, baseline, out('gateway'), { gateway });
    expect(end).toMatchObject({ differences: [] });
    expect(end.problem).toBeUndefined();
    expect(end.suffered.map(({ point }) => point)).toEqual(gateway.map(({ point }) => point));
  }, 300_000);

  it('whose client is killed with -9 in every stage ends as an undisturbed one', async () => {
    const points = ['client-sent', 'client-flush', 'client-renamed'] as const satisfies FaultPoint[];
    expect(points.map((point) => stageOf(point))).toEqual(Object.keys(CLIENT_STAGES));
    const end = await playRound(world, baseline, out('client'), {
      clients: points.map((point) => ({ faults: [first(point, 'kill')] })),
    });
    expect(end).toMatchObject({ differences: [] });
    expect(end.problem).toBeUndefined();
    expect(end.suffered.map(({ point }) => point)).toEqual(points);
  });

  it('with both sides frozen in turn ends as an undisturbed one', async () => {
    const end = await playRound(world, baseline, out('frozen'), {
      gateway: [{ point: 'append-committed', hit: 3, action: 'stop' }],
      clients: [{ faults: [{ point: 'client-answer', hit: 4, action: 'stop' }] }],
      onSuffered: (_fault, child) => void sleep(400).then(() => child.kill('SIGCONT')),
      refusals: AWAY,
    });
    expect(end).toMatchObject({ differences: [] });
    expect(end.problem).toBeUndefined();
    expect(end.suffered.map(({ action }) => action)).toEqual(['stop', 'stop']);
  });
});
