/** The book: who the officers are, and what they admitted and barred. Made by folding acts in their order, never edited. */
import type { RecipientKey } from '../signing/encryption-key.ts';
import { evidenceCounts } from '../signing/key-set.ts';
import { type KeyLookup, keyLookup, type VerificationKey } from '../signing/public-key.ts';
import type { BarredKind, OperatorPart, Role } from './act.ts';
import type { StandingAgreement } from './administration.ts';
import type { LimitChange } from './limits.ts';

export interface BookKey {
  readonly kid: string;
  readonly officer: string;
  /** For tokens that officers sign in the register's name. */
  readonly verification: VerificationKey;
  /** Signed after this second it counts for nothing: another key took its place. */
  readonly until?: number;
  /** Signed in this second or later it counts for nothing, whoever relied on it. */
  readonly compromisedFrom?: number;
}

export interface BookOfficer {
  readonly code: string;
  /** Mark of the natural person; undefined for one who merely stands in the table `officer`. */
  readonly person: string | undefined;
  readonly roles: ReadonlySet<Role>;
  /** Every role ever held: what was signed under it stays signed. */
  readonly everHeld: ReadonlySet<Role>;
  /** Thumbprint of the key in use. */
  readonly kid: string;
  /** Fingerprint of the certificate in use. */
  readonly certificate: string | undefined;
  /** End of that certificate, unix seconds. */
  readonly notAfter: number;
  /** False for one whom neither the configuration names nor two that count created. */
  readonly counts: boolean;
  readonly barred: boolean;
  /** Who created this officer or gave them a new key, and when. */
  readonly madeBy: readonly { readonly officers: readonly string[]; readonly at: number }[];
}

export interface BookAgency extends OperatorPart {
  readonly code: string;
}
export interface BookCertificate {
  readonly fingerprint: string;
  readonly agency: string;
  readonly notAfter: number;
}
export interface BookAgencyKey {
  readonly key: VerificationKey;
  readonly agency: string;
  readonly state: 'active' | 'retired';
  /** Unix seconds, from which on it counts for nothing; undefined where it has no end of its own. */
  readonly until: number | undefined;
}

/** A key that answers are encrypted to: in a table of its own, so that it can never verify anything. */
export interface BookEncryptionKey {
  readonly key: RecipientKey;
  readonly agency: string;
  readonly state: 'active' | 'retired';
}

export interface BookIssuer extends OperatorPart {
  readonly code: string;
  readonly state: 'active' | 'retired';
}
export interface BookIssuerKey {
  readonly key: VerificationKey;
  readonly issuer: string;
  /** As of an agency's key. */
  readonly until: number | undefined;
}

export const ACT_PROBLEMS = {
  NOT_AN_ACT: 'the bytes are no act, or not in their one form',
  DIGEST_WRONG: 'the bytes are not those that the row is named after',
  DEPLOYMENT_WRONG: 'an act of another deployment',
  NOT_SIGNED: 'a signature that counts is missing',
  SAME_OFFICER: 'one officer signed twice',
  NOT_INDEPENDENT: 'one of the two created or re-keyed the other within 30 days',
  ROLE_MISSING: 'an officer without the role that it takes',
  NOT_ALONE: 'it takes two officers',
  SUBJECT_SIGNED: 'an officer signed what concerns that officer',
  STATE_WRONG: 'what it names is not there, is there already, or is barred',
  PERSON_TAKEN: 'the person is an officer already',
  CERTIFICATE_WRONG: 'no certificate, or one that names another agency or officer',
  PROOF_WRONG: 'no proof that the key is held',
  SIGNER_BARRED: 'the officer was barred, or the key in other hands, before the log had it',
  NOT_PINNED: 'a first act of officers whom the configuration does not name',
  NOT_AGREED: 'an agreement that may not stand so',
  ADMINISTRATION_ENDS: 'the agreement under which officers call would fall: its next version has to be signed before',
} as const;
export type ActProblem = keyof typeof ACT_PROBLEMS;

export interface ActBook {
  readonly deployment: string;
  /** The moment it was made for, unix seconds of the database. */
  readonly now: number;
  /** Latest moment at which any of its acts was signed, unix seconds: the book's own time, the same at every reading. */
  readonly latest: number;
  readonly operator: OperatorPart | undefined;
  readonly officers: ReadonlyMap<string, BookOfficer>;
  /** Keys of officers by thumbprint, those that were replaced included. */
  readonly officerKeys: ReadonlyMap<string, BookKey>;
  readonly agencies: ReadonlyMap<string, BookAgency>;
  readonly certificates: ReadonlyMap<string, BookCertificate>;
  readonly keys: ReadonlyMap<string, BookAgencyKey>;
  /** By thumbprint, in the order in which they were added. */
  readonly encryptionKeys: ReadonlyMap<string, BookEncryptionKey>;
  readonly issuers: ReadonlyMap<string, BookIssuer>;
  readonly issuerKeys: ReadonlyMap<string, BookIssuerKey>;
  /** "kind:subject". */
  readonly barred: ReadonlySet<string>;
  /** When each of these was barred, unix seconds as signed; none of what a table alone says. */
  readonly barredAt: ReadonlyMap<string, number>;
  /** Keys of agencies and officers, by thumbprint, and since when (unix seconds) others may have had them. */
  readonly compromised: ReadonlyMap<string, number>;
  /** What became of the limits of agreements, by the version that it is about (`id:version`). */
  readonly limits: ReadonlyMap<string, readonly LimitChange[]>;
  /** Versions of the agreement of administration by the digest of their exact bytes: judged in their place, unlike all others. */
  readonly standing: ReadonlyMap<string, StandingAgreement>;
  /** Agreements that two approved: their exact bytes and both tokens, and how much was barred and known to be lost by then. */
  readonly agreements: readonly {
    readonly body: Uint8Array;
    readonly signatures: readonly string[];
    readonly before: { readonly barred: number; readonly compromised: number };
  }[];
  /** Acts that count for nothing though they stand in the table: each is worth an alarm. */
  readonly refused: readonly { readonly digest: string; readonly problem: ActProblem }[];
  /** Officers in the table `officer` whom the configuration does not name. */
  readonly unpinned: number;
}

/** The operator's agreement of administration: without it no officer could call any more. */
export const ADMINISTRATION = 'operator-administration';
/** The operator's agency: officers call in its name. */
export const OPERATOR = 'operator';
/** Issuer of what officers sign for the register. */
export const OFFICER_ISSUER = 'gateway';
export const PAIRING_SECONDS = 30 * 86_400;

export function isBarred({ barred }: Pick<ActBook, 'barred'>, kind: BarredKind, subject: string): boolean {
  return barred.has(`${kind}:${subject}`);
}

/** Since when it is barred, unix seconds: for ever where nobody says when. */
export function barredSince(
  { barred, barredAt }: Pick<ActBook, 'barred' | 'barredAt'>,
  kind: BarredKind,
  subject: string,
): number | undefined {
  return isBarred({ barred }, kind, subject) ? (barredAt.get(`${kind}:${subject}`) ?? 0) : undefined;
}

/**
 * Keys of an issuer that may have signed what is taken in now. None of one that is unknown, retired or barred.
 *
 * @param now unix seconds of the database
 */
export function issuerKeys(book: ActBook, issuer: string, now: number): KeyLookup {
  if (book.issuers.get(issuer)?.state !== 'active' || isBarred(book, 'issuer', issuer)) return () => undefined;
  const own = [...book.issuerKeys].filter(
    ([kid, key]) => key.issuer === issuer && !isBarred(book, 'key', kid) && now < (key.until ?? Infinity),
  );
  return keyLookup(own.map(([, { key }]) => key));
}

/** A key of an issuer's that others may have had, and since when: what was taken in under it from then on proves nothing. */
export interface LostKey {
  readonly kid: string;
  /** Unix seconds. */
  readonly since: number;
}

/** Whatever else became of an issuer, what it signed before stays good. */
export function lostIssuerKeys({
  compromised,
  issuerKeys: keys,
}: Pick<ActBook, 'compromised' | 'issuerKeys'>): LostKey[] {
  return [...compromised].filter(([kid]) => keys.has(kid)).map(([kid, since]) => ({ kid, since }));
}

/** Keys in use that end by themselves, and when, unix seconds; of one agency or of all. */
export function endingKeys(
  book: Pick<ActBook, 'keys' | 'barred'>,
  agency?: string,
): { readonly kid: string; readonly agency: string; readonly until: number }[] {
  return [...book.keys].flatMap(([kid, key]) => {
    const { until } = key;
    if (until === undefined || key.state !== 'active' || (agency !== undefined && key.agency !== agency)) return [];
    if (isBarred(book, 'key', kid) || isBarred(book, 'agency', key.agency)) return [];
    return [{ kid, agency: key.agency, until }];
  });
}

/**
 * Whether what this key signed proves anything, given when the log had it: of a key that others may have had only what stood there
 * before. The time is the log's and not the token's, which a thief writes as he likes.
 *
 * @param kid thumbprint; empty where none is known, and nothing can be said against it
 * @param loggedAt unix seconds
 */
export function countsAsEvidence(
  { compromised }: Pick<ActBook, 'compromised'>,
  kid: string,
  loggedAt: number,
): boolean {
  const since = compromised.get(kid);
  return since === undefined || evidenceCounts({ state: 'compromised', compromisedFrom: since }, loggedAt);
}

/**
 * Whether these two may count for two. Whoever created an officer, or gave them a key, could be both of them: for 30 days they do
 * not count together.
 *
 * @param at unix seconds of the later signature
 */
export function mayPair({ officers }: Pick<ActBook, 'officers'>, one: string, other: string, at: number): boolean {
  if (one === other) return false;
  const made = (maker: string, by: string) =>
    (officers.get(maker)?.madeBy ?? []).some(
      (event) => event.officers.includes(by) && at - event.at < PAIRING_SECONDS && event.at <= at,
    );
  return !made(one, other) && !made(other, one);
}
