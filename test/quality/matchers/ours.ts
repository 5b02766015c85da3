/** The gateway's matcher behind the door of its folder, one row at a time, knowing nothing of the file. */
import {
  createMatchRow,
  judgeRow,
  listReasons,
  NO_HABITS,
  NO_SCORE,
  type Reason,
  readRow,
  type Strictness,
  VERDICTS,
  type Verdict,
} from '../../../gateway/matching/index.ts';
import type { Claim } from '../generate/row.ts';
import type { Answer } from './answer.ts';
import type { NumberIndex } from './number-index.ts';

export interface OurAnswer extends Answer {
  /** 0–99 over name and date; undefined where no one person was compared. */
  readonly score: number | undefined;
  /** For people: why. */
  readonly reasons: () => readonly Reason[];
}

const NAMES = new Map(Object.entries(VERDICTS).map(([name, code]) => [code, name as Verdict]));

export function createOurs(index: NumberIndex, strictness: Strictness): (claim: Claim) => OurAnswer {
  const row = createMatchRow();
  return ({ idNumber, name, birthDate }) => {
    readRow({ idNumber, name, birthDate }, NO_HABITS, row);
    const candidates = row.idNumber === 0 ? [] : (index.get(row.idNumber) ?? []);
    const judgement = judgeRow(row, candidates, strictness);
    const chosen = candidates[judgement.chosen];
    return {
      verdict: NAMES.get(judgement.verdict)!,
      person: chosen === undefined ? undefined : Number(chosen.personNo),
      score: judgement.score === NO_SCORE ? undefined : judgement.score,
      reasons: () => listReasons(judgement),
    };
  };
}
