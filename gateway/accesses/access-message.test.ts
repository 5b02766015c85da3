import { expect, test } from 'vitest';
import { AccessOutcome } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { VERDICTS } from '../matching/index.ts';
import { RELEASE_OUTCOMES } from '../proof/person-body.ts';
import { outcomeOf } from './access-message.ts';

test.each([
  ['a comparison', VERDICTS.MISMATCH, [], 0, AccessOutcome.COMPARED],
  ['a comparison that told the number in force', VERDICTS.VERIFIED, [1], 0, AccessOutcome.RELEASED],
  ['values', RELEASE_OUTCOMES.RELEASED, [2, 3], 0, AccessOutcome.RELEASED],
  ['a read that gave no value', RELEASE_OUTCOMES.RELEASED, [], 0, AccessOutcome.RELEASED],
  ['a refusal of the person’s', RELEASE_OUTCOMES.REFUSED, [], 0, AccessOutcome.REFUSED],
  ['a refusal of the call', RELEASE_OUTCOMES.RELEASED, [2], 7, AccessOutcome.REFUSED],
  ['no consent', VERDICTS.CONSENT_MISSING, [], 0, AccessOutcome.REFUSED],
])('%s', (_name, outcome, released, refusalReason, said) => {
  expect(outcomeOf({ outcome, released, entry: { refusalReason } as never })).toBe(said);
});
