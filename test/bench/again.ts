/** A figure below its gate is measured again: what one bad minute of the machine did is told from what the code does. */
import { type Figure, passes } from './figure.ts';
import { rounded } from './stats.ts';

/** In all. Odd, so that the middle one is a run that was. */
const MEASURED = 3;

/** One benchmark's figures of one measuring; `attempt` counts from 0. */
export type Measure = (attempt: number) => Promise<readonly Figure[]>;

/**
 * Measures once, and twice more where a figure misses its gate. Of those that missed it the middle one of all
 * three counts, as bad as it is, and says what the others were; the rest stand as first measured.
 */
export async function measuredAgain(measure: Measure, say: (line: string) => void): Promise<readonly Figure[]> {
  const first = await measure(0);
  const missed = first.filter((figure) => !passes(figure));
  if (missed.length === 0) return first;
  say(`${missed.map(({ name }) => name).join(', ')} below the gate: measured again`);
  const runs = [first];
  for (let attempt = 1; attempt < MEASURED; attempt += 1) runs.push(await measure(attempt));
  return first.map((figure) =>
    passes(figure) ? figure : middleOf(runs.flat().filter(({ name }) => name === figure.name)),
  );
}

function middleOf(figures: readonly Figure[]): Figure {
  const sorted = figures.toSorted((a, b) => height(a) - height(b));
  const middle = sorted[sorted.length >> 1];
  if (middle === undefined) throw new Error('no figure');
  const ratios = figures.map(({ ratio }) => (ratio === null ? 'not measured' : `${rounded(ratio)}×`)).join(', ');
  const measured = figures.map(({ ratio }) => ratio);
  return {
    ...middle,
    extra: { ...middle.extra, measured },
    notes: [...(middle.notes ?? []), `measured ${figures.length} times, as the first was below its gate: ${ratios}`],
  };
}

/** What could not be measured is the worst. */
function height({ ratio }: Figure): number {
  return ratio === null || Number.isNaN(ratio) ? Number.NEGATIVE_INFINITY : ratio;
}
