import { describe, expect, it } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { type Decision, GRANTS, type Grants } from '../policy/decision.ts';
import type { VerificationKey } from '../signing/public-key.ts';
import type { Recorded } from './record.ts';
import { mustStillBeGranted } from './still-granted.ts';

const grants = Object.fromEntries(GRANTS.map((name) => [name, name === 'reasons'])) as Grants;
const ASKED = {
  ...{ strictness: 'standard', grants, agreement: { id: 'a', version: 1 } },
  fields: [
    { id: 2, use: 'match', basis: 'statute' },
    { id: 3, use: 'match', basis: 'statute' },
  ],
} as unknown as Decision;

const now = (decision: Decision, kids: readonly string[] = ['k']) => ({
  decision,
  caller: { keys: (kid: string) => (kids.includes(kid) ? ({} as VerificationKey) : undefined) },
});
const recorded = { grounds: { opening: { decision: ASKED }, kid: 'k' } } as unknown as Recorded;
const leaves = (change: Partial<Decision>) => mustStillBeGranted(recorded, now({ ...ASKED, ...change }));

describe('an answer that waited', () => {
  it('leaves under the same grants, and under more', () => {
    mustStillBeGranted(recorded, now(ASKED));
    leaves({ agreement: { id: 'a', version: 2 } });
    leaves({ grants: { ...grants, existence: true }, limits: { rows_per_day: 1 } });
    leaves({ fields: [{ id: 1, use: 'match', basis: 'statute' }, ...ASKED.fields] });
  });

  it.each<[string, Partial<Decision>]>([
    ['a grant is gone', { grants: { ...grants, reasons: false } }],
    ['a field is gone', { fields: ASKED.fields.slice(1) }],
    ['a field is for another use', { fields: ASKED.fields.map((field) => ({ ...field, use: 'release' })) }],
    ['a field needs a consent now', { fields: ASKED.fields.map((field) => ({ ...field, basis: 'consent' })) }],
    ['names are compared otherwise', { strictness: 'exact' }],
  ])('does not where %s', (_what, change) => {
    expect(() => leaves(change)).toThrow(expect.objectContaining({ reason: ErrorReason.AGREEMENT_CHANGED }));
  });

  it('does not where the key that asked counts no more', () => {
    expect(() => mustStillBeGranted(recorded, now(ASKED, ['another']))).toThrow(
      expect.objectContaining({ reason: ErrorReason.KEY_UNKNOWN }),
    );
  });
});
