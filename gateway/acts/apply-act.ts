/** What each kind of act does to the book, and what must hold before it may. */
import { recipientKeyOf } from '../signing/encryption-key.ts';
import { verificationKeyOf } from '../signing/public-key.ts';
import { type Act, type ActOf, type OfficerPart, ROLES, type Role } from './act.ts';
import { barsTooMuch, endsAdministration, type StandingAgreement } from './administration.ts';
import {
  type ActBook,
  type ActProblem,
  ADMINISTRATION,
  type BookAgency,
  type BookAgencyKey,
  type BookCertificate,
  type BookEncryptionKey,
  type BookIssuer,
  type BookIssuerKey,
  type BookKey,
  type BookOfficer,
  isBarred,
  OFFICER_ISSUER,
  OPERATOR,
} from './book.ts';
import { type CertificateFacts, readCertificate } from './certificate.ts';
import { applyIssuerAct } from './issuers.ts';
import { applyLimitAct, type LimitChange } from './limits.ts';
import { provenAt } from './possession.ts';

/** The book while it is being made. */
export interface OpenBook extends ActBook {
  operator: ActBook['operator'];
  readonly officers: Map<string, BookOfficer>;
  readonly officerKeys: Map<string, BookKey>;
  readonly agencies: Map<string, BookAgency>;
  readonly certificates: Map<string, BookCertificate>;
  readonly keys: Map<string, BookAgencyKey>;
  readonly encryptionKeys: Map<string, BookEncryptionKey>;
  readonly issuers: Map<string, BookIssuer>;
  readonly issuerKeys: Map<string, BookIssuerKey>;
  readonly barred: Set<string>;
  readonly barredAt: Map<string, number>;
  readonly limits: Map<string, readonly LimitChange[]>;
  readonly compromised: Map<string, number>;
  readonly standing: Map<string, StandingAgreement>;
  latest: number;
}

/** Who stands behind an act, and when the later of them signed. */
export interface Signers {
  readonly officers: readonly string[];
  readonly at: number;
}

/** Changes the book, or says what is wrong and changes nothing. */
export function applyAct(book: OpenBook, act: Act, signers: Signers): ActProblem | undefined {
  switch (act.kind) {
    case 'genesis':
      return genesis(book, act);
    case 'officer.create':
      return createOfficer(book, act, signers);
    case 'officer.roles':
      return changeRoles(book, act, signers);
    case 'officer.rekey':
      return rekeyOfficer(book, act, signers);
    case 'agency.admit':
      return admitAgency(book, act);
    case 'certificate.add':
      return addCertificate(book, act.agency, readCertificate(act.certificate));
    case 'key.add':
      return addKey(book, act);
    case 'encryption_key.add':
      return addEncryptionKey(book, act);
    case 'key.retire':
      return retireKey(book, act);
    case 'issuer.admit':
    case 'issuer.key':
    case 'issuer.retire':
      return applyIssuerAct(book, act, isKeyTaken);
    case 'limit.raise':
    case 'limit.lower':
      return applyLimitAct(book, act, signers.at);
    case 'bar':
      return bar(book, act, signers);
  }
}

function genesis(book: OpenBook, { operator, officers }: ActOf<'genesis'>): ActProblem | undefined {
  const [one, other] = officers;
  if (book.operator !== undefined || one === undefined || other === undefined) return 'STATE_WRONG';
  if (one.code === other.code || one.person === other.person) return 'SAME_OFFICER';
  const found = officers.map(({ certificate }) => readCertificate(certificate));
  for (const [at, officer] of officers.entries()) {
    if (found[at]?.commonName !== officer.code) return 'CERTIFICATE_WRONG';
  }
  book.operator = operator;
  for (const [at, officer] of officers.entries()) {
    enter(book, officer, found[at] as CertificateFacts, new Set(ROLES), []);
  }
  book.agencies.set(OPERATOR, { code: OPERATOR, ...operator });
  return undefined;
}

function enter(
  book: OpenBook,
  { code, person, key }: Pick<OfficerPart, 'code' | 'person' | 'key'>,
  { fingerprint, notAfter }: CertificateFacts,
  roles: ReadonlySet<Role>,
  madeBy: BookOfficer['madeBy'],
): void {
  const verification = verificationKeyOf(key, OFFICER_ISSUER);
  const { kid } = verification;
  // One who was barred as a row of the table stays barred.
  const barred = book.officers.get(code)?.barred === true;
  book.officerKeys.set(kid, { kid, officer: code, verification });
  book.officers.set(code, {
    ...{ code, person, roles, everHeld: roles, kid, certificate: fingerprint, notAfter },
    ...{ counts: true, barred, madeBy },
  });
}

/** A certificate or key is one holder's for ever. */
function isTaken(book: OpenBook, { fingerprint }: CertificateFacts): boolean {
  const ofOfficers = [...book.officers.values()].some(({ certificate }) => certificate === fingerprint);
  return ofOfficers || book.certificates.has(fingerprint) || isBarred(book, 'certificate', fingerprint);
}

/** Whatever it is for: a key serves one purpose and one holder. */
function isKeyTaken(book: OpenBook, { kid }: { readonly kid: string }): boolean {
  const known = [book.officerKeys, book.keys, book.encryptionKeys, book.issuerKeys].some((keys) => keys.has(kid));
  return known || isBarred(book, 'key', kid);
}

function createOfficer(book: OpenBook, act: ActOf<'officer.create'>, signers: Signers): ActProblem | undefined {
  const { code, person, key, deployment } = act;
  if (book.officers.has(code)) return 'STATE_WRONG';
  if ([...book.officers.values()].some((officer) => officer.person === person)) return 'PERSON_TAKEN';
  const facts = readCertificate(act.certificate);
  if (facts?.commonName !== code || isTaken(book, facts)) return 'CERTIFICATE_WRONG';
  if (isKeyTaken(book, verificationKeyOf(key, OFFICER_ISSUER))) return 'STATE_WRONG';
  if (provenAt(act.proof, { deployment, of: 'officer', holder: code, key }) === undefined) return 'PROOF_WRONG';
  enter(book, act, facts, new Set(act.roles), [signers]);
  return undefined;
}

function changeRoles(
  book: OpenBook,
  { code, roles }: ActOf<'officer.roles'>,
  signers: Signers,
): ActProblem | undefined {
  const officer = book.officers.get(code);
  if (officer === undefined || officer.barred || !officer.counts) return 'STATE_WRONG';
  if (signers.officers.includes(code)) return 'SUBJECT_SIGNED';
  book.officers.set(code, {
    ...officer,
    roles: new Set(roles),
    everHeld: new Set([...officer.everHeld, ...roles]),
  });
  return undefined;
}

function rekeyOfficer(book: OpenBook, act: ActOf<'officer.rekey'>, signers: Signers): ActProblem | undefined {
  const { code, key, deployment, compromised_from: compromisedFrom } = act;
  const officer = book.officers.get(code);
  if (officer?.person === undefined || officer.barred || !officer.counts) return 'STATE_WRONG';
  if (signers.officers.includes(code)) return 'SUBJECT_SIGNED';
  const facts = readCertificate(act.certificate);
  if (facts?.commonName !== code || isTaken(book, facts)) return 'CERTIFICATE_WRONG';
  if (isKeyTaken(book, verificationKeyOf(key, OFFICER_ISSUER))) return 'STATE_WRONG';
  if (provenAt(act.proof, { deployment, of: 'officer', holder: code, key }) === undefined) return 'PROOF_WRONG';
  if (endsAdministration(book, officer.kid, compromisedFrom)) return 'ADMINISTRATION_ENDS';
  const old = book.officerKeys.get(officer.kid);
  if (old !== undefined) {
    book.officerKeys.set(old.kid, {
      ...old,
      until: signers.at,
      ...(compromisedFrom === undefined ? {} : { compromisedFrom }),
    });
    if (compromisedFrom !== undefined) book.compromised.set(old.kid, compromisedFrom);
  }
  const { roles, everHeld, madeBy, person } = officer;
  enter(book, { code, person, key }, facts, roles, [...madeBy, signers]);
  const entered = book.officers.get(code);
  if (entered !== undefined) book.officers.set(code, { ...entered, everHeld });
  return undefined;
}

function admitAgency(book: OpenBook, act: ActOf<'agency.admit'>): ActProblem | undefined {
  const { agency: code, legal_entity, name_vi, name_en } = act;
  if (book.agencies.has(code) || isBarred(book, 'agency', code)) return 'STATE_WRONG';
  book.agencies.set(code, { code, legal_entity, name_vi, name_en });
  const problem =
    addCertificate(book, code, readCertificate(act.certificate)) ?? addKey(book, act) ?? addEncryptionKey(book, act);
  if (problem === undefined) return undefined;
  // All of it or nothing.
  book.agencies.delete(code);
  for (const table of [book.certificates, book.keys]) {
    for (const [name, { agency }] of table) if (agency === code) table.delete(name);
  }
  return problem;
}

function addCertificate(book: OpenBook, agency: string, facts: CertificateFacts | undefined): ActProblem | undefined {
  if (!isOpen(book, agency)) return 'STATE_WRONG';
  if (facts?.commonName !== agency || isTaken(book, facts)) return 'CERTIFICATE_WRONG';
  const { fingerprint, notAfter } = facts;
  book.certificates.set(fingerprint, { fingerprint, agency, notAfter });
  return undefined;
}

function addKey(
  book: OpenBook,
  { agency, key: jwk, proof, deployment, key_until: until }: ActOf<'key.add'> | ActOf<'agency.admit'>,
): ActProblem | undefined {
  const key = verificationKeyOf(jwk, agency);
  if (!isOpen(book, agency) || isKeyTaken(book, key)) return 'STATE_WRONG';
  if (provenAt(proof, { deployment, of: 'agency', holder: agency, key: jwk }) === undefined) return 'PROOF_WRONG';
  book.keys.set(key.kid, { key, agency, state: 'active', until });
  return undefined;
}

function addEncryptionKey(
  book: OpenBook,
  act: ActOf<'encryption_key.add'> | ActOf<'agency.admit'>,
): ActProblem | undefined {
  const { agency, encryption_key: jwk, encryption_proof: proof, deployment } = act;
  if (jwk === undefined || proof === undefined) return undefined;
  const key = recipientKeyOf(jwk);
  if (!isOpen(book, agency) || isKeyTaken(book, key)) return 'STATE_WRONG';
  if (provenAt(proof, { deployment, of: 'encryption', holder: agency, key: jwk }) === undefined) return 'PROOF_WRONG';
  book.encryptionKeys.set(key.kid, { key, agency, state: 'active' });
  return undefined;
}

function isOpen(book: OpenBook, agency: string): boolean {
  return agency !== OPERATOR && book.agencies.has(agency) && !isBarred(book, 'agency', agency);
}

function retireKey(book: OpenBook, { agency, kid }: ActOf<'key.retire'>): ActProblem | undefined {
  const [signs, encrypts] = [book.keys.get(kid), book.encryptionKeys.get(kid)];
  const found = signs ?? encrypts;
  if (found?.agency !== agency || found.state !== 'active') return 'STATE_WRONG';
  if (signs !== undefined) book.keys.set(kid, { ...signs, state: 'retired' });
  if (encrypts !== undefined) book.encryptionKeys.set(kid, { ...encrypts, state: 'retired' });
  return undefined;
}

/** Also of what no act admitted: rows of a development deployment, certificates that somebody lost before they were enrolled. */
function bar(book: OpenBook, act: ActOf<'bar'>, { officers, at }: Signers): ActProblem | undefined {
  const { what, subject, compromised_from: since } = act;
  // What is barred already is barred once more only to say of a key that it was in other hands, or earlier than was said.
  const lost = what === 'key' && since !== undefined && since < (book.compromised.get(subject) ?? Infinity);
  if (isBarred(book, what, subject) && !lost) return 'STATE_WRONG';
  if ((what === 'agency' && subject === OPERATOR) || (what === 'agreement' && subject === ADMINISTRATION)) {
    return 'STATE_WRONG';
  }
  if (lost && endsAdministration(book, subject, since)) return 'ADMINISTRATION_ENDS';
  const [only, ...others] = officers;
  if (only !== undefined && others.length === 0 && barsTooMuch(book, act, only, at)) return 'NOT_ALONE';
  if (lost) book.compromised.set(subject, since);
  if (what === 'officer') {
    const officer = book.officers.get(subject);
    if (officer === undefined) return 'STATE_WRONG';
    // Also oneself: whoever lost a key is the first to know.
    book.officers.set(subject, { ...officer, barred: true });
  }
  // Barred once more, it is so since the first time.
  if (!isBarred(book, what, subject)) book.barredAt.set(`${what}:${subject}`, at);
  book.barred.add(`${what}:${subject}`);
  return undefined;
}
