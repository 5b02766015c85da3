/** Codes that are stored, signed and hashed in several places: the contract, matching, proofs and tokens say the same of each. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REASONS as ERROR_REASONS, reasonName } from '../../gateway/errors/catalogue.ts';
import { NO_SCORE as MATCHING_NO_SCORE, NOTICES, OUTCOMES, REASONS, VERDICTS } from '../../gateway/matching/index.ts';
import { BASES as POLICY_BASES } from '../../gateway/policy/decision.ts';
import { BASES, RELEASE_OUTCOMES } from '../../gateway/proof/person-body.ts';
import {
  FIELD_RESULTS,
  LAST_VERDICT_CODE,
  NO_SCORE,
  NOTICE_BITS,
  REASON_CODES,
} from '../../gateway/proof/result-bytes.ts';
import { VERDICT_NAMES } from '../../gateway/signing/claim-kinds.ts';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { Notice } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { Reason } from '../../proto/gen/lienthong/verification/v1/reason_pb.js';
import { FieldResult, JobState, Verdict } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';

/** Name → code of a generated enum, without the value that is never sent. */
function codesOf(enumeration: Readonly<Record<string, string | number>>): Record<string, number> {
  const entries = Object.entries(enumeration).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number' && entry[0] !== 'UNSPECIFIED',
  );
  return Object.fromEntries(entries);
}

const ROOT = join(import.meta.dirname, '..', '..');

describe('codes', () => {
  it('reasons: the contract has every reason of the profile under its code, and no other', () => {
    const profile = Object.fromEntries(Object.entries(REASONS).map(([name, { code }]) => [name, code]));
    expect(codesOf(Reason)).toEqual(profile);
    expect(Math.max(...Object.values(profile))).toBeLessThan(REASON_CODES);
    expect(Math.min(...Object.values(profile))).toBeGreaterThan(0);
    expect(new Set(Object.values(profile)).size).toBe(Object.keys(profile).length);
  });

  it('reasons stand in the word of their field: 1–31 number, 32–63 name, 64–87 date, 88–95 row', () => {
    const ranges = { id: [1, 31], name: [32, 63], birth: [64, 87], row: [88, 95] } as const;
    for (const [name, { code, field }] of Object.entries(REASONS)) {
      const [from, to] = ranges[field];
      expect(code >= from && code <= to, name).toBe(true);
    }
  });

  it('verdicts: contract, matching and receipts', () => {
    expect(codesOf(Verdict)).toEqual({ ...VERDICTS });
    expect(VERDICT_NAMES.map((name) => [name, VERDICTS[name]])).toEqual(VERDICT_NAMES.map((name, i) => [name, i + 1]));
    expect(Math.max(...Object.values(VERDICTS))).toBe(LAST_VERDICT_CODE);
    for (const outcome of Object.values(RELEASE_OUTCOMES)) expect(Object.values(VERDICTS)).not.toContain(outcome);
  });

  it('notices: notice n of the contract is bit n − 1 of a result', () => {
    const bits = Object.fromEntries(Object.entries(codesOf(Notice)).map(([name, code]) => [name, 1 << (code - 1)]));
    expect(bits).toEqual({ ...NOTICES });
    expect(Object.keys(bits)).toHaveLength(NOTICE_BITS);
  });

  it('field results: contract, matching and result bytes', () => {
    const { WITHHELD, ...told } = OUTCOMES;
    expect(codesOf(FieldResult)).toEqual(told);
    const { NONE, ...packed } = FIELD_RESULTS;
    expect(packed).toEqual(told);
    expect([WITHHELD, NONE]).toEqual([0, 0]);
    expect(MATCHING_NO_SCORE).toBe(NO_SCORE);
  });

  it('bases: every basis that the policy can give has a code in the leaves', () => {
    expect(
      Object.keys(BASES)
        .filter((name) => name !== 'none')
        .toSorted(),
    ).toEqual([...POLICY_BASES].toSorted());
    expect(BASES).toEqual({ none: 0, statute: 1, consent: 2, agreement: 3, emergency: 4 });
  });

  it('states of a job, as SQL compares them', () => {
    expect(codesOf(JobState)).toEqual({ OPEN: 1, PAUSED: 2, CLOSING: 3, DONE: 4, CANCELLED: 5, EXPIRED: 6 });
  });

  it('every error reason that code gives is in the catalogue and on the page; every other is none that code forgot', () => {
    const page = readFileSync(join(ROOT, 'gateway/docs/design/errors.md'), 'utf8');
    const sources = readdirSync(join(ROOT, 'gateway'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('errors'))
      .map((name) => readFileSync(join(ROOT, 'gateway', name), 'utf8'));
    const used = new Set(
      sources.flatMap((text) => Array.from(text.matchAll(/\bErrorReason\.([A-Z_]+)\b/g), ([, name]) => name)),
    );
    const known = new Set(ERROR_REASONS.map(reasonName));
    used.delete('UNSPECIFIED');
    for (const name of used) {
      expect(known, `ErrorReason.${name}`).toContain(name);
      expect(page, name).toContain(`\`${name}\``);
    }
    expect([...known].filter((name) => !used.has(name))).toEqual([]);
    expect(ErrorReason.UNSPECIFIED).toBe(0);
  });
});
