/**
 * A clock that is never before what it told already, for as long as this process runs. Signatures that are dated ahead of the database's
 * clock count for nothing; were that set back, those of before would be dated so, and whom officers barred be let in again.
 */
export function neverBack(): (now: number) => number {
  let latest = Number.NEGATIVE_INFINITY;
  return (now) => {
    latest = Math.max(latest, now);
    return latest;
  };
}
