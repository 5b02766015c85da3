/**
 * So many go on side by side, or half of those that wait, if that is more. All at once and the other side of the connection would wait
 * for the last of them, and then this one for it; fewer, and each step finds the processor's caches full of the others.
 */
const SIDE_BY_SIDE = 24;

/**
 * A place to wait in for whoever came in this turn of the event loop: they go on in one turn, in the order in which they came, so that
 * each step up to an `await` is done for all of them before the next step is for any.
 *
 * A call is some twenty pieces of different code and a signature or two. Done call by call, each piece is fetched from memory anew for
 * every call, which was a quarter of what a call costs (gateway/docs/performance.md).
 */
export function createGathering(least: number = SIDE_BY_SIDE): () => Promise<void> {
  let waiting: (() => void)[] = [];

  function release(): void {
    const released = waiting;
    waiting = released.splice(Math.max(least, Math.ceil(released.length / 2)));
    // After what these send has left.
    if (waiting.length > 0) setImmediate(release);
    for (const goOn of released) goOn();
  }

  return () =>
    new Promise((goOn) => {
      if (waiting.push(goOn) === 1) setImmediate(release);
    });
}
