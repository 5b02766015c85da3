/** Whether what is proposed could count, were it signed: everything that the fold would find wrong, said before anybody signs. */
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { type Act, readAct } from '../acts/act.ts';
import { isBarSubject } from '../acts/bar-subject.ts';
import type { ActBook, ActProblem } from '../acts/book.ts';
import { isIssuedBy, readCertificate } from '../acts/certificate.ts';
import { type Possessed, provenAt } from '../acts/possession.ts';
import type { LoadedAgreements } from '../agreements/store.ts';
import type { Violation } from '../errors/violations.ts';
import { CallRefused } from '../exchange/refused.ts';
import type { Agreement } from '../policy/agreement.ts';
import { type AgreementProblem, buildData } from '../policy/agreements.ts';
import { readAgreementBody } from '../policy/read-agreement.ts';
import { judgeAdministration } from './judge-administration.ts';
import type { AdminDeps } from './officer-call.ts';
import { stateViolation } from './state-violation.ts';
import { wrong } from './wrong.ts';

/** Keys are born at the agency, and papers take their time. */
const PROOF_DAYS = 30;
const AHEAD_SECONDS = 10;

/** @throws {CallRefused} PROPOSAL_WRONG. What depends on the book is judged by the fold itself. */
export function judgeAct(body: Uint8Array, { ca, nowSeconds, trust }: AdminDeps): Act {
  const act = readAct(body);
  if (act === undefined || act.kind === 'genesis') throw wrong('body', 'FORMAT');
  if (act.deployment !== trust.deployment) throw wrong('body.deployment', 'INCONSISTENT');
  if (act.kind === 'bar' && !isBarSubject(act.what, act.subject)) throw wrong('body.subject', 'FORMAT');
  const now = nowSeconds();
  // A key that had ended before it came would look admitted; one that will be lost some day is not lost yet.
  if ('key_until' in act && act.key_until !== undefined && act.key_until <= now) throw wrong('body.key_until', 'RANGE');
  if ('compromised_from' in act && act.compromised_from !== undefined && act.compromised_from > now + AHEAD_SECONDS)
    throw wrong('body.compromised_from', 'RANGE');
  if ('certificate' in act) {
    const notAfter = readCertificate(act.certificate)?.notAfter ?? 0;
    if (!isIssuedBy(act.certificate, ca)) throw wrong('body.certificate', 'INCONSISTENT');
    if (notAfter <= now) throw wrong('body.certificate', 'RANGE');
  }
  for (const { member, proof, possessed } of proofsOf(act)) {
    const at = provenAt(proof, possessed);
    if (at === undefined) throw wrong(member, 'INCONSISTENT');
    if (at < now - PROOF_DAYS * 86_400 || at > now + AHEAD_SECONDS) throw wrong(member, 'RANGE');
  }
  return act;
}

function proofsOf(act: Act): { readonly member: string; readonly proof: string; readonly possessed: Possessed }[] {
  const { deployment } = act;
  const proofs = [];
  if ('proof' in act) {
    const [of, holder] = holderOf(act);
    proofs.push({ member: 'body.proof', proof: act.proof, possessed: { deployment, of, holder, key: act.key } });
  }
  if ('encryption_key' in act && act.encryption_proof !== undefined) {
    const possessed = { ...{ deployment, of: 'encryption' as const, holder: act.agency }, key: act.encryption_key };
    proofs.push({ member: 'body.encryption_proof', proof: act.encryption_proof, possessed });
  }
  return proofs;
}

/** Whose key the proof is of. */
function holderOf(act: Extract<Act, { proof: string }>) {
  if ('code' in act) return ['officer', act.code] as const;
  return 'issuer' in act ? (['issuer', act.issuer] as const) : (['agency', act.agency] as const);
}

const FIELDS = {
  NOT_AN_ACT: ['body', 'FORMAT'],
  DIGEST_WRONG: ['digest', 'INCONSISTENT'],
  DEPLOYMENT_WRONG: ['body.deployment', 'INCONSISTENT'],
  STATE_WRONG: ['body', 'INCONSISTENT'],
  PERSON_TAKEN: ['body.person', 'REPEATED'],
  CERTIFICATE_WRONG: ['body.certificate', 'INCONSISTENT'],
  PROOF_WRONG: ['body.proof', 'INCONSISTENT'],
  NOT_PINNED: ['body', 'UNSUPPORTED'],
  NOT_AGREED: ['body', 'INCONSISTENT'],
  ADMINISTRATION_ENDS: ['body.compromised_from', 'INCONSISTENT'],
} as const satisfies Partial<Record<ActProblem, readonly [string, Violation['rule']]>>;

const REASONS = {
  NOT_SIGNED: ErrorReason.OFFICER_SIGNATURE_WRONG,
  SIGNER_BARRED: ErrorReason.OFFICER_SIGNATURE_WRONG,
  SAME_OFFICER: ErrorReason.OFFICER_NOT_INDEPENDENT,
  NOT_INDEPENDENT: ErrorReason.OFFICER_NOT_INDEPENDENT,
  SUBJECT_SIGNED: ErrorReason.OFFICER_NOT_INDEPENDENT,
  NOT_ALONE: ErrorReason.SECOND_OFFICER_NEEDED,
  ROLE_MISSING: ErrorReason.ROLE_MISSING,
} as const satisfies Partial<Record<ActProblem, ErrorReason>>;

/** What the fold says of an act, or of what is signed of an agreement, as a refusal. */
export function refusalOf(problem: ActProblem, of?: { readonly book: ActBook; readonly act: Act }): CallRefused {
  if (problem === 'STATE_WRONG' && of !== undefined) {
    return new CallRefused(ErrorReason.PROPOSAL_WRONG, { violations: [stateViolation(of.book, of.act)] });
  }
  if (problem in REASONS) return new CallRefused(REASONS[problem as keyof typeof REASONS]);
  const [field, rule] = FIELDS[problem as keyof typeof FIELDS];
  return wrong(field, rule);
}

const RULES: Partial<Record<AgreementProblem, Violation['rule']>> = {
  MISSING: 'REQUIRED',
  UNKNOWN: 'UNKNOWN_VALUE',
  DUPLICATE: 'REPEATED',
  EMPTY: 'REQUIRED',
  OUT_OF_ORDER: 'RANGE',
  TOO_LARGE: 'LENGTH',
  NOT_JSON: 'NOT_DECODABLE',
  AGENCY_UNKNOWN: 'UNKNOWN_VALUE',
  FIELD_UNKNOWN: 'UNKNOWN_VALUE',
  VOCABULARY_NEWER: 'UNSUPPORTED',
  VERSION_FELL: 'RANGE',
};

/** `fields.2.basis` → `body.fields[2].basis` */
function memberPath(path: string): string {
  const parts = path.split('.').filter((part) => part !== '');
  return parts.reduce((sum, part) => (/^\d+$/.test(part) ? `${sum}[${part}]` : `${sum}.${part}`), 'body');
}

/** @param now unix seconds. @throws {CallRefused} PROPOSAL_WRONG naming each member that is wrong */
export function judgeAgreement(body: Uint8Array, loaded: LoadedAgreements, now: number): Agreement {
  const { data, versions, book } = loaded;
  const agreement = readAgreementBody(body);
  const { refused } = buildData({
    agencies: data.agencies,
    vocabulary: data.vocabulary,
    agreements: [{ bytes: body, signatures: ['1', '2'] }],
    // What it says, and not yet who signed it.
    verify: (officer) => ({ officer }),
  });
  if (refused.length > 0 || agreement === undefined) {
    const violations = refused
      .filter(({ index }) => index === 0)
      .map(({ path, problem }) => ({ field: memberPath(path), rule: RULES[problem] ?? ('FORMAT' as const) }));
    throw new CallRefused(ErrorReason.PROPOSAL_WRONG, { violations });
  }
  const { id, version, agency, purpose } = agreement;
  if (book.barred.has(`agreement:${id}`)) throw wrong('body.id', 'INCONSISTENT');
  // Never edited in place: the next version, or none.
  if (version <= (versions.get(id) ?? 0)) throw wrong('body.version', 'RANGE');
  const current = data.agreements[agency]?.[purpose];
  if (current !== undefined && current.id !== id) throw wrong('body.id', 'INCONSISTENT');
  judgeAdministration(agreement, current, now);
  return agreement;
}
