/** In which order officers are shown matters, a page at a time: by the database, since more wait than a page holds. */
import { MATTERS } from '../acts/matter-act.ts';
import { AHEAD_S, DAY_S } from '../exchange/viet-nam-day.ts';
import { recordsOf } from '../register/records-of.ts';
import type { Database } from '../storage/pool.ts';
import { daysOf } from './clocks.ts';

/** Those that wait come first, by the end of their clock; what is over follows, the newest first. */
const PARTS = ['waiting', 'over'] as const;
type Part = (typeof PARTS)[number];

/** Where a page ended. */
export interface PageToken {
  readonly part: Part;
  /** Of what waits the end of its clock in unix seconds, of the others when it was recorded in microseconds. */
  readonly place: number;
  readonly receiptId: Buffer;
}

export interface AskedMatters {
  readonly openOnly: boolean;
  /** Of these people alone, with all records of theirs: all whom one number stands for. */
  readonly personNos: readonly number[] | undefined;
  /** From this id to that, both included. */
  readonly ids: readonly [Buffer, Buffer] | undefined;
  /** Where the page before ended. */
  readonly page: PageToken | undefined;
}

export interface MatterPage {
  readonly receiptIds: readonly Buffer[];
  /** Undefined on the last page. */
  readonly next: PageToken | undefined;
}

/** Matters of a page. */
export const PAGE = 200;

const KINDS = Object.values(MATTERS);
export const DECIDED = KINDS.join(', ');
const daysFor = (kind: (typeof KINDS)[number]) => {
  const { first, extended } = daysOf(kind);
  return `WHEN ${kind} THEN CASE WHEN o.extended THEN ${extended} ELSE ${first} END`;
};
/**
 * When the clock that a decision meets ends, of a row `o` of `matter_open`, unix seconds: as `clockOf` has it, whose periods these are.
 * What an officer extended is believed of the row, as where matters are counted; whoever is shown it reads the signature.
 */
export const DUE_AT = `((floor((extract(epoch FROM o.recorded_at) + ${AHEAD_S}) / ${DAY_S}) + 1 + CASE o.kind ${KINDS.map(daysFor).join(' ')} END)
  * ${DAY_S} - ${AHEAD_S})::bigint`;

const ofPeople = (at: string) =>
  `= ANY (ARRAY(SELECT s.scope_no FROM unnest(${at}::bigint[]) AS p (no), LATERAL (${recordsOf('p.no')}) r
    JOIN consent_scope s USING (person_no)))`;

interface Found {
  readonly receipt_id: Buffer;
  readonly place: number;
}

/** The ids of one page. @throws {StorageError} */
export async function pageOfMatters(db: Database, asked: AskedMatters): Promise<MatterPage> {
  const found: (Found & { readonly part: Part })[] = [];
  const parts = PARTS.filter((part) => part === 'waiting' || !asked.openOnly);
  for (const part of parts.slice(parts.indexOf(asked.page?.part ?? 'waiting'))) {
    const left = PAGE + 1 - found.length;
    if (left > 0) found.push(...(await read(db, part, asked, left)).map((row) => ({ part, ...row })));
  }
  const last = found[PAGE - 1];
  return {
    receiptIds: found.slice(0, PAGE).map(({ receipt_id: receiptId }) => receiptId),
    next:
      found.length <= PAGE || last === undefined
        ? undefined
        : { part: last.part, place: last.place, receiptId: last.receipt_id },
  };
}

async function read(db: Database, part: Part, { personNos, ids, page }: AskedMatters, most: number): Promise<Found[]> {
  const values: unknown[] = [most];
  const given = (value: unknown) => `$${values.push(value)}`;
  const row = part === 'waiting' ? 'o' : 'm';
  const after = page?.part === part ? page : undefined;
  const conditions = [
    `${row}.kind IN (${DECIDED})`,
    ...(personNos === undefined ? [] : [`${row}.scope_no ${ofPeople(given(personNos))}`]),
    ...(ids === undefined ? [] : [`${row}.receipt_id BETWEEN ${given(ids[0])} AND ${given(ids[1])}`]),
  ];
  if (part === 'waiting') {
    const on = after && `(${DUE_AT}, o.receipt_id) > (${given(after.place)}::bigint, ${given(after.receiptId)}::bytea)`;
    const text = `SELECT o.receipt_id, ${DUE_AT}::float8 AS place FROM matter_open o
      WHERE ${[...conditions, ...(on ? [on] : [])].join(' AND ')} ORDER BY ${DUE_AT}, o.receipt_id LIMIT $1`;
    return (await db.query<Found>(text, values)).rows;
  }
  const on =
    after &&
    `(m.recorded_at, m.receipt_id) < (to_timestamp(0) + ${given(after.place)}::float8 * interval '1 microsecond', ${given(after.receiptId)}::bytea)`;
  // Counted: of each it is asked by key, however many wait.
  conditions.push('(SELECT count(*) FROM matter_open o WHERE o.receipt_id = m.receipt_id) = 0');
  const text = `SELECT m.receipt_id, (extract(epoch FROM m.recorded_at) * 1000000)::float8 AS place FROM consent_matter m
    WHERE ${[...conditions, ...(on ? [on] : [])].join(' AND ')} ORDER BY m.recorded_at DESC, m.receipt_id DESC LIMIT $1`;
  return (await db.query<Found>(text, values)).rows;
}

const ID_BYTES = 16;
const TOKEN_BYTES = 1 + 8 + ID_BYTES;

export function writeToken({ part, place, receiptId }: PageToken): Buffer {
  const token = Buffer.alloc(TOKEN_BYTES);
  token.writeUInt8(PARTS.indexOf(part));
  token.writeBigInt64BE(BigInt(place), 1);
  receiptId.copy(token, 9);
  return token;
}

/** Undefined for what is no such token. */
export function readToken(bytes: Uint8Array): PageToken | undefined {
  const token = Buffer.from(bytes);
  const part = PARTS[token[0] ?? PARTS.length];
  if (token.length !== TOKEN_BYTES || part === undefined) return undefined;
  const place = Number(token.readBigInt64BE(1));
  return Number.isSafeInteger(place) ? { part, place, receiptId: token.subarray(9) } : undefined;
}

const TEXT_CHARS = 22;

/** Ids that begin with this text in base64url. */
export const idsFrom = (prefix: string): readonly [Buffer, Buffer] => [
  Buffer.from(prefix.padEnd(TEXT_CHARS, 'A'), 'base64url'),
  Buffer.from(prefix.padEnd(TEXT_CHARS, '_'), 'base64url'),
];
