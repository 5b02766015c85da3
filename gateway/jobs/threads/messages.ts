/** What goes between the gateway's thread and those that work on chunks. No value of a person comes back: only what the grants let out. */

import type { JudgedRows, RowRules } from '../../exchange/judge-rows.ts';
import type { FileProfile } from '../../matching/index.ts';
import type { ToldError } from '../../threads/told-error.ts';

/** One step with a chunk. `ticket` is the chunk's, from `open` to `judge` or `close`. */
export type ChunkStep =
  | { readonly op: 'open'; readonly payload: Uint8Array; readonly maxRows: number; readonly habits: FileProfile }
  | { readonly op: 'resolve' }
  | { readonly op: 'read'; readonly covered: PackedCovered | undefined }
  | { readonly op: 'judge'; readonly rules: RowRules }
  | { readonly op: 'close' };

/** {@link CoveredPeople} on its way. */
export interface PackedCovered {
  readonly covered: Float64Array;
  readonly needed: readonly number[];
  readonly partly: ReadonlyMap<number, readonly number[]>;
}

/** What each step comes back with. */
export interface StepResults {
  open: { readonly num: number; readonly ackedThrough: number; readonly count: number };
  resolve: Float64Array;
  read: { readonly asOf: number; readonly used: Float64Array | undefined };
  judge: JudgedRows;
  close: undefined;
}

export type ChunkRequest = { readonly id: number; readonly ticket: number } & ChunkStep;

export type ChunkReply = { readonly id: number } & ({ readonly value: StepResults[ChunkStep['op']] } | ToldError);
