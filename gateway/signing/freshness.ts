/** How long a token lives, judged by the clock of the deployment's database. */

/** Oldest age accepted, in seconds. */
export const MAX_AGE_SECONDS = 60;
/** How far a caller's clock may run ahead, in seconds. */
export const MAX_AHEAD_SECONDS = 10;

export const FRESHNESS_PROBLEMS = {
  TOO_OLD: 'signed more than 60 seconds ago',
  IN_FUTURE: 'signed more than 10 seconds ahead of the clock here',
  BELOW_FLOOR: 'so old that its nonce may have been purged',
} as const;
export type FreshnessProblem = keyof typeof FRESHNESS_PROBLEMS;

/**
 * Whether a token's time lets it in: undefined if so.
 *
 * @param iat whole seconds, the token's
 * @param nowSeconds seconds of the database's clock; fractions are welcome
 * @param floor the highest `iat` whose nonces may be gone. At or below it everything is refused, whatever the clock
 *   says: a clock set back would otherwise bring tokens to life whose nonces were purged.
 */
export function checkFreshness(
  iat: number,
  { nowSeconds, floor }: { readonly nowSeconds: number; readonly floor: number },
): FreshnessProblem | undefined {
  // Written so that NaN on either side refuses.
  if (!(iat > floor)) return 'BELOW_FLOOR';
  if (!(iat >= nowSeconds - MAX_AGE_SECONDS)) return 'TOO_OLD';
  if (!(iat <= nowSeconds + MAX_AHEAD_SECONDS)) return 'IN_FUTURE';
  return undefined;
}
