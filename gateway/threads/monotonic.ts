/** Milliseconds on the clock that all threads of a process share and that never goes back; `performance.now` begins anew in each thread. */
export const monotonicMs = (): number => Number(process.hrtime.bigint() / 1_000_000n);
