/** What the threads beside the process's own say of themselves at a scrape, or last said. */
import type { ThreadFigures } from '../telemetry/metrics.ts';
import { remembered } from '../telemetry/remembered.ts';

/** A scrape is answered in time, whichever thread is not. */
const FIGURES_MS = 2_000;

export interface ToldFigures {
  /** Undefined before the first. */
  readonly figures: () => Promise<ThreadFigures | undefined>;
}

/** A thread that is late is told as it last was: a count that fell and came back would be to whoever reads it that much anew. */
export function toldFigures(ask: () => Promise<ThreadFigures>, waitMs = FIGURES_MS): ToldFigures {
  return { figures: remembered(ask, { everyMs: 0, waitMs }) };
}

export async function figuresOf(threads: Iterable<ToldFigures>): Promise<ThreadFigures[]> {
  const told = await Promise.all(Array.from(threads, ({ figures }) => figures()));
  return told.filter((one) => one !== undefined);
}
