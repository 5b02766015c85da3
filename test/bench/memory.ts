/** Peak memory of gateway and client for a large file against a small one: it must not grow with the file. */
import { join } from 'node:path';
import type { BenchContext } from './context.ts';
import type { Figure } from './figure.ts';
import { startGateway } from './gateway.ts';
import type { Register } from './register.ts';
import { rounded } from './stats.ts';
import { runTelcoVerify } from './telco-run.ts';

/** A large file's peak is at most 1.2 × a small file's. */
const GATE = 1 / 1.2;
const MIB = 1024 * 1024;

interface Peaks {
  readonly gateway: number | undefined;
  readonly client: number | undefined;
}

export async function memory(context: BenchContext): Promise<readonly Figure[]> {
  const { memorySmall, memoryLarge } = context.options.sizes;
  const register = await context.register();
  const small = await peaksOf(context, register, memorySmall);
  const large = await peaksOf(context, register, memoryLarge);
  return [figureOf('memory-gateway', 'gateway'), figureOf('memory-client', 'client')];

  function figureOf(name: string, part: keyof Peaks): Figure {
    const [few, many] = [small[part], large[part]];
    const measured = few !== undefined && many !== undefined;
    return {
      name,
      ratio: measured ? few / many : null,
      value: measured ? rounded(many / MIB, 4) : null,
      unit: 'MiB, less is better',
      baseline: measured ? rounded(few / MIB, 4) : null,
      gate: GATE,
      goal: null,
      extra: { rows: memoryLarge, baselineRows: memorySmall },
      notes: measured
        ? [
            `peak at ${memoryLarge.toLocaleString('en-US')} rows is ${(many / few).toFixed(2)} × that at ${memorySmall.toLocaleString('en-US')}; ratio is small : large`,
          ]
        : ['not measured: this system has no /proc'],
    };
  }
}

/** Fresh processes each time: a peak is of a process's whole life. */
async function peaksOf(context: BenchContext, register: Register, rows: number): Promise<Peaks> {
  const { files, scratch, cleanup, say } = context;
  const { path } = await files.subscribers(rows, register.persons);
  const gateway = await startGateway({ configPath: register.configPath, cleanup });
  const output = join(scratch, `memory-${rows}.csv`);
  const run = await runTelcoVerify({ input: path, output, profile: register.profile, cleanup });
  const peaks = { gateway: gateway.peak(), client: run.peak };
  await gateway.stop();
  const mib = (bytes: number | undefined): string => (bytes === undefined ? '–' : (bytes / MIB).toFixed(0));
  say(
    `memory at ${rows.toLocaleString('en-US')} rows: gateway ${mib(peaks.gateway)} MiB, client ${mib(peaks.client)} MiB`,
  );
  return peaks;
}
