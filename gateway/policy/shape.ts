/** Small questions about parsed JSON, asked before it is believed. */

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True where `value` has all of `names` as own members and no other. */
export function hasExactly(value: Record<string, unknown>, names: readonly string[]): boolean {
  return Object.keys(value).length === names.length && names.every((name) => Object.hasOwn(value, name));
}

export function isOneOf<T extends string>(table: readonly T[], value: unknown): value is T {
  return typeof value === 'string' && (table as readonly string[]).includes(value);
}

/** A whole number from 0 to 2^53 − 1. */
export function isSafeCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
