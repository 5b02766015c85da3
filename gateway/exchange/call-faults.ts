/** Whoever is told of what calls failed of besides rules. All see the error, and must not log values. */
export interface CallFaults {
  /** Knows what a store rejected with. */
  readonly isStorageFault: (error: unknown) => boolean;
  /** Called for each call that met a store that was away: it may leave no other trace. */
  readonly onStorageFault: (error: unknown, method: string, requestId: string, agency: string | undefined) => void;
  /** Called for what nobody foresaw. */
  readonly onFault: (error: unknown, method: string, requestId: string) => void;
}
