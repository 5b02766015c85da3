/** The stamp of a database: which deployment it belongs to, and of which kind, for ever. */
import { filled, ToldError, type Words } from '../errors/words.ts';
import type { Database } from '../storage/pool.ts';
import type { DeploymentKind } from './config-file.ts';

export interface Deployment {
  readonly id: string;
  readonly kind: DeploymentKind;
}

export class DeploymentMismatch extends ToldError {
  override readonly name = 'DeploymentMismatch';
  readonly reason: 'DATABASE_IS_PRODUCTION' | 'DATABASE_IS_DEVELOPMENT' | 'DATABASE_OF_ANOTHER';

  constructor(reason: DeploymentMismatch['reason'], found: Deployment) {
    super(filled(STAMP_WORDS[reason], { id: found.id }));
    this.reason = reason;
  }
}

export const STAMP_WORDS: Readonly<Record<DeploymentMismatch['reason'], Words>> = {
  DATABASE_IS_PRODUCTION: {
    en: 'The database belongs to the production deployment {id}: development keys, people and agencies are refused there for ever.',
    vi: 'Cơ sở dữ liệu thuộc hệ thống chính thức {id}: không bao giờ nhận khóa, người và cơ quan của hệ thống phát triển.',
  },
  DATABASE_IS_DEVELOPMENT: {
    en: 'The database belongs to the development deployment {id}: production starts on a database of its own.',
    vi: 'Cơ sở dữ liệu thuộc hệ thống phát triển {id}: hệ thống chính thức phải có cơ sở dữ liệu riêng.',
  },
  DATABASE_OF_ANOTHER: {
    en: 'The database belongs to the deployment {id}, not to this one: use its data folder, or a new database.',
    vi: 'Cơ sở dữ liệu thuộc hệ thống {id}, không phải hệ thống này: hãy dùng thư mục dữ liệu của hệ thống đó hoặc cơ sở dữ liệu mới.',
  },
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
