import type { MatchRow } from './match-row.ts';
import { SHORT_YEAR_BELOW } from './parse-birth-date.ts';
import { ID_KINDS } from './parse-id-number.ts';
import { bitOf, KIND_MASKS } from './reasons.ts';

/**
 * How far a row's number is to be trusted. `read`: as it stands, or by the one way to read it. `confirmed`: put together
 * by a guess that the row's own year of birth confirms. `guessed`: by a guess alone.
 */
export type NumberTrust = 'read' | 'confirmed' | 'guessed';

const GUESSES = KIND_MASKS.guess.word0;
const ZEROS_LOST = bitOf('ID_LEADING_ZEROS_LOST');

export function trustOf(row: Pick<MatchRow, 'idReasons' | 'idKind' | 'idNumber' | 'birthDate'>): NumberTrust {
  if ((row.idReasons & GUESSES) === 0) return 'read';
  return tellsItsYear(row) ? 'confirmed' : 'guessed';
}

/**
 * Whether a number that lost nothing but zeros at its front tells the row's own year of birth (digits 4 to 6 are century,
 * sex and year): hardly another number with so many digits would, and what is left to doubt is the date, not the number.
 */
function tellsItsYear({ idReasons, idKind, idNumber, birthDate }: Parameters<typeof trustOf>[0]): boolean {
  if ((idReasons & GUESSES) !== ZEROS_LOST || idKind !== ID_KINDS.PERSONAL || birthDate < SHORT_YEAR_BELOW)
    return false;
  const century = 1900 + Math.floor((Math.floor(idNumber / 100_000_000) % 10) / 2) * 100;
  return century + (Math.floor(idNumber / 1_000_000) % 100) === Math.floor(birthDate / 10_000);
}
