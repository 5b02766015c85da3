/** An act of officers: one change to who may do what. Its canonical bytes are what they sign; its digest is its name. */
import { isLimitValue } from '../policy/check-agreement.ts';
import { LIMITS, type Limit } from '../policy/decision.ts';
import { isOneOf } from '../policy/shape.ts';
import { type PublicJwk, readPublicJwk } from '../signing/public-key.ts';
import { act, canonicalBytes, isObject, line, members, type Rule, readByRules, text } from './rules.ts';

export const ROLES = ['proposer', 'approver', 'auditor', 'security', 'support'] as const;
export type Role = (typeof ROLES)[number];

export const BARRED_KINDS = ['agency', 'certificate', 'key', 'officer', 'agreement', 'issuer'] as const;
export type BarredKind = (typeof BARRED_KINDS)[number];

/** A verified natural person with a key and a certificate. */
export interface OfficerPart {
  readonly code: string;
  /** Keyed hash of the person's number (`person-mark.ts`), base64url: one officer a person. */
  readonly person: string;
  readonly key: PublicJwk;
  /** DER, base64. */
  readonly certificate: string;
}

export interface OperatorPart {
  readonly legal_entity: string;
  readonly name_vi: string;
  readonly name_en: string;
}

/** One limit of one version of an agreement, and what it was to whoever signs: both see what changes. */
export interface LimitPart {
  readonly agreement: string;
  readonly version: number;
  readonly limit: Limit;
  /** Absent where there is no such limit yet, which can only be lowered. */
  readonly from?: number;
  readonly to: number;
}

type Acts = {
  /** The first two officers, who sign it together. */
  genesis: { readonly operator: OperatorPart; readonly officers: readonly OfficerPart[] };
  'officer.create': OfficerPart & { readonly roles: readonly Role[]; readonly proof: string };
  'officer.roles': { readonly code: string; readonly roles: readonly Role[] };
  'officer.rekey': Omit<OfficerPart, 'person'> & { readonly proof: string; readonly compromised_from?: number };
  'agency.admit': OperatorPart & {
    readonly agency: string;
    readonly certificate: string;
    readonly key: PublicJwk;
    readonly proof: string;
    readonly key_until?: number;
    /** Both or neither: the first key that answers are encrypted to. */
    readonly encryption_key?: PublicJwk;
    readonly encryption_proof?: string;
  };
  'certificate.add': { readonly agency: string; readonly certificate: string };
  /** `key_until`: unix seconds, from which on the key signs nothing more that counts; without it, until it is retired or barred. */
  'key.add': {
    readonly agency: string;
    readonly key: PublicJwk;
    readonly proof: string;
    readonly key_until?: number;
  };
  /** A key that answers with sensitive fields are encrypted to: of those in use, the one added last. */
  'encryption_key.add': {
    readonly agency: string;
    readonly encryption_key: PublicJwk;
    readonly encryption_proof: string;
  };
  /** The planned end of a key whose successor is in use: what it signed stays good. */
  'key.retire': { readonly agency: string; readonly kid: string };
  /** Who may sign on behalf of people: of a consent artefact it is asked whose it is, and by which of these keys. */
  'issuer.admit': OperatorPart & {
    readonly issuer: string;
    readonly key: PublicJwk;
    readonly proof: string;
    readonly key_until?: number;
  };
  'issuer.key': {
    readonly issuer: string;
    readonly key: PublicJwk;
    readonly proof: string;
    readonly key_until?: number;
  };
  /** The planned end of an issuer: it signs nothing more, and what it signed stays good. */
  'issuer.retire': { readonly issuer: string };
  /** For a time. `until`: unix seconds; what is to last is the agreement's next version. */
  'limit.raise': LimitPart & { readonly from: number; readonly until: number };
  /** Until the agreement's next version. */
  'limit.lower': LimitPart;
  /** The hotlist: from then on it counts for nothing, for ever. `compromised_from`: what a key signed since is no evidence. */
  bar: { readonly what: BarredKind; readonly subject: string; readonly compromised_from?: number };
};
export type ActKind = keyof Acts;

interface Common {
  /** 128 random bits, base64url: the same act twice is two acts, and a signature over one is none over the other. */
  readonly act: string;
  readonly deployment: string;
}
export type ActOf<K extends ActKind> = Common & { readonly kind: K } & Acts[K];
export type Act = { [K in ActKind]: ActOf<K> }[ActKind];
/** Acts that one officer may do alone: they only take away, and they are urgent. */
export const ALONE: ReadonlySet<ActKind> = new Set<ActKind>(['bar', 'key.retire', 'issuer.retire', 'limit.lower']);

const code = text(/^(?!(?:gateway|operator)$)[a-z0-9][a-z0-9-]{0,31}$/);
const mark = text(/^[A-Za-z0-9_-]{43}$/);
const legalEntity = text(/^[A-Za-z0-9-]{1,64}$/);
const name = line(200);
const der = text(/^[A-Za-z0-9+/]{100,8000}={0,2}$/);
const token = text(/^[A-Za-z0-9_.-]{20,2000}$/);
const seconds: Rule = (value) => Number.isSafeInteger(value) && (value as number) > 0;
const subject = text(/^[A-Za-z0-9_.:-]{1,64}$/);
const agreementId = text(/^[a-z0-9][a-z0-9-]{0,63}$/);
const count: Rule = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
/** Exactly the four members, so that its canonical form is one. */
const key: Rule = (value) => isObject(value) && Object.keys(value).length === 4 && readPublicJwk(value) !== undefined;
const encryption = { encryption_key: key, encryption_proof: token };
const roles: Rule = (value) =>
  Array.isArray(value) &&
  value.length > 0 &&
  new Set(value).size === value.length &&
  value.every((role) => (ROLES as readonly unknown[]).includes(role));
const limit: Rule = (value) => isOneOf(LIMITS, value);
const limitPart = { agreement: agreementId, version: seconds, limit, to: count };
const operator = members({ legal_entity: legalEntity, name_vi: name, name_en: name });
const officer = members({ code, person: mark, key, certificate: der });

const RULES: { readonly [K in ActKind]: Rule } = {
  genesis: act({
    operator,
    officers: (value) => Array.isArray(value) && value.length === 2 && value.every(officer),
  }),
  'officer.create': act({ code, person: mark, key, certificate: der, roles, proof: token }),
  'officer.roles': act({ code, roles }),
  'officer.rekey': act({ code, key, certificate: der, proof: token }, { compromised_from: seconds }),
  'agency.admit': pairedIn(
    encryption,
    act(
      {
        ...{ agency: code, legal_entity: legalEntity, name_vi: name, name_en: name },
        ...{ certificate: der, key, proof: token },
      },
      { ...encryption, key_until: seconds },
    ),
  ),
  'certificate.add': act({ agency: code, certificate: der }),
  'key.add': act({ agency: code, key, proof: token }, { key_until: seconds }),
  'encryption_key.add': act({ agency: code, ...encryption }),
  'key.retire': act({ agency: code, kid: mark }),
  'issuer.admit': act(
    { issuer: code, legal_entity: legalEntity, name_vi: name, name_en: name, key, proof: token },
    { key_until: seconds },
  ),
  'issuer.key': act({ issuer: code, key, proof: token }, { key_until: seconds }),
  'issuer.retire': act({ issuer: code }),
  'limit.raise': ofLimit('up', act({ ...limitPart, from: count, until: seconds })),
  'limit.lower': ofLimit('down', act(limitPart, { from: count })),
  bar: act(
    { what: (value) => (BARRED_KINDS as readonly unknown[]).includes(value), subject },
    { compromised_from: seconds },
  ),
};

/** As `rule`, with all of these members or none. */
function pairedIn(pair: Readonly<Record<string, Rule>>, rule: Rule): Rule {
  return (value) =>
    rule(value) && new Set(Object.keys(pair).map((member) => Object.hasOwn(Object(value), member))).size === 1;
}

/** As `rule`, to a value that an agreement may state, in the direction that the act is named after; the same value for longer is up. */
function ofLimit(direction: 'up' | 'down', rule: Rule): Rule {
  return (value) => {
    if (!rule(value)) return false;
    const { limit: name, from = Infinity, to } = value as LimitPart;
    return isLimitValue(name, to) && (direction === 'up' ? from <= to : to < from);
  };
}

export function actBytes(value: Act): Uint8Array<ArrayBuffer> {
  return canonicalBytes(value);
}

/** The act that these bytes are; undefined where they are not JSON, not canonical, of an unknown kind or shape. */
export function readAct(bytes: Uint8Array): Act | undefined {
  return readByRules<Act>(bytes, RULES);
}
