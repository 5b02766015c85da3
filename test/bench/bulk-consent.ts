/** A telco's file and single calls whose basis is consent, against the same by statute: one gateway, one agency, in turns. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readIndexState } from '../../gateway/accesses/index-state.ts';
import { readCleanRows, readTotals, type Totals } from './clean-totals.ts';
import { WITHOUT_EVERY } from './consent-people.ts';
import { BY_CONSENT, BY_COUNTED, profileFor } from './consent-uses.ts';
import type { BenchContext } from './context.ts';
import { printShares } from './cpu-profile.ts';
import type { Figure } from './figure.ts';
import { type RunningGateway, startGateway } from './gateway.ts';
import { type ConsentRegister, openConsents } from './kept-consents.ts';
import { runOurs, type Stages } from './measured-run.ts';
import { median, rounded, spread } from './stats.ts';
import { unaryConsent } from './unary-consent.ts';

const SIDES = ['statute', 'consent', 'quota'] as const;
type Side = (typeof SIDES)[number];
type Turn = Readonly<Record<Side, Stages>>;

/** Of what the same reaches by statute. */
const GATES = { consent: 0.7, quota: 0.3, unary: 0.8 } as const;
/** Of the short form, against regressions: starting the programs is a third of a run there, and CI's machine does other things. */
const SHORT_FLOORS = { consent: 0.5, quota: 0.2, unary: 0.6 } as const;
const WARM_ROWS = 20_000;
const MICROS = 1e6;
/** The same wrong value again is free: every run begins with none known, and none of another purpose's. */
const FORGET = 'TRUNCATE guess, guess_near, guess_crossing';

interface Bench {
  readonly context: BenchContext;
  readonly opened: ConsentRegister;
  readonly profiles: Readonly<Record<Side, string>>;
  readonly gateway: RunningGateway;
  /** Before each run: what the one before left to be written, and to be indexed, is done. */
  readonly rest: () => Promise<void>;
}

export async function bulkConsent(context: BenchContext): Promise<readonly Figure[]> {
  const { options, cleanup, scratch } = context;
  const opened = await openConsents(context);
  const { register } = opened;
  const profileOf = ({ purpose }: { readonly purpose: string }) => profileFor(context, register, { purpose });
  const profiles = { statute: register.profile, consent: profileOf(BY_CONSENT), quota: profileOf(BY_COUNTED) };
  const profileTo = options.profile ? join(scratch, 'cpu-consent') : undefined;
  const gateway = await startGateway({ configPath: register.configPath, cleanup, profileTo });
  const rest = async () => {
    while ((await readIndexState(register.pool)).behind > 0) await sleep(100);
    await register.pool.query(FORGET);
    await register.settle();
  };
  const bench = { context, opened, profiles, gateway, rest };
  const gates = options.short ? SHORT_FLOORS : GATES;
  const turns = await measure(bench);
  const unary = await unaryConsent({ ...bench, gate: gates.unary });
  const profile = printShares(await gateway.stop());
  await register.pool.query(FORGET);
  const bulk = (['consent', 'quota'] as const).map((side) => figureOf(side, opened.file.rows, turns, gates[side]));
  return [
    ...bulk,
    { ...unary, notes: [...(unary.notes ?? []), ...(profile ? [`gateway by folder: ${profile}`] : [])] },
  ];
}

async function measure({ context, opened, profiles, gateway, rest }: Bench): Promise<Turn[]> {
  const { options, files, scratch, say } = context;
  const { register, file } = opened;
  const output = join(scratch, 'consent.csv');
  const run = (side: Side, input: string) =>
    runOurs({ context, gateway, output, register: { ...register, profile: profiles[side] } }, input);
  const warm = await files.subscribers(Math.min(file.rows, WARM_ROWS), options.sizes.persons);
  for (const side of SIDES) await run(side, warm.path);
  const clean = await readCleanRows(file.truth, file.rows);
  const turns: Turn[] = [];
  for (let at = 0; at < options.runs; at++) {
    const measured: Partial<Record<Side, Stages>> = {};
    // Who goes first takes turns too.
    for (const side of at % 2 === 0 ? SIDES : SIDES.toReversed()) {
      await rest();
      measured[side] = await run(side, file.path);
      const told = await readTotals(output, clean);
      if (told.lines !== file.rows) throw new Error(`${file.rows} rows were asked and ${told.lines} answered`);
      mustLackSome(side, told.totals);
    }
    const turn = measured as Turn;
    turns.push(turn);
    const told = SIDES.map(
      (side) => `${side} ${turn[side].seconds.toFixed(2)} s, CPU ${cpuOf(turn[side]).toFixed(2)} s`,
    );
    say(`bulk-consent ${at + 1}/${options.runs}: ${told.join('; ')}`);
  }
  return turns;
}

/** By consent, one clean row in twenty lacks one, and by statute none: else something else was measured. */
function mustLackSome(side: Side, totals: Totals): void {
  const lacking = totals.CONSENT_MISSING ?? 0;
  const all = Object.values(totals).reduce((sum, count) => sum + count, 0);
  const ofWanted = (lacking / all) * WITHOUT_EVERY;
  if (side === 'statute' ? lacking > 0 : !(ofWanted > 0.8 && ofWanted < 1.2)) {
    throw new Error(`${lacking} of ${all} clean rows lacked a consent (${side}): ${JSON.stringify(totals)}`);
  }
}

const cpuOf = ({ client, gateway, postgres }: Stages): number => client + gateway + postgres;

function figureOf(side: Exclude<Side, 'statute'>, rows: number, turns: readonly Turn[], gate: number): Figure {
  const middle = (of: Side, pick: (stages: Stages) => number) => median(turns.map((turn) => pick(turn[of])));
  const rate = (of: Side) => rows / middle(of, ({ seconds }) => seconds);
  // Of runs that were measured one after the other: the machine is another one some minutes later.
  const ratioOf = (pick: (stages: Stages) => number) =>
    median(turns.map((turn) => pick(turn.statute) / pick(turn[side])));
  const byCpu = ratioOf(cpuOf);
  const told = (['statute', side] as const).map((of) => {
    const micros = (pick: (stages: Stages) => number) => ((middle(of, pick) / rows) * MICROS).toFixed(1);
    const parts = `client ${micros(({ client }) => client)}, gateway ${micros(({ gateway }) => gateway)}, PostgreSQL ${micros(({ postgres }) => postgres)}`;
    const apart = (100 * spread(turns.map((turn) => turn[of].seconds))).toFixed(0);
    return `by ${of}: µs of CPU a row: ${parts}; runs ±${apart} %`;
  });
  return {
    name: side === 'consent' ? 'bulk-consent' : 'bulk-consent-quota',
    ratio: ratioOf(({ seconds }) => seconds),
    value: rate(side),
    unit: 'rows/s',
    baseline: rate('statute'),
    gate,
    goal: GATES[side],
    extra: {
      ...{ rows, ratioByCpu: rounded(byCpu) },
      runs: turns.map((turn) => rounded(turn[side].seconds, 4)),
      baselineRuns: turns.map((turn) => rounded(turn.statute.seconds, 4)),
    },
    notes: [`by CPU the ratio is ${byCpu.toFixed(3)}`, ...told],
  };
}
