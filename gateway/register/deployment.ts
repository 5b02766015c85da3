/** Whose database this is. Development trust never opens a database that was production once. */
import { StorageError } from '../storage/errors.ts';
import type { Database } from '../storage/pool.ts';

export type DeploymentKind = 'development' | 'production';

export interface Deployment {
  /** 3 to 63 of [a-z0-9-]; part of every token's audience. Example: "dev-3f9a". */
  readonly deploymentId: string;
  readonly kind: DeploymentKind;
}

/** The database belongs to another deployment, or is production and development was asked for. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
  readonly reason: 'PRODUCTION_FOR_EVER' | 'OTHER_DEPLOYMENT';
  constructor(reason: DeploymentError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The stamp, undefined on a fresh database. */
export async function readDeployment(db: Database): Promise<Deployment | undefined> {
  const { rows } = await db.query<Deployment>('SELECT deployment_id AS "deploymentId", kind FROM deployment');
  return rows[0];
}

/**
 * Stamps a fresh database, or checks that it carries this stamp already. A development database may become production
 * once, with its id; never the other way: a trigger in the database holds that even against other programs.
 */
export async function stampDeployment(db: Database, wanted: Deployment): Promise<void> {
  const { rows } = await db.query<Deployment>(
    `INSERT INTO deployment (deployment_id, kind) VALUES ($1, $2)
     ON CONFLICT (only_row) DO UPDATE SET only_row = true RETURNING deployment_id AS "deploymentId", kind`,
    [wanted.deploymentId, wanted.kind],
  );
  const found = rows[0] ?? wanted;
  if (found.kind === 'production' && wanted.kind === 'development') {
    throw new DeploymentError(
      'PRODUCTION_FOR_EVER',
      'This database is stamped production: a development deployment may not use it.',
    );
  }
  if (found.deploymentId !== wanted.deploymentId) {
    throw new DeploymentError('OTHER_DEPLOYMENT', 'This database belongs to another deployment.');
  }
  if (found.kind === wanted.kind) return;
  try {
    await db.query('UPDATE deployment SET kind = $1, stamped_at = now()', [wanted.kind]);
  } catch (error) {
    if (!(error instanceof StorageError) || error.constraint !== 'deployment_guard') throw error;
    throw new DeploymentError('PRODUCTION_FOR_EVER', 'This database is stamped production.');
  }
}
