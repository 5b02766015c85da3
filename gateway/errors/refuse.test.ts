import { fromBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StatusSchema } from '../../proto/gen/google/rpc/status_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { JobState } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { expandMask } from '../fields/mask.ts';
import { VOCABULARY } from '../fields/vocabulary.ts';
import { CATALOGUE, REASONS } from './catalogue.ts';
import { GRPC_CODES } from './codes.ts';
import { readRefusal } from './read.ts';
import { refuse } from './refuse.ts';
import { FIELD_RULES, type FieldRule, LIMITS, type Limit } from './rules.ts';
import { maskViolations } from './violations.ts';

const anyReason = fc.constantFrom(...REASONS);
const anyRule = fc.constantFrom(...(Object.keys(FIELD_RULES) as FieldRule[]));
const anyLimit = fc.constantFrom(...(Object.keys(LIMITS) as Limit[]));

describe('a refusal', () => {
  it('comes back whole at the client, for every reason and any facts', () => {
    const facts = fc.record({
      requestId: fc.stringMatching(/^[A-Za-z0-9._-]{8,64}$/),
      violations: fc.array(
        fc.record({ field: fc.constantFrom('context.purpose', 'religion', 'rows[17].name'), rule: anyRule }),
        {
          maxLength: 20,
        },
      ),
      retryAfterMs: fc.nat(10_000_000),
      limits: fc.uniqueArray(anyLimit),
      jobState: fc.constantFrom(JobState.OPEN, JobState.PAUSED),
      claim: fc.constantFrom('num', 'job', 'aud'),
      help: fc.record({ receivedDigest: fc.constant('A'.repeat(43)), receivedBytes: fc.nat(), serverTime: fc.nat() }),
    });
    fc.assert(
      fc.property(anyReason, facts, (reason, given) => {
        const refusal = refuse(reason, given);
        const row = CATALOGUE[reason];
        expect(refusal.code).toBe(GRPC_CODES[row.code]);
        expect(readRefusal(refusal.code, refusal.details)).toEqual({
          code: refusal.code,
          reason,
          reasonName: ErrorReason[reason],
          sentences: { vi: `${row.vi} ${row.nextVi}`, en: refusal.message },
          violations: given.violations.map(({ field, rule }) => ({
            field,
            rule,
            description: `${rule}: ${FIELD_RULES[rule].en}`,
          })),
          limits: given.limits,
          requestId: given.requestId,
          retryAfterMs: given.retryAfterMs,
          jobState: JobState[given.jobState],
          claim: given.claim,
          help: given.help,
        });
      }),
      { numRuns: 300 },
    );
  });

  it('says the same in grpc-status and in its details', () => {
    const refusal = refuse(ErrorReason.FIELD_NOT_GRANTED);
    const status = fromBinary(StatusSchema, refusal.details);
    expect([status.code, status.message]).toEqual([refusal.code, refusal.message]);
    expect(status.details.map((any) => any.typeUrl)).toEqual([
      'type.googleapis.com/google.rpc.ErrorInfo',
      'type.googleapis.com/google.rpc.LocalizedMessage',
      'type.googleapis.com/google.rpc.LocalizedMessage',
    ]);
  });

  it('never carries a value of a person, wherever one is put by mistake', () => {
    const canary = fc.constantFrom(
      'Nguyễn Văn An',
      '901085000017',
      '1985-03-27',
      '27/03/1985',
      '+84971234567',
      'an@vidu.vn',
      '023456789',
    );
    fc.assert(
      fc.property(anyReason, canary, anyRule, fc.string(), (reason, value, rule, around) => {
        const given = `${around}${value}`;
        const { details, message } = refuse(reason, {
          requestId: `${value} ${around}`,
          violations: [
            { field: value, rule },
            { field: given, rule },
            { field: `rows[${value}]`, rule },
          ],
          help: { receivedDigest: given },
        });
        const sent = Buffer.from(details).toString('utf8') + message;
        expect(sent).not.toContain(value);
        expect(sent).toContain('(unnamed)');
      }),
      { numRuns: 500 },
    );
  });

  it('fits in 8 KiB of headers, and counts what it leaves out', () => {
    const violations = Array.from({ length: 5000 }, () => ({ field: 'a'.repeat(64), rule: 'INSIDE_A_FIELD' as const }));
    for (const reason of REASONS) {
      const { details, message } = refuse(reason, {
        violations,
        requestId: 'r'.repeat(64),
        retryAfterMs: 1e9,
        limits: Object.keys(LIMITS) as Limit[],
        help: { receivedDigest: 'A'.repeat(43), receivedBytes: 2 ** 40, serverTime: 2 ** 33 },
      });
      // A JWS of the answer takes about 700 bytes beside it.
      expect(Math.ceil(details.length / 3) * 4 + encodeURIComponent(message).length + 700).toBeLessThan(8192);
    }
    const { code, details } = refuse(ErrorReason.BAD_REQUEST, { violations });
    expect(readRefusal(code, details)?.violations.length).toBeGreaterThan(20);
    expect(Buffer.from(details).toString('latin1')).toMatch(/violations_omitted.{1,3}49\d\d/s);
  });

  it('has room to name every leaf of the vocabulary', () => {
    const violations = VOCABULARY.fields.map(({ path }) => ({ field: path, rule: 'NOT_GRANTED' as const }));
    const { code, details } = refuse(ErrorReason.FIELD_NOT_GRANTED, { violations });
    expect(readRefusal(code, details)?.violations.map(({ field }) => field)).toEqual(
      violations.map(({ field }) => field),
    );
  });

  it('names an unknown path by itself where it looks like one, by its place where it does not', () => {
    const { problems } = expandMask(['fullName', 'date_of_birth.year', 'Nguyễn Văn An', '901085000017']);
    const { code, details } = refuse(ErrorReason.FIELD_UNKNOWN, { violations: maskViolations('read_mask', problems) });
    expect(readRefusal(code, details)?.violations.map(({ field, rule }) => [field, rule])).toEqual([
      ['fullName', 'UNKNOWN_PATH'],
      ['date_of_birth.year', 'INSIDE_A_FIELD'],
      ['read_mask.paths[2]', 'UNKNOWN_PATH'],
      ['read_mask.paths[3]', 'UNKNOWN_PATH'],
    ]);
  });

  it('rounds waiting up, never down', () => {
    for (const [given, read] of [
      [0, 0],
      [0.2, 1],
      [999.5, 1000],
      [61_001, 61_001],
      [-5, 0],
    ] as const) {
      const { code, details } = refuse(ErrorReason.LIMITED, { retryAfterMs: given });
      expect(readRefusal(code, details)?.retryAfterMs).toBe(read);
    }
  });
});

describe('reading a refusal', () => {
  it('never throws, whatever the bytes', () => {
    expect(readRefusal(14, undefined)).toBeUndefined();
    const honest = refuse(ErrorReason.LIMITED, { retryAfterMs: 5, limits: ['RATE'] }).details;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(honest.length - 1), fc.nat(255), (junk, at, byte) => {
        readRefusal(2, junk);
        const bent = honest.slice();
        bent[at] = byte;
        const read = readRefusal(2, bent);
        if (read !== undefined) expect(Object.keys(CATALOGUE)).toContain(String(read.reason || ErrorReason.LIMITED));
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps the name of a reason that only a newer server knows', () => {
    const bytes = Buffer.from(refuse(ErrorReason.LIMITED).details);
    bytes.write('LIMITEX', bytes.indexOf('LIMITED'), 'latin1');
    expect(readRefusal(8, bytes)).toMatchObject({ reason: ErrorReason.UNSPECIFIED, reasonName: 'LIMITEX' });
  });

  it('does not take another domain for ours', () => {
    const bytes = Buffer.from(refuse(ErrorReason.LIMITED).details);
    bytes.write('elsewhere', bytes.indexOf('lienthong'), 'latin1');
    expect(readRefusal(8, bytes)).toBeUndefined();
  });
});
