import type { QuotaState } from '../exchange/log-port.ts';

const MOST_KNOWN = 10_000;

/**
 * Rates that are known to be used up, so that a call beyond one is refused before anybody is looked up. It may know too little, never
 * too much: what it lets through is counted when it is appended.
 */
export function createRateGate(nowSeconds: () => number) {
  const spent = new Map<string, number>();
  const keyOf = (agency: string, purpose: string) => `${agency} ${purpose}`;
  return {
    left(agency: string, purpose: string, quotas: readonly QuotaState[]): void {
      const rate = quotas.find(({ limit }) => limit === 'RATE');
      if (rate === undefined || rate.used < rate.most) return;
      if (spent.size >= MOST_KNOWN) spent.clear();
      spent.set(keyOf(agency, purpose), rate.resetAt);
    },
    /** Milliseconds to wait; undefined where nothing is known to be used up. */
    waitMs(agency: string, purpose: string): number | undefined {
      const until = spent.get(keyOf(agency, purpose));
      if (until === undefined) return undefined;
      const wait = until - nowSeconds();
      if (wait > 0) return Math.max(1000, Math.ceil(wait * 1000));
      spent.delete(keyOf(agency, purpose));
      return undefined;
    },
  };
}
