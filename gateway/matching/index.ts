/** The door of matching: what other folders may use. Nothing here does work when it is loaded but build its tables. */

export { BIRTH_GRADES, BIRTH_LEVELS, type BirthGrade, type BirthLevel } from './birth-levels.ts';
export { type BirthComparison, compareBirthDates } from './compare-birth-dates.ts';
export { compareNames, type NameComparison } from './compare-names.ts';
export { THRESHOLDS } from './evidence.ts';
export { isCut, judgeRow } from './judge-row.ts';
export { type Candidate, createJudgement, type Judgement, resetJudgement } from './judgement.ts';
export { BASE_BITS, KIND, KIND_BITS, meaningOf } from './letter-table.ts';
export { createMatchRow, type MatchRow, readRow } from './match-row.ts';
export { NAME_WEIGHTS } from './name-frequencies.ts';
export { NAME_GRADES, NAME_LEVELS, type NameGrade, type NameLevel } from './name-levels.ts';
export { type NameRepair, possibleNames } from './name-repairs.ts';
export { namesIn } from './names-in.ts';
export { type NormalisedName, normaliseName } from './normalise-name.ts';
export { type NumberTrust, trustOf } from './number-trust.ts';
export { type BirthReading, FIRST_YEAR, isCalendarDate, LAST_YEAR, parseBirthDate } from './parse-birth-date.ts';
export {
  formatIdNumber,
  formatPersonalId,
  ID_KINDS,
  type IdKind,
  type IdReading,
  parseIdNumber,
} from './parse-id-number.ts';
export {
  type FileProfile,
  isNameWidth,
  LEAST_NAME_WIDTH,
  LIMITS,
  NO_HABITS,
  PROFILE,
  STRICTNESS,
  type Strictness,
} from './profile.ts';
export { publishedProfile } from './published-profile.ts';
export type { ReasonEntry, ReasonField, ReasonKind } from './reason-entry.ts';
export {
  type BirthProblem,
  bitOf,
  FIELD_MASKS,
  type IdProblem,
  KIND_MASKS,
  listReasons,
  type NameProblem,
  REASONS,
  type Reason,
  type ReasonWords,
  reasonOfCode,
} from './reasons.ts';
export type { RowText } from './row-cells.ts';
export { CEILINGS } from './verdict-table.ts';
export {
  type MatchVerdictCode,
  NO_SCORE,
  NOTICES,
  type Notice,
  OUTCOMES,
  type Outcome,
  type OutcomeCode,
  VERDICTS,
  type Verdict,
  type VerdictCode,
} from './verdicts.ts';
