/** Single calls whose basis is consent, against the same by statute, in turns. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchContext } from './context.ts';
import type { Figure } from './figure.ts';
import type { RunningGateway } from './gateway.ts';
import type { ConsentRegister } from './kept-consents.ts';
import { median, rounded, spread } from './stats.ts';
import type { ClientSetup } from './unary-setup.ts';
import { type Measured, runClient } from './unary-verify.ts';

const SIDES = ['statute', 'consent'] as const;
type Side = (typeof SIDES)[number];
type Pair = Readonly<Record<Side, Measured>>;

const IN_FLIGHT = 64;
const GOAL = 0.8;

export interface UnarySides {
  readonly context: BenchContext;
  readonly opened: ConsentRegister;
  readonly gateway: RunningGateway;
  /** Profile folder of each side. */
  readonly profiles: Readonly<Record<Side, string>>;
  /** Before each run. */
  readonly rest: () => Promise<void>;
  readonly gate: number;
}

export async function unaryConsent(sides: UnarySides): Promise<Figure> {
  const { context, opened, gateway, profiles, rest, gate } = sides;
  const { options, scratch, say } = context;
  const people = join(scratch, 'consent-people.json');
  writeFileSync(people, JSON.stringify(opened.people.single), { mode: 0o600 });
  const { persons } = opened.register;
  const { warmSeconds, measureSeconds } = options.sizes;
  const times = { inFlight: IN_FLIGHT, warmMs: warmSeconds * 1000, measureMs: measureSeconds * 1000 };
  const meters = { gateway: gateway.cpu, postgres: opened.register.cpu };
  const runs: Pair[] = [];
  for (let run = 0; run < options.runs; run++) {
    const pair: Partial<Record<Side, Measured>> = {};
    // Who goes first takes turns too.
    for (const side of run % 2 === 0 ? SIDES : SIDES.toReversed()) {
      await rest();
      const setup: ClientSetup = { kind: 'gateway', ...times, profile: profiles[side], persons, from: 0, people };
      pair[side] = await runClient(context, setup, meters);
    }
    const whole = pair as Pair;
    runs.push(whole);
    const [statute, consent] = SIDES.map((side) => whole[side].rate.toFixed(0));
    say(`unary-consent ${run + 1}/${options.runs}: ${consent} calls/s, by statute ${statute}`);
  }
  return figureOf(runs, gate);
}

const cpuOf = ({ cpu }: Measured): number => Object.values(cpu).reduce((sum, micros) => sum + micros, 0);

function figureOf(runs: readonly Pair[], gate: number): Figure {
  const middle = (side: Side, pick: (measured: Measured) => number) => median(runs.map((pair) => pick(pair[side])));
  const rate = (side: Side) => middle(side, (measured) => measured.rate);
  // Of pairs that were measured one after the other: the machine is another one some minutes later.
  const ratioOf = (pick: (pair: Pair) => number) => median(runs.map(pick));
  const byCpu = ratioOf(({ statute, consent }) => cpuOf(statute) / cpuOf(consent));
  const told = SIDES.map((side) => {
    const micros = Object.keys(runs[0]?.[side].cpu ?? {}).map(
      (name) => `${name} ${middle(side, ({ cpu }) => cpu[name] ?? Number.NaN).toFixed(0)} µs`,
    );
    const [p50, p99] = [middle(side, (measured) => measured.p50), middle(side, (measured) => measured.p99)];
    const apart = (100 * spread(runs.map((pair) => pair[side].rate))).toFixed(0);
    return `by ${side}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; CPU a call: ${micros.join(', ')}; runs ±${apart} %`;
  });
  return {
    name: 'unary-consent',
    ratio: ratioOf(({ statute, consent }) => consent.rate / statute.rate),
    value: rate('consent'),
    unit: 'calls/s',
    baseline: rate('statute'),
    gate,
    goal: GOAL,
    extra: {
      ...{ inFlight: IN_FLIGHT, ratioByCpu: rounded(byCpu) },
      runs: runs.map(({ consent }) => rounded(consent.rate, 4)),
      baselineRuns: runs.map(({ statute }) => rounded(statute.rate, 4)),
    },
    notes: [`${IN_FLIGHT} in flight; by CPU the ratio is ${byCpu.toFixed(3)}`, ...told],
  };
}
