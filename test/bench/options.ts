/** The command line of the benchmarks. */
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface Sizes {
  /** People in the register. */
  readonly persons: number;
  /** Rows of bulk-verify's file. */
  readonly rows: number;
  /** Rows of the two files whose peaks memory compares. */
  readonly memorySmall: number;
  readonly memoryLarge: number;
  /** People of the two registers whose cost a row growth compares, and rows asked of each. */
  readonly growthFew: number;
  readonly growthMany: number;
  readonly growthRows: number;
  /** People of register-import's file. */
  readonly importPersons: number;
  /** Leaves of people in the log that lists of accesses are made of. */
  readonly accessLeaves: number;
  /** Consents of each of the uses that rest on it, and rows of the file that is asked under them. */
  readonly consents: number;
  /** Consents that are taken back while a file runs. */
  readonly withdrawals: number;
  /**
   * Unary calls: seconds of warming up and of measuring. Programs that run for weeks are measured: for half a minute V8 compiles what
   * is called often, in threads beside, which is a tenth of all CPU at first.
   */
  readonly warmSeconds: number;
  readonly measureSeconds: number;
  /** People and rows of each set that matching compares; rounds of each side, and their CPU milliseconds. */
  readonly matchPersons: number;
  readonly matchRows: number;
  readonly matchRounds: number;
  readonly matchRoundMs: number;
}

const FULL: Sizes = {
  persons: 2_000_000,
  rows: 1_000_000,
  memorySmall: 100_000,
  memoryLarge: 2_000_000,
  growthFew: 100_000,
  growthMany: 10_000_000,
  growthRows: 500_000,
  importPersons: 2_000_000,
  accessLeaves: 10_000_000,
  consents: 1_000_000,
  withdrawals: 300,
  warmSeconds: 25,
  measureSeconds: 12,
  matchPersons: 60_000,
  matchRows: 20_000,
  matchRounds: 11,
  matchRoundMs: 300,
};

/** Large enough that starting programs, about a second, does not decide. */
const SHORT: Sizes = {
  persons: 200_000,
  rows: 600_000,
  memorySmall: 100_000,
  memoryLarge: 400_000,
  growthFew: 20_000,
  growthMany: 200_000,
  growthRows: 200_000,
  importPersons: 400_000,
  accessLeaves: 500_000,
  consents: 100_000,
  withdrawals: 60,
  warmSeconds: 10,
  measureSeconds: 5,
  matchPersons: 20_000,
  matchRows: 5_000,
  matchRounds: 5,
  matchRoundMs: 90,
};

export const NAMES = [
  'matching',
  'decision',
  'jwe',
  'bulk-verify',
  'unary-verify',
  'beside-bulk',
  'register-import',
  'memory',
  'growth',
  'revocation',
  'hostile',
  'accesses',
  'guard',
  'existence',
  'bulk-consent',
  'withdrawal',
] as const;
export type BenchName = (typeof NAMES)[number];
/** They take minutes and gate nothing: with `--short` only where they are named. */
const AT_LENGTH: ReadonlySet<BenchName> = new Set(['guard', 'existence']);

/** Swings with whatever else the machine does: run where it is asked for. */
const ONLY_BY_NAME: ReadonlySet<BenchName> = new Set(['hostile']);

export interface Options {
  readonly names: readonly BenchName[];
  readonly json: string | undefined;
  readonly short: boolean;
  readonly runs: number;
  /** Folder of files and registers that later runs use again. */
  readonly data: string;
  readonly profile: boolean;
  /** Threads of the gateway; its own defaults where they are not said. */
  readonly threads: { readonly ioThreads?: number; readonly matchingThreads?: number };
  readonly sizes: Sizes;
}

export const USAGE = `npm run bench -- [NAME…] [--short] [--json FILE] [--runs N] [--data DIR] [--profile] [--persons N] [--rows N]
                     [--io-threads N] [--matching-threads N]

  NAME       ${NAMES.join(', ')}; all but ${[...ONLY_BY_NAME].join(', ')} unless named,
             with --short without ${[...AT_LENGTH].join(' and ')} as well
  --short    small sizes: what CI gates on
  --json     also writes [{name, ratio, value, unit, baseline, gate, goal, …}]
  --runs     runs of each side, alternating; medians count (3)
  --data     keeps generated files and the imported register for the next run (default: lienthong-bench in the system's
             folder for temporary files)
  --profile  CPU profile of the gateway, summarised by folder (not together with figures that count: it costs time)
  --persons, --rows  other sizes, for trying out
  --io-threads, --matching-threads  threads of the gateway that hold connections, and that match

What is below its gate is measured twice more; the middle one of the three counts.
Exit code 1 when a ratio is below its gate or could not be measured, 2 for a wrong command line.
`;

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

function count(text: string | undefined, name: string, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text.replaceAll('_', ''));
  if (!Number.isSafeInteger(value) || value < 1) throw new UsageError(`--${name} takes a positive whole number`);
  return value;
}

/** @throws {UsageError} */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args);
  for (const name of positionals) {
    if (!(NAMES as readonly string[]).includes(name)) throw new UsageError(`there is no benchmark ${name}`);
  }
  const short = values.short === true;
  const base = short ? SHORT : FULL;
  const persons = count(values.persons, 'persons', base.persons);
  const rows = count(values.rows, 'rows', base.rows);
  // Tried out at other sizes, the parts that have sizes of their own change in proportion.
  const scale = Math.min(rows / base.rows, persons / base.persons);
  return {
    names: NAMES.filter((name) =>
      positionals.length > 0 ? positionals.includes(name) : !ONLY_BY_NAME.has(name) && !(short && AT_LENGTH.has(name)),
    ),
    json: values.json === undefined ? undefined : resolve(values.json),
    short,
    runs: count(values.runs, 'runs', 3),
    data: resolve(values.data ?? join(tmpdir(), 'lienthong-bench')),
    profile: values.profile === true,
    threads: {
      ...(values['io-threads'] && { ioThreads: count(values['io-threads'], 'io-threads', 1) }),
      ...(values['matching-threads'] && {
        matchingThreads: count(values['matching-threads'], 'matching-threads', 1),
      }),
    },
    sizes: {
      ...base,
      persons,
      rows,
      memorySmall: Math.max(1, Math.round(base.memorySmall * Math.min(1, scale))),
      memoryLarge: Math.max(1, Math.round(base.memoryLarge * scale)),
      growthFew: Math.max(1, Math.round(base.growthFew * Math.min(1, scale))),
      growthMany: Math.max(1, Math.round(base.growthMany * Math.min(1, scale))),
      growthRows: Math.max(1, Math.round(base.growthRows * Math.min(1, scale))),
      importPersons: Math.max(1, Math.round(base.importPersons * scale)),
      accessLeaves: Math.max(1, Math.round(base.accessLeaves * scale)),
      consents: Math.max(1, Math.round(base.consents * Math.min(1, scale))),
    },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'string' },
        short: { type: 'boolean' },
        runs: { type: 'string' },
        data: { type: 'string' },
        profile: { type: 'boolean' },
        persons: { type: 'string' },
        rows: { type: 'string' },
        'io-threads': { type: 'string' },
        'matching-threads': { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'wrong command line');
  }
}
