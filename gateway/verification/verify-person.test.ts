import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { RevisionsSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import {
  VerifyPersonRequestSchema,
  VerifyPersonResponseSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { createToldRow, type ToldRow, tellRow } from '../exchange/grants.ts';
import type { JudgedRows } from '../exchange/judge-rows.ts';
import type { CallFacts } from '../exchange/work.ts';
import { createJudgement, type Judgement, type MatchVerdictCode, OUTCOMES, VERDICTS } from '../matching/index.ts';
import { GRANTS, type Grants } from '../policy/decision.ts';
import { RESULT_BYTES, writeResult } from '../proof/result-bytes.ts';
import { verifyPerson } from './verify-person.ts';

/** What is not granted must not show in the size of the unary answer either; a row of a job is 22 bytes, always. */

const request = toBinary(
  VerifyPersonRequestSchema,
  create(VerifyPersonRequestSchema, {
    context: { requestId: 'size-of-answers-01', purpose: 'subscriber-verification' },
    idNumber: '901085000017',
    fullName: 'Nguyễn Văn An',
    dateOfBirth: '1985-03-27',
    blind: new Uint8Array(16),
  }),
);

const work = verifyPerson.read(request);

async function answerTo(told: ToldRow): Promise<Uint8Array> {
  const results = new Uint8Array(RESULT_BYTES);
  const fields = told.id | (told.name << 2) | (told.birth << 4);
  writeResult(
    ...[results, 0, told.verdict, fields, told.notices, told.nameScore, told.score],
    ...[told.word0, told.word1, told.word2, told.currentId],
  );
  const revisions = create(RevisionsSchema, { policy: 'p', agreement: 'a@1', change: 7n, profile: 'lt-vn-2' });
  const view = { kind: 'rows', rows: { count: 1, results } as JudgedRows, asOf: 1_774_000_000 } as const;
  return (await work.compose(view, { revisions } as CallFacts)).payload;
}

describe('an answer that is given again', () => {
  const answered = (profile: string, verdict: number, unconsented: readonly number[] = []) => {
    const results = new Uint8Array(RESULT_BYTES);
    writeResult(results, 0, verdict, 0, 0, 0, 0, 0, 0, 0, 0);
    const revisions = create(RevisionsSchema, { policy: 'p', agreement: 'a@1', change: 7n, profile });
    const rows = { count: 1, results, unconsented: Uint32Array.from(unconsented) } as unknown as JudgedRows;
    return work.compose({ kind: 'rows', rows, asOf: 1_774_000_000 }, { revisions } as CallFacts);
  };

  test('says which profile it was judged under; one that is judged anew says that of now', async () => {
    const stored = (await answered('lt-vn-2:2.2.0', VERDICTS.VERIFIED)).payload;
    const now = await answered('lt-vn-2:2.3.0', VERDICTS.MISMATCH);
    expect(now.again?.(stored)).toEqual({ payload: stored, profile: 'lt-vn-2:2.2.0' });
    const without = await answered('lt-vn-2:2.3.0', VERDICTS.CONSENT_MISSING, [0]);
    expect(without.again?.(stored)).toEqual({ payload: without.payload, lessened: { effects: [] } });
  });
});

/** Every way in which what is behind a verdict differs: no, one or many reasons, each mix of results, scores, notices. */
function judgementsOf(verdict: MatchVerdictCode): Judgement[] {
  const reasons = [
    [0, 0, 0],
    [1 << 21, 0, 0],
    [-1, -1, (1 << 25) - 1],
  ];
  const outcomes = [
    [OUTCOMES.TRUE, OUTCOMES.TRUE, OUTCOMES.TRUE],
    [OUTCOMES.TRUE, OUTCOMES.FALSE, OUTCOMES.TRUE],
    [OUTCOMES.TRUE, OUTCOMES.NOT_AVAILABLE, OUTCOMES.FALSE],
    [OUTCOMES.FALSE, OUTCOMES.NOT_AVAILABLE, OUTCOMES.NOT_AVAILABLE],
  ] as const;
  return reasons.flatMap(([word0 = 0, word1 = 0, word2 = 0]) =>
    outcomes.flatMap(([idOutcome, nameOutcome, birthOutcome]) =>
      [0, 93].flatMap((score) =>
        [0, 901_085_000_017].map((currentId) => ({
          ...createJudgement(),
          ...{ verdict, idOutcome, nameOutcome, birthOutcome, word0, word1, word2, score, currentId },
          ...{ nameScore: score, notices: currentId === 0 ? 0 : 3 },
        })),
      ),
    ),
  );
}

const ALL_GRANTS: readonly Grants[] = Array.from(
  { length: 1 << GRANTS.length },
  (_, set) => Object.fromEntries(GRANTS.map((name, bit) => [name, (set & (1 << bit)) !== 0])) as Grants,
);
const MATCHED = [
  VERDICTS.VERIFIED,
  VERDICTS.PROBABLE,
  VERDICTS.MISMATCH,
  VERDICTS.NOT_FOUND,
  VERDICTS.AMBIGUOUS,
  VERDICTS.INVALID,
] as const;
/** Verdicts that stand in the place of the matcher's. */
const PUT_IN_PLACE = [VERDICTS.NOT_PERMITTED, VERDICTS.CONSENT_MISSING, VERDICTS.LIMITED] as const;

const tell = (judgement: Judgement, verdict: number, grants: Grants): ToldRow =>
  tellRow(judgement, verdict, grants, createToldRow());
const sizes = async (rows: readonly ToldRow[]): Promise<number[]> => [
  ...new Set(await Promise.all(rows.map(async (told) => (await answerTo(told)).length))),
];

describe('the size of an answer', () => {
  test.each([
    ...MATCHED,
    ...PUT_IN_PLACE,
  ])('verdict %i: where the same is told, it is the same, under every grant', async (verdict) => {
    const own = MATCHED.find((one) => one === verdict);
    const judged = judgementsOf(own ?? VERDICTS.MISMATCH);
    const byTold = new Map<string, number>();
    for (const grants of ALL_GRANTS) {
      for (const judgement of judged) {
        const told = tell(judgement, verdict, grants);
        const size = (await answerTo(told)).length;
        const key = JSON.stringify(told);
        expect(size).toBe(byTold.get(key) ?? size);
        byTold.set(key, size);
      }
    }
    // A verdict that policy or consent put in the place of the matcher's tells of the comparison nothing at all.
    if (own === undefined) expect(new Set(byTold.values()).size).toBe(1);
  });

  test.each(MATCHED)('verdict %i: reasons that are not granted change nothing of it', async (verdict) => {
    for (const grants of ALL_GRANTS.filter(({ reasons }) => !reasons)) {
      const [first, ...others] = judgementsOf(verdict);
      const alike = others.filter(
        (one) =>
          one.idOutcome === first?.idOutcome &&
          one.nameOutcome === first.nameOutcome &&
          one.birthOutcome === first.birthOutcome &&
          one.score === first.score &&
          one.currentId === first.currentId,
      );
      expect(alike).toHaveLength(2);
      const told = [first as Judgement, ...alike].map((one) => tell(one, verdict, grants));
      expect(await sizes(told)).toHaveLength(1);
      const answer = fromBinary(VerifyPersonResponseSchema, await answerTo(told[2] as ToldRow));
      expect(answer.reasons).toEqual([]);
    }
  });

  test('with nothing granted it is one size for a verdict, whatever is behind it', async () => {
    const none = ALL_GRANTS[0] as Grants;
    for (const verdict of [...MATCHED, ...PUT_IN_PLACE]) {
      const told = MATCHED.flatMap(judgementsOf)
        .filter((one) => one.verdict === verdict || PUT_IN_PLACE.includes(verdict as never))
        .map((one) => tell(one, verdict, none));
      expect(await sizes(told)).toHaveLength(1);
    }
  });

  test('without `existence` all that speaks of the register has one size under every other grant', async () => {
    const speaks = [VERDICTS.PROBABLE, VERDICTS.MISMATCH, VERDICTS.NOT_FOUND, VERDICTS.AMBIGUOUS] as const;
    const told = ALL_GRANTS.filter(({ existence }) => !existence).flatMap((grants) =>
      speaks.flatMap((verdict) => judgementsOf(verdict).map((one) => tell(one, verdict, grants))),
    );
    expect(new Set(told.map(({ verdict }) => verdict))).toEqual(new Set([VERDICTS.NOT_CONFIRMED]));
    expect(await sizes(told.slice(0, 1).concat(told.filter((_, i) => i % 97 === 0)))).toHaveLength(1);
  });

  test('a score in its band is as long as an exact one', async () => {
    const granted = { ...(ALL_GRANTS.at(-1) as Grants), reasons: false };
    const [doubtful] = judgementsOf(VERDICTS.PROBABLE).filter(
      (one) => one.nameOutcome === OUTCOMES.FALSE && one.score === 93,
    );
    const exact = tell(doubtful as Judgement, VERDICTS.PROBABLE, granted);
    const banded = tell(doubtful as Judgement, VERDICTS.PROBABLE, { ...granted, exact_score: false });
    expect([exact.score, exact.nameScore, banded.score, banded.nameScore]).toEqual([93, 93, 80, 80]);
    expect(await sizes([exact, banded])).toHaveLength(1);
  });
});
