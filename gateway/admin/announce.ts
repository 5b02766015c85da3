/**
 * Tells running gateways, and calls in flight, what was decided. The decision was committed with its call's log entry; the change is
 * written after it, under the lock that appends share, by whichever gateway comes first.
 */
import { readAct } from '../acts/act.ts';
import { ADMINISTRATION } from '../acts/book.ts';
import { type Change, withChanges } from '../agencies/changes.ts';
import { readAgreementBody } from '../policy/read-agreement.ts';
import type { Connection, Pool } from '../storage/pool.ts';
import { tellFirst } from '../storage/tell-first.ts';
import { changesOf } from './subject-of.ts';

export interface Announcer {
  /** A decision is about to be committed here: look often for a while. */
  soon(): void;
  start(): void;
  stop(): Promise<void>;
}

const RARELY_MS = 1_000;
const OFTEN_MS = 50;
const OFTEN_FOR_MS = 3_000;

/** Rights of a worker suffice. */
export function createAnnouncer({
  pool,
  onFailure,
}: {
  readonly pool: Pool;
  readonly onFailure: (error: unknown) => void;
}): Announcer {
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let oftenUntil = 0;
  let work: Promise<void> = Promise.resolve();
  const run = tellFirst(() => announce(pool), onFailure);

  function schedule(): void {
    const wait = performance.now() < oftenUntil ? OFTEN_MS : RARELY_MS;
    timer = setTimeout(() => {
      work = run().then(() => {
        if (running) schedule();
      });
    }, wait);
    timer.unref();
  }

  return {
    soon() {
      oftenUntil = performance.now() + OFTEN_FOR_MS;
      if (!running) return;
      clearTimeout(timer);
      schedule();
    },
    start() {
      running = true;
      schedule();
    },
    async stop() {
      running = false;
      clearTimeout(timer);
      await work;
    },
  };
}

interface Decided {
  readonly digest: string;
  readonly kind: 'act' | 'agreement';
  readonly body: Buffer;
}

const WAITING = `SELECT a.digest, a.kind, a.body FROM act_decision d JOIN act a USING (digest)
WHERE d.outcome <> 'rejected' AND NOT EXISTS (SELECT FROM act_applied p WHERE p.digest = d.digest) ORDER BY d.seq`;

/** Writes the changes of every decision that has none yet. */
export async function announce(pool: Pool): Promise<void> {
  // Cheap, and without the lock that appends wait for.
  if ((await pool.query(WAITING)).rowCount === 0) return;
  await withChanges(pool, async (tx) => {
    const { rows } = await tx.query<Decided>(WAITING);
    await tx.query('INSERT INTO act_applied (digest) SELECT unnest($1::text[])', [rows.map(({ digest }) => digest)]);
    const changes: Change[] = [];
    for (const row of rows) changes.push(...(await changesOfRow(tx, row)));
    return changes;
  });
}

async function changesOfRow(tx: Connection, { kind, body }: Decided): Promise<Change[]> {
  if (kind === 'agreement') {
    const agreement = readAgreementBody(body);
    // Also of what is none: gateways are to find it, and say so.
    return [{ kind: 'agreement', subject: agreement?.id ?? 'unknown' }];
  }
  const act = readAct(body);
  if (act === undefined) return [{ kind: 'officer', subject: 'unknown' }];
  const changes = changesOf(act);
  if (act.kind !== 'bar' || act.what !== 'officer') return changes;
  // Calls in flight stand on an agreement, not on its officers: any of them may have fallen with this one, but the one that officers
  // call under.
  const { rows: stored } = await tx.query<{ id: string }>('SELECT DISTINCT id FROM agreement');
  const { rows: acts } = await tx.query<{ body: Buffer }>(`SELECT body FROM act WHERE kind = 'agreement'`);
  const ids = new Set([...stored.map(({ id }) => id), ...acts.flatMap((row) => readAgreementBody(row.body)?.id ?? [])]);
  ids.delete(ADMINISTRATION);
  return [...changes, ...[...ids].map((subject): Change => ({ kind: 'agreement', subject }))];
}
