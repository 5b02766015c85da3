/** What is left of a limit of the agreement after a call. */
export type QuotaLeft = {
  readonly remaining: number;
  /** When the limit begins anew, unix seconds. */
  readonly resetAt: number;
};

const MEMBER = /^([A-Z_]{1,32})=(\d{1,15})$/;

/**
 * What the two trailers of an answer say, by the limit's name: `RATE=599,DAY_ROWS=49999` and unix seconds in the same form.
 * What is of another form is left out, for they are not signed and nothing depends on them.
 */
export function quotasOf(
  remaining: string | undefined,
  resets: string | undefined,
): Readonly<Record<string, QuotaLeft>> {
  if (remaining === undefined || resets === undefined) return {};
  const resetAt = new Map(members(resets));
  const both = members(remaining).flatMap(([limit, left]) => {
    const reset = resetAt.get(limit);
    return reset === undefined ? [] : [[limit, { remaining: left, resetAt: reset }] as const];
  });
  return Object.fromEntries(both);
}

function members(text: string): (readonly [string, number])[] {
  return text.split(',').flatMap((member) => {
    const [, name, value] = MEMBER.exec(member) ?? [];
    return name === undefined ? [] : [[name, Number(value)] as const];
  });
}
