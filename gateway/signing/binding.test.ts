import { describe, expect, it } from 'vitest';
import { audienceOf, type Binding, type BindingProblem, checkBinding } from './binding.ts';
import { vector } from './test-fixtures.ts';

const chunk = vector('lt-chunk+jws').claims;
const answer = vector('lt-answer+jws', 'call').claims;
const text = (claim: unknown) => String(claim);

const chunkFacts: Binding = {
  audience: audienceOf('gateway', 'golden'),
  digest: text(chunk.dig),
  method: text(chunk.mth),
  job: 'job-7',
  num: 0,
  opening: text(chunk.opn),
};
const answerFacts: Binding = {
  audience: audienceOf('viettel', 'golden'),
  digest: text(answer.dig),
  method: text(answer.mth),
  requestDigest: text(answer.rqd),
  requestId: text(answer.req),
};
const otherDigest = text(answer.rqd);

const WRONG: readonly (readonly [keyof Binding, string | number, BindingProblem])[] = [
  ['audience', audienceOf('gateway', 'production'), 'WRONG_AUDIENCE'],
  ['audience', audienceOf('viettel', 'golden'), 'WRONG_AUDIENCE'],
  ['digest', otherDigest, 'WRONG_DIGEST'],
  ['method', '/lienthong.person.v1.PersonService/GetPerson', 'WRONG_METHOD'],
  ['job', 'job-8', 'WRONG_JOB'],
  ['num', 1, 'WRONG_NUMBER'],
  ['opening', otherDigest, 'WRONG_OPENING'],
];

describe('binding', () => {
  it('holds where every fact agrees', () => {
    expect(checkBinding(chunk, chunkFacts)).toBeUndefined();
    expect(checkBinding(answer, answerFacts)).toBeUndefined();
  });

  it.each(WRONG)('%s %s is refused', (fact, value, problem) => {
    expect(checkBinding(chunk, { ...chunkFacts, [fact]: value })).toBe(problem);
  });

  it.each([
    ['requestDigest', text(answer.dig)],
    ['requestId', 'REQ-2026-000124'],
  ])('another %s is refused', (fact, value) => {
    expect(checkBinding(answer, { ...answerFacts, [fact]: value })).toBe('WRONG_REQUEST');
  });

  it('a fact that this side forgot is a problem, not a pass', () => {
    for (const [fact, , problem] of WRONG) {
      const { [fact]: _, ...rest } = chunkFacts;
      expect(checkBinding(chunk, rest as Binding), fact).toBe(problem);
    }
  });

  it('a claim that the token lacks is a problem, not a pass', () => {
    for (const [claim, problem] of [
      ['aud', 'WRONG_AUDIENCE'],
      ['mth', 'WRONG_METHOD'],
      ['job', 'WRONG_JOB'],
      ['num', 'WRONG_NUMBER'],
      ['opn', 'WRONG_OPENING'],
      ['dig', 'WRONG_DIGEST'],
    ] as const) {
      const { [claim]: _, ...rest } = chunk;
      expect(checkBinding(rest, chunkFacts), claim).toBe(problem);
    }
    expect(checkBinding(answer, { ...answerFacts, job: 'job-7' })).toBe('WRONG_JOB');
    expect(checkBinding(answer, { ...answerFacts, num: 0 })).toBe('WRONG_NUMBER');
  });

  it('an answer without the request id passes only as a refusal', () => {
    expect(checkBinding({ ...answer, req: '', code: 3 }, answerFacts)).toBeUndefined();
    expect(checkBinding({ ...answer, req: '', code: 0 }, answerFacts)).toBe('WRONG_REQUEST');
    expect(checkBinding({ ...answer, req: '', code: 3 }, { ...answerFacts, requestDigest: text(answer.dig) })).toBe(
      'WRONG_REQUEST',
    );
  });
});
