/**
 * How many refusals of unsigned or wrongly signed calls are logged one by one, a minute and certificate. The log is for ever, and
 * whoever merely holds a certificate can call without end; what is beyond the budget is signed and counted.
 */
export interface RefusalBudget {
  /** True while this minute's budget lasts. */
  take(certificate: string): boolean;
}
