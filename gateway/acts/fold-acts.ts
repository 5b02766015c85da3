/** From rows to the book. Every signature is verified here; a row that lacks one changes nothing and is named. */
import { digestOf } from '../signing/digest.ts';
import { readPublicJwk, verificationKeyOf } from '../signing/public-key.ts';
import { type Act, ALONE, ROLES, readAct } from './act.ts';
import { prevailingAdministration, readAdministration } from './administration.ts';
import { applyAct, type OpenBook } from './apply-act.ts';
import { type ActBook, type ActProblem, mayPair, OFFICER_ISSUER } from './book.ts';
import { type OfficerSignature, officerOf, type SignedBy } from './officer-token.ts';

/** A decided act as it is stored. */
export interface ActRow {
  readonly digest: string;
  readonly kind: 'act' | 'agreement';
  readonly body: Uint8Array;
  /** The proposal's token; of what one officer did alone, the only one. */
  readonly signature: string;
  readonly outcome: 'approved' | 'alone';
  /** The approval's token. */
  readonly approval: string | null;
}

/** An officer as a row of the table `officer`. */
export interface OfficerRow {
  readonly code: string;
  readonly kid: string;
  readonly jwk: string;
  readonly status: string;
}

export interface FoldOptions {
  readonly deployment: string;
  /** Thumbprints that the configuration names; undefined, in development only, lets every enrolled officer count. */
  readonly pinned: ReadonlySet<string> | undefined;
  readonly enrolled: readonly OfficerRow[];
  /** Unix seconds of the database. */
  readonly now: number;
}

export function openBook({ deployment, pinned, enrolled, now }: FoldOptions): OpenBook {
  const book: OpenBook = {
    ...{ deployment, now, operator: undefined, officers: new Map(), officerKeys: new Map(), agencies: new Map() },
    ...{
      certificates: new Map(),
      keys: new Map(),
      encryptionKeys: new Map(),
      issuers: new Map(),
      issuerKeys: new Map(),
      barred: new Set(),
      barredAt: new Map(),
      limits: new Map(),
      compromised: new Map(),
      latest: 0,
      standing: new Map(),
      agreements: [],
      refused: [],
    },
    unpinned: enrolled.filter(({ kid, status }) => status === 'active' && pinned?.has(kid) === false).length,
  };
  for (const { code, kid, jwk, status } of enrolled) {
    const verification = keyOf(jwk);
    if (verification === undefined || verification.kid !== kid) continue;
    const roles = new Set(ROLES);
    book.officerKeys.set(kid, { kid, officer: code, verification });
    book.officers.set(code, {
      ...{ code, person: undefined, roles, everHeld: roles, kid, certificate: undefined, notAfter: 0, madeBy: [] },
      ...{ counts: pinned?.has(kid) !== false, barred: status !== 'active' },
    });
  }
  return book;
}

function keyOf(text: string) {
  try {
    const jwk = readPublicJwk(JSON.parse(text));
    return jwk === undefined ? undefined : verificationKeyOf(jwk, OFFICER_ISSUER);
  } catch {
    return undefined;
  }
}

/** @param rows in the order of their decisions */
export function foldActs(rows: readonly ActRow[], options: FoldOptions): ActBook {
  const book = openBook(options);
  const refused: { digest: string; problem: ActProblem }[] = [];
  const agreements: ActBook['agreements'][number][] = [];
  for (const row of rows) {
    if (row.kind === 'agreement') {
      // Judged where agreements are, by the officers that this fold ends with; all but the one under which officers call.
      const before = { barred: book.barred.size, compromised: book.compromised.size };
      agreements.push({ body: row.body, signatures: [row.signature, row.approval ?? ''], before });
      takeAdministration(book, row);
      continue;
    }
    const problem = foldRow(book, row, options);
    if (problem !== undefined) refused.push({ digest: row.digest, problem });
  }
  return { ...book, refused, agreements };
}

/** What the fold would say of one more row after the book as it stands; the book stays as it is. */
export function judgeRow(book: ActBook, row: ActRow): ActProblem | undefined {
  return foldRow(copyOf(book), row, undefined);
}

/** What it would say of an act that this officer proposes, whoever approves it: said before anybody does. @param at unix seconds */
export function judgeProposed(book: ActBook, act: Act, proposer: string, at: number): ActProblem | undefined {
  return applyAct(copyOf(book), act, { officers: [proposer, ANOTHER], at });
}

/** No officer's code. */
const ANOTHER = '';

function copyOf(book: ActBook): OpenBook {
  return {
    ...book,
    officers: new Map(book.officers),
    officerKeys: new Map(book.officerKeys),
    agencies: new Map(book.agencies),
    certificates: new Map(book.certificates),
    keys: new Map(book.keys),
    encryptionKeys: new Map(book.encryptionKeys),
    issuers: new Map(book.issuers),
    issuerKeys: new Map(book.issuerKeys),
    barred: new Set(book.barred),
    limits: new Map(book.limits),
    barredAt: new Map(book.barredAt),
    compromised: new Map(book.compromised),
    standing: new Map(book.standing),
  };
}

function foldRow(book: OpenBook, row: ActRow, options: FoldOptions | undefined): ActProblem | undefined {
  if (digestOf(row.body) !== row.digest) return 'DIGEST_WRONG';
  const act = readAct(row.body);
  if (act === undefined) return 'NOT_AN_ACT';
  if (act.deployment !== book.deployment) return 'DEPLOYMENT_WRONG';
  const tokens = row.outcome === 'alone' ? [row.signature] : [row.signature, row.approval ?? ''];
  // A first act is read of the database alone, never taken of a caller.
  if (act.kind === 'genesis' && options === undefined) return 'STATE_WRONG';
  const signers =
    act.kind === 'genesis' && options !== undefined
      ? genesisSigners(book, act, row, options)
      : signersOf(book, act.kind, row.outcome, tokens, { typ: 'lt-act+jws', digest: row.digest });
  if (typeof signers === 'string') return signers;
  const together = { officers: signers.map(({ officer }) => officer), at: latestOf(signers) };
  const problem = applyAct(book, act, together);
  if (problem === undefined) book.latest = Math.max(book.latest, together.at);
  return problem;
}

/** A version of the agreement of administration stands by what its officers were when it was decided, and never in a higher one's way. */
function takeAdministration(book: OpenBook, { digest, body, signature, outcome, approval }: ActRow): void {
  const agreement = readAdministration(body);
  if (agreement === undefined || outcome !== 'approved' || digestOf(body) !== digest) return;
  const { id, version } = agreement;
  if (version <= (prevailingAdministration(book)?.version ?? 0)) return;
  const tokens = [signature, approval ?? ''];
  const expected = { typ: 'lt-agreement+jws', digest, agreement: id, version } as const;
  const signers = signersOf(book, 'agreement', outcome, tokens, expected);
  if (typeof signers === 'string') return;
  const signatures = signers.map((one, at) => ({ ...one, token: tokens[at] ?? '' }));
  book.standing.set(digest, { version, signatures });
  book.latest = Math.max(book.latest, latestOf(signers));
}

/** The first two are in no book yet: what they sign counts because the configuration, outside of the database, names their keys. */
function genesisSigners(
  book: OpenBook,
  act: Extract<Act, { kind: 'genesis' }>,
  row: ActRow,
  { pinned, now }: FoldOptions,
): readonly OfficerSignature[] | ActProblem {
  const named = act.officers.map(({ code, key }) => {
    const verification = verificationKeyOf(key, OFFICER_ISSUER);
    return { code, verification, kid: verification.kid };
  });
  if (named.some(({ kid }) => pinned?.has(kid) === false)) return 'NOT_PINNED';
  const first = openBook({
    deployment: book.deployment,
    pinned,
    now,
    enrolled: act.officers.map(({ code, key }, at) => ({
      ...{ code, kid: named[at]?.kid ?? '', jwk: JSON.stringify(key), status: 'active' },
    })),
  });
  const signed = [row.signature, row.approval ?? ''].map((token) =>
    officerOf(first, token, { typ: 'lt-act+jws', digest: row.digest }),
  );
  const [one, other] = signed;
  if (one === undefined || other === undefined || row.outcome !== 'approved') return 'NOT_SIGNED';
  return one.officer === other.officer ? 'SAME_OFFICER' : [one, other];
}

function signersOf(
  book: OpenBook,
  kind: Act['kind'] | 'agreement',
  outcome: ActRow['outcome'],
  tokens: readonly string[],
  expected: SignedBy,
): readonly OfficerSignature[] | ActProblem {
  if (outcome === 'alone' && (kind === 'agreement' || !ALONE.has(kind))) return 'NOT_ALONE';
  const signatures: OfficerSignature[] = [];
  for (const token of tokens) {
    const signature = officerOf(book, token, expected);
    const officer = signature === undefined ? undefined : book.officers.get(signature.officer);
    // In the order of acts only the key in use counts: a replaced one could be dated back.
    if (signature === undefined || officer?.counts !== true || officer.kid !== signature.kid) return 'NOT_SIGNED';
    signatures.push(signature);
  }
  const [first, second] = signatures;
  if (first === undefined) return 'NOT_SIGNED';
  const problem = rolesProblem(book, kind, first.officer, second?.officer);
  if (problem !== undefined) return problem;
  if (second !== undefined) {
    if (first.officer === second.officer) return 'SAME_OFFICER';
    if (!mayPair(book, first.officer, second.officer, Math.max(first.iat, second.iat))) return 'NOT_INDEPENDENT';
  }
  return signatures;
}

/** The roles that it takes: security for what one does alone, else proposer (or security, for such an act) and approver. */
export function rolesProblem(
  { officers }: Pick<ActBook, 'officers'>,
  kind: Act['kind'] | 'agreement',
  first: string,
  second?: string,
): 'ROLE_MISSING' | undefined {
  const roles = officers.get(first)?.roles;
  const alone = kind !== 'agreement' && ALONE.has(kind);
  const proposes = roles?.has('proposer') === true || (alone && roles?.has('security') === true);
  const holds = second === undefined ? alone && roles?.has('security') === true : proposes;
  const approves = second === undefined || officers.get(second)?.roles.has('approver') === true;
  return holds && approves ? undefined : 'ROLE_MISSING';
}

/** When the later of them signed. */
function latestOf(signatures: readonly OfficerSignature[]): number {
  return Math.max(...signatures.map(({ iat }) => iat));
}
