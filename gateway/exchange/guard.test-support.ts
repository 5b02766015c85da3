/** A guard that knows of nobody near a bound, and names under a key of its own. */
import { createSecretKey } from 'node:crypto';
import { DEFAULT_BOUNDS, type Guard, type GuardRules } from './guard-port.ts';
import { createGuardUnits, guardKeysOf } from './guard-units.ts';

export const GUARD_KEYS = guardKeysOf(createSecretKey(Buffer.alloc(32, 7)));
export const UNITS = createGuardUnits(GUARD_KEYS);
export const OPEN_RULES: GuardRules = {
  legalEntity: 'LE-1',
  bounds: DEFAULT_BOUNDS,
  revision: 0,
  table: undefined,
  hints: [],
};
export const OPEN_GUARD: Guard = { rulesFor: () => OPEN_RULES, learn: () => undefined };
