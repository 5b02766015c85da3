import { expect, it } from 'vitest';
import type { Decided } from '../exchange/decide.ts';
import { createDecisionInForce, type DecisionDeps } from './decision-in-force.ts';

it('the sender is authenticated each time, the decision made again after a second, after a change and where the log refused it', () => {
  let now = 10;
  let revision = '1';
  const counts = { authenticated: 0, decided: 0 };
  const deps = {
    nowSeconds: () => now,
    decisionRevision: () => revision,
    stages: {
      authenticate: () => ({ at: ++counts.authenticated }),
      decide: (verified: unknown) => ({ verified, at: now, again: ++counts.decided }),
    },
  } as unknown as DecisionDeps;
  const verified = { underCaller: () => verified };
  const inForce = createDecisionInForce(deps, { peer: undefined }, { verified, at: now } as unknown as Decided);
  inForce();
  expect(counts).toEqual({ authenticated: 1, decided: 0 });
  now = 11;
  inForce();
  inForce();
  expect(counts).toEqual({ authenticated: 3, decided: 1 });
  revision = '2';
  inForce();
  inForce();
  expect(counts).toEqual({ authenticated: 5, decided: 2 });
  // The log knows of a change: whatever this thread has heard.
  inForce('outdated');
  inForce('overtaken');
  expect(counts).toEqual({ authenticated: 7, decided: 3 });
});

it('a clock that was set back keeps no decision in force beyond its second: an agreement may end meanwhile', () => {
  let now = 3_610;
  let decided = 0;
  const deps = {
    nowSeconds: () => now,
    decisionRevision: () => '1',
    stages: { authenticate: () => ({}), decide: (verified: unknown) => ({ verified, at: now, again: ++decided }) },
  } as unknown as DecisionDeps;
  const verified = { underCaller: () => verified };
  const inForce = createDecisionInForce(deps, { peer: undefined }, { verified, at: now } as unknown as Decided);
  now = 10;
  inForce();
  expect(decided).toBe(1);
  now = 11;
  inForce();
  expect(decided).toBe(2);
});
