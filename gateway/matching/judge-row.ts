import { BIRTH_LEVELS } from './birth-levels.ts';
import {
  allowFor1904,
  compareBirthDatesInto,
  copyBirthComparison,
  createBirthComparison,
} from './compare-birth-dates.ts';
import { compareNamesInto, copyComparison, createNameComparison } from './compare-names.ts';
import { decide, scoreOf, weigh } from './evidence.ts';
import {
  type Candidate,
  createJudgement,
  isOldNumber,
  type Judgement,
  NONE_TIED,
  resetJudgement,
} from './judgement.ts';
import { KIND, KIND_BITS, meaningOf } from './letter-table.ts';
import type { MatchRow } from './match-row.ts';
import { trustOf } from './number-trust.ts';
import { ID_KINDS } from './parse-id-number.ts';
import { LIMITS, type Strictness } from './profile.ts';
import { createNameLetters, readName } from './read-name.ts';
import { bitOf, KIND_MASKS } from './reasons.ts';
import { sameButForCase } from './same-letters.ts';
import { CEILINGS, type Judged } from './verdict-table.ts';
import { NO_SCORE, NOTICES, OUTCOMES, VERDICTS } from './verdicts.ts';

const OLD_ID_NUMBER = bitOf('OLD_ID_NUMBER');
const ID_CANCELLED = bitOf('ID_CANCELLED');
const ID_CONTESTED = bitOf('ID_CONTESTED');
const ID_SHARED = bitOf('ID_SHARED');
const ID_NOT_FOUND = bitOf('ID_NOT_FOUND');
const ID_MISSING = bitOf('ID_MISSING');
const ID_REPAIR_NOT_CONFIRMED = bitOf('ID_REPAIR_NOT_CONFIRMED');
const BIRTH_DATE_MISSING = bitOf('BIRTH_DATE_MISSING');
const PLACEHOLDER_DATE = bitOf('PLACEHOLDER_DATE');
const PROBLEMS = KIND_MASKS.problem.word2;
const DATE_SERIAL = bitOf('DATE_SERIAL');
const SEVERAL_PEOPLE_AGREE = bitOf('SEVERAL_PEOPLE_AGREE');

// Scratch space: judging is synchronous and never re-entered.
const NAME = createNameComparison();
const BIRTH = createBirthComparison();
const BEST_NAME = createNameComparison();
const BEST_BIRTH = createBirthComparison();
const ROW_NAME = createNameLetters();

/**
 * Judges one row against the people whom its number names, by the precedence of `verdict-table.ts`.
 * Pass `into` to keep one judgement for all rows: a clean row then allocates nothing. Never throws; what file habits
 * enabled while the row was read is in the row, and nothing else of the file is known here.
 */
export function judgeRow(
  row: MatchRow,
  candidates: readonly Candidate[],
  strictness: Strictness = 'standard',
  into: Judgement = createJudgement(),
): Judgement {
  resetJudgement(into);
  const only = candidates.length === 1 ? candidates[0] : undefined;
  if (only !== undefined && isClean(row, only)) return verifyClean(into);
  into.word0 = row.idReasons;
  into.word2 = row.birthDate === 0 && row.birthReasons === 0 ? BIRTH_DATE_MISSING : row.birthReasons;
  if (isInvalid(row, into)) return into;
  if (candidates.length === 0) {
    into.verdict = VERDICTS.NOT_FOUND;
    into.idOutcome = OUTCOMES.FALSE;
    into.word0 |= ID_NOT_FOUND;
    return into;
  }
  choose(row, candidates, strictness, into);
  return into;
}

/** The row that needs no judging: current number, living person, same name but for case, same full date. */
function isClean(row: MatchRow, candidate: Candidate): boolean {
  return (
    (row.idReasons | row.birthReasons) === 0 &&
    row.idKind === ID_KINDS.PERSONAL &&
    candidate.idKind === ID_KINDS.PERSONAL &&
    candidate.idStatus === 'current' &&
    candidate.personStatus === 'alive' &&
    row.birthDate === candidate.birthDate &&
    row.birthDate % 100 !== 0 &&
    sameButForCase(row.name, candidate.name) &&
    isPlainlyAName(row.name)
  );
}

/** Enough to rule out every problem of a name without reading it; others are read in full. */
function isPlainlyAName(name: string): boolean {
  return name.length <= LIMITS.name && (meaningOf(name.charCodeAt(0)) & KIND_BITS) === KIND.letter;
}

function verifyClean(into: Judgement): Judgement {
  into.verdict = VERDICTS.VERIFIED;
  into.idOutcome = OUTCOMES.TRUE;
  into.nameOutcome = OUTCOMES.TRUE;
  into.birthOutcome = OUTCOMES.TRUE;
  into.score = 99;
  into.chosen = 0;
  return into;
}

/** Every field that cannot be used is named, not only the first. */
function isInvalid(row: MatchRow, into: Judgement): boolean {
  const noId = row.idKind === ID_KINDS.NONE;
  // A date that is said to be unknown is not compared; one that cannot be read has to be mended first.
  const noDate = row.birthDate === 0 && (row.birthReasons & PROBLEMS) !== 0;
  const { problem } = readName(row.name, ROW_NAME);
  if (!noId && !noDate && problem === undefined) return false;
  if (noId && row.idReasons === 0) into.word0 |= ID_MISSING;
  if (problem !== undefined) into.word1 |= bitOf(problem);
  return true;
}

/** A number without a living ID behind it proves nothing by itself: a person has to look. */
function cap(verdict: Judged, candidate: Candidate, strictness: Strictness): Judged {
  if (!leadsNowhere(candidate) || verdict !== VERDICTS.VERIFIED) return verdict;
  return strictness === 'exact' ? VERDICTS.MISMATCH : VERDICTS.PROBABLE;
}

function leadsNowhere(candidate: Candidate): boolean {
  const ended = candidate.idStatus === 'cancelled' || candidate.idStatus === 'superseded';
  return ended && Number(candidate.currentId) === 0;
}

function choose(row: MatchRow, candidates: readonly Candidate[], strictness: Strictness, into: Judgement): void {
  const trust = trustOf(row);
  const guessed = trust !== 'read';
  const table = CEILINGS[trust][strictness];
  let best: Judged = VERDICTS.MISMATCH;
  let bestBits = Number.NEGATIVE_INFINITY;
  let chosen = -1;
  let tied = NONE_TIED;
  for (let i = 0; i < candidates.length; i++) {
    const candidate = candidates[i];
    if (candidate === undefined) continue;
    compareNamesInto(row.name, ROW_NAME, candidate.name, NAME, isCut(row));
    compareBirthDatesInto(row.birthDate, candidate.birthDate, BIRTH);
    if (isStandIn(row) && BIRTH.level.grade === 'part') BIRTH.level = BIRTH_LEVELS.SAME_NEW_YEAR;
    if ((row.birthReasons & DATE_SERIAL) !== 0) allowFor1904(row.birthDate, candidate.birthDate, BIRTH);
    const bits = weigh(candidate, trust === 'guessed', NAME, BIRTH);
    const verdict = cap(decide(table, strictness, NAME, BIRTH, bits), candidate, strictness);
    if (verdict === best && verdict !== VERDICTS.MISMATCH) {
      const agreeing = tied.length === 0 ? [chosen] : tied;
      const before = agreeing.findIndex((at) => isPerson(candidates[at], candidate));
      if (before < 0) {
        tied = [...agreeing, i];
        continue;
      }
      // One person by two entries of one number: the living entry speaks.
      if (candidate.idStatus !== 'current') continue;
      if (tied.length > 0) tied = tied.map((at, place) => (place === before ? i : at));
    } else if (verdict > best || (verdict === best && bits <= bestBits)) {
      continue;
    } else {
      tied = NONE_TIED;
    }
    best = verdict;
    bestBits = bits;
    chosen = i;
    copyComparison(NAME, BEST_NAME);
    copyBirthComparison(BIRTH, BEST_BIRTH);
  }
  if (severalPeople(candidates)) into.word0 |= ID_SHARED;
  if (tied.length > 0) answerTied(tied, into);
  else answerOne(candidates, chosen, best, scoreOf(bestBits), guessed, into);
}

function answerTied(tied: readonly number[], into: Judgement): void {
  into.verdict = VERDICTS.AMBIGUOUS;
  into.idOutcome = OUTCOMES.TRUE;
  into.word2 |= SEVERAL_PEOPLE_AGREE;
  into.tied = tied;
}

function answerOne(
  candidates: readonly Candidate[],
  chosen: number,
  verdict: Judged,
  score: number,
  guessed: boolean,
  into: Judgement,
): void {
  const candidate = candidates[chosen];
  if (candidate === undefined) return;
  into.verdict = verdict;
  into.chosen = chosen;
  into.score = score;
  into.idOutcome = leadsNowhere(candidate) ? OUTCOMES.FALSE : OUTCOMES.TRUE;
  into.nameOutcome = BEST_NAME.outcome;
  into.birthOutcome = BEST_BIRTH.outcome;
  into.nameScore = BEST_NAME.outcome === OUTCOMES.FALSE ? BEST_NAME.score : NO_SCORE;
  into.word1 |= BEST_NAME.reasons;
  into.word2 |= BEST_BIRTH.reasons;
  const old = isOldNumber(candidate);
  if (old) into.word0 |= OLD_ID_NUMBER;
  if (candidate.idStatus === 'cancelled') into.word0 |= ID_CANCELLED;
  if (candidate.idStatus === 'contested') into.word0 |= ID_CONTESTED;
  if (guessed && verdict === VERDICTS.MISMATCH) into.word0 |= ID_REPAIR_NOT_CONFIRMED;
  if (verdict !== VERDICTS.VERIFIED) return;
  const followed = old && Number(candidate.currentId) !== 0;
  if (followed) into.currentId = candidate.currentId;
  into.notices =
    (followed ? NOTICES.ID_SUPERSEDED : 0) |
    (candidate.idStatus === 'contested' ? NOTICES.UNDER_INVESTIGATION : 0) |
    (candidate.personStatus === 'deceased' ? NOTICES.DECEASED : 0) |
    (candidate.personStatus === 'missing' ? NOTICES.MISSING : 0);
}

/** Whether the row's year was read from a 1 January, as the file's profile says. */
function isStandIn(row: MatchRow): boolean {
  return (row.birthReasons & PLACEHOLDER_DATE) !== 0;
}

/** Whether the file's profile says that a name as long as this one was cut off. A longer one was not: it belies the profile. */
export function isCut(row: Pick<MatchRow, 'name' | 'nameWidth'>): boolean {
  return row.nameWidth > 0 && row.name.trimEnd().length === row.nameWidth;
}

function samePerson(a: Candidate, b: Candidate): boolean {
  // One kind of number on both sides is the rule, and comparing it costs nothing.
  return a.personNo === b.personNo || BigInt(a.personNo) === BigInt(b.personNo);
}

const isPerson = (a: Candidate | undefined, b: Candidate): boolean => a !== undefined && samePerson(a, b);

function severalPeople(candidates: readonly Candidate[]): boolean {
  const first = candidates[0];
  return first !== undefined && candidates.some((candidate) => !samePerson(first, candidate));
}
