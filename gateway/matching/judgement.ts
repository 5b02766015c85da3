import { ID_KINDS, type IdKind } from './parse-id-number.ts';
import { type MatchVerdictCode, NO_SCORE, OUTCOMES, type OutcomeCode, VERDICTS } from './verdicts.ts';

/** Where the number of a row leads in the register: one person who holds or held it. */
export type Candidate = {
  /** Passed through, never compared but for "the same person". */
  readonly personNo: number | bigint;
  readonly idKind: IdKind;
  readonly idStatus: 'current' | 'superseded' | 'cancelled' | 'contested';
  /** The person's living 12-digit ID; 0 if there is none. */
  readonly currentId: number | bigint;
  /** As the register writes it; '' if it holds none. */
  readonly name: string;
  /** Packed YYYYMMDD, 00 for unknown parts, 0 none. */
  readonly birthDate: number;
  readonly sex: string;
  readonly personStatus: 'alive' | 'deceased' | 'missing';
};

/**
 * The whole truth about one row, before grants cut it down. Mutable and meant to be kept, like the row.
 * The three words are a reason set (`reasons.ts`).
 */
export type Judgement = {
  verdict: MatchVerdictCode;
  idOutcome: OutcomeCode;
  nameOutcome: OutcomeCode;
  birthOutcome: OutcomeCode;
  word0: number;
  word1: number;
  word2: number;
  /** Bit mask of NOTICES; 0 unless VERIFIED. */
  notices: number;
  /** 0–99 where the name is FALSE, else NO_SCORE. */
  nameScore: number;
  /** 0–99 over name and date; NO_SCORE where no one person was compared. */
  score: number;
  /** Index of the candidate that the outcomes speak of; -1 where there is none, or several agree. */
  chosen: number;
  /** Indexes of the candidates that agree alike; empty unless AMBIGUOUS. */
  tied: readonly number[];
  /** The ID that the row should carry instead of its own; 0 unless VERIFIED by an old number. */
  currentId: number | bigint;
};

export const NONE_TIED: readonly number[] = [];

export function createJudgement(): Judgement {
  return resetJudgement({
    verdict: VERDICTS.INVALID,
    idOutcome: OUTCOMES.NOT_AVAILABLE,
    nameOutcome: OUTCOMES.NOT_AVAILABLE,
    birthOutcome: OUTCOMES.NOT_AVAILABLE,
    word0: 0,
    word1: 0,
    word2: 0,
    notices: 0,
    nameScore: NO_SCORE,
    score: NO_SCORE,
    chosen: -1,
    tied: NONE_TIED,
    currentId: 0,
  });
}

/** Nothing is known: every field not available, no reasons, no person. */
export function resetJudgement(judgement: Judgement): Judgement {
  judgement.verdict = VERDICTS.INVALID;
  judgement.idOutcome = OUTCOMES.NOT_AVAILABLE;
  judgement.nameOutcome = OUTCOMES.NOT_AVAILABLE;
  judgement.birthOutcome = OUTCOMES.NOT_AVAILABLE;
  judgement.word0 = 0;
  judgement.word1 = 0;
  judgement.word2 = 0;
  judgement.notices = 0;
  judgement.nameScore = NO_SCORE;
  judgement.score = NO_SCORE;
  judgement.chosen = -1;
  judgement.tied = NONE_TIED;
  judgement.currentId = 0;
  return judgement;
}

/** Whether a number that leads to this candidate is not the one the person should use today. */
export function isOldNumber(candidate: Candidate): boolean {
  return (
    candidate.idKind === ID_KINDS.CMND || candidate.idStatus === 'superseded' || candidate.idStatus === 'cancelled'
  );
}
