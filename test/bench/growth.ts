/** What a row costs where the register holds many people, against one that holds few. */
import { join } from 'node:path';
import type { BenchContext } from './context.ts';
import type { Figure } from './figure.ts';
import { startGateway } from './gateway.ts';
import { runOurs, type Sides, type Stages } from './measured-run.ts';
import { median, rounded, spread } from './stats.ts';

/** A row among very many people costs at most 1.3 × what it costs among few. */
const GATE = 1 / 1.3;
const WARM_ROWS = 20_000;
const MICROS = 1e6;

/** A register, its file of rows, and a gateway of its own that is warm. */
interface Side extends Sides {
  readonly persons: number;
  readonly input: string;
}

export async function growth(context: BenchContext): Promise<readonly Figure[]> {
  const { growthFew, growthMany, growthRows: rows } = context.options.sizes;
  const sides: readonly Side[] = [await openSide(context, growthFew, rows), await openSide(context, growthMany, rows)];
  const runs: Stages[][] = sides.map(() => []);
  for (let run = 1; run <= context.options.runs; run++) {
    for (const [index, side] of sides.entries()) {
      await side.register.settle();
      runs[index]?.push(await runOurs(side, side.input));
    }
    const told = runs.map((of) => ((costOf(of[run - 1]) / rows) * MICROS).toFixed(1));
    context.say(`growth ${run}/${context.options.runs}: ${told.join(' and ')} µs of CPU a row`);
  }
  for (const { gateway } of sides) await gateway.stop();
  return [figureOf(rows, sides, runs)];
}

async function openSide(context: BenchContext, persons: number, rows: number): Promise<Side> {
  const register = await context.register(persons);
  const { path: input } = await context.files.subscribers(rows, persons);
  const warm = await context.files.subscribers(Math.min(rows, WARM_ROWS), persons);
  const gateway = await startGateway({ configPath: register.configPath, cleanup: context.cleanup });
  const side = { context, register, gateway, output: join(context.scratch, `growth-${persons}.csv`), persons, input };
  await runOurs(side, warm.path);
  return side;
}

/** Seconds of CPU of the three programs together. */
function costOf(stages: Stages | undefined): number {
  return stages === undefined ? Number.NaN : stages.client + stages.gateway + stages.postgres;
}

function figureOf(rows: number, sides: readonly Side[], runs: readonly (readonly Stages[])[]): Figure {
  const micros = (index: number, pick: (stages: Stages) => number): number =>
    (median((runs[index] ?? []).map(pick)) / rows) * MICROS;
  const [few, many] = [micros(0, costOf), micros(1, costOf)];
  const measured = Number.isFinite(few) && Number.isFinite(many);
  const told = sides.map(({ persons }, index) => {
    const part = (pick: (stages: Stages) => number): string => micros(index, pick).toFixed(2);
    const apart = (100 * spread((runs[index] ?? []).map(costOf))).toFixed(0);
    return `${persons.toLocaleString('en-US')} people: client ${part(({ client }) => client)}, gateway ${part(({ gateway }) => gateway)}, PostgreSQL ${part(({ postgres }) => postgres)} µs of CPU a row, ${(MICROS / micros(index, ({ seconds }) => seconds)).toFixed(0)} rows/s; runs ±${apart} %`;
  });
  return {
    name: 'growth',
    ratio: measured ? few / many : null,
    value: measured ? rounded(many, 4) : null,
    unit: 'µs of CPU a row, less is better',
    baseline: measured ? rounded(few, 4) : null,
    gate: GATE,
    goal: null,
    extra: { rows, people: sides.map(({ persons }) => persons) },
    notes: measured ? told : ['not measured: this system does not tell the CPU of processes'],
  };
}
