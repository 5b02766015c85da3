import { describe, expect, it } from 'vitest';
import type { Agreement } from './agreement.ts';
import { checkAgreement } from './check-agreement.ts';
import { sampleAgreement } from './testing/agreements.ts';
import { patch } from './testing/vectors.ts';

const sample = sampleAgreement();

function problemsOf(value: unknown): string[] {
  const checked = checkAgreement(value);
  return checked.ok ? [] : checked.problems.map(({ path, problem }) => `${path} ${problem}`.trim());
}

function changed(path: string, value: unknown): object {
  return patch(sample, [{ op: 'add', path, value }]);
}

describe('an agreement', () => {
  it('whole, is accepted', () => {
    expect(checkAgreement(sample)).toEqual({ ok: true, agreement: sample });
  });

  it.each(Object.keys(sample))('without %s is refused, and the path says so', (name) => {
    expect(problemsOf(patch(sample, [{ op: 'remove', path: `/${name}` }]))).toEqual([`${name} MISSING`]);
  });

  it.each(Object.keys(sample))('with null for %s is refused', (name) => {
    expect(problemsOf(changed(`/${name}`, null))).toEqual([`${name} WRONG`]);
  });

  it.each([
    ['/surprise', 1, ' UNKNOWN'],
    ['/fields/2/surprise', 1, 'fields.2 UNKNOWN'],
    ['/grants/everything', true, 'grants UNKNOWN'],
    ['/grants/notices', 'yes', 'grants.notices WRONG'],
    ['/limits/rows_per_year', 1, 'limits UNKNOWN'],
    ['/limits/rows_per_day', -1, 'limits.rows_per_day WRONG'],
    ['/limits/rows_per_day', 1.5, 'limits.rows_per_day WRONG'],
    ['/limits/rows_per_day', Number.POSITIVE_INFINITY, 'limits.rows_per_day WRONG'],
    ['/limits/calls_per_minute', null, 'limits.calls_per_minute WRONG'],
    ['/valid_to', '2030-12-31', 'valid_to WRONG'],
    ['/valid_to', 1_767_200_400, 'valid_to OUT_OF_ORDER'],
    ['/valid_from', 0, 'valid_from WRONG'],
    ['/version', 0, 'version WRONG'],
    ['/id', 'Has Spaces', 'id WRONG'],
    ['/agency', '__proto__', 'agency WRONG'],
    ['/purpose', '', 'purpose WRONG'],
    ['/purpose', 'p\n', 'purpose WRONG'],
    ['/purpose_text/vi', '  ', 'purpose_text.vi WRONG'],
    ['/citation', '\ud800', 'citation WRONG'],
    ['/citation', 'x'.repeat(501), 'citation WRONG'],
    ['/methods', [], 'methods EMPTY'],
    ['/methods', ['*'], 'methods.0 WRONG'],
    ['/methods', ['VerifyPerson'], 'methods.0 WRONG'],
    ['/methods', ['/a.v1.S/M', '/a.v1.S/M'], 'methods DUPLICATE'],
    ['/methods', '/a.v1.S/M', 'methods WRONG'],
    ['/demands', ['badge'], 'demands.0 WRONG'],
    ['/strictness', 'loose', 'strictness WRONG'],
    ['/fields', [], 'fields WRONG'],
    ['/fields/01', sample.fields['2'], 'fields UNKNOWN'],
    ['/fields/0', sample.fields['2'], 'fields UNKNOWN'],
    ['/fields/*', sample.fields['2'], 'fields UNKNOWN'],
    ['/fields/2/use', [], 'fields.2.use EMPTY'],
    ['/fields/2/use', ['match', 'match'], 'fields.2.use DUPLICATE'],
    ['/fields/2/use', ['read'], 'fields.2.use.0 WRONG'],
    ['/fields/2/basis', 'habit', 'fields.2.basis WRONG'],
    ['/fields/2/article', '', 'fields.2.article WRONG'],
  ])('with %s = %j is refused', (path, value, problem) => {
    expect(problemsOf(changed(path, value))).toEqual([problem.trim()]);
  });

  it('keeps the free text of an unknown member out of the problem', () => {
    expect(JSON.stringify(problemsOf(changed('/Nguyen Van An', 1)))).not.toContain('Nguyen');
  });

  it('names everything that is wrong, not only the first', () => {
    const { limits: _, citation: __, ...rest } = sample as Agreement & Record<string, unknown>;
    expect(problemsOf({ ...rest, version: 'one' }).sort()).toEqual([
      'citation MISSING',
      'limits MISSING',
      'version WRONG',
    ]);
  });

  it.each([null, undefined, 1, 'x', [], [sample], () => sample])('is no %j', (value) => {
    expect(checkAgreement(value).ok).toBe(false);
  });
});
