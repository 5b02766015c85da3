/** What goes between a thread that records and the one that appends. */
import type { AppendOutcome } from '../../exchange/log-port.ts';
import type { ToldError } from '../../threads/told-error.ts';
import type { PackedItems } from './packed-items.ts';

/** Items of one turn of the event loop, numbered from `first` on. */
export interface Submission extends PackedItems {
  readonly first: number;
}

/** What became of items, those of a group together; undefined: recorded. */
export interface Outcomes {
  readonly ids: readonly number[];
  readonly outcomes: readonly (
    | Exclude<AppendOutcome, { kind: 'recorded' }>
    | { readonly failed: ToldError }
    | undefined
  )[];
}
