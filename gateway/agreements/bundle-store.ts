import type { BundleStore } from '../policy/bundle-watch.ts';
import type { Database } from '../storage/pool.ts';

/** Which rules were ever in use, in the database that all gateways of a deployment share. @throws {StorageError} */
export function createBundleStore(db: Database): BundleStore {
  return {
    async admit({ revision, digest }) {
      await db.query(
        `INSERT INTO policy_bundle (revision, digest)
         SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM policy_bundle WHERE revision > $1)
         ON CONFLICT (revision) DO NOTHING`,
        [revision, digest],
      );
      const { rows } = await db.query<{ highest: number; digest: string | null }>(
        `SELECT max(revision) AS highest, max(digest) FILTER (WHERE revision = $1) AS digest FROM policy_bundle`,
        [revision],
      );
      const [found] = rows;
      if (found === undefined || found.highest > revision) return 'rolled-back';
      return found.digest === digest ? 'admitted' : 'another';
    },
  };
}
