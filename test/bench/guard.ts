/** A telco's file of which about 8 % misses, with the guessing guard and without it, in turns. */
import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import type { BenchContext } from './context.ts';
import type { Figure } from './figure.ts';
import { startGateway } from './gateway.ts';
import { median, rounded, spread } from './stats.ts';
import { runTelcoVerify } from './telco-run.ts';

const GOAL = 0.9;
const WARM_ROWS = 20_000;
const MISSES = 0.08;
/** Rows of nobody and of somebody else that the mix has of its own; what it writes otherwise agrees or nearly. */
const OWN_MISSES = 0.04;
const SIDES = ['on', 'off'] as const;
type Side = (typeof SIDES)[number];

export async function guard(context: BenchContext): Promise<readonly Figure[]> {
  const { options, files, scratch, say } = context;
  const { rows, persons } = options.sizes;
  const register = await context.register();
  const warm = join(scratch, 'guard-warm.csv');
  const input = join(scratch, 'guard.csv');
  await withMisses((await files.subscribers(Math.min(rows, WARM_ROWS), persons)).path, warm);
  await withMisses((await files.subscribers(rows, persons)).path, input);

  const runs: Record<Side, Measured>[] = [];
  for (let run = 0; run < options.runs; run++) {
    // Who goes first takes turns too.
    const pair: Partial<Record<Side, Measured>> = {};
    for (const side of run % 2 === 0 ? SIDES : SIDES.toReversed())
      pair[side] = await measure(context, side, warm, input);
    const { on, off } = pair as Record<Side, Measured>;
    runs.push({ on, off });
    const told = ({ seconds, gateway, postgres }: Measured) =>
      `${seconds.toFixed(2)} s, CPU ${(gateway + postgres).toFixed(2)} s`;
    say(`guard ${run + 1}/${options.runs}: on ${told(on)}; off ${told(off)}`);
  }
  await register.pool.query(FORGET);
  return [figureOf(rows, runs)];
}

/** Of one side; CPU in seconds. */
interface Measured {
  readonly seconds: number;
  readonly gateway: number;
  readonly postgres: number;
  readonly counted: number;
}

const cpuOf = ({ gateway, postgres }: Measured) => gateway + postgres;

function figureOf(rows: number, runs: readonly Record<Side, Measured>[]): Figure {
  const middle = (side: Side, pick: (measured: Measured) => number) => median(runs.map((run) => pick(run[side])));
  const rate = (side: Side) => rows / middle(side, ({ seconds }) => seconds);
  // Of pairs that were measured one after the other: the machine is another one some minutes later.
  const ratioOf = (pick: (measured: Measured) => number) => median(runs.map(({ on, off }) => pick(off) / pick(on)));
  const byCpu = ratioOf(cpuOf);
  const micros = (side: Side, pick: (measured: Measured) => number) => ((middle(side, pick) / rows) * 1e6).toFixed(2);
  const counted = Math.max(...runs.map(({ on }) => on.counted));
  const cpu = SIDES.map((side) => {
    const apart = (100 * spread(runs.map((run) => run[side].seconds))).toFixed(0);
    const [gateway, postgres] = [micros(side, (one) => one.gateway), micros(side, (one) => one.postgres)];
    return `${side}: CPU a row ${gateway} µs gateway, ${postgres} µs PostgreSQL; runs ±${apart} %`;
  });
  return {
    name: 'guard',
    ratio: ratioOf(({ seconds }) => seconds),
    value: rate('on'),
    unit: 'rows/s',
    baseline: rate('off'),
    gate: null,
    goal: GOAL,
    extra: {
      ...{ rows, counted, ratioByCpu: rounded(byCpu, 4) },
      ...Object.fromEntries(SIDES.map((side) => [side, runs.map((run) => rounded(run[side].seconds, 4))])),
    },
    notes: [
      `${counted} wrong values were counted of ${rows} rows, about ${(100 * MISSES).toFixed(0)} % of which miss; by CPU the ratio is ${byCpu.toFixed(3)}`,
      ...cpu,
    ],
  };
}

/** The same value again is free: every run begins with no value known. */
const FORGET = 'TRUNCATE guess, guess_near, guess_crossing';

async function measure(context: BenchContext, side: Side, warm: string, input: string): Promise<Measured> {
  const { scratch, cleanup } = context;
  const register = await context.register();
  const output = join(scratch, 'guard-out.csv');
  const imports = side === 'on' ? [] : [join(import.meta.dirname, 'without-guard.ts')];
  const gateway = await startGateway({ configPath: register.configPath, cleanup, imports });
  const run = async (file: string) => {
    for (const name of ['', '.receipt', '.part', '.job.json']) rmSync(`${output}${name}`, { force: true });
    return runTelcoVerify({ input: file, output, profile: register.profile, cleanup });
  };
  await run(warm);
  await register.pool.query(FORGET);
  await register.settle();
  const used = () => [gateway.cpu() ?? Number.NaN, register.cpu() ?? Number.NaN] as const;
  const before = used();
  const { seconds } = await run(input);
  const after = used();
  const { rows } = await register.pool.query<{ n: number }>('SELECT count(*)::float8 AS n FROM guess');
  await gateway.stop();
  const [ofGateway, ofPostgres] = [after[0] - before[0], after[1] - before[1]];
  return { seconds, gateway: ofGateway, postgres: ofPostgres, counted: rows[0]?.n ?? 0 };
}

/** The same file with the date of every so many rows replaced: whole, in range, and seldom twice the same. */
async function withMisses(from: string, to: string): Promise<void> {
  const lines = createInterface({ input: createReadStream(from), crlfDelay: Number.POSITIVE_INFINITY });
  const every = Math.round(1 / (MISSES - OWN_MISSES));
  async function* changed() {
    let n = -1;
    for await (const line of lines) {
      n += 1;
      const k = Math.floor(n / every);
      const other = `${1931 + (k % 73)}-${String(1 + (Math.floor(k / 73) % 12)).padStart(2, '0')}-${String(1 + (Math.floor(k / 876) % 28)).padStart(2, '0')}`;
      yield `${n > 0 && n % every === 0 ? `${line.slice(0, line.lastIndexOf(',') + 1)}${other}` : line}\n`;
    }
  }
  await pipeline(changed, createWriteStream(to));
}
