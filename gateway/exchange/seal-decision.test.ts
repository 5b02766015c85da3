import { createSecretKey, hash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  BASES,
  DECISION_REASONS,
  DEMANDS,
  type Decision,
  denied,
  GRANTS,
  LIMITS,
  OBLIGATIONS,
  REFUSED_FIELD_REASONS,
  STRICTNESS,
  USES,
} from '../policy/decision.ts';
import { seal, unseal } from '../sealing/seal.ts';
import { createDecisionSealer, openDecision } from './seal-decision.ts';

const key = createSecretKey(Buffer.alloc(32, 7));
const id = fc.integer({ min: 1, max: 65_535 });
const use = fc.constantFrom(...USES);
const decision: fc.Arbitrary<Decision> = fc.record({
  allow: fc.boolean(),
  reason: fc.constantFrom(...DECISION_REASONS),
  fields: fc.array(fc.record({ id, use, basis: fc.constantFrom(...BASES) })),
  refused: fc.array(fc.record({ id, use, reason: fc.constantFrom(...REFUSED_FIELD_REASONS) })),
  missing_context: fc.uniqueArray(fc.constantFrom(...DEMANDS)),
  grants: fc.record(Object.fromEntries(GRANTS.map((name) => [name, fc.boolean()]))) as fc.Arbitrary<Decision['grants']>,
  limits: fc.record(Object.fromEntries(LIMITS.map((name) => [name, fc.maxSafeNat()])), { requiredKeys: [] }),
  strictness: fc.constantFrom(...STRICTNESS),
  agreement: fc.record({ id: fc.stringMatching(/^[a-z0-9-]{0,64}$/), version: fc.maxSafeNat() }),
  obligations: fc.uniqueArray(fc.constantFrom(...OBLIGATIONS)),
});

it('any decision is opened as it was sealed, by the digest that its entry binds', () => {
  fc.assert(
    fc.property(decision, (one) => {
      const { sealed, digest } = createDecisionSealer(key)(one);
      expect(openDecision(key, sealed, digest)).toEqual(one);
      const plain = unseal(key, Buffer.from('decision'), sealed) ?? Buffer.alloc(0);
      expect(hash('sha256', plain, 'buffer')).toEqual(digest);
      // A message, which the readers of entries of before must not take for JSON.
      expect(plain[16]).not.toBe(0x7b);
    }),
  );
});

it('is salted: two sealers give one decision two digests, one sealer gives it one', () => {
  const one = createDecisionSealer(key);
  const [first, again, other] = [one(denied('NO_AGREEMENT')), one(denied('NO_AGREEMENT')), createDecisionSealer(key)];
  expect(again).toBe(first);
  expect(other(denied('NO_AGREEMENT')).digest).not.toEqual(first.digest);
  expect(other(denied('NO_AGREEMENT')).fingerprint).toEqual(first.fingerprint);
});

it('another decision under an entry’s digest, or a changed byte, does not open', () => {
  const [one, other] = [denied('NO_AGREEMENT'), denied('CONTEXT_MISSING')].map(createDecisionSealer(key));
  if (one === undefined || other === undefined) throw new Error('two were sealed');
  expect(openDecision(key, other.sealed, one.digest)).toBeUndefined();
  const edited = Buffer.from(one.sealed);
  edited[20] = (edited[20] ?? 0) ^ 1;
  expect(openDecision(key, edited, one.digest)).toBeUndefined();
});

it('what was sealed as JSON before is still opened', () => {
  const plain = Buffer.concat([Buffer.alloc(16, 3), Buffer.from(JSON.stringify(denied('METHOD_NOT_AGREED')))]);
  const sealed = seal(key, Buffer.from('decision'), plain);
  expect(openDecision(key, sealed, hash('sha256', plain, 'buffer'))).toEqual(denied('METHOD_NOT_AGREED'));
});
