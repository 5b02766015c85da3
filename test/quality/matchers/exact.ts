/**
 * The first yardstick: an exact comparison, as careful as a join over cleaned columns is. Number trimmed; name composed (NFC),
 * without blanks around and doubled, in capitals; date read in the usual styles. All three must be equal.
 */
import type { Matcher } from './answer.ts';
import type { NumberIndex } from './number-index.ts';
import { readPlainDate } from './plain-date.ts';

export const plainName = (name: string): string => name.normalize('NFC').trim().replace(/\s+/gu, ' ').toUpperCase();

export function createExact(index: NumberIndex): Matcher {
  return ({ idNumber, name, birthDate }) => {
    const number = idNumber.trim();
    const candidates = /^(?:\d{12}|\d{9})$/u.test(number) ? (index.get(Number(number)) ?? []) : [];
    if (candidates.length === 0) return { verdict: 'NOT_FOUND', person: undefined };
    const wanted = plainName(name);
    const date = readPlainDate(birthDate);
    const equal = candidates.filter(
      (candidate) => candidate.birthDate === date && plainName(candidate.name) === wanted,
    );
    return equal.length === 1
      ? { verdict: 'VERIFIED', person: Number(equal[0]!.personNo) }
      : { verdict: 'MISMATCH', person: undefined };
  };
}
