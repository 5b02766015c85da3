import type { QuotaState } from '../exchange/log-port.ts';

const MOST_KNOWN = 10_000;
/** Of a rate; what closes for longer was learnt while the clock ran ahead. */
const WINDOW_S = 60;

/**
 * Rates that are known to be used up, so that a call beyond one is refused before anybody is looked up. It may know too little, never
 * too much: what it lets through is counted when it is appended.
 */
export function createRateGate(nowSeconds: () => number) {
  const spent = new Map<string, { readonly until: number; readonly used: number }>();
  const keyOf = (agency: string, purpose: string) => `${agency} ${purpose}`;
  return {
    left(agency: string, purpose: string, quotas: readonly QuotaState[]): void {
      const rate = quotas.find(({ limit }) => limit === 'RATE');
      if (rate === undefined || rate.used < rate.most) return;
      if (spent.size >= MOST_KNOWN) spent.clear();
      spent.set(keyOf(agency, purpose), { until: rate.resetAt, used: rate.used });
    },
    /** Milliseconds to wait; undefined where nothing is known to be used up. @param most as it is now: it may have been raised */
    waitMs(agency: string, purpose: string, most: number | undefined): number | undefined {
      const known = spent.get(keyOf(agency, purpose));
      if (known === undefined || known.used < (most ?? Infinity)) return undefined;
      const wait = known.until - nowSeconds();
      if (wait > 0 && wait <= WINDOW_S) return Math.max(1000, Math.ceil(wait * 1000));
      spent.delete(keyOf(agency, purpose));
      return undefined;
    },
  };
}
