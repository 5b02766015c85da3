import { expect, test } from 'vitest';
import { VERDICTS } from '../matching/index.ts';
import { isTakenOut } from './taken-out.ts';

const { VERIFIED, PROBABLE, MISMATCH, AMBIGUOUS, CONSENT_MISSING, NOT_FOUND, INVALID, NOT_CONFIRMED } = VERDICTS;

test('what was told of somebody is taken out, whether somebody without a consent is there now or nobody', () => {
  for (const told of [VERIFIED, PROBABLE, MISMATCH, AMBIGUOUS]) {
    for (const now of [CONSENT_MISSING, NOT_FOUND, INVALID, NOT_CONFIRMED]) expect(isTakenOut(told, now)).toBe(true);
  }
});

test('what was told of nobody stays: anew it would show who has come since, or gone', () => {
  for (const told of [NOT_FOUND, INVALID, NOT_CONFIRMED]) {
    for (const now of [CONSENT_MISSING, NOT_FOUND, INVALID, NOT_CONFIRMED]) expect(isTakenOut(told, now)).toBe(false);
  }
  expect(isTakenOut(CONSENT_MISSING, NOT_FOUND)).toBe(false);
});

test('of somebody whose consents cover less still, less is told', () => {
  expect(isTakenOut(CONSENT_MISSING, CONSENT_MISSING)).toBe(true);
});
