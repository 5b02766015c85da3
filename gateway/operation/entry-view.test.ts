import { createSecretKey, randomBytes } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { createDecisionSealer } from '../exchange/seal-decision.ts';
import { denied } from '../policy/decision.ts';
import { HIDDEN, viewEntry } from './entry-view.ts';
import { stageOutcomes } from './stage-outcomes.ts';

const key = createSecretKey(randomBytes(32));
const decision = {
  ...denied('FIELD_NOT_GRANTED'),
  refused: [{ id: 18, use: 'release', reason: 'FIELD_NOT_IN_AGREEMENT' }],
} as const;
const { sealed, digest } = createDecisionSealer(key)(decision);
const refusal = create(EntrySchema, {
  entryId: randomBytes(16),
  kind: EntryKind.REFUSAL,
  timeMs: 1_800_000_000_000n,
  agency: 'moh',
  refusalReason: ErrorReason.FIELD_NOT_GRANTED,
  decisionDigest: digest,
  context: {
    requestId: '901085000017',
    purpose: 'treatment',
    serviceCode: 'KCB-01',
    unitCode: '012345678',
    caseRef: 'HS-901',
  },
});
const found = { entry: refusal, position: 4, intact: true, decision: sealed };

describe('an entry as it is shown', () => {
  it('tells the decision that was sealed beside it', () => {
    expect(viewEntry(found, key)).toMatchObject({
      ...{ position: 4, kind: 'REFUSAL', outcome: 'FIELD_NOT_GRANTED', at: '2027-01-15T08:00:00.000Z' },
      decision: { allow: false, reason: 'FIELD_NOT_GRANTED', refused: decision.refused },
    });
  });

  it('hides what may be somebody’s number, and leaves out case and officer', () => {
    const view = viewEntry(found, key);
    expect([view.request_id, view.unit_code, view.service_code]).toEqual([HIDDEN, HIDDEN, 'KCB-01']);
    expect(JSON.stringify(view)).not.toMatch(/901085000017|012345678|HS-901|pseudonym/);
  });

  it('hides codes with a number of a person inside, as entries of before may have, and what reads like a name', () => {
    const context = {
      requestId: 'An.901085000017',
      unitCode: 'NguyenVanAn-901085000017',
      serviceCode: '1.011442.000.00.00.H38',
    };
    const before = create(EntrySchema, { ...refusal, context: { ...refusal.context, ...context } as never });
    const view = viewEntry({ ...found, entry: before }, key);
    expect([view.request_id, view.unit_code, view.service_code]).toEqual([HIDDEN, HIDDEN, context.serviceCode]);
    const named = create(EntrySchema, {
      ...refusal,
      context: { ...refusal.context, unitCode: 'NguyenVanAn' } as never,
    });
    expect(viewEntry({ ...found, entry: named }, key).unit_code).toBe(HIDDEN);
  });

  it('says that a decision is unreadable where it is another one, or sealed with another key', () => {
    const other = createDecisionSealer(key)(denied('NO_AGREEMENT'));
    expect(viewEntry({ ...found, decision: other.sealed }, key).decision).toBe('unreadable');
    expect(viewEntry(found, createSecretKey(randomBytes(32))).decision).toBe('unreadable');
  });
});

describe('the stages', () => {
  const told = (kind: EntryKind, reason = ErrorReason.UNSPECIFIED) =>
    stageOutcomes(kind, reason)
      ?.map(({ outcome }) => outcome[0])
      .join('');

  it('of an answer were all passed, of a refusal up to the one that refused', () => {
    expect(told(EntryKind.UNARY)).toBe('pppppppp');
    expect(told(EntryKind.REFUSAL, ErrorReason.SIGNATURE_INVALID)).toBe('prnnnnnn');
    expect(told(EntryKind.REFUSAL, ErrorReason.FIELD_NOT_GRANTED)).toBe('pprnnnnn');
    expect(told(EntryKind.REFUSAL, ErrorReason.REPLAYED)).toBe('pppppprn');
    expect(told(EntryKind.REFUSAL, ErrorReason.INTERNAL)).toBe('uuuuuuuu');
    expect(told(EntryKind.IMPORT)).toBeUndefined();
  });
});
