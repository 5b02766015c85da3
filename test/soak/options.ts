import { parseArgs } from 'node:util';

export interface SoakOptions {
  readonly rounds: number;
  readonly seed: number;
  /** Names or beginnings of names; empty for all scenarios. */
  readonly only: readonly string[];
  readonly rows: number;
  readonly json: string | undefined;
  readonly list: boolean;
}

export const USAGE = `npm run soak [-- --rounds N] [--seed N] [--only NAME,NAME] [--rows N] [--json FILE] [--list]

  --rounds  of each scenario (20: 200 deaths in ten stages, and as many of each other kind)
  --seed    of the first round; each further one has one more (drawn by the clock)
  --only    scenarios by name or the beginning of one
  --rows    of the telco's file, 512 at least (6000)
  --json    also writes every round with its seed, and what struck
  --list    the scenarios, and nothing else

What a round that fails prints plays it again; its seed belongs into seeds.json, which \`npm test\` plays. Exit codes: 0 all held, 1 not, 2 a wrong command line.
`;

/** The options, or what is wrong with them. */
export function readOptions(args: readonly string[], now = Date.now()): SoakOptions | string {
  const config = {
    help: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(now % 1_000_000) },
    only: { type: 'string', default: '' },
    rows: { type: 'string', default: '6000' },
    json: { type: 'string' },
    list: { type: 'boolean', default: false },
  } as const;
  let values: ReturnType<typeof parseArgs<{ options: typeof config }>>['values'];
  try {
    ({ values } = parseArgs({ args: [...args], options: config }));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (values.help) return USAGE;
  const [rounds, seed, rows] = [Number(values.rounds), Number(values.seed), Number(values.rows)];
  if (![rounds, seed, rows].every(Number.isSafeInteger) || rounds < 1 || seed < 0 || rows < 512)
    return '--rounds, --seed and --rows must be whole numbers; at least 1 round and 512 rows';
  const only = values.only.split(',').filter((part) => part !== '');
  return { rounds, seed, only, rows, json: values.json, list: values.list };
}

/** A name is chosen that a part begins, or that it is. */
export function chooseScenarios(names: readonly string[], only: readonly string[]): string[] {
  if (only.length === 0) return [...names];
  const exact = names.filter((name) => only.includes(name));
  const begun = names.filter((name) => only.some((part) => !names.includes(part) && name.startsWith(part)));
  return names.filter((name) => exact.includes(name) || begun.includes(name));
}
