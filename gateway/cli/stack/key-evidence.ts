import { countsAsEvidence } from '../../acts/book.ts';
import { readBook } from '../../acts/read-acts.ts';
import type { GatewayConfig } from '../../config/read-config.ts';
import type { Database } from '../../storage/pool.ts';

/** Whether what a key signed proves anything, given when the log had it, by the officers' acts as they stand now. */
export async function keyEvidence(
  { deployment, officers }: Pick<GatewayConfig, 'deployment' | 'officers'>,
  db: Database,
): Promise<(kid: string, loggedAtSeconds: number) => boolean> {
  const book = await readBook(db, { deployment: deployment.id, pinned: officers });
  return (kid, loggedAt) => countsAsEvidence(book, kid, loggedAt);
}
