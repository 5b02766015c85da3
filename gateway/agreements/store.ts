/** Agreements in the database: put with two officers' signatures, loaded only with them. */
import { type ActBook, isBarred, mayPair } from '../acts/book.ts';
import { readBook, type Trust } from '../acts/read-acts.ts';
import { withChanges } from '../agencies/changes.ts';
import { type BuiltData, buildData, type RefusedAgreement, type SignedAgreement } from '../policy/agreements.ts';
import type { Agency, Vocabulary } from '../policy/policy-data.ts';
import { readAgreementBody } from '../policy/read-agreement.ts';
import type { Database, Pool } from '../storage/pool.ts';
import { inTransaction } from '../storage/transaction.ts';
import { fellWithSigner } from './fallen.ts';
import { officerVerifier } from './officers.ts';

/** What an agreement is judged by, beside what stands in the database. */
export interface AgreementRules {
  /** Deployment id: officers sign for one deployment. */
  readonly deployment: string;
  readonly vocabulary: Vocabulary;
  /**
   * RFC 7638 thumbprints of the officers who count. Officers stand unsigned in the database: without this list, whoever may
   * write to it could enrol two of his own. Undefined, in a development deployment only, lets every enrolled officer count.
   */
  readonly pinned: ReadonlySet<string> | undefined;
  readonly asOf?: Trust['asOf'];
  /** Agencies count by officers' acts alone, and what stands in the table `agency` counts for nothing. Production is so. */
  readonly actsOnly?: boolean;
}

export interface LoadedAgreements extends BuiltData {
  /** Highest change revision that touches what the policy decides by (agreements, officers, agencies); at least 1. */
  readonly revision: number;
  /** Highest change revision of any kind in the same snapshot. */
  readonly seen: bigint;
  /** Highest version by agreement id, of those that counted now or ever. */
  readonly versions: ReadonlyMap<string, number>;
  /** Officers enrolled in the database whose keys are not pinned: worth an alarm though nothing is signed by them yet. */
  readonly unpinned: number;
  /** The book that they were judged by. */
  readonly book: ActBook;
}

interface StoredAgreement extends SignedAgreement {
  /** Where it stands among the acts; of a row of the table `agreement` nowhere. */
  readonly decided?: ActBook['agreements'][number];
}

/** An agreement that was not stored, with what is wrong with it. */
export class AgreementRefused extends Error {
  override readonly name = 'AgreementRefused';
  readonly problems: readonly Pick<RefusedAgreement, 'path' | 'problem'>[];
  constructor(problems: readonly Pick<RefusedAgreement, 'path' | 'problem'>[]) {
    super(`the agreement was refused: ${problems.map(({ path, problem }) => `${problem} ${path}`.trim()).join(', ')}`);
    this.problems = problems;
  }
}

/**
 * Stores an agreement's exact bytes with its signatures and returns the revision of the change.
 *
 * @throws {AgreementRefused} where it would not count when loaded; {@link StorageError} `conflict` where that version stands
 */
export async function putAgreement(
  { pool, deployment, vocabulary, pinned }: AgreementRules & { readonly pool: Pool },
  { body, signatures }: { readonly body: Uint8Array; readonly signatures: readonly string[] },
): Promise<bigint> {
  return withChanges(pool, async (tx) => {
    const agreement = readAgreementBody(body);
    const book = await readBook(tx, { deployment, pinned });
    const agencies = await readAgencies(tx, book, false);
    const highest = await tx.query<{ version: number }>(
      'SELECT coalesce(max(version), 0) AS version FROM agreement WHERE id = $1',
      [agreement?.id ?? ''],
    );
    const { refused } = buildData({
      agencies,
      agreements: [{ bytes: body, signatures }],
      vocabulary,
      verify: officerVerifier(book),
      mayPair: (one, other, at) => mayPair(book, one, other, at),
      seenVersions: new Map([[agreement?.id ?? '', highest.rows[0]?.version ?? 0]]),
    });
    const problems = refused.filter(({ index }) => index === 0);
    if (problems.length > 0 || agreement === undefined) throw new AgreementRefused(problems);
    await tx.query(
      'INSERT INTO agreement (id, version, agency, purpose, body, signatures) VALUES ($1, $2, $3, $4, $5, $6)',
      [agreement.id, agreement.version, agreement.agency, agreement.purpose, Buffer.from(body), signatures],
    );
    return [{ kind: 'agreement', subject: agreement.id }];
  });
}

/**
 * Everything the policy decides by, from one snapshot. Only the signed bytes are believed, never a row's other columns.
 *
 * @param seenVersions versions loaded before: who deletes the newest row does not bring an older one back
 * @throws {StorageError}
 */
export async function loadAgreements(
  { pool, deployment, vocabulary, pinned, asOf, actsOnly = false }: AgreementRules & { readonly pool: Pool },
  seenVersions: ReadonlyMap<string, number> = new Map(),
): Promise<LoadedAgreements> {
  const read = await inTransaction(
    pool,
    async (tx) => {
      const book = await readBook(tx, { deployment, pinned, asOf });
      return {
        revisions: await readRevisions(tx),
        agencies: await readAgencies(tx, book, actsOnly),
        book,
        rows: (
          await tx.query<{ body: Buffer; signatures: string[] }>(
            'SELECT body, signatures FROM agreement ORDER BY id, version',
          )
        ).rows,
      };
    },
    { isolation: 'REPEATABLE READ' },
  );
  const { book } = read;
  const agreements = withoutBarred(
    [
      ...read.rows.map(({ body, signatures }) => ({
        bytes: body,
        signatures: signatures.filter((one) => one !== null),
      })),
      ...book.agreements.map((decided) => ({ bytes: decided.body, signatures: decided.signatures, decided })),
    ],
    book,
  );
  const built = buildData({
    ...{ agencies: read.agencies, agreements, vocabulary, seenVersions },
    verify: officerVerifier(book),
    mayPair: (one, other, at) => mayPair(book, one, other, at),
    now: book.now,
    fell: (index, agreement) => {
      const decided = agreements[index]?.decided;
      return decided !== undefined && fellWithSigner(book, decided, agreement);
    },
  });
  const versions = new Map(seenVersions);
  for (const [id, version] of built.newest) versions.set(id, Math.max(version, versions.get(id) ?? 0));
  return {
    ...built,
    revision: Math.max(1, Number(read.revisions.own)),
    seen: read.revisions.seen,
    versions,
    unpinned: book.unpinned,
    book,
  };
}

/** Rows of the database that count for nothing and never did. */
export function ignoredRows({ refused, book }: Pick<LoadedAgreements, 'refused' | 'book'>): number {
  return refused.length - fallenAgreements({ refused }) + book.refused.length + book.unpinned;
}

/** Whether there are officers, and the configuration names none of them: then nobody whom they admitted is served. */
export function officersUnnamed({ officers, refused, unpinned }: Pick<ActBook, 'officers' | 'refused' | 'unpinned'>) {
  const named = [...officers.values()].some(({ counts }) => counts);
  return !named && (unpinned > 0 || refused.some(({ problem }) => problem === 'NOT_PINNED'));
}

/** Versions that counted until an officer who signed them was barred, and that none succeeded. */
export function fallenAgreements({ refused }: Pick<LoadedAgreements, 'refused'>): number {
  return refused.filter(({ problem }) => problem === 'SIGNER_BARRED').length;
}

/** `own`: of the kinds that the policy decides by; `seen`: of any kind but withdrawals, which it does not decide by. One statement, so one snapshot. */
export async function readRevisions(db: Database): Promise<{ readonly own: bigint; readonly seen: bigint }> {
  const { rows } = await db.query<{ own: string | null; seen: string | null }>(
    `SELECT (SELECT max(revision)::text FROM change WHERE kind <> 'consent') AS seen,
            (SELECT revision::text FROM change WHERE kind IN ('agreement', 'officer', 'agency') AND kind <> 'consent'
             ORDER BY change.revision DESC LIMIT 1) AS own`,
  );
  return { own: BigInt(rows[0]?.own ?? 0), seen: BigInt(rows[0]?.seen ?? 0) };
}

async function readAgencies(db: Database, book: ActBook, actsOnly: boolean): Promise<Record<string, Agency>> {
  const { rows } = await db.query<{ code: string; legal_entity: string; status: string }>(
    'SELECT code, legal_entity, status FROM agency',
  );
  const admitted = [...book.agencies.values()].map((agency) => ({ ...agency, status: 'active' }));
  return Object.fromEntries(
    [...(actsOnly ? [] : rows), ...admitted].map(({ code, legal_entity, status }) => {
      const open = status === 'active' && !isBarred(book, 'agency', code);
      return [code, { legal_entity, status: open ? 'active' : 'suspended' } satisfies Agency];
    }),
  );
}

/** An agreement that an officer barred is none, whoever signed it. */
function withoutBarred(agreements: readonly StoredAgreement[], book: ActBook): StoredAgreement[] {
  return agreements.filter(({ bytes }) => {
    const id = readAgreementBody(bytes)?.id;
    return id === undefined || !isBarred(book, 'agreement', id);
  });
}
