/**
 * A reading that is dear, given again for `everyMs`. A reading that hangs or fails keeps nobody waiting longer than `waitMs`: the
 * last good one is given, or undefined where there is none.
 */
export function remembered<T>(
  read: () => Promise<T>,
  { everyMs, waitMs }: { readonly everyMs: number; readonly waitMs: number },
): () => Promise<T | undefined> {
  let last: T | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  return async () => {
    if (reading === undefined && performance.now() - triedAt >= everyMs) {
      triedAt = performance.now();
      reading = read()
        .then(
          (value) => {
            last = value;
          },
          () => {},
        )
        .finally(() => {
          reading = undefined;
        });
    }
    if (reading !== undefined) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, waitMs);
      });
      await Promise.race([reading, late]);
      clearTimeout(timer);
    }
    return last;
  };
}
