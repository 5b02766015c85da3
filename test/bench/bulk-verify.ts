/** A telco's file to its results file through the gateway, against raw SQL over the same table. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { assertSameTotals, readCleanRows, readTotals, type Totals } from './clean-totals.ts';
import type { BenchContext } from './context.ts';
import { printShares } from './cpu-profile.ts';
import type { Figure } from './figure.ts';
import { startGateway } from './gateway.ts';
import { runOurs, type Sides, type Stages } from './measured-run.ts';
import { type RawRun, runRawSql } from './raw-sql.ts';
import { median, rounded, spread } from './stats.ts';

const GATE = 0.25;
/** Of the short form, against regressions: since guesses are counted and accesses indexed it stands at 0.22 to 0.28. */
const SHORT_FLOOR = 0.18;
const GOAL = 0.4;
/** Rows that warm up code and caches before anything is counted. */
const WARM_ROWS = 20_000;

export async function bulkVerify(context: BenchContext): Promise<readonly Figure[]> {
  const { options, files, cleanup, scratch, say } = context;
  const { rows, persons } = options.sizes;
  const register = await context.register();
  const warm = await files.subscribers(Math.min(rows, WARM_ROWS), persons);
  const { path, truth } = await files.subscribers(rows, persons);
  const clean = await readCleanRows(truth, rows);
  const profileTo = options.profile ? join(scratch, 'cpu-bulk') : undefined;
  const gateway = await startGateway({ configPath: register.configPath, cleanup, profileTo });
  const output = join(scratch, 'bulk.csv');
  const sides = { context, register, gateway, output };

  say('bulk-verify: warming up');
  await runOurs(sides, warm.path);
  await raw(sides, path);

  const stages: Stages[] = [];
  const raws: MeasuredRaw[] = [];
  let agreed: Totals = {};
  for (let run = 1; run <= options.runs; run++) {
    await register.settle();
    const measured = await runOurs(sides, path);
    stages.push(measured);
    const told = await readTotals(output, clean);
    if (told.lines !== rows) throw new Error(`${rows} rows were asked and ${told.lines} answered`);
    await register.settle();
    const yardstick = await raw(sides, path);
    raws.push(yardstick);
    assertSameTotals(told.totals, (await readTotals(output, clean)).totals);
    agreed = told.totals;
    say(
      `bulk-verify ${run}/${options.runs}: ${measured.seconds.toFixed(2)} s, raw SQL ${yardstick.seconds.toFixed(2)} s`,
    );
  }
  const shares = await gateway.stop();
  const gate = options.short ? SHORT_FLOOR : GATE;
  return [figureOf({ rows, stages, raws, agreed, gate, profile: printShares(shares) })];
}

interface MeasuredRaw extends RawRun {
  /** Seconds of CPU of PostgreSQL and of the client that copies. */
  readonly cpu: number;
}

async function raw({ register, output }: Sides, input: string): Promise<MeasuredRaw> {
  rmSync(output, { force: true });
  const [own, postgres] = [process.cpuUsage(), register.cpu() ?? Number.NaN];
  const run = await runRawSql({ url: register.databaseUrl, input, output });
  const { user, system } = process.cpuUsage(own);
  return { ...run, cpu: (user + system) / 1e6 + (register.cpu() ?? Number.NaN) - postgres };
}

function figureOf(measured: {
  rows: number;
  stages: readonly Stages[];
  raws: readonly MeasuredRaw[];
  agreed: Totals;
  gate: number;
  profile: string;
}): Figure {
  const { rows, stages, raws, agreed, gate, profile } = measured;
  const middle = (pick: (stage: Stages) => number): number => median(stages.map(pick));
  const value = rows / middle(({ seconds }) => seconds);
  const baseline = rows / median(raws.map(({ seconds }) => seconds));
  const cpu = {
    client: middle(({ client }) => client),
    gateway: middle(({ gateway }) => gateway),
    postgres: middle(({ postgres }) => postgres),
  };
  const rawCpu = median(raws.map((run) => run.cpu));
  const total = cpu.client + cpu.gateway + cpu.postgres;
  const share = (part: number): string =>
    `${((100 * part) / total).toFixed(0)} % (${((part / rows) * 1e6).toFixed(2)} µs a row)`;
  const parts = (raws[0]?.parts ?? []).map(({ statement }, index) => {
    const seconds = median(raws.map((run) => run.parts[index]?.seconds ?? Number.NaN));
    return `${statement} ${seconds.toFixed(2)} s`;
  });
  return {
    name: 'bulk-verify',
    // Of pairs that were measured one after the other: the machine is another one some minutes later.
    ratio: median(stages.map(({ seconds }, run) => (raws[run]?.seconds ?? Number.NaN) / seconds)),
    value,
    unit: 'rows/s',
    baseline,
    gate,
    goal: GOAL,
    extra: {
      rows,
      cleanTotals: agreed,
      cpuSeconds: { client: rounded(cpu.client), gateway: rounded(cpu.gateway), postgres: rounded(cpu.postgres) },
      baselineCpuSeconds: rounded(rawCpu),
      runs: stages.map(({ seconds }) => rounded(seconds, 4)),
      baselineRuns: raws.map(({ seconds }) => rounded(seconds, 4)),
    },
    notes: [
      `CPU: client ${share(cpu.client)}, gateway ${share(cpu.gateway)}, PostgreSQL ${share(cpu.postgres)}`,
      `raw SQL: ${parts.join(', ')}; CPU ${((rawCpu / rows) * 1e6).toFixed(2)} µs a row`,
      `clean rows, both sides alike: ${JSON.stringify(agreed)}`,
      `runs differ from their median by up to ${(100 * spread(stages.map(({ seconds }) => seconds))).toFixed(0)} %, raw SQL by ${(100 * spread(raws.map(({ seconds }) => seconds))).toFixed(0)} %`,
      ...(profile === '' ? [] : [`gateway by folder: ${profile}`]),
    ],
  };
}
