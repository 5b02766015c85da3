import { FIELD_MASKS, type Judgement, NO_SCORE, OUTCOMES, VERDICTS } from '../matching/index.ts';
import type { Grants } from '../policy/decision.ts';

/** What a caller is told of one row: the numbers of the 22 result bytes. Mutable and kept, like the judgement. */
export interface ToldRow {
  verdict: number;
  id: number;
  name: number;
  birth: number;
  notices: number;
  nameScore: number;
  score: number;
  word0: number;
  word1: number;
  word2: number;
  currentId: number;
}

export function createToldRow(): ToldRow {
  return {
    verdict: 0,
    id: 0,
    name: 0,
    birth: 0,
    notices: 0,
    nameScore: NO_SCORE,
    score: NO_SCORE,
    word0: 0,
    word1: 0,
    word2: 0,
    currentId: 0,
  };
}

/** Verdicts that speak of the register and not of the row: without the grant `existence` they look alike. */
const SPEAKS_OF_THE_REGISTER: ReadonlySet<number> = new Set([
  VERDICTS.PROBABLE,
  VERDICTS.MISMATCH,
  VERDICTS.NOT_FOUND,
  VERDICTS.AMBIGUOUS,
  VERDICTS.CONSENT_MISSING,
]);

/** Width of the bands that `score_band` tells: 0, 20, 40, 60, 80. Wide enough that no single doubt shows by its own score. */
export const SCORE_BAND = 20;

/** A score as far as it is granted: whole, or rounded down to its band. */
function tellScore(score: number, exact: boolean): number {
  return exact || score === NO_SCORE ? score : score - (score % SCORE_BAND);
}

const ALL_REASONS = {
  word0: FIELD_MASKS.id.word0 | FIELD_MASKS.name.word0 | FIELD_MASKS.birth.word0 | FIELD_MASKS.row.word0,
  word1: FIELD_MASKS.id.word1 | FIELD_MASKS.name.word1 | FIELD_MASKS.birth.word1 | FIELD_MASKS.row.word1,
  word2: FIELD_MASKS.id.word2 | FIELD_MASKS.name.word2 | FIELD_MASKS.birth.word2 | FIELD_MASKS.row.word2,
};

/**
 * Cuts a judgement down to what the agreement grants. `verdict` may be another than the judgement's own where policy or
 * consent decided the row. The same work for every outcome: what is withheld costs what is told.
 */
export function tellRow(judgement: Judgement, verdict: number, grants: Grants, into: ToldRow): ToldRow {
  const silent = !grants.existence && SPEAKS_OF_THE_REGISTER.has(verdict);
  const verified = verdict === VERDICTS.VERIFIED;
  const own = verdict === judgement.verdict;
  const results = grants.field_results && own && !silent;
  const reasons = grants.reasons && own && !silent;
  const different =
    judgement.idOutcome === OUTCOMES.FALSE ||
    judgement.nameOutcome === OUTCOMES.FALSE ||
    judgement.birthOutcome === OUTCOMES.FALSE;
  const scores = (grants.exact_score || grants.score_band) && own && !silent && different;
  into.verdict = silent ? VERDICTS.NOT_CONFIRMED : verdict;
  into.id = results ? judgement.idOutcome : OUTCOMES.WITHHELD;
  into.name = results ? judgement.nameOutcome : OUTCOMES.WITHHELD;
  into.birth = results ? judgement.birthOutcome : OUTCOMES.WITHHELD;
  into.notices = verified && grants.notices ? judgement.notices : 0;
  into.nameScore =
    scores && judgement.nameOutcome === OUTCOMES.FALSE ? tellScore(judgement.nameScore, grants.exact_score) : NO_SCORE;
  into.score = scores ? tellScore(judgement.score, grants.exact_score) : NO_SCORE;
  into.word0 = reasons ? judgement.word0 & ALL_REASONS.word0 : 0;
  into.word1 = reasons ? judgement.word1 & ALL_REASONS.word1 : 0;
  into.word2 = reasons ? judgement.word2 & ALL_REASONS.word2 : 0;
  into.currentId = verified && grants.current_id ? Number(judgement.currentId) : 0;
  return into;
}
