/**
 * From stored agreements to policy data. An agreement counts only with the valid signatures of two different officers over
 * the digest of its exact bytes; a row that somebody merely wrote into the table changes nothing.
 */
import { type Agreement, agreementBytes, agreementDigest } from './agreement.ts';
import { AGENCY_CODE, checkAgreement, type ProblemAt, SHAPE_PROBLEMS } from './check-agreement.ts';
import { AGENCY_STATUS, type Agency, type PolicyData, type Vocabulary } from './policy-data.ts';
import { hasExactly, isOneOf, isRecord } from './shape.ts';

/** An agreement as it is stored: the bytes that were signed, and an `lt-agreement+jws` of each officer. */
export interface SignedAgreement {
  readonly bytes: Uint8Array;
  readonly signatures: readonly string[];
}

/**
 * Verifies one officer's signature token: its signature under an officer's key, its claims equal to `expected`.
 * Names the officer, or undefined for whatever is wrong. A throw counts as undefined. `unpinned` is an officer who is enrolled
 * but whose key the configuration does not name: such a signature counts for nothing, and is told apart because it is an alarm.
 */
export type VerifyOfficer = (
  token: string,
  expected: { readonly digest: string; readonly agreement: string; readonly version: number },
) => OfficerSigned | undefined;

export interface OfficerSigned {
  readonly officer: string;
  readonly unpinned?: boolean;
  /** Unix seconds; 0 where the verifier does not say. */
  readonly at?: number;
}

export const AGREEMENT_PROBLEMS = {
  ...SHAPE_PROBLEMS,
  TOO_LARGE: 'larger than any agreement may be',
  NOT_JSON: 'the bytes are not JSON in UTF-8',
  NOT_CANONICAL: 'the bytes are JSON, but not the canonical form',
  NOT_SIGNED_BY_TWO: 'fewer than two different officers signed exactly these bytes',
  SIGNER_BARRED: 'two officers signed, and one of them or the key of one was barred since',
  SIGNER_NOT_PINNED: 'two officers signed, but not two whose keys the configuration names',
  SIGNERS_NOT_INDEPENDENT: 'two officers signed, of whom one created or re-keyed the other within 30 days',
  AGENCY_UNKNOWN: 'the agency is not among the agencies',
  AGENCY_WRONG: 'an agency without a well-formed code, legal entity or status',
  FIELD_UNKNOWN: 'a field the vocabulary does not know',
  VOCABULARY_NEWER: 'written with a newer vocabulary than this gateway has',
  VERSION_FELL: 'an older version than one seen before',
  CONFLICT: 'two agreements of one agency for one purpose, and neither succeeds the other',
} as const;
export type AgreementProblem = keyof typeof AGREEMENT_PROBLEMS;

export interface RefusedAgreement {
  /** Position in the list given; -1 for an agency's own entry. */
  readonly index: number;
  /** SHA-256 of the bytes, base64url; empty for an agency's own entry. */
  readonly digest: string;
  /** Member names joined by dots; empty where the whole is meant. */
  readonly path: string;
  readonly problem: AgreementProblem;
}

export interface BuiltData {
  readonly data: PolicyData;
  /** What did not become data, and why: each of them is worth an alarm. */
  readonly refused: readonly RefusedAgreement[];
  /** Positions of agreements that a later version replaced. */
  readonly superseded: readonly number[];
  /** Officers who signed what became data and count, by the agreement's id. */
  readonly signers: ReadonlyMap<string, readonly string[]>;
  /** Highest version that two signed, by the agreement's id; also one that is to come, and one that fell since. */
  readonly newest: ReadonlyMap<string, number>;
  /** What will be data once its term begins, the first first. */
  readonly coming: readonly Agreement[];
  /** When it changes by itself, unix seconds, the first first: a term begins. */
  readonly begins: readonly number[];
  /** The data of a later moment, unix seconds: a term may have begun by then. */
  readonly at: (now: number) => PolicyData;
}

export interface DataSources {
  readonly agencies: Readonly<Record<string, Agency>>;
  readonly agreements: readonly SignedAgreement[];
  readonly vocabulary: Vocabulary;
  readonly verify: VerifyOfficer;
  /** Whether two officers count for two, at the moment of the later signature; always, unless it is given. */
  readonly mayPair?: (one: string, other: string, at: number) => boolean;
  /** Highest version ever loaded, by agreement id: an older one is not taken again though its signatures are good. */
  readonly seenVersions?: ReadonlyMap<string, number>;
  /** Unix seconds: a version whose term has not begun by then does not prevail yet. Without it every term has. */
  readonly now?: number;
  /** Whether what fewer than two signed, at that position, was signed by two of whom one was barred since; never, unless it is given. */
  readonly fell?: (index: number, agreement: Agreement) => boolean;
}

const MAXIMUM_BYTES = 65_536;

/**
 * Of the versions of an agreement whose terms have begun the highest prevails; of those of which none has, the highest. A successor
 * waits until its term begins, and nothing comes back once it has: an agreement is ended by a version whose term is over, and where
 * the version that prevails fell with a signer, there is none.
 */
export function buildData(sources: DataSources): BuiltData {
  const refused: RefusedAgreement[] = [];
  const superseded: number[] = [];
  const agencies: Record<string, Agency> = {};
  for (const [code, agency] of Object.entries(sources.agencies)) {
    if (isAgency(code, agency)) agencies[code] = { legal_entity: agency.legal_entity, status: agency.status };
    else refused.push({ index: -1, digest: '', path: '', problem: 'AGENCY_WRONG' });
  }

  const candidates = new Map<string, Candidate[]>();
  for (const [index, signed] of sources.agreements.entries()) {
    const digest = agreementDigest(signed.bytes);
    const read = readSigned(signed, { digest, index }, agencies, sources);
    if ('problems' in read) {
      refused.push(...read.problems.map((problem) => ({ index, digest, ...problem })));
      continue;
    }
    const key = `${read.agreement.agency}/${read.agreement.purpose}`;
    candidates.set(key, [...(candidates.get(key) ?? []), { index, digest, ...read }]);
  }

  const { vocabulary, seenVersions, now = Infinity } = sources;
  const agreementsAt = (moment: number) => {
    const agreements: Record<string, Record<string, Agreement>> = {};
    for (const rivals of candidates.values()) {
      const { chosen } = choose(rivals, seenVersions, moment);
      if (chosen === undefined) continue;
      const { agency, purpose } = chosen.agreement;
      agreements[agency] = { ...agreements[agency], [purpose]: chosen.agreement };
    }
    return agreements;
  };
  const signers = new Map<string, readonly string[]>();
  const newest = new Map<string, number>();
  const coming: Agreement[] = [];
  const begins: number[] = [];
  for (const rivals of candidates.values()) {
    const { chosen, replaced, conflicting, older, lost, waiting } = choose(rivals, seenVersions, now);
    const open = ({ agreement }: Candidate) => agencies[agreement.agency]?.status === 'active';
    superseded.push(...[...replaced, ...lost.filter((one) => !open(one))].map(({ index }) => index));
    const refuse = (of: readonly Candidate[], problem: AgreementProblem, path = '') =>
      refused.push(...of.map(({ index, digest }) => ({ index, digest, path, problem })));
    refuse(conflicting, 'CONFLICT');
    refuse(older, 'VERSION_FELL', 'version');
    refuse(lost.filter(open), 'SIGNER_BARRED');
    coming.push(...waiting.map(({ agreement }) => agreement));
    if (chosen !== undefined) signers.set(chosen.agreement.id, chosen.signers);
    for (const { agreement } of rivals.filter((one) => !older.includes(one))) {
      newest.set(agreement.id, Math.max(agreement.version, newest.get(agreement.id) ?? 0));
      if (agreement.valid_from > now) begins.push(agreement.valid_from);
    }
  }
  return {
    data: { agencies, agreements: agreementsAt(now), vocabulary },
    ...{ refused, superseded, signers, newest },
    coming: coming.sort((one, other) => one.valid_from - other.valid_from),
    begins: begins.sort((one, other) => one - other),
    at: (moment) => ({ agencies, agreements: agreementsAt(moment), vocabulary }),
  };
}

interface Candidate {
  readonly index: number;
  readonly digest: string;
  readonly agreement: Agreement;
  readonly signers: readonly string[];
  /** Two signed it, and it counts no longer: it keeps its place, so that no older one takes it. */
  readonly fell: boolean;
}

interface Chosen {
  readonly chosen?: Candidate;
  readonly replaced: readonly Candidate[];
  readonly conflicting: readonly Candidate[];
  /** Older than what was seen of their agreement, of which nothing newer is left. */
  readonly older: readonly Candidate[];
  /** Fell, and nothing that counts has succeeded them yet. */
  readonly lost: readonly Candidate[];
  /** Higher than the one that prevails, of a term to come. */
  readonly waiting: readonly Candidate[];
}

const highestOf = (of: readonly Candidate[]) => Math.max(0, ...of.map(({ agreement }) => agreement.version));
const isBegun =
  (now: number) =>
  ({ agreement }: Candidate) =>
    agreement.valid_from <= now;

/** The one that prevails among agreements of one agency for one purpose; where that cannot be told, none does. */
function choose(all: readonly Candidate[], seenVersions: DataSources['seenVersions'], now: number): Chosen {
  const ofId = (of: string) => all.filter(({ agreement }) => agreement.id === of);
  const isOlder = ({ agreement: { id } }: Candidate) => highestOf(ofId(id)) < (seenVersions?.get(id) ?? 0);
  const [rivals, older] = [all.filter((one) => !isOlder(one)), all.filter(isOlder)];
  const counted = rivals.filter(({ fell }) => !fell);
  const ids = new Set(counted.map(({ agreement }) => agreement.id));
  if (ids.size > 1) {
    return { replaced: rivals.filter(({ fell }) => fell), conflicting: counted, older, lost: [], waiting: [] };
  }
  const [id] = ids;
  const own = rivals.filter(({ agreement }) => id === undefined || agreement.id === id);
  const begun = own.filter(isBegun(now));
  const prevails = highestOf(begun.length > 0 ? begun : own);
  const latest = own.filter(({ agreement }) => agreement.version === prevails);
  const waiting = counted.filter(({ agreement }) => agreement.version > prevails);
  const lost = own.filter(
    ({ fell, agreement: { version } }) => fell && (version === prevails || version > highestOf(counted)),
  );
  const isOf = (of: readonly Candidate[]) => (one: Candidate) => of.includes(one);
  const standing = latest.filter(({ fell }) => !fell);
  const conflicting = new Set(standing.map(({ digest }) => digest)).size > 1 ? standing : [];
  const [chosen] = conflicting.length > 0 || latest.some(({ fell }) => fell) ? [] : standing;
  const rest = rivals.filter((one) => one !== chosen && ![conflicting, lost, waiting].some((of) => isOf(of)(one)));
  return { ...(chosen && { chosen }), replaced: rest, conflicting, older, lost, waiting };
}

type Problem = { readonly path: string; readonly problem: AgreementProblem };

function readSigned(
  { bytes, signatures }: SignedAgreement,
  { digest, index }: Pick<Candidate, 'digest' | 'index'>,
  agencies: Readonly<Record<string, Agency>>,
  { vocabulary, verify, mayPair, fell: hasFallen }: DataSources,
): Pick<Candidate, 'agreement' | 'signers' | 'fell'> | { readonly problems: readonly (Problem | ProblemAt)[] } {
  if (bytes.byteLength > MAXIMUM_BYTES) return whole('TOO_LARGE');
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return whole('NOT_JSON');
  }
  const checked = checkAgreement(parsed);
  if (!checked.ok) return { problems: checked.problems };
  const { agreement } = checked;
  // Equal names, white space, other orders: any second way to write it is refused, so one text has one meaning.
  if (Buffer.compare(agreementBytes(agreement), bytes) !== 0) return whole('NOT_CANONICAL');
  const expected = { digest, agreement: agreement.id, version: agreement.version };
  const signers = officersOf(signatures, expected, verify);
  const fell = signers.all.size < 2 && hasFallen?.(index, agreement) === true;
  if (signers.counted.size < 2 && !fell) return whole(signers.all.size < 2 ? 'NOT_SIGNED_BY_TWO' : 'SIGNER_NOT_PINNED');
  if (!fell && mayPair !== undefined && !somePair(signers.counted, mayPair)) return whole('SIGNERS_NOT_INDEPENDENT');
  if (!Object.hasOwn(agencies, agreement.agency)) return { problems: [{ path: 'agency', problem: 'AGENCY_UNKNOWN' }] };
  if (agreement.vocabulary_version > vocabulary.version) {
    return { problems: [{ path: 'vocabulary_version', problem: 'VOCABULARY_NEWER' }] };
  }
  const unknown = Object.keys(agreement.fields).filter((id) => !Object.hasOwn(vocabulary.fields, id));
  if (unknown.length > 0) {
    return { problems: unknown.map((id) => ({ path: `fields.${id}`, problem: 'FIELD_UNKNOWN' as const })) };
  }
  return { agreement, signers: [...signers.counted.keys()], fell };
}

function officersOf(
  signatures: readonly string[],
  expected: Parameters<VerifyOfficer>[1],
  verify: VerifyOfficer,
): { readonly counted: ReadonlyMap<string, number>; readonly all: ReadonlySet<string> } {
  const counted = new Map<string, number>();
  const all = new Set<string>();
  for (const token of signatures) {
    try {
      const signer = verify(token, expected);
      if (signer === undefined || signer.officer === '') continue;
      all.add(signer.officer);
      if (signer.unpinned !== true) counted.set(signer.officer, signer.at ?? 0);
    } catch {
      // A token that breaks the verifier is no signature.
    }
  }
  return { counted, all };
}

function somePair(signed: ReadonlyMap<string, number>, mayPair: NonNullable<DataSources['mayPair']>): boolean {
  const signers = [...signed];
  return signers.some(([one, at], n) =>
    signers.slice(n + 1).some(([other, later]) => mayPair(one, other, Math.max(at, later))),
  );
}

function isAgency(code: string, agency: unknown): agency is Agency {
  return (
    AGENCY_CODE.test(code) &&
    isRecord(agency) &&
    hasExactly(agency, ['legal_entity', 'status']) &&
    typeof agency.legal_entity === 'string' &&
    /^[A-Za-z0-9-]{1,64}$/.test(agency.legal_entity) &&
    isOneOf(AGENCY_STATUS, agency.status)
  );
}

function whole(problem: AgreementProblem): { readonly problems: readonly Problem[] } {
  return { problems: [{ path: '', problem }] };
}
