import { BIRTH_LEVELS } from './birth-levels.ts';
import { ID_BITS, THRESHOLDS } from './evidence.ts';
import { LETTERS, TCVN3, TCVN3_CAPITALS, VISCII, VNI } from './legacy-tables.ts';
import { NAME_WEIGHTS } from './name-frequencies.ts';
import { NAME_LEVELS } from './name-levels.ts';
import { LIMITS, PROFILE, STRICTNESS } from './profile.ts';
import { REASONS } from './reasons.ts';
import { CONFIRMED_ID_TABLES, GUESSED_ID_TABLES, VERDICT_TABLES, type VerdictTable } from './verdict-table.ts';
import { NOTICES, VERDICTS } from './verdicts.ts';

/** The profile as data: everything by which a row is judged that is a table or a number, for those who check an answer. */
export function publishedProfile(): Record<string, unknown> {
  return {
    ...PROFILE,
    limits: LIMITS,
    name_levels: NAME_LEVELS,
    birth_levels: BIRTH_LEVELS,
    id_bits: ID_BITS,
    thresholds: THRESHOLDS,
    ceilings: byName(VERDICT_TABLES),
    ceilings_of_guessed_numbers: byName(GUESSED_ID_TABLES),
    ceilings_of_numbers_without_their_zeros: byName(CONFIRMED_ID_TABLES),
    name_weights: NAME_WEIGHTS,
    old_encodings: { letters: LETTERS, tcvn3: TCVN3, tcvn3_capitals: TCVN3_CAPITALS, vni: VNI, viscii: VISCII },
    verdicts: VERDICTS,
    notices: NOTICES,
    reasons: REASONS,
  };
}

function byName(tables: Readonly<Record<string, VerdictTable>>): Record<string, unknown> {
  const nameOf = (code: number): string => Object.entries(VERDICTS).find(([, c]) => c === code)?.[0] ?? '';
  return Object.fromEntries(
    STRICTNESS.map((strictness) => [
      strictness,
      Object.fromEntries(
        Object.entries(tables[strictness] ?? {}).map(([grade, row]) => [
          grade,
          Object.fromEntries(Object.entries(row).map(([birth, verdict]) => [birth, nameOf(verdict)])),
        ]),
      ),
    ]),
  );
}
