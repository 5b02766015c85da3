import { describe, expect, test } from 'vitest';
import { createCertificateAuthority, loadCertificateAuthority } from '../development/certificates.ts';
import { digestOf } from '../signing/digest.ts';
import { generateSigningJwk, loadSigningKey, type SigningKey } from '../signing/key-store.ts';
import { createSigner } from '../signing/sign.ts';
import { type Act, actBytes, readAct } from './act.ts';
import { BAR, enrolled, KEYS, NOW, OPTIONS, problemOf, row, token } from './acts.test-support.ts';
import { countsAsEvidence, mayPair, PAIRING_SECONDS } from './book.ts';
import { type ActRow, foldActs } from './fold-acts.ts';
import { officerOf, signAct } from './officer-token.ts';
import { proveKey } from './possession.ts';

describe('an act', () => {
  test('has one form of bytes, which is frozen', () => {
    const text =
      '{"act":"AAAAAAAAAAAAAAAAAAAAAA","deployment":"dev-tests","kind":"bar","subject":"viettel","what":"agency"}';
    expect(Buffer.from(actBytes(BAR)).toString()).toBe(text);
    expect(digestOf(actBytes(BAR))).toBe('tmQZNykXx9Plzdzfqb9hnUNaPX7oFho6ffv-Q3BmHAo');
    expect(readAct(Buffer.from(text))).toEqual(BAR);
    for (const other of [` ${text}`, text.replace('"act"', '"what":"agency","act"'), text.replace('bar', 'burn')]) {
      expect(readAct(Buffer.from(other)), other).toBeUndefined();
    }
  });

  test.each([
    ['a member too many', { ...BAR, note: 'x' }],
    ['an unknown thing to bar', { ...BAR, what: 'person' }],
    [
      'an agency of the gateway’s name',
      { ...BAR, kind: 'key.retire', what: undefined, subject: undefined, agency: 'gateway', kid: 'k'.repeat(43) },
    ],
    ['a short id', { ...BAR, act: 'AAAA' }],
    ['a subject with blanks', { ...BAR, subject: 'a b' }],
    ['a time that is none', { ...BAR, compromised_from: 1.5 }],
  ])('with %s is none', (_, value) => {
    expect(readAct(actBytes(value as unknown as Act))).toBeUndefined();
  });
});

describe('the book', () => {
  test('takes a bar of one officer, and of two; nothing that somebody else signed', () => {
    expect(foldActs([row(BAR, 0)], OPTIONS).barred).toEqual(new Set(['agency:viettel']));
    expect(problemOf(row(BAR, 0, 1))).toEqual([]);
    expect(problemOf({ ...row(BAR, 0), signature: token(0, actBytes({ ...BAR, subject: 'moh' })) })).toEqual([
      'NOT_SIGNED',
    ]);
    expect(problemOf({ ...row(BAR, 0), signature: token(0, actBytes(BAR), NOW, 'dev-others') })).toEqual([
      'NOT_SIGNED',
    ]);
    expect(problemOf({ ...row(BAR, 0), signature: token(0, actBytes(BAR), NOW + 60) })).toEqual(['NOT_SIGNED']);
    expect(problemOf({ ...row(BAR, 0), digest: digestOf(Buffer.from('x')) })).toEqual(['DIGEST_WRONG']);
    expect(problemOf(row({ ...BAR, deployment: 'dev-others' }, 0))).toEqual(['DEPLOYMENT_WRONG']);
    expect(problemOf(row(BAR, 0), { enrolled: enrolled('barred') })).toEqual(['NOT_SIGNED']);
    expect(problemOf(row(BAR, 0), { pinned: new Set([KEYS[1]?.kid ?? '']) })).toEqual(['NOT_SIGNED']);
  });

  test('takes roles by two who are not the one concerned, and asks for them afterwards', () => {
    const roles = (code: string, ...given: ('auditor' | 'proposer' | 'approver')[]): Act => ({
      ...({ act: BAR.act, deployment: BAR.deployment, kind: 'officer.roles', code } as const),
      roles: given,
    });
    expect(problemOf(row(roles('officer-c', 'auditor'), 0))).toEqual(['NOT_ALONE']);
    expect(problemOf(row(roles('officer-c', 'auditor'), 0, 0))).toEqual(['SAME_OFFICER']);
    expect(problemOf(row(roles('officer-b', 'auditor'), 0, 1))).toEqual(['SUBJECT_SIGNED']);
    const book = foldActs([row(roles('officer-c', 'auditor'), 0, 1), row(BAR, 2)], OPTIONS);
    expect(book.refused.map(({ problem }) => problem)).toEqual(['ROLE_MISSING']);
    expect([...(book.officers.get('officer-c')?.everHeld ?? [])]).toContain('approver');
  });

  test('takes nothing of a barred officer, and keeps what was decided before', () => {
    const officer = { ...BAR, act: 'BBBBBBBBBBBBBBBBBBBBBA', what: 'officer', subject: 'officer-a' } as const;
    const later = { ...BAR, act: 'CCCCCCCCCCCCCCCCCCCCCA', subject: 'moh' };
    const book = foldActs([row(BAR, 0), row(officer, 2, 1), row(later, 0), row(later, 0, 1)], OPTIONS);
    expect(book.barred).toEqual(new Set(['agency:viettel', 'officer:officer-a']));
    expect(book.refused.map(({ problem }) => problem)).toEqual(['NOT_SIGNED', 'NOT_SIGNED']);
  });

  test('lets no administration be barred away', () => {
    expect(problemOf(row({ ...BAR, what: 'agency', subject: 'operator' }, 0, 1))).toEqual(['STATE_WRONG']);
    expect(problemOf(row({ ...BAR, what: 'agreement', subject: 'operator-administration' }, 0, 1))).toEqual([
      'STATE_WRONG',
    ]);
  });

  test('counts two for two once thirty days have passed', () => {
    const officer = { ...foldActs([], OPTIONS).officers.get('officer-a') };
    const made = { ...officer, madeBy: [{ officers: ['officer-b', 'officer-c'], at: NOW }] } as never;
    const book = { officers: new Map([['officer-a', made]]) };
    expect(mayPair(book, 'officer-a', 'officer-b', NOW + PAIRING_SECONDS - 1)).toBe(false);
    expect(mayPair(book, 'officer-c', 'officer-a', NOW)).toBe(false);
    expect(mayPair(book, 'officer-a', 'officer-b', NOW + PAIRING_SECONDS)).toBe(true);
    expect(mayPair(book, 'officer-a', 'officer-a', NOW + PAIRING_SECONDS)).toBe(false);
  });
});

describe('an officer whom two others made', () => {
  const fourth = async (person: string, code = 'officer-d') => {
    const own = loadSigningKey(await generateSigningJwk());
    const authority = await loadCertificateAuthority(await createCertificateAuthority('dev-tests'));
    const der = (await authority.issueClient(code)).certificate.replaceAll(/-----[^-]+-----|\s/g, '');
    const possessed = { deployment: 'dev-tests', of: 'officer', holder: code, key: own.publicJwk } as const;
    const proof = proveKey(createSigner({ key: own.key, kid: own.kid, issuer: code }), possessed, NOW);
    return { own, code, person, certificate: der, key: own.publicJwk, proof };
  };
  const created = ({ code, person, certificate, key: jwk, proof }: Awaited<ReturnType<typeof fourth>>): Act => ({
    ...({ act: 'BBBBBBBBBBBBBBBBBBBBBA', deployment: 'dev-tests', kind: 'officer.create' } as const),
    ...{ code, person, certificate, key: jwk, proof, roles: ['proposer', 'approver', 'security'] as const },
  });
  const PERSON = `${'p'.repeat(42)}A`;
  const signedBy = (own: SigningKey, officer: string, body: Uint8Array, iat = NOW) => {
    const signer = createSigner({ key: own.key, kid: own.kid, issuer: 'gateway' });
    return signAct(signer, { digest: digestOf(body), officer, deployment: 'dev-tests', iat });
  };

  test('signs, but not together with one of the two before thirty days are over', async () => {
    const made = await fourth(PERSON);
    const body = actBytes(BAR);
    const alone = { ...row(BAR, 0), signature: signedBy(made.own, 'officer-d', body) };
    const together = { ...row(BAR, 0, 1), approval: signedBy(made.own, 'officer-d', body) };
    const problems = (next: ActRow) =>
      foldActs([row(created(made), 0, 1), next], OPTIONS).refused.map(({ problem }) => problem);
    expect(problems(alone)).toEqual([]);
    expect(problems(together)).toEqual(['NOT_INDEPENDENT']);
    expect(problems({ ...together, signature: token(2, body) })).toEqual([]);
  });

  test('is no second officer of the same person', async () => {
    const [one, again] = [await fourth(PERSON), await fourth(PERSON, 'officer-e')];
    const rows = [row(created(one), 0, 1), row({ ...created(again), act: 'CCCCCCCCCCCCCCCCCCCCCA' } as Act, 0, 1)];
    expect(foldActs(rows, OPTIONS).refused.map(({ problem }) => problem)).toEqual(['PERSON_TAKEN']);
  });

  test('signs in no other name, and with a replaced key only what was signed before', async () => {
    const [made, next] = [await fourth(PERSON), await fourth(PERSON)];
    const { person: _, ...part } = {
      ...created(next),
      act: 'DDDDDDDDDDDDDDDDDDDDDA',
      kind: 'officer.rekey',
    } as never as {
      person: string;
      roles: unknown;
    };
    const { roles: __, ...rekey } = part;
    const book = foldActs([row(created(made), 0, 1), row(rekey as Act, 0, 1)], { ...OPTIONS, now: NOW + 100 });
    expect(book.refused).toEqual([]);
    const body = actBytes(BAR);
    const counts = (text: string) => officerOf(book, text, { typ: 'lt-act+jws', digest: digestOf(body) })?.officer;
    expect(counts(signedBy(made.own, 'officer-d', body, NOW))).toBe('officer-d');
    expect(counts(signedBy(made.own, 'officer-d', body, NOW + 50))).toBeUndefined();
    expect(counts(signedBy(next.own, 'officer-d', body, NOW + 50))).toBe('officer-d');
    expect(counts(signedBy(next.own, 'officer-a', body, NOW + 50))).toBeUndefined();
  });
});

test('of a key in other hands counts what the log had before: the moment may be moved back, and never forward', () => {
  const lost = (act: string, since?: number): Act => ({
    ...({
      act: act.repeat(21).concat('A'),
      deployment: 'dev-tests',
      kind: 'bar',
      what: 'key',
      subject: 'lost',
    } as const),
    ...(since === undefined ? {} : { compromised_from: since }),
  });
  const fold = (...acts: Act[]) => {
    const book = foldActs(
      acts.map((act) => row(act, 0)),
      OPTIONS,
    );
    const counted = [NOW - 100, NOW - 50, NOW].map((at) => countsAsEvidence(book, 'lost', at));
    return [...counted, ...book.refused.map(({ problem }) => problem)];
  };
  expect(fold(lost('A'))).toEqual([true, true, true]);
  expect(fold(lost('A', NOW - 50))).toEqual([true, false, false]);
  expect(fold(lost('A'), lost('B', NOW - 50), lost('C', NOW - 100))).toEqual([false, false, false]);
  expect(fold(lost('A', NOW - 50), lost('B', NOW), lost('C'))).toEqual([
    true,
    false,
    false,
    'STATE_WRONG',
    'STATE_WRONG',
  ]);
  expect(countsAsEvidence(foldActs([row(lost('A', NOW), 0)], OPTIONS), 'another', NOW)).toBe(true);
});

test('a key that others may have had signs nothing from that moment on', () => {
  const book = foldActs([], OPTIONS);
  const lost = new Map([...book.officerKeys].map(([kid, key]) => [kid, { ...key, compromisedFrom: NOW }] as const));
  const body = actBytes(BAR);
  const by = (iat: number) => {
    const expected = { typ: 'lt-act+jws', digest: digestOf(body) } as const;
    return officerOf({ ...book, officerKeys: lost }, token(0, body, iat), expected)?.officer;
  };
  expect([by(NOW - 1), by(NOW)]).toEqual(['officer-a', undefined]);
});
