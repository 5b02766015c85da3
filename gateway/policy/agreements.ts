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
  /** Of which agreement, where its officers signed it. */
  readonly id?: string;
}

export interface BuiltData {
  readonly data: PolicyData;
  /** What did not become data, and why: each of them is worth an alarm. */
  readonly refused: readonly RefusedAgreement[];
  /** Positions of agreements that a later version replaced. */
  readonly superseded: readonly number[];
  /** Officers who signed what became data and count, by the agreement's id. */
  readonly signers: ReadonlyMap<string, readonly string[]>;
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
}

const MAXIMUM_BYTES = 65_536;

/**
 * Of several versions of an agreement the highest prevails, also while its term has not begun: a successor is stored when
 * its time has come, and an agreement is ended by a version whose term is over.
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
    const read = readSigned(signed, digest, agencies, sources);
    if ('problems' in read) {
      refused.push(...read.problems.map((problem) => ({ index, digest, ...problem })));
      continue;
    }
    const key = `${read.agreement.agency}/${read.agreement.purpose}`;
    candidates.set(key, [...(candidates.get(key) ?? []), { index, digest, ...read }]);
  }

  const agreements: Record<string, Record<string, Agreement>> = {};
  const counted = new Map<string, readonly string[]>();
  for (const rivals of candidates.values()) {
    const { chosen, replaced, conflicting, fallen } = choose(rivals, sources.seenVersions);
    superseded.push(...replaced.map(({ index }) => index));
    refused.push(
      ...conflicting.map(({ index, digest }) => ({ index, digest, path: '', problem: 'CONFLICT' as const })),
      ...fallen.map(({ index, digest, agreement: { id } }) => ({
        ...{ index, digest, path: 'version', id },
        problem: 'VERSION_FELL' as const,
      })),
    );
    if (chosen === undefined) continue;
    const { agency, purpose } = chosen.agreement;
    agreements[agency] = { ...agreements[agency], [purpose]: chosen.agreement };
    counted.set(chosen.agreement.id, chosen.signers);
  }
  return { data: { agencies, agreements, vocabulary: sources.vocabulary }, refused, superseded, signers: counted };
}

interface Candidate {
  readonly index: number;
  readonly digest: string;
  readonly agreement: Agreement;
  readonly signers: readonly string[];
}

interface Chosen {
  readonly chosen?: Candidate;
  readonly replaced: readonly Candidate[];
  readonly conflicting: readonly Candidate[];
  /** Older than what was seen of their agreement, of which nothing newer is left. */
  readonly fallen: readonly Candidate[];
}

/** The one that prevails among agreements of one agency for one purpose; where that cannot be told, none does. */
function choose(all: readonly Candidate[], seenVersions: DataSources['seenVersions']): Chosen {
  const newest = new Map<string, number>();
  for (const { agreement } of all) {
    newest.set(agreement.id, Math.max(agreement.version, newest.get(agreement.id) ?? 0));
  }
  const fell = ({ agreement: { id } }: Candidate) => (newest.get(id) ?? 0) < (seenVersions?.get(id) ?? 0);
  const [rivals, fallen] = [all.filter((one) => !fell(one)), all.filter(fell)];
  if (new Set(rivals.map(({ agreement }) => agreement.id)).size > 1) {
    return { replaced: [], conflicting: rivals, fallen };
  }
  const highest = Math.max(...rivals.map(({ agreement }) => agreement.version));
  const latest = rivals.filter(({ agreement }) => agreement.version === highest);
  const older = rivals.filter(({ agreement }) => agreement.version < highest);
  if (new Set(latest.map(({ digest }) => digest)).size > 1) return { replaced: older, conflicting: latest, fallen };
  const [chosen, ...copies] = latest;
  return { ...(chosen && { chosen }), replaced: [...older, ...copies], conflicting: [], fallen };
}

type Problem = { readonly path: string; readonly problem: AgreementProblem };

function readSigned(
  { bytes, signatures }: SignedAgreement,
  digest: string,
  agencies: Readonly<Record<string, Agency>>,
  { vocabulary, verify, mayPair }: DataSources,
): Pick<Candidate, 'agreement' | 'signers'> | { readonly problems: readonly (Problem | ProblemAt)[] } {
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
  if (signers.counted.size < 2) return whole(signers.all.size < 2 ? 'NOT_SIGNED_BY_TWO' : 'SIGNER_NOT_PINNED');
  if (mayPair !== undefined && !somePair(signers.counted, mayPair)) return whole('SIGNERS_NOT_INDEPENDENT');
  if (!Object.hasOwn(agencies, agreement.agency)) return { problems: [{ path: 'agency', problem: 'AGENCY_UNKNOWN' }] };
  if (agreement.vocabulary_version > vocabulary.version) {
    return { problems: [{ path: 'vocabulary_version', problem: 'VOCABULARY_NEWER' }] };
  }
  const unknown = Object.keys(agreement.fields).filter((id) => !Object.hasOwn(vocabulary.fields, id));
  if (unknown.length > 0) {
    return { problems: unknown.map((id) => ({ path: `fields.${id}`, problem: 'FIELD_UNKNOWN' as const })) };
  }
  return { agreement, signers: [...signers.counted.keys()] };
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
