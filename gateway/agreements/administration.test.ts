/** Whoever has the key of one officer, or may write to the database, against the agreement under which officers call. */
import { describe, expect, test } from 'vitest';
import { separatePairs } from '../acts/administration.ts';
import { ADMINISTRATION } from '../acts/book.ts';
import type { ActRow } from '../acts/fold-acts.ts';
import { proveKey } from '../acts/possession.ts';
import { createCertificateAuthority, loadCertificateAuthority } from '../development/certificates.ts';
import { agreementBytes } from '../policy/agreement.ts';
import { sampleAgreement } from '../policy/testing/agreements.ts';
import { digestOf } from '../signing/digest.ts';
import { createSigner } from '../signing/sign.ts';
import {
  a,
  act,
  agreed,
  b,
  bar,
  c,
  d,
  fold,
  loaded,
  NOW,
  officer,
  type Signing,
  terms,
} from './decided.test-support.ts';
import { officerVerifier } from './officers.ts';
import { DEPLOYMENT } from './testing.ts';

const first = agreed(terms(1), [a, b]);

describe('the agreement of administration', () => {
  test('stays when a signer is barred later, by another or by themselves; the agreement of an agency falls', () => {
    const agency = agreed(sampleAgreement(), [a, b]);
    for (const by of [c, a]) {
      expect(loaded([first, agency, bar('officer', 'a', [by])])).toEqual({
        ...{ version: 1, sample: undefined, acts: [], agreements: ['NOT_SIGNED_BY_TWO'] },
      });
    }
    const both = [bar('officer', 'a', [c]), bar('officer', 'b', [c, d])];
    expect(loaded([first, ...both])).toMatchObject({ version: 1, acts: [] });
    expect(loaded([first, bar('key', a.own.kid, [c])])).toMatchObject({ version: 1, acts: [] });
  });

  test('does not stand where a signer was barred before, however it is dated', () => {
    const late = agreed(terms(1), [a, b], NOW - 500);
    expect(loaded([bar('officer', 'a', [c]), late])).toMatchObject({
      ...{ version: undefined, agreements: ['NOT_SIGNED_BY_TWO'] },
    });
    expect(loaded([first, bar('key', a.own.kid, [c]), agreed(terms(2), [a, b], NOW - 500)])).toMatchObject({
      ...{ version: 1, agreements: ['NOT_SIGNED_BY_TWO'] },
    });
  });

  test.each([
    ['one officer', () => agreed(terms(2), [a])],
    ['one officer twice', () => agreed(terms(2), [a, a])],
    ['one who cannot approve', () => agreed(terms(2), [c, a])],
  ])('is not changed by %s', (_, next) => {
    const roles = act({ kind: 'officer.roles', code: 'a', roles: ['proposer', 'security'] }, [c, d]);
    expect(loaded([first, roles, next()])).toMatchObject({ version: 1, acts: [], agreements: ['NOT_SIGNED_BY_TWO'] });
  });

  test('lends its signatures to no other bytes, whether as an act or in the table of agreements', () => {
    for (const greedy of [terms(9), sampleAgreement({ version: 9 }), terms(1, { citation: 'x' })]) {
      const body = agreementBytes(greedy);
      const { signature, approval } = first;
      const copied: ActRow = { ...first, digest: digestOf(body), body };
      const wanted = { version: 1, sample: undefined, agreements: ['NOT_SIGNED_BY_TWO'] };
      expect(loaded([first, copied])).toMatchObject(wanted);
      // Under the name of the genuine bytes as well.
      expect(loaded([first, { ...first, body }])).toMatchObject(wanted);
      expect(loaded([first], [{ bytes: body, signatures: [signature, approval ?? ''] }])).toMatchObject(wanted);
    }
  });

  test('has one text a version: a second that two signed is ignored, and does not take the first along', () => {
    const other = agreed(terms(1, { citation: 'other' }), [c, d]);
    expect(loaded([first, other])).toMatchObject({ version: 1, agreements: ['NOT_SIGNED_BY_TWO'] });
    const { body, signature, approval } = other;
    expect(loaded([first], [{ bytes: body, signatures: [signature, approval ?? ''] }])).toMatchObject({ version: 1 });
  });

  test('of a key in other hands by then counts no more, and that is said once the next version is signed', () => {
    const lost = { compromised_from: NOW };
    const early = [bar('key', a.own.kid, [c], lost), bar('key', a.own.kid, [c, d], lost)];
    for (const one of early) {
      expect(loaded([first, one])).toMatchObject({ version: 1, acts: ['ADMINISTRATION_ENDS'] });
    }
    // The key itself is barred at once, and from a moment after the signing.
    const after = bar('key', a.own.kid, [c], { compromised_from: NOW + 1 });
    expect(loaded([first, after])).toMatchObject({ version: 1, acts: [] });
    const second = agreed(terms(2), [c, d]);
    const book = fold([first, after, second, bar('key', a.own.kid, [b], lost)]);
    expect([book.refused, book.compromised.get(a.own.kid)]).toEqual([[], NOW]);
    const verify = officerVerifier(book);
    const of = ({ digest, signature }: ActRow, version: number) =>
      verify(signature, { digest, agreement: ADMINISTRATION, version });
    expect([of(first, 1), of(second, 2)?.officer]).toEqual([undefined, 'c']);
  });

  test('is not taken back to an earlier version by one who says that a signer’s key was lost', () => {
    const second = agreed(terms(2), [c, d], NOW + 10);
    const row = bar('key', d.own.kid, [a], { compromised_from: NOW + 5 });
    expect(loaded([first, second, row])).toMatchObject({ version: 2, acts: ['ADMINISTRATION_ENDS'] });
  });
});

/** A further officer, as these two make one. */
async function createdBy({ code, own }: Signing, by: readonly Signing[], at = NOW): Promise<ActRow> {
  const authority = await loadCertificateAuthority(await createCertificateAuthority('dev-tests'));
  const certificate = (await authority.issueClient(code)).certificate.replaceAll(/-----[^-]+-----|\s/g, '');
  const possessed = { deployment: DEPLOYMENT, of: 'officer', holder: code, key: own.publicJwk } as const;
  const proof = proveKey(createSigner({ key: own.key, kid: own.kid, issuer: code }), possessed, NOW);
  const person = `${code.repeat(42)}A`;
  const roles = ['proposer', 'approver', 'security'];
  return act({ kind: 'officer.create', code, person, key: own.publicJwk, certificate, proof, roles }, by, at);
}

describe('one officer alone', () => {
  const four = [a, b, c, d];

  test.each([
    ['two officers', [a, b], ['b']],
    ['three officers', [a, b, c], ['c']],
    ['four officers, a second time', four, ['b', 'c']],
  ] as const)('of %s leaves two others who count for two', (_, officers, subjects) => {
    const rows = subjects.map((code) => bar('officer', code, [a]));
    const refused = loaded([first, ...rows], [], [...officers]);
    expect(refused).toMatchObject({ version: 1, acts: ['NOT_ALONE'] });
    expect(loaded([first, ...rows.slice(0, -1)], [], [...officers])).toMatchObject({ acts: [] });
  });

  test('does not get there by way of keys, nor by barring those who are left while two answer', () => {
    const one = bar('officer', 'b', [a]);
    const byKey = bar('key', c.own.kid, [a]);
    const byTwo = bar('officer', 'a', [c, d]);
    const book = fold([first, one, byKey, byTwo, bar('officer', 'd', [c])]);
    expect(book.refused.map(({ problem }) => problem)).toEqual(['NOT_ALONE', 'NOT_ALONE']);
    expect([...book.officers.values()].filter(({ barred }) => !barred).map(({ code }) => code)).toEqual(['c', 'd']);
    expect(loaded([first, one, byTwo])).toMatchObject({ version: 1, acts: [] });
  });

  test('still bars alone who signs nothing, and whatever else there is', () => {
    const roles = act({ kind: 'officer.roles', code: 'b', roles: ['auditor', 'support'] }, [c, d]);
    const rows = [first, roles, bar('officer', 'b', [a]), bar('agency', 'telco', [a]), bar('key', 'k', [a])];
    expect(loaded(rows)).toMatchObject({ version: 1, acts: [] });
    expect(loaded([first, roles, bar('officer', 'c', [a])])).toMatchObject({ acts: ['NOT_ALONE'] });
  });

  test('does not make two of those who are left by a signature that is dated back, nor by a certificate', async () => {
    const e = await officer('e');
    const [recent, old] = [await createdBy(e, [a, b]), await createdBy(e, [a, b], NOW - 31 * 86_400)];
    const acts = (...rows: readonly ActRow[]) =>
      fold([first, ...rows], [a, b, c]).refused.map(({ problem }) => problem);
    expect(acts(recent, bar('officer', 'a', [c]))).toEqual(['NOT_ALONE']);
    expect(acts(recent, bar('officer', 'a', [c], {}, NOW - 10))).toEqual(['NOT_ALONE']);
    expect(acts(old, bar('officer', 'a', [c]))).toEqual([]);
    const fingerprint = fold([first, old], [a, b, c]).officers.get('e')?.certificate ?? '';
    expect(acts(old, bar('certificate', fingerprint, [a]), bar('officer', 'b', [a]))).toEqual(['NOT_ALONE']);
    expect(acts(old, bar('officer', 'b', [a]), bar('certificate', fingerprint, [a]))).toEqual(['NOT_ALONE']);
  });
});

test('of pairs who count for two, two are apart, or all share an officer', async () => {
  const pairs = (officers: readonly Signing[], ...rows: readonly ActRow[]) => separatePairs(fold(rows, officers), NOW);
  expect([pairs([a]), pairs([a, b]), pairs([a, b, c]), pairs([a, b, c, d])]).toEqual([0, 1, 1, 2]);
  const roles = (code: string) => act({ kind: 'officer.roles', code, roles: ['proposer'] }, [c, d]);
  expect([pairs([a, b, c, d], roles('a'), roles('b')), pairs([a, b, c, d], bar('officer', 'a', [b]))]).toEqual([2, 1]);
  const [e, f] = [await officer('e'), await officer('f')];
  const made = [await createdBy(e, [a, b]), await createdBy(f, [a, b])];
  // Two whom the first two made count together, and with neither of them.
  expect([pairs([a, b], ...made), pairs([a, b], ...made.slice(1))]).toEqual([2, 1]);
  expect(pairs([a, b], ...made, bar('officer', 'a', [b], {}))).toBe(1);
});
