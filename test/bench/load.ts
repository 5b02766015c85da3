/** A closed loop of calls: always so many in flight, none waits for another. */
import { percentile } from './stats.ts';

export interface LoadResult {
  readonly calls: number;
  readonly seconds: number;
  /** Calls a second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/**
 * Calls until the time is over. Calls that end within the measured time count, whenever they began. The first failure
 * ends everything and is thrown.
 */
export async function runLoad(options: {
  inFlight: number;
  warmMs: number;
  measureMs: number;
  /** One call; gets a number that no other call gets. */
  call: (index: number) => Promise<void>;
  onMeasuring?: () => void;
}): Promise<LoadResult> {
  const { inFlight, call } = options;
  const start = performance.now();
  const from = start + options.warmMs;
  const until = from + options.measureMs;
  let latencies = new Float64Array(1 << 16);
  let calls = 0;
  let next = 0;
  let failed = false;
  const announce = setTimeout(() => options.onMeasuring?.(), options.warmMs);

  async function lane(): Promise<void> {
    for (;;) {
      const began = performance.now();
      if (began >= until || failed) return;
      try {
        await call(next++);
      } catch (error) {
        failed = true;
        throw error;
      }
      const ended = performance.now();
      if (ended < from || ended > until) continue;
      if (calls === latencies.length) {
        const larger = new Float64Array(calls * 2);
        larger.set(latencies);
        latencies = larger;
      }
      latencies[calls++] = ended - began;
    }
  }

  const ends = await Promise.allSettled(Array.from({ length: inFlight }, lane));
  clearTimeout(announce);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  const sorted = latencies.subarray(0, calls).sort();
  const seconds = options.measureMs / 1000;
  return { calls, seconds, rate: calls / seconds, p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
}
