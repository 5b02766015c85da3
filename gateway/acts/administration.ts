/**
 * What keeps the register administrable, whatever one officer does alone. The agreement under which officers call is judged in its
 * place in the order of acts, as acts are: it does not fall with an officer who signed it and was barred later, or whoever has one
 * officer's key would end all administration by barring another. And of those who sign, one officer alone always leaves two others
 * who count for two: what that officer did, and that officer, can then be answered.
 */
import { AdminService } from '../../proto/gen/lienthong/admin/v1/admin_pb.js';
import type { Agreement } from '../policy/agreement.ts';
import { readAgreementBody } from '../policy/read-agreement.ts';
import type { Act, ActOf } from './act.ts';
import { type ActBook, ADMINISTRATION, type BookOfficer, isBarred, mayPair, OPERATOR } from './book.ts';
import type { OfficerSignature } from './officer-token.ts';

/** All that officers may call of this version of the program: an agreement of before knows some of them only. */
export const ADMINISTRATION_METHODS: readonly string[] = AdminService.methods.map(
  ({ name }) => `/${AdminService.typeName}/${name}`,
);

/** Of these, the names that an agreement of administration lacks: until its next version has them, no officer can call them. */
export function lackedMethods({ methods }: Pick<Agreement, 'methods'>): string[] {
  return ADMINISTRATION_METHODS.filter((method) => !methods.includes(method)).map((method) =>
    method.slice(method.lastIndexOf('/') + 1),
  );
}

/** A version of the agreement of administration that two signed who counted then. */
export interface StandingAgreement {
  readonly version: number;
  /** Of exactly two, over exactly the bytes that it is kept under. */
  readonly signatures: readonly (OfficerSignature & { readonly token: string })[];
}

/** The agreement of administration that these bytes are; undefined for every other. */
export function readAdministration(body: Uint8Array): Agreement | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  // Every reading comes past all agreements there ever were.
  if (!bytes.includes(`"${ADMINISTRATION}"`)) return undefined;
  const agreement = readAgreementBody(body);
  return agreement?.id === ADMINISTRATION && agreement.agency === OPERATOR ? agreement : undefined;
}

/** Its signatures that count: none where one of them was made with a key that others may have had by then. */
export function standingSignatures(
  { standing, compromised }: Pick<ActBook, 'standing' | 'compromised'>,
  digest: string,
): StandingAgreement['signatures'] {
  const signatures = standing.get(digest)?.signatures ?? [];
  return signatures.some(({ kid, iat }) => iat >= (compromised.get(kid) ?? Infinity)) ? [] : signatures;
}

/** The version that counts: the highest that stands. */
export function prevailingAdministration(
  book: Pick<ActBook, 'standing' | 'compromised'>,
): StandingAgreement | undefined {
  const standing = [...book.standing].filter(([digest]) => standingSignatures(book, digest).length > 0);
  return standing.map(([, one]) => one).sort((a, b) => b.version - a.version)[0];
}

/**
 * Whether the version that counts would fall once this key is known to have been in other hands since then. It is not to be said,
 * by two either, before the next version is signed: with none left nobody could sign one any more, and an older one that comes back
 * would be the choice of whoever names the moment.
 *
 * @param since unix seconds; undefined where nothing is said
 */
export function endsAdministration(
  book: Pick<ActBook, 'standing' | 'compromised'>,
  kid: string,
  since: number | undefined,
): boolean {
  const signatures = prevailingAdministration(book)?.signatures ?? [];
  return since !== undefined && signatures.some((signature) => signature.kid === kid && signature.iat >= since);
}

/** Whether the act takes something of this officer, or gives them something: it is for others to decide. */
export function concernsOfficer(act: Act, { code, kid, certificate }: BookOfficer): boolean {
  if (act.kind === 'officer.roles' || act.kind === 'officer.rekey') return act.code === code;
  if (act.kind !== 'bar') return false;
  const { what, subject } = act;
  return (
    (what === 'officer' && subject === code) ||
    (what === 'key' && subject === kid) ||
    (what === 'certificate' && subject === certificate)
  );
}

/**
 * Whether a bar is too much for one officer alone: it takes an officer who signs, or the key or certificate that they sign with, and
 * leaves nobody but the one who bars and such as do not count for two. Whoever has one officer's key bars one after the other until
 * there is nobody left to bar it; so the one who bars is not counted among those who are left.
 *
 * @param at unix seconds of the signature
 */
export function barsTooMuch(book: ActBook, act: ActOf<'bar'>, by: string, at: number): boolean {
  // A signature that is dated back does not make two independent who were not so by then.
  const now = Math.max(at, book.latest);
  const signs = [...book.officers.values()].filter((officer) => canSign(book, officer, now));
  const barred = signs.filter((officer) => concernsOfficer(act, officer));
  const left = signs.filter((officer) => officer.code !== by && !barred.includes(officer));
  return barred.length > 0 && !hasPair(book, left, now);
}

/** Whether this officer can propose or approve at that moment. */
function canSign(book: ActBook, officer: BookOfficer, now: number): boolean {
  const { roles, counts, barred, kid, certificate, notAfter } = officer;
  // One of a development deployment's table has no certificate in the book.
  const calls = certificate === undefined || (now < notAfter && !isBarred(book, 'certificate', certificate));
  return counts && !barred && calls && !isBarred(book, 'key', kid) && (roles.has('proposer') || roles.has('approver'));
}

/** Whether two of them, a proposer and an approver, count for two. */
function hasPair(book: ActBook, officers: readonly BookOfficer[], now: number): boolean {
  return pairsOf(book, officers, now).length > 0;
}

type Pair = readonly [BookOfficer, BookOfficer];

function pairsOf(book: ActBook, officers: readonly BookOfficer[], now: number): Pair[] {
  return officers
    .filter(({ roles }) => roles.has('proposer'))
    .flatMap((one) =>
      officers
        .filter((other) => other.roles.has('approver') && mayPair(book, one.code, other.code, now))
        .map((other): Pair => [one, other]),
    );
}

/**
 * How many pairs of a proposer and an approver there are that share no officer, 2 at most: with none nothing that takes two can be
 * done, and with one only, nothing once one of the pair loses a key or falls ill.
 *
 * @param now unix seconds
 */
export function separatePairs(book: ActBook, now: number): 0 | 1 | 2 {
  const pairs = pairsOf(
    book,
    [...book.officers.values()].filter((officer) => canSign(book, officer, now)),
    now,
  );
  if (pairs.length === 0) return 0;
  const apart = pairs.some((one) => pairs.some((other) => !other.some((officer) => one.includes(officer))));
  return apart ? 2 : 1;
}
