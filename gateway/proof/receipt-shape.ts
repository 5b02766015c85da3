/** Closed shapes of JSON values: a member more, less or of another type is refused. */
import { ProofError } from './errors.ts';

const COMPACT_JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** An object with exactly these members. */
export function closedObject(value: unknown, members: readonly string[], where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ProofError('SHAPE', where);
  const names = Object.keys(value);
  if (names.length !== members.length || !members.every((name) => Object.hasOwn(value, name))) {
    throw new ProofError('SHAPE', where);
  }
  return value as Record<string, unknown>;
}

export function needText(value: unknown, where: string): string {
  if (typeof value !== 'string' || value === '' || !value.isWellFormed()) throw new ProofError('SHAPE', where);
  return value;
}

export function needCount(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new ProofError('SHAPE', where);
  return value;
}

export function needArray(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new ProofError('SHAPE', where);
  return value;
}

/** Looks like a compact JWS; whether it verifies is for `gateway/signing`. */
export function needCompactJws(value: unknown, where: string): string {
  const text = needText(value, where);
  if (!COMPACT_JWS.test(text)) throw new ProofError('SHAPE', where);
  return text;
}
