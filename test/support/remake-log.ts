import type { Transaction } from '../../gateway/exchange/log-port.ts';
import { createFrontier } from '../../gateway/proof/frontier.ts';
import { entryLeaf } from '../../gateway/proof/leaf.ts';
import { NODE_TAGS } from '../../gateway/proof/tree.ts';

/**
 * Makes a sound log of the entries that stand at the first `size` places, fewer than 256 of them, as whoever may write everything
 * in the database would: leaves, head and frontier fit, what stood behind is gone, and what witnesses were given as well.
 */
export async function remakeLog(db: Transaction, size: number): Promise<void> {
  const { rows } = await db.query(
    'SELECT i.idx, e.salt, e.entry FROM log_index i JOIN log_entry e USING (entry_id) WHERE i.idx < $1 ORDER BY i.idx',
    [size],
  );
  const frontier = createFrontier(NODE_TAGS.log);
  for (const { idx, salt, entry } of rows) {
    const leaf = entryLeaf(salt as Buffer, entry as Buffer);
    frontier.append(leaf);
    await db.query('UPDATE log_index SET leaf = $2 WHERE idx = $1', [idx, leaf]);
  }
  await db.query('DELETE FROM log_entry WHERE entry_id IN (SELECT entry_id FROM log_index WHERE idx >= $1)', [size]);
  await db.query('DELETE FROM log_index WHERE idx >= $1', [size]);
  await db.query('DELETE FROM offered_head');
  await db.query('UPDATE log_head SET size = $1, root = $2, frontier = $3', [
    ...[frontier.size, frontier.root(), frontier.serialise()],
  ]);
}
