/**
 * How many refusals of unsigned or wrongly signed calls are logged one by one, a minute and certificate. The log is for ever, and
 * whoever merely holds a certificate can call without end; what is beyond the budget is signed and counted.
 */
export interface RefusalBudget {
  /** True while this minute's budget lasts. */
  take(certificate: string): boolean;
}

const A_MINUTE = 60;
const MINUTE_MS = 60_000;

/** `onSkipped` is told how many were not logged, once their minute is over and the certificate calls again. */
export function createRefusalBudget(options: {
  readonly nowMs: () => number;
  readonly onSkipped: (count: number) => void;
  readonly perMinute?: number;
}): RefusalBudget {
  const { nowMs, onSkipped, perMinute = A_MINUTE } = options;
  const used = new Map<string, { minute: number; count: number }>();
  return {
    take(certificate) {
      const minute = Math.floor(nowMs() / MINUTE_MS);
      const entry = used.get(certificate);
      if (entry === undefined || entry.minute !== minute) {
        if (entry !== undefined && entry.count > perMinute) onSkipped(entry.count - perMinute);
        used.set(certificate, { minute, count: 1 });
        return true;
      }
      entry.count += 1;
      return entry.count <= perMinute;
    },
  };
}
