import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbedded } from '../../gateway/storage/embedded.ts';
import type { BenchContext } from './context.ts';
import type { Figure } from './figure.ts';
import { run } from './register-import.ts';
import { rounded, spread } from './stats.ts';

const GATE = 0.15;
const GOAL = 0.3;

/** The import of persons.csv against a raw COPY of it, on a server of its own that is gone afterwards. */
export async function registerImport({ options, scratch, cleanup, say }: BenchContext): Promise<readonly Figure[]> {
  const workDir = join(scratch, 'register-import');
  mkdirSync(workDir, { mode: 0o711 });
  const server = await startEmbedded({ dataDir: join(workDir, 'postgres'), durable: true });
  const stop = cleanup.add(() => server.stop());
  const measured = await run({
    persons: options.sizes.importPersons,
    workDir,
    url: server.url,
    runs: options.runs,
    onNote: (note) => say(`register-import: ${note}`),
  });
  await stop();
  const { ratio, value, unit, baseline, seconds } = measured;
  const apart = (runs: readonly number[]): string => `${(100 * spread(runs)).toFixed(0)} %`;
  return [
    {
      name: 'register-import',
      ratio,
      value,
      unit,
      baseline,
      gate: GATE,
      goal: GOAL,
      extra: {
        persons: options.sizes.importPersons,
        runs: seconds.import.map((run) => rounded(run, 4)),
        baselineRuns: seconds.copy.map((run) => rounded(run, 4)),
      },
      notes: [`runs differ from their median by up to ${apart(seconds.import)}, raw COPY by ${apart(seconds.copy)}`],
    },
  ];
}
