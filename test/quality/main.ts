/** The published quality figure of the matcher: `npm run quality -- --help`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bounds, boundsOf, worsened } from './bounds.ts';
import { printExamples } from './examples.ts';
import { classFigures, headlines } from './figures.ts';
import { createLabelledPopulation } from './generate/population.ts';
import { generateRows } from './generate/rows.ts';
import { createWorld, type World } from './generate/world.ts';
import { toJson } from './json.ts';
import { measure } from './measure.ts';
import { type Options, readOptions, USAGE, UsageError } from './options.ts';
import { printCalibration, printClasses, printHeadlines, printStrictness } from './report.ts';
import { writeFiles } from './write-files.ts';

const BOUNDS = join(import.meta.dirname, 'bounds.json');

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const readBounds = (): Bounds => (existsSync(BOUNDS) ? (JSON.parse(readFileSync(BOUNDS, 'utf8')) as Bounds) : {});

function run(options: Options, world: World): number {
  const measured = measure(world, generateRows(world, options.run.seed, options.run.rows));
  const published = headlines(measured);
  const figures = [...published, ...classFigures(measured)];
  print(printClasses(measured.tallies));
  print(printCalibration(measured.calibration));
  print(printStrictness(measured));
  print(printHeadlines(published));
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify(toJson(options.run, published, measured), null, 2)}\n`);

  const bounds = readBounds();
  if (options.updateBounds) {
    writeFileSync(
      BOUNDS,
      `${JSON.stringify({ ...bounds, [options.form]: boundsOf(figures, options.run) }, null, 2)}\n`,
    );
    print('bounds.json holds the rates of this run');
    return 0;
  }
  const set = bounds[options.form];
  const worse =
    set === undefined ? [`there are no bounds of the ${options.form} form`] : worsened(figures, options.run, set);
  for (const line of worse) print(`WORSE  ${line}`);
  print(
    worse.length === 0 ? 'no figure is worse than its bound' : `${worse.length} figures are worse than their bounds`,
  );
  return worse.length === 0 ? 0 : 1;
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  try {
    const options = readOptions(args);
    const { seed, persons, rows, zeroPrefixes = false } = options.run;
    const world = createWorld(createLabelledPopulation({ seed, persons, zeroPrefixes }));
    if (options.write !== undefined) {
      await writeFiles(options.write, world, [...generateRows(world, seed, rows)]);
      return 0;
    }
    if (options.examples !== undefined) {
      const text = printExamples(world, generateRows(world, seed, rows), options.examples);
      if (text === '') throw new UsageError(`no row is of the class ${options.examples}`);
      print(text);
      return 0;
    }
    return run(options, world);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
