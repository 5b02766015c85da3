import { CliProblem } from './problem.ts';

const MOMENT = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * Unix seconds of a moment in RFC 3339. Its offset must stand there: without one it would be the zone of whatever machine this is. A
 * day that no calendar has would become one of the next month.
 */
function secondsOf(text: string): number | undefined {
  const day = MOMENT.exec(text)?.[1];
  const [at, start] = [Date.parse(text), Date.parse(`${day}T00:00:00Z`)];
  if (!Number.isFinite(at) || !Number.isFinite(start)) return undefined;
  return new Date(start).toISOString().startsWith(`${day}T`) ? Math.floor(at / 1000) : undefined;
}

/** An option that is a moment, as unix seconds. Throws CliProblem OPTION_WRONG. */
export function momentOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const at = secondsOf(text);
  if (at === undefined) throw new CliProblem('OPTION_WRONG', { option, wanted: 'moment' });
  return at;
}

/** One that has been: since when others may have had a key. Throws CliProblem OPTION_WRONG. */
export function pastMomentOf(option: string, text: string | undefined): number | undefined {
  const at = momentOf(option, text);
  if (at === undefined || at <= Date.now() / 1000) return at;
  throw new CliProblem('OPTION_WRONG', { option, wanted: 'pastMoment' });
}

/** One that is to come. Throws CliProblem OPTION_WRONG. */
export function comingMomentOf(option: string, text: string | undefined): number | undefined {
  const at = momentOf(option, text);
  if (at === undefined || at > Date.now() / 1000) return at;
  throw new CliProblem('OPTION_WRONG', { option, wanted: 'comingMoment' });
}
