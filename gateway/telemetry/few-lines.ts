/**
 * Lines of which there may be as many as there are calls: some a second are written. Undefined where the line is not, otherwise how
 * many there were since the one before, itself included.
 */
export function fewLines(perSecond: number, nowMs: () => number): () => number | undefined {
  let since = 0;
  let lines = 0;
  let second = Number.NaN;
  return () => {
    since += 1;
    const now = Math.floor(nowMs() / 1000);
    if (now !== second) [second, lines] = [now, 0];
    if (++lines > perSecond) return undefined;
    const count = since;
    since = 0;
    return count;
  };
}
