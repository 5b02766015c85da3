import { byteaArray } from '../audit/bytea-array.ts';
import type { Transaction } from '../exchange/log-port.ts';

/**
 * Small numbers for the bodies of leaves. A log has millions of leaves and some hundred different bodies, so a posting has room for
 * the number and not for the body, and a list of accesses needs no sealed part of any entry.
 */
export function createBodyIds() {
  const known = new Map<string, number>();
  /** Ids handed out since `load`, still to be written. */
  let fresh: Buffer[] = [];
  let next = 0;
  /** Generation of the index that the ids are of. */
  let of = 0;

  return {
    /** Reads those that were written; call it in the transaction that holds the index's row. */
    async load(tx: Transaction, generation: number): Promise<void> {
      fresh = [];
      const { rows } = await tx.query('SELECT count(*)::float8 AS n FROM access_body');
      // Ids are given without gaps and by one gateway at a time: as many are the same ones.
      if (generation === of && known.size === rows[0]?.n) return;
      known.clear();
      of = generation;
      const { rows: all } = await tx.query('SELECT id, body FROM access_body');
      for (const row of all) known.set((row.body as Buffer).toString('latin1'), row.id as number);
      next = known.size;
    },
    /** `text` is the body's bytes as latin1. */
    idOf(text: string): number {
      const there = known.get(text);
      if (there !== undefined) return there;
      const id = next++;
      known.set(text, id);
      fresh.push(Buffer.from(text, 'latin1'));
      return id;
    },
    /** Writes the new ones, in the same transaction. */
    async save(tx: Transaction): Promise<void> {
      if (fresh.length === 0) return;
      await tx.query(
        'INSERT INTO access_body (id, body) SELECT $1::integer + n - 1, body FROM unnest($2::bytea[]) WITH ORDINALITY AS b (body, n)',
        [next - fresh.length, byteaArray(fresh)],
      );
    },
    /** What was handed out in a transaction that did not commit is nobody's. */
    forget(): void {
      known.clear();
      of = 0;
    },
  };
}

export type BodyIds = ReturnType<typeof createBodyIds>;
