/** The stamp of a database: which deployment it belongs to, and of which kind, for ever. */
import type { Database } from '../storage/pool.ts';
import type { DeploymentKind } from './config-file.ts';

export interface Deployment {
  readonly id: string;
  readonly kind: DeploymentKind;
}

export class DeploymentMismatch extends Error {
  override readonly name = 'DeploymentMismatch';
  readonly reason: 'DATABASE_IS_PRODUCTION' | 'DATABASE_IS_DEVELOPMENT' | 'DATABASE_OF_ANOTHER';

  constructor(reason: DeploymentMismatch['reason'], found: Deployment) {
    super(SENTENCES[reason](found.id));
    this.reason = reason;
  }
}

const SENTENCES: Record<DeploymentMismatch['reason'], (id: string) => string> = {
  DATABASE_IS_PRODUCTION: (id) =>
    `The database belongs to the production deployment ${id}: development keys, people and agencies are refused there for ever.`,
  DATABASE_IS_DEVELOPMENT: (id) =>
    `The database belongs to the development deployment ${id}: production starts on a database of its own.`,
  DATABASE_OF_ANOTHER: (id) =>
    `The database belongs to the deployment ${id}, not to this one: use its data folder, or a new database.`,
};

/** The stamp, undefined where there is none yet. */
export async function readStamp(db: Database): Promise<Deployment | undefined> {
  const { rows } = await db.query<Deployment>('SELECT deployment_id AS id, kind FROM deployment');
  return rows[0];
}

/**
 * Stamps a database that has no stamp; otherwise its stamp must say the same. Call it before anything else is written.
 * @throws {DeploymentMismatch}
 */
export async function stampDeployment(db: Database, wanted: Deployment): Promise<void> {
  let found = await readStamp(db);
  // Read first: whoever only starts again on a stamped database writes nothing.
  if (found === undefined) {
    await db.query('INSERT INTO deployment (deployment_id, kind) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      wanted.id,
      wanted.kind,
    ]);
    found = await readStamp(db);
  }
  if (found === undefined) throw new Error('the stamp of the database is gone');
  if (found.kind !== wanted.kind) {
    const production = found.kind === 'production';
    throw new DeploymentMismatch(production ? 'DATABASE_IS_PRODUCTION' : 'DATABASE_IS_DEVELOPMENT', found);
  }
  if (found.id !== wanted.id) throw new DeploymentMismatch('DATABASE_OF_ANOTHER', found);
}
