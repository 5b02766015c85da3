import { describe, expect, it } from 'vitest';
import { formOfClaims, wrongClaim } from './claims.ts';
import type { Json, JsonObject } from './strict-json.ts';
import { VECTORS, vector } from './test-fixtures.ts';
import { TOKEN_TYPES, type TokenType } from './token-types.ts';

const whole = (v: (typeof VECTORS)[number]): JsonObject => ({ ...v.claims, iss: v.issuer, jti: v.jti });
const named = VECTORS.map((v) => [`${v.typ} ${v.form} ${v.jti}`, v] as const);
const kindsOf = (typ: TokenType, form: string) =>
  (TOKEN_TYPES[typ] as Record<string, Record<string, string>>)[form] ?? {};

const WRONG: Record<string, readonly Json[]> = {
  agency: ['', 'Gateway', 'a b', 'viettel@x', 'x'.repeat(33), 1, null],
  audience: ['', 'gateway', '@golden', 'gateway@', 'gateway@a@b', '**@golden', 'gateway@Golden', ['gateway@golden']],
  seconds: [-1, 1.5, '1795300000', 2 ** 53, null],
  count: [-1, 0.5, '1', Number.NaN, true],
  version: [0, -1, '1', 1.5],
  bits128: ['', 'ZGRkZGRkZGRkZGRkZGRkZB', 'ZGRkZGRkZGRkZGRkZGRk', 'ZGRkZGRkZGRkZGRkZGRkZA==', 16],
  digest: [
    '',
    `${'A'.repeat(42)}B`,
    'A'.repeat(44),
    `${'A'.repeat(42)}=`,
    `${'A'.repeat(41)}+A`,
    `${'A'.repeat(43)}\n`,
  ],
  method: ['', 'a.B/C', '/a.B', '/a.B/C/D', '/a.B/', `/a.B/C\n`, '//C'],
  identifier: ['', 'a b', 'a/b', 'x'.repeat(65), 'job\n', 7],
  requestId: ['a b', 'ã', 'x'.repeat(129), null, 5],
  code: [-1, 17, '0', 0.5],
  checkpoint: ['', 'no line end', 'a\r\n', 'a\0\n', `${'x'.repeat(3000)}\n`, '\ud800\n', 3],
  revisions: [
    {},
    'r',
    null,
    [],
    { policy: '1', agreement: '1', consent: '1' },
    { policy: '1', agreement: '1', consent: 1, profile: '1' },
    { policy: '1', agreement: '1', consent: '1', profile: '1', extra: '1' },
    { policy: 'a b', agreement: '1', consent: '1', profile: '1' },
  ],
  versions: [{}, null, { format: '1', vocabulary: '1', profile: '1', policy: '1', agreement: '1', more: '1' }],
  totals: [null, [], { VERIFIED: -1 }, { VERIFIED: '4097' }, { verified: 4097 }, { VERIFIED: 4097, OTHER: 0 }, {}],
};

describe('claims of a typ', () => {
  it.each(named)('%s: takes its own', (_, v) => {
    expect(formOfClaims(v.typ, whole(v))).toBe(v.form);
  });

  it.each(named)('%s: refuses each claim missing, unless it is optional', (_, v) => {
    for (const [claim, kind] of Object.entries(kindsOf(v.typ, v.form))) {
      const { [claim]: gone, ...rest } = whole(v);
      if (gone === undefined) continue;
      const paired = claim === 'log' || claim === 'leaf';
      const otherForm = v.form === 'server' && claim === 'root' ? 'client' : undefined;
      const expected = kind.endsWith('?') && !paired ? v.form : otherForm;
      expect(formOfClaims(v.typ, rest), claim).toBe(expected);
    }
  });

  it.each(named)('%s: refuses each claim out of its kind', (_, v) => {
    for (const [claim, kind] of Object.entries(kindsOf(v.typ, v.form))) {
      const wrong = WRONG[kind.replace('?', '')] ?? [];
      expect(wrong.length, kind).toBeGreaterThan(0);
      for (const value of wrong) {
        expect(
          formOfClaims(v.typ, { ...whole(v), [claim]: value }),
          `${claim} ${JSON.stringify(value)}`,
        ).toBeUndefined();
      }
    }
  });

  it.each(named)('%s: refuses any claim of another typ and any unknown one', (_, v) => {
    const own = kindsOf(v.typ, v.form);
    for (const other of VECTORS) {
      for (const [claim, value] of Object.entries(whole(other))) {
        if (Object.hasOwn(own, claim)) continue;
        const form = formOfClaims(v.typ, { ...whole(v), [claim]: value });
        if (v.typ === 'lt-end+jws' && claim === 'root') expect(form).toBe('server');
        else expect(form, claim).toBeUndefined();
      }
    }
    for (const claim of ['exp', 'nbf', 'sub', 'toString', 'constructor', '']) {
      expect(formOfClaims(v.typ, { ...whole(v), [claim]: 'x' }), claim).toBeUndefined();
    }
  });

  it('an answer is to a call or to a chunk, never to both', () => {
    const v = vector('lt-answer+jws', 'chunk');
    expect(formOfClaims(v.typ, { ...whole(v), req: 'r' })).toBeUndefined();
  });

  it("a receipt's totals add up to its rows", () => {
    const v = vector('lt-receipt+jws');
    expect(formOfClaims(v.typ, { ...whole(v), rows: 4096 })).toBeUndefined();
  });
});

describe('the claim that is wrong', () => {
  const chunk = whole(vector('lt-chunk+jws'));
  const wrong = (changes: Record<string, Json | undefined>) => {
    const claims = Object.entries({ ...chunk, ...changes }).filter(([, value]) => value !== undefined);
    return wrongClaim('lt-chunk+jws', 'chunk', Object.fromEntries(claims) as JsonObject);
  };

  it('is named where it is missing, out of its kind, or of another form', () => {
    expect(wrong({})).toBeUndefined();
    expect(wrong({ num: '7' })).toBe('num');
    expect(wrong({ job: undefined })).toBe('job');
    expect(wrong({ exp: 1795300000 })).toBe('exp');
    expect(wrong({ num: '7', exp: 1 })).toBe('num');
  });

  it('is not named where no form knows the name', () => {
    expect(wrong({ '901085000017': 1 })).toBeUndefined();
    expect(wrong({ toString: 1 })).toBeUndefined();
  });
});
