/** Agreements in the database: put with two officers' signatures, loaded only with them. */
import { withChanges } from '../agencies/changes.ts';
import { type BuiltData, buildData, type RefusedAgreement, type SignedAgreement } from '../policy/agreements.ts';
import { checkAgreement } from '../policy/check-agreement.ts';
import type { Agency, Vocabulary } from '../policy/policy-data.ts';
import type { Database, Pool } from '../storage/pool.ts';
import { inTransaction } from '../storage/transaction.ts';
import { type OfficerRow, officerVerifier } from './officers.ts';

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
    const agreement = readAgreement(body);
    const [agencies, officers] = [await readAgencies(tx), await readOfficers(tx)];
    const highest = await tx.query<{ version: number }>(
      'SELECT coalesce(max(version), 0) AS version FROM agreement WHERE id = $1',
      [agreement?.id ?? ''],
    );
    const { refused } = buildData({
      agencies,
      agreements: [{ bytes: body, signatures }],
      vocabulary,
      verify: officerVerifier(officers, { deployment, pinned }),
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
  { pool, deployment, vocabulary, pinned }: AgreementRules & { readonly pool: Pool },
  seenVersions: ReadonlyMap<string, number> = new Map(),
): Promise<LoadedAgreements> {
  const read = await inTransaction(
    pool,
    async (tx) => ({
      revisions: await readRevisions(tx),
      agencies: await readAgencies(tx),
      officers: await readOfficers(tx),
      rows: (
        await tx.query<{ body: Buffer; signatures: string[] }>(
          'SELECT body, signatures FROM agreement ORDER BY id, version',
        )
      ).rows,
    }),
    { isolation: 'REPEATABLE READ' },
  );
  const agreements = read.rows.map(
    ({ body, signatures }): SignedAgreement => ({ bytes: body, signatures: signatures.filter((one) => one !== null) }),
  );
  const verify = officerVerifier(read.officers, { deployment, pinned });
  const built = buildData({ agencies: read.agencies, agreements, vocabulary, verify, seenVersions });
  const versions = new Map(seenVersions);
  for (const { id, version } of Object.values(built.data.agreements).flatMap((byPurpose) => Object.values(byPurpose))) {
    versions.set(id, Math.max(version, versions.get(id) ?? 0));
  }
  return {
    ...built,
    revision: Math.max(1, Number(read.revisions.own)),
    seen: read.revisions.seen,
    versions,
    unpinned: read.officers.filter(({ kid }) => pinned?.has(kid) === false).length,
  };
}

/** `own`: of the kinds that the policy decides by; `seen`: of any kind. One statement, so one snapshot. */
export async function readRevisions(db: Database): Promise<{ readonly own: bigint; readonly seen: bigint }> {
  const { rows } = await db.query<{ own: string | null; seen: string | null }>(
    `SELECT (SELECT max(revision)::text FROM change) AS seen,
            (SELECT revision::text FROM change WHERE kind IN ('agreement', 'officer', 'agency')
             ORDER BY change.revision DESC LIMIT 1) AS own`,
  );
  return { own: BigInt(rows[0]?.own ?? 0), seen: BigInt(rows[0]?.seen ?? 0) };
}

async function readAgencies(db: Database): Promise<Record<string, Agency>> {
  const { rows } = await db.query<{ code: string; legal_entity: string; status: string }>(
    'SELECT code, legal_entity, status FROM agency',
  );
  return Object.fromEntries(
    rows.map(({ code, legal_entity, status }) => {
      const agency: Agency = { legal_entity, status: status === 'active' ? 'active' : 'suspended' };
      return [code, agency];
    }),
  );
}

async function readOfficers(db: Database): Promise<OfficerRow[]> {
  return (await db.query<OfficerRow>(`SELECT code, kid, jwk FROM officer WHERE status = 'active'`)).rows;
}

/** What the columns are filled from; undefined where the bytes are no agreement, which buildData then names. */
function readAgreement(body: Uint8Array) {
  try {
    const checked = checkAgreement(JSON.parse(Buffer.from(body).toString('utf8')));
    return checked.ok ? checked.agreement : undefined;
  } catch {
    return undefined;
  }
}
