/**
 * Heads that witnesses cosign. The log moves on with every group, and cosignatures count only where several are on the same head:
 * so one head at a time is offered, and stays for some seconds.
 */
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { Caller } from '../exchange/authenticate.ts';
import type { Transaction } from '../exchange/log-port.ts';
import { CallRefused } from '../exchange/refused.ts';
import { addSignature, type Checkpoint, MOST_COSIGNATURES, parseCheckpoint } from '../proof/checkpoint.ts';
import { cosignedAt, isOf, witnessName } from '../proof/cosignature.ts';
import { ProofError } from '../proof/errors.ts';
import { RETENTION } from '../retention/table.ts';
import type { Heads } from './heads.ts';
import { readHead } from './log-store.ts';

export interface WitnessesDeps {
  readonly db: Transaction;
  readonly heads: Pick<Heads, 'checkpointAt'>;
  readonly origin: string;
  /** How many organisations make a head witnessed. */
  readonly needed: number;
  readonly nowSeconds: () => number;
}

/** A head is offered at least so long, and then until enough have cosigned it, but not longer than the second. */
const OFFERED_SECONDS = { least: 5, most: 60 } as const;
/** How far a cosignature's time may be from this gateway's. */
const FRESH_SECONDS = { past: 60, ahead: 10 } as const;
/** Heads that were offered longer ago go, but never the newest ones. */
const KEPT = { seconds: RETENTION.witnessed_heads.seconds, least: 1000 } as const;

const WITNESSES = '(SELECT count(DISTINCT c.legal_entity)::int FROM cosignature c WHERE c.size = o.size)';
/** As many as a note holds: one of each organisation before a second one of any. */
const LINES = `(SELECT coalesce(array_agg(line ORDER BY agency), '{}') FROM (
    SELECT line, agency FROM (
      SELECT c.line, c.agency, row_number() OVER (PARTITION BY c.legal_entity ORDER BY c.agency) AS turn FROM cosignature c WHERE c.size = o.size
    ) own ORDER BY turn, agency LIMIT ${MOST_COSIGNATURES}) shown)`;
const NEWEST = `SELECT o.size::float8 AS size, ${WITNESSES} AS witnesses,
    extract(epoch FROM clock_timestamp() - o.offered_at)::float8 AS age
  FROM offered_head o ORDER BY o.size DESC LIMIT 1`;
/** By what was cosigned, downwards: while witnesses are away no head of a month is counted through. */
const NEWEST_WITNESSED = `SELECT size::float8 AS size, extract(epoch FROM max(at))::float8 AS at FROM cosignature
  GROUP BY cosignature.size HAVING count(DISTINCT legal_entity) >= $1 ORDER BY cosignature.size DESC LIMIT 1`;

export type Witnesses = ReturnType<typeof createWitnesses>;

export function createWitnesses({ db, heads, origin, needed, nowSeconds }: WitnessesDeps) {
  /**
   * An offered head, signed, and its cosignatures beside it. @throws {CallRefused} LOG_POSITION_UNKNOWN where it was not offered,
   * LOG_BROKEN where it is not one of this log: what was cosigned is then of another
   */
  async function offeredAt(size: number): Promise<{ readonly note: string; readonly lines: readonly string[] }> {
    const { rows } = await db.query(
      `SELECT o.root, o.size > (SELECT size FROM log_head) AS beyond, ${LINES} AS lines FROM offered_head o WHERE o.size = $1`,
      [size],
    );
    const [row] = rows;
    if (row === undefined) throw new CallRefused(ErrorReason.LOG_POSITION_UNKNOWN);
    // A log that has fewer entries than were shown to witnesses lost them.
    if (row.beyond === true) throw new CallRefused(ErrorReason.LOG_BROKEN);
    const note = await heads.checkpointAt(size, db);
    // The root is always made of the log itself: whoever writes a row here must not get a head signed that is none.
    if (!Buffer.from(parseCheckpoint(note).head.root).equals(row.root as Buffer)) {
      throw new CallRefused(ErrorReason.LOG_BROKEN);
    }
    return { note, lines: row.lines as string[] };
  }

  /** With as many cosignatures as fit. */
  async function cosigned(size: number): Promise<string> {
    const { note, lines } = await offeredAt(size);
    return lines.reduce(addSignature, note);
  }

  async function newestWitnessed(): Promise<number | undefined> {
    const { rows } = await db.query(NEWEST_WITNESSED, [needed]);
    return rows[0]?.size as number | undefined;
  }

  /** Size of the head to cosign now; the next one is chosen where that of before has had its time. */
  async function choose(): Promise<number | undefined> {
    const { rows } = await db.query(NEWEST);
    const newest = rows[0] as { size: number; witnesses: number; age: number } | undefined;
    const { size, root } = await readHead(db);
    const over =
      newest === undefined ||
      newest.age >= OFFERED_SECONDS.most ||
      (newest.witnesses >= needed && newest.age >= OFFERED_SECONDS.least);
    if (!over || size <= (newest?.size ?? 0)) return newest?.size;
    await db.query('INSERT INTO offered_head (size, root) VALUES ($1, $2) ON CONFLICT DO NOTHING', [size, root]);
    return size;
  }

  /** A line that is the caller's own, over this very head, of about now. */
  function check(note: Checkpoint, caller: Caller, kid: string): string {
    const key = caller.keys(kid);
    if (key === undefined) throw new CallRefused(ErrorReason.KEY_UNKNOWN);
    const line = note.signatures.at(-1);
    const mine = { name: witnessName(origin, caller.agency), key: key.key };
    const time = line !== undefined && isOf(line, mine) ? cosignedAt(note.text, line, key.key) : undefined;
    if (line === undefined || time === undefined) throw new CallRefused(ErrorReason.SIGNATURE_INVALID);
    const now = nowSeconds();
    if (time < now - FRESH_SECONDS.past || time > now + FRESH_SECONDS.ahead) {
      throw new CallRefused(ErrorReason.CLOCK);
    }
    return line.line;
  }

  return {
    needed,

    /** The head that witnesses are asked to cosign now; undefined while the log is empty. @throws {CallRefused} LOG_BROKEN */
    async offered(): Promise<string | undefined> {
      const size = await choose();
      return size === undefined ? undefined : cosigned(size);
    },

    /** The newest head that is witnessed, where it has more than `index` entries. @throws {CallRefused} LOG_BROKEN */
    async witnessed(index = 0): Promise<string | undefined> {
      const size = await newestWitnessed();
      return size === undefined || size <= index ? undefined : cosigned(size);
    },

    /**
     * Keeps an agency's cosignature of an offered head. Its second one of the same head changes nothing.
     * @throws {CallRefused} ROLE_MISSING, LOG_POSITION_UNKNOWN, BAD_REQUEST, KEY_UNKNOWN, SIGNATURE_INVALID, CLOCK, LOG_BROKEN
     */
    async add(caller: Caller, size: number, text: string, kid: string): Promise<{ note: string; witnesses: number }> {
      // Who runs the log is no witness of it.
      if (caller.officer !== undefined) throw new CallRefused(ErrorReason.ROLE_MISSING);
      // Beside no others: however many there are, it may come too.
      const line = check(withLine((await offeredAt(size)).note, text), caller, kid);
      await db.query(
        `INSERT INTO cosignature (size, agency, legal_entity, line) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
        [size, caller.agency, caller.legalEntity, line],
      );
      const { rows } = await db.query(`SELECT ${WITNESSES} AS witnesses FROM offered_head o WHERE o.size = $1`, [size]);
      return { note: await cosigned(size), witnesses: rows[0]?.witnesses as number };
    },
  };
}

/** @throws {CallRefused} BAD_REQUEST where the text is not one signature line */
function withLine(note: string, line: string): Checkpoint {
  try {
    if (!line.includes('\n')) return parseCheckpoint(addSignature(note, line));
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
  }
  throw new CallRefused(ErrorReason.BAD_REQUEST);
}

/** How far the log is witnessed: for `status`. */
export interface WitnessedFacts {
  /** Entries of the newest witnessed head; 0 where there is none. */
  readonly size: number;
  /** When its last cosignature came, unix seconds. */
  readonly at: number | undefined;
}

export async function readWitnessed(db: Transaction, needed: number): Promise<WitnessedFacts> {
  const { rows } = await db.query(NEWEST_WITNESSED, [needed]);
  return {
    size: (rows[0]?.size as number | undefined) ?? 0,
    at: rows[0]?.at as number | undefined,
  };
}

/** Old heads go, with their cosignatures. */
export async function purgeOffered(db: Transaction): Promise<void> {
  await db.query(
    `DELETE FROM offered_head WHERE offered_at < clock_timestamp() - interval '${KEPT.seconds} seconds'
       AND size < (SELECT min(size) FROM (SELECT size FROM offered_head ORDER BY size DESC LIMIT ${KEPT.least}) AS newest)`,
  );
}
