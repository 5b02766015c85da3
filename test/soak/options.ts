import { parseArgs } from 'node:util';

export interface SoakOptions {
  readonly rounds: number;
  readonly seed: number;
  /** Parts of names; empty for all scenarios. */
  readonly only: readonly string[];
  readonly rows: number;
  readonly json: string | undefined;
  readonly list: boolean;
}

/** The options, or what is wrong with them. */
export function readOptions(args: readonly string[], now = Date.now()): SoakOptions | string {
  const config = {
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
