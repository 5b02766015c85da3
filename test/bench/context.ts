import type { Cleanup } from './cleanup.ts';
import type { BenchFiles } from './files.ts';
import type { Options } from './options.ts';
import type { Register } from './register.ts';

/** What a benchmark is given. */
export interface BenchContext {
  readonly options: Options;
  readonly files: BenchFiles;
  /** The imported register of so many people under a running PostgreSQL: made at the first call, the same one afterwards. */
  register(persons?: number): Promise<Register>;
  /** Folder for results, removed at the end. */
  readonly scratch: string;
  readonly cleanup: Cleanup;
  /** A line of progress on standard error. */
  say(line: string): void;
}
