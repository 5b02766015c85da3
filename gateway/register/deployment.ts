/** What an import looks at before it writes: whose database this is. `config/deployment-stamp.ts` stamps it. */
import type { Database } from '../storage/pool.ts';

export type DeploymentKind = 'development' | 'production';

/** The kind that the database is stamped with, undefined on a fresh one. */
export async function readDeployment(db: Database): Promise<{ readonly kind: DeploymentKind } | undefined> {
  const { rows } = await db.query<{ kind: DeploymentKind }>('SELECT kind FROM deployment');
  return rows[0];
}
