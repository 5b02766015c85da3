/** What goes between a thread that records and the one that appends. */
import type { GuardNews } from '../../exchange/guard-port.ts';
import type { AppendOutcome } from '../../exchange/log-port.ts';
import type { ToldError } from '../../threads/told-error.ts';
import type { PackedItems } from './packed-items.ts';

/** Items of one turn of the event loop, numbered from `first` on. */
export interface Submission extends PackedItems {
  readonly first: number;
}

/** What an append found out of guesses, whoever's item it was: it comes before the outcomes that it explains. */
export interface News {
  readonly news: GuardNews;
}

/** What became of items, those of a group together; undefined: recorded, and nothing of limits to tell. */
export interface Outcomes {
  readonly ids: readonly number[];
  readonly outcomes: readonly (AppendOutcome | { readonly failed: ToldError } | undefined)[];
}
