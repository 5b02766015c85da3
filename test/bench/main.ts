/** The benchmarks: `npm run bench -- --help`. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accesses } from './accesses.ts';
import { type Measure, measuredAgain } from './again.ts';
import { besideBulk } from './beside-bulk.ts';
import { bulkConsent } from './bulk-consent.ts';
import { bulkVerify } from './bulk-verify.ts';
import { cleanUpOnSignals, createCleanup } from './cleanup.ts';
import type { BenchContext } from './context.ts';
import { decision } from './decision.ts';
import { existence } from './existence.ts';
import { type Figure, toJson } from './figure.ts';
import { createFiles } from './files.ts';
import { growth } from './growth.ts';
import { guard } from './guard.ts';
import { hostile } from './hostile.ts';
import { jwe } from './jwe.ts';
import { matching } from './matching.ts';
import { memory } from './memory.ts';
import { type BenchName, type Options, readOptions, USAGE, UsageError } from './options.ts';
import { openRegister, type Register } from './register.ts';
import { registerImport } from './register-import-figure.ts';
import { missedGates, printFigures } from './report.ts';
import { revocation } from './revocation.ts';
import { unaryVerify } from './unary-verify.ts';
import { withdrawal } from './withdrawal.ts';

const BENCHES: Readonly<Record<BenchName, (context: BenchContext) => Promise<readonly Figure[]>>> = {
  matching,
  decision,
  jwe,
  'bulk-verify': bulkVerify,
  'unary-verify': unaryVerify,
  'beside-bulk': besideBulk,
  'register-import': registerImport,
  memory,
  growth,
  revocation,
  hostile,
  accesses,
  guard,
  existence,
  'bulk-consent': bulkConsent,
  withdrawal,
};

async function run(options: Options): Promise<number> {
  const cleanup = createCleanup();
  const interrupted = cleanUpOnSignals(cleanup);
  const say = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  mkdirSync(options.data, { recursive: true, mode: 0o711 });
  const scratch = mkdtempSync(join(tmpdir(), 'lienthong-bench-run-'));
  cleanup.add(() => rmSync(scratch, { recursive: true, force: true }));
  const files = createFiles({ data: options.data, say });
  const registers = new Map<number, Promise<Register>>();
  const context: BenchContext = {
    options,
    files,
    scratch,
    cleanup,
    say,
    register: (persons = options.sizes.persons) => {
      const opened =
        registers.get(persons) ??
        openRegister({ data: options.data, persons, limits: options.threads, files, cleanup, say });
      registers.set(persons, opened);
      return opened;
    },
  };
  const figures: Figure[] = [];
  const failures: string[] = [];
  try {
    for (const name of options.names) {
      try {
        figures.push(...(await measuredAgain(attemptsOf(name, context), say)));
      } catch (error) {
        // What is being stopped fails; the signal's handler ends this process.
        if (interrupted.aborted) await new Promise(() => undefined);
        // The others still have something to say.
        failures.push(`FAILED: ${name}: ${error instanceof Error ? error.message : String(error)}`);
        say(failures.at(-1) ?? '');
      }
    }
  } finally {
    await cleanup.run();
  }
  process.stdout.write(`${printFigures(figures)}\n`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures.map(toJson), null, 2)}\n`);
  say(`generated files and the register are kept in ${options.data}`);
  failures.push(...missedGates(figures));
  for (const line of failures) say(line);
  return failures.length > 0 ? 1 : 0;
}

/** Every attempt has a folder of its own: what one left is not there for the next. */
function attemptsOf(name: BenchName, context: BenchContext): Measure {
  return (attempt) => {
    const scratch = join(context.scratch, `${name}-${attempt}`);
    mkdirSync(scratch, { mode: 0o711 });
    return BENCHES[name]({ ...context, scratch });
  };
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  try {
    return await run(readOptions(args));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    return 2;
  }
}

process.exit(await main(process.argv.slice(2)));
