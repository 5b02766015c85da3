import type { Writable } from 'node:stream';
import type { SoakOptions } from './options.ts';

export interface RoundRecord {
  readonly scenario: string;
  readonly seed: number;
  /** What did not hold; empty where all did. */
  readonly found: readonly string[];
  readonly suffered: readonly string[];
  /** What is no fault, and to be seen all the same. */
  readonly listed?: readonly string[];
  readonly deaths: number;
  readonly attempts: number;
  /** False where the fault never struck, in any attempt. */
  readonly struck: boolean;
  readonly starts: number;
  readonly ms: number;
}

/** Prints rounds as they come, and adds them up. */
export function createTally(options: SoakOptions, out: Pick<Writable, 'write'>) {
  const records: RoundRecord[] = [];
  return {
    add(record: RoundRecord): void {
      records.push(record);
      const { scenario, seed, found, suffered, starts, ms, struck } = record;
      const how = struck ? suffered.join(', ') : 'did not strike';
      const mark = found.length > 0 ? 'FAILED' : 'ok';
      out.write(`${mark.padEnd(7)}${scenario} ${seed}  ${how}  (${starts} starts, ${(ms / 1000).toFixed(1)} s)\n`);
      for (const each of record.listed ?? []) out.write(`       ${each}\n`);
      for (const each of found.slice(0, 12)) out.write(`       ${each}\n`);
      if (found.length > 0) out.write(`       again: npm run soak -- --only ${scenario} --seed ${seed} --rounds 1\n`);
    },

    report: () => ({ seed: options.seed, rounds: options.rounds, rows: options.rows, records }),

    /** True where all held. */
    summary(): boolean {
      const failed = records.filter(({ found }) => found.length > 0);
      const missed = records.filter(({ struck, found }) => !struck && found.length === 0);
      const deaths = records.reduce((sum, record) => sum + record.deaths, 0);
      out.write(
        `${records.length} rounds, ${deaths} deaths, ${failed.length} failed, ${missed.length} in which nothing struck\n`,
      );
      for (const { scenario, seed } of failed) out.write(`failed: ${scenario} ${seed}\n`);
      return failed.length === 0;
    },
  };
}
