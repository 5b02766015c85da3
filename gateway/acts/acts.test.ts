import { describe, expect, test } from 'vitest';
import { createCertificateAuthority, loadCertificateAuthority } from '../development/certificates.ts';
import { digestOf } from '../signing/digest.ts';
import { generateEncryptionJwk, loadDecryptionKey } from '../signing/encryption-key.ts';
import { generateSigningJwk, loadSigningKey, type SigningKey } from '../signing/key-store.ts';
import { createSigner } from '../signing/sign.ts';
import { type Act, actBytes, readAct } from './act.ts';
import { type ActBook, countsAsEvidence, issuerKeys, lostIssuerKeys, mayPair, PAIRING_SECONDS } from './book.ts';
import { type ActRow, type FoldOptions, foldActs } from './fold-acts.ts';
import { officerOf, signAct } from './officer-token.ts';
import { isOfficersNumber } from './person-mark.ts';
import { proveKey, provenAt } from './possession.ts';

const NOW = 1_795_000_000;
const key = loadSigningKey;
const KEYS: readonly SigningKey[] = [
  key(await generateSigningJwk()),
  key(await generateSigningJwk()),
  key(await generateSigningJwk()),
];
const CODES = ['officer-a', 'officer-b', 'officer-c'] as const;
const enrolled = (status = 'active') =>
  CODES.map((code, n) => ({
    ...{ code, status, kid: KEYS[n]?.kid ?? '' },
    jwk: JSON.stringify(KEYS[n]?.publicJwk),
  }));
const OPTIONS = { deployment: 'dev-tests', pinned: undefined, enrolled: enrolled(), now: NOW };

const BAR = {
  ...({ act: 'AAAAAAAAAAAAAAAAAAAAAA', deployment: 'dev-tests', kind: 'bar' } as const),
  ...({ what: 'agency', subject: 'viettel' } as const),
};

function token(n: 0 | 1 | 2, body: Uint8Array, iat = NOW, deployment = 'dev-tests'): string {
  const own = KEYS[n];
  if (own === undefined) throw new Error('no key');
  const signer = createSigner({ key: own.key, kid: own.kid, issuer: 'gateway' });
  return signAct(signer, { digest: digestOf(body), officer: CODES[n], deployment, iat });
}

function row(act: Act, ...by: readonly (0 | 1 | 2)[]): ActRow {
  const body = actBytes(act);
  const [signature = '', approval = null] = by.map((n) => token(n, body));
  return {
    ...{ digest: digestOf(body), kind: 'act', body, signature, approval },
    outcome: by.length === 1 ? 'alone' : 'approved',
  };
}

const problemOf = (one: ActRow, options: Partial<FoldOptions> = {}) =>
  foldActs([one], { ...OPTIONS, ...options }).refused.map(({ problem }) => problem);

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
    const own = key(await generateSigningJwk());
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

describe('a key that answers are encrypted to', () => {
  const common = { deployment: 'dev-tests', agency: 'moh' } as const;
  const proofOf = (
    own: { key: SigningKey['key']; kid: string; publicJwk: SigningKey['publicJwk'] },
    of: 'agency' | 'encryption',
  ) =>
    proveKey(
      createSigner({ key: own.key, kid: own.kid, issuer: 'moh' }),
      { deployment: 'dev-tests', of, holder: 'moh', key: own.publicJwk },
      NOW,
    );
  const newKey = async () => loadDecryptionKey(await generateEncryptionJwk());
  async function admitted(more: object): Promise<Act> {
    const own = key(await generateSigningJwk());
    const authority = await loadCertificateAuthority(await createCertificateAuthority('dev-tests'));
    return {
      ...common,
      ...{
        act: 'EEEEEEEEEEEEEEEEEEEEEA',
        kind: 'agency.admit',
        legal_entity: 'LE-MOH',
        name_vi: 'Bộ Y tế',
        name_en: 'MoH',
      },
      certificate: (await authority.issueClient('moh')).certificate.replaceAll(/-----[^-]+-----|\s/g, ''),
      ...{ key: own.publicJwk, proof: proofOf(own, 'agency'), ...more },
    } as Act;
  }
  const asked = (own: Awaited<ReturnType<typeof newKey>>, of: 'agency' | 'encryption' = 'encryption') => ({
    ...{ encryption_key: own.publicJwk, encryption_proof: proofOf(own, of) },
  });
  const added = (more: object) =>
    ({ ...common, act: 'FFFFFFFFFFFFFFFFFFFFFA', kind: 'encryption_key.add', ...more }) as Act;

  test('comes with the agency or later, in the order of acts, retires, and never verifies', async () => {
    const [first, second] = [await newKey(), await newKey()];
    const retire = { ...common, act: 'GGGGGGGGGGGGGGGGGGGGGA', kind: 'key.retire', kid: first.kid } as const;
    const rows = [row(await admitted(asked(first)), 0, 1), row(added(asked(second)), 0, 1), row(retire, 2)];
    const book = foldActs(rows, OPTIONS);
    expect(book.refused).toEqual([]);
    expect([...book.encryptionKeys].map(([kid, { state, agency }]) => [kid, state, agency])).toEqual([
      [first.kid, 'retired', 'moh'],
      [second.kid, 'active', 'moh'],
    ]);
    expect([book.keys.has(first.kid), book.keys.has(second.kid)]).toEqual([false, false]);
  });

  test('takes two officers, a proof of its own, and an agency that is there; nobody has it already', async () => {
    const own = await newKey();
    const agency = row(await admitted({}), 0, 1);
    const problems = (...rows: ActRow[]) => foldActs([agency, ...rows], OPTIONS).refused.map(({ problem }) => problem);
    expect(problems(row(added(asked(own)), 0))).toEqual(['NOT_ALONE']);
    // The proof that a key signs with is none that it may be encrypted to, and another key's is none of this one.
    expect(problems(row(added(asked(own, 'agency')), 0, 1))).toEqual(['PROOF_WRONG']);
    const stolen = { ...asked(await newKey()), encryption_key: own.publicJwk };
    expect(problems(row(added(stolen), 0, 1))).toEqual(['PROOF_WRONG']);
    expect(problems(row(added(asked(own)), 0, 1), row({ ...added(asked(own)), act: BAR.act } as Act, 0, 1))).toEqual([
      'STATE_WRONG',
    ]);
    expect(problems(row({ ...added(asked(own)), agency: 'bhxh' } as Act, 0, 1))).toEqual(['STATE_WRONG']);
    const barred = row({ ...BAR, what: 'key', subject: own.kid }, 2);
    expect(problems(barred, row(added(asked(own)), 0, 1))).toEqual(['STATE_WRONG']);
  });

  test('that proves nothing admits no agency, whole or not at all; half of the pair is no act', async () => {
    const own = await newKey();
    const book = foldActs([row(await admitted(asked(own, 'agency')), 0, 1)], OPTIONS);
    expect(book.refused.map(({ problem }) => problem)).toEqual(['PROOF_WRONG']);
    expect([book.agencies.size, book.certificates.size, book.keys.size, book.encryptionKeys.size]).toEqual([
      0, 0, 0, 0,
    ]);
    expect(readAct(actBytes(await admitted({ encryption_key: own.publicJwk })))).toBeUndefined();
    expect(readAct(actBytes(await admitted({ encryption_proof: proofOf(own, 'encryption') })))).toBeUndefined();
    expect(readAct(actBytes(await admitted(asked(own))))).toBeDefined();
  });
});

test('an issuer takes two officers; its keys sign until they end, it retires or is barred, and what the log had stays', async () => {
  const [one, other] = [loadSigningKey(await generateSigningJwk()), loadSigningKey(await generateSigningJwk())];
  let acts = 0;
  const issuerAct = (kind: string, own?: SigningKey, more: object = {}): Act => {
    const of = { deployment: 'dev-tests', of: 'issuer', holder: 'e-id' } as const;
    const act = `${String(++acts).padStart(21, 'A')}A`;
    return {
      ...{ act, deployment: 'dev-tests', kind, issuer: 'e-id', ...more },
      ...(own === undefined
        ? {}
        : {
            key: own.publicJwk,
            proof: proveKey(
              createSigner({ key: own.key, kid: own.kid, issuer: 'e-id' }),
              { ...of, key: own.publicJwk },
              NOW,
            ),
          }),
    } as unknown as Act;
  };
  const names = { legal_entity: 'LE-E-ID', name_vi: 'Định danh điện tử', name_en: 'Electronic identity' };
  const admitted = row(issuerAct('issuer.admit', one, { ...names, key_until: NOW + 100 }), 0, 1);
  const further = row(issuerAct('issuer.key', other), 0, 1);
  const retired = row(issuerAct('issuer.retire'), 0);
  const barred = row({ ...BAR, act: 'EEEEEEEEEEEEEEEEEEEEEA', what: 'issuer', subject: 'e-id' }, 0);
  const lost = { what: 'key', subject: other.kid, compromised_from: NOW - 10 } as const;

  const fold = (...rows: ActRow[]) => foldActs(rows, OPTIONS);
  const signs = (book: ActBook, at: number) =>
    [one, other].map(({ kid }) => issuerKeys(book, 'e-id', at)(kid) !== undefined);
  const problems = (...rows: ActRow[]) => fold(...rows).refused.map(({ problem }) => problem);

  const open = fold(admitted, further);
  expect([open.refused, signs(open, NOW), signs(open, NOW + 100)]).toEqual([[], [true, true], [false, true]]);
  expect(issuerKeys(open, 'another', NOW)(one.kid)).toBeUndefined();
  for (const end of [retired, barred]) {
    const ended = fold(admitted, further, end);
    expect([signs(ended, NOW), lostIssuerKeys(ended)]).toEqual([[false, false], []]);
    // Its code is nobody else's, and it does not come back.
    expect(problems(admitted, end, row(issuerAct('issuer.key', other), 0, 1))).toEqual(['STATE_WRONG']);
    expect(problems(admitted, end, row(issuerAct('issuer.admit', other, names), 0, 1))).toEqual(['STATE_WRONG']);
  }
  const robbed = fold(admitted, further, row({ ...BAR, act: 'FFFFFFFFFFFFFFFFFFFFFA', ...lost }, 0));
  expect([signs(robbed, NOW), lostIssuerKeys(robbed)]).toEqual([[true, false], [{ kid: other.kid, since: NOW - 10 }]]);

  expect(problems(row(issuerAct('issuer.admit', one, names), 0))).toEqual(['NOT_ALONE']);
  expect(problems(further)).toEqual(['STATE_WRONG']);
  expect(problems(admitted, row(issuerAct('issuer.key', one), 0, 1))).toEqual(['STATE_WRONG']);
  const unproven = issuerAct('issuer.key', other, {}) as Act & { proof: string };
  const borrowed = (issuerAct('issuer.key', one) as Act & { proof: string }).proof;
  expect(problems(admitted, row({ ...unproven, proof: borrowed } as Act, 0, 1))).toEqual(['PROOF_WRONG']);
});

test('a proof of possession is good for one key, holder, kind of holder and deployment', () => {
  const [own, other] = KEYS;
  if (own === undefined || other === undefined) throw new Error('no key');
  const possessed = { deployment: 'dev-tests', of: 'agency', holder: 'moh', key: own.publicJwk } as const;
  const proof = proveKey(createSigner({ key: own.key, kid: own.kid, issuer: 'moh' }), possessed, NOW);
  expect(provenAt(proof, possessed)).toBe(NOW);
  expect(provenAt(proof, { ...possessed, key: other.publicJwk })).toBeUndefined();
  expect(provenAt(proof, { ...possessed, holder: 'bhxh' })).toBeUndefined();
  expect(provenAt(proof, { ...possessed, of: 'officer' })).toBeUndefined();
  expect(provenAt(proof, { ...possessed, of: 'encryption' })).toBeUndefined();
  expect(provenAt(proof, { ...possessed, deployment: 'dev-others' })).toBeUndefined();
});

test('numbers given to nobody are for development, and only for that', () => {
  expect(isOfficersNumber('900085000017', 'development')).toBe(true);
  expect(isOfficersNumber('900085000017', 'production')).toBe(false);
  expect(isOfficersNumber('001085000017', 'development')).toBe(false);
  expect(isOfficersNumber('90008500001', 'development')).toBe(false);
});
