/** Whether what an issuer signed is a consent at all, and one that may be given. */
import { fromBinary } from '@bufbuild/protobuf';
import {
  type ConsentArtefact,
  ConsentArtefactSchema,
  ConsentManner,
} from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { SignedBytes } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { type Issuer, type IssuerKeys, issuerOf } from '../acting/issuer-keys.ts';
import type { FieldRule } from '../errors/rules.ts';
import { CallRefused } from '../exchange/refused.ts';
import { pathOf, VOCABULARY, VOCABULARY_VERSION } from '../fields/vocabulary.ts';
import { agencyIn, agreementIn, type PolicyData } from '../policy/policy-data.ts';
import { audienceOf, checkBinding } from '../signing/binding.ts';
import { digestOf } from '../signing/digest.ts';
import { MAX_AHEAD_SECONDS } from '../signing/freshness.ts';
import { keyLookup } from '../signing/public-key.ts';
import { verifyToken } from '../signing/verify.ts';

/** Longest life of a consent, seconds. */
export const LONGEST_SECONDS = 2 * 366 * 86_400;
const ID_BYTES = 16;
const MOST_TEXT = 8_000;
const MOST_USES = 1_000_000_000;
const PERSONAL_ID = /^\d{12}$/;
const CODE = /^[A-Za-z0-9._-]{1,64}$/;
const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;

export interface ArtefactRules {
  readonly issuers: IssuerKeys;
  readonly deployment: string;
  readonly policyData: () => PolicyData;
  readonly nowSeconds: () => number;
}

/** An artefact that may be granted. */
export interface JudgedArtefact {
  readonly artefact: ConsentArtefact;
  readonly issuer: Issuer;
  readonly recipient: string;
  readonly purpose: string;
}

function invalid(member: string, rule: FieldRule): never {
  throw new CallRefused(ErrorReason.CONSENT_INVALID, { violations: [{ field: `artefact.${member}`, rule }] });
}

/** @throws {CallRefused} with the reason: CONSENT_INVALID and those of each rule of law */
export function judgeArtefact(signed: SignedBytes, rules: ArtefactRules): JudgedArtefact {
  const issuer = issuerOf(rules.issuers, signed.jws);
  if (issuer === undefined) return invalid('jws', 'UNKNOWN_VALUE');
  const verified = verifyToken(signed.jws, { typ: 'lt-consent+jws', keys: keyLookup([issuer.key]) });
  if (!verified.ok) return invalid('jws', 'FORMAT');
  const facts = { audience: audienceOf('gateway', rules.deployment), digest: digestOf(signed.payload) };
  if (checkBinding(verified.claims, facts) !== undefined) return invalid('jws', 'INCONSISTENT');
  const artefact = decode(signed.payload);
  const now = rules.nowSeconds();
  mustBeWhole(artefact, issuer.code, verified.claims, now);
  const { recipient, purpose } = mustBeOne(artefact);
  const data = rules.policyData();
  if (recipient === issuer.code || agencyIn(data, recipient)?.legal_entity === issuer.legalEntity) {
    throw new CallRefused(ErrorReason.CONSENT_ISSUER_IS_RECIPIENT);
  }
  if (artefact.acts.length === 0 || artefact.acts.some(({ manner }) => manner !== ConsentManner.ACTIVE)) {
    throw new CallRefused(ErrorReason.CONSENT_NOT_FREE);
  }
  mustEnd(artefact, now);
  mustBeAgreed(artefact.fieldIds, { recipient, purpose }, data, now);
  return { artefact, issuer, recipient, purpose };
}

function decode(payload: Uint8Array): ConsentArtefact {
  try {
    return fromBinary(ConsentArtefactSchema, payload, { readUnknownFields: false });
  } catch {
    return invalid('payload', 'NOT_DECODABLE');
  }
}

function mustBeWhole(
  artefact: ConsentArtefact,
  issuer: string,
  claims: { readonly iat: number; readonly exp: number },
  now: number,
): void {
  const { fieldIds, issuedAt, textShown, language } = artefact;
  if (artefact.consentId.length !== ID_BYTES) invalid('consent_id', 'LENGTH');
  if (artefact.blind.length !== ID_BYTES) invalid('blind', 'LENGTH');
  if (artefact.issuer !== issuer) invalid('issuer', 'INCONSISTENT');
  if (!PERSONAL_ID.test(artefact.personalId)) invalid('personal_id', 'FORMAT');
  if (fieldIds.length === 0 || fieldIds.length > VOCABULARY.fields.length) invalid('field_ids', 'LENGTH');
  if (fieldIds.some((id, i) => i > 0 && id <= (fieldIds[i - 1] ?? 0))) invalid('field_ids', 'FORMAT');
  if (artefact.vocabularyVersion !== VOCABULARY_VERSION) invalid('vocabulary_version', 'UNKNOWN_VALUE');
  if (fieldIds.some((id) => !VOCABULARY.byId.has(id))) invalid('field_ids', 'UNKNOWN_VALUE');
  if (textShown.trim() === '' || textShown.length > MOST_TEXT) invalid('text_shown', 'LENGTH');
  if (!CODE.test(artefact.textVersion)) invalid('text_version', 'FORMAT');
  if (!LANGUAGE.test(language)) invalid('language', 'FORMAT');
  if (artefact.useQuota > MOST_USES) invalid('use_quota', 'RANGE');
  if (Number(issuedAt) !== claims.iat || Number(artefact.expiresAt) !== claims.exp)
    invalid('issued_at', 'INCONSISTENT');
  if (!(Number(issuedAt) <= now + MAX_AHEAD_SECONDS)) invalid('issued_at', 'RANGE');
}

/** One recipient, one purpose: whoever agrees to one thing has not agreed to another. */
function mustBeOne({ recipients, purposes }: ConsentArtefact): { recipient: string; purpose: string } {
  const [recipient] = recipients;
  const [purpose] = purposes;
  if (recipient === undefined) return invalid('recipients', 'REQUIRED');
  if (purpose === undefined) return invalid('purposes', 'REQUIRED');
  if (recipients.length > 1 || purposes.length > 1) throw new CallRefused(ErrorReason.CONSENT_BUNDLED);
  return { recipient, purpose };
}

function mustEnd({ validFrom, expiresAt }: ConsentArtefact, now: number): void {
  const [from, end] = [Number(validFrom), Number(expiresAt)];
  if (!(end > now) || !(end > from) || !(end - Math.max(from, now) <= LONGEST_SECONDS)) {
    throw new CallRefused(ErrorReason.CONSENT_OPEN_ENDED);
  }
}

function mustBeAgreed(
  fieldIds: readonly number[],
  { recipient, purpose }: { readonly recipient: string; readonly purpose: string },
  data: PolicyData,
  now: number,
): void {
  const agreement = agreementIn(data, recipient, purpose);
  const inForce = agreement !== undefined && agreement.valid_from <= now && now < agreement.valid_to;
  const byConsent = Object.entries(agreement?.fields ?? {}).flatMap(([id, field]) =>
    field.basis === 'consent' ? [Number(id)] : [],
  );
  if (!inForce || byConsent.length === 0 || agencyIn(data, recipient)?.status !== 'active') {
    throw new CallRefused(ErrorReason.CONSENT_NOT_AGREED);
  }
  const others = fieldIds.filter((id) => !byConsent.includes(id));
  if (others.length > 0) {
    const violations = others.map((id) => ({ field: pathOf(id), rule: 'NOT_GRANTED' as const }));
    throw new CallRefused(ErrorReason.CONSENT_FIELDS_NOT_AGREED, { violations });
  }
}
