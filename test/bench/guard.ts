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

  const seconds: Record<Side, number[]> = { on: [], off: [] };
  const cpu: Record<Side, number[]> = { on: [], off: [] };
  let counted = 0;
  for (let run = 0; run < options.runs; run++) {
    // Who goes first takes turns too.
    for (const side of run % 2 === 0 ? SIDES : SIDES.toReversed()) {
      const measured = await measure(context, side, warm, input);
      seconds[side].push(measured.seconds);
      cpu[side].push(measured.cpu);
      counted = Math.max(counted, measured.counted);
    }
    say(
      `guard ${run + 1}/${options.runs}: on ${seconds.on.at(-1)?.toFixed(2)} s, off ${seconds.off.at(-1)?.toFixed(2)} s`,
    );
  }
  await register.pool.query('TRUNCATE guess, guess_near, guess_crossing');
  const rate = (side: Side) => rows / median(seconds[side]);
  const micros = (side: Side) => ((median(cpu[side]) / rows) * 1e6).toFixed(2);
  const apart = (side: Side) => (100 * spread(seconds[side])).toFixed(0);
  return [
    {
      name: 'guard',
      ratio: rate('on') / rate('off'),
      value: rate('on'),
      unit: 'rows/s',
      baseline: rate('off'),
      gate: null,
      goal: GOAL,
      extra: {
        rows,
        counted,
        runs: seconds.on.map((one) => rounded(one, 4)),
        off: seconds.off.map((one) => rounded(one, 4)),
      },
      notes: [
        `${counted} wrong values were counted of ${rows} rows, about ${(100 * MISSES).toFixed(0)} % of which miss`,
        `CPU of gateway and PostgreSQL a row: on ${micros('on')} µs, off ${micros('off')} µs; runs ±${apart('on')} %, ±${apart('off')} %`,
      ],
    },
  ];
}

async function measure(context: BenchContext, side: Side, warm: string, input: string) {
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
  // The same value again is free: every run begins with no value known.
  await register.pool.query('TRUNCATE guess, guess_near, guess_crossing');
  await register.settle();
  const used = () => (gateway.cpu() ?? Number.NaN) + (register.cpu() ?? Number.NaN);
  const before = used();
  const { seconds } = await run(input);
  const cpu = used() - before;
  const { rows } = await register.pool.query<{ n: number }>('SELECT count(*)::float8 AS n FROM guess');
  await gateway.stop();
  return { seconds, cpu, counted: rows[0]?.n ?? 0 };
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
