/**
 * The second yardstick: Jaro–Winkler over names without marks and case, accepted from a threshold on where the date is equal.
 * The number is what is left of the cell without all but its digits. What libraries of record linkage offer out of the box.
 */
import type { Matcher } from './answer.ts';
import { jaroWinkler } from './jaro-winkler.ts';
import type { NumberIndex } from './number-index.ts';
import { readPlainDate } from './plain-date.ts';

export const THRESHOLD = 0.9;

export const foldedName = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/gu, 'd')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

export function createSimilar(index: NumberIndex, threshold = THRESHOLD): Matcher {
  const folded = new Map<string, string>();
  const fold = (name: string): string => {
    let known = folded.get(name);
    if (known === undefined) {
      known = foldedName(name);
      folded.set(name, known);
    }
    return known;
  };
  return ({ idNumber, name, birthDate }) => {
    const digits = idNumber.replace(/\D/gu, '');
    const candidates = digits.length === 12 || digits.length === 9 ? (index.get(Number(digits)) ?? []) : [];
    if (candidates.length === 0) return { verdict: 'NOT_FOUND', person: undefined };
    const date = readPlainDate(birthDate);
    const wanted = foldedName(name);
    const near = candidates.filter(
      (candidate) => candidate.birthDate === date && jaroWinkler(fold(candidate.name), wanted) >= threshold,
    );
    return near.length === 1
      ? { verdict: 'VERIFIED', person: Number(near[0]!.personNo) }
      : { verdict: 'MISMATCH', person: undefined };
  };
}
