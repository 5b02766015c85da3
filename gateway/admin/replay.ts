/** Decisions of the log, made once more under another agreement. Nothing of a person is read: fields by id, and how many rows. */

import type { KeyObject } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { fromBinary } from '@bufbuild/protobuf';
import { type Entry, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { openDecision } from '../exchange/seal-decision.ts';
import type { Decision } from '../policy/decision.ts';
import type { PolicyInput } from '../policy/input.ts';
import type { Database } from '../storage/pool.ts';

export interface Recorded {
  readonly entry: Entry;
  /** Sealed. */
  readonly decision: Buffer;
}

export const MOST_REPLAYED = 20_000;
const PAGE = 2_000;

/** The newest first, up to the moment asked for. */
export async function* recordedOf(db: Database, agency: string, sinceMs: number): AsyncGenerator<Recorded> {
  let below = Number.MAX_SAFE_INTEGER;
  for (;;) {
    const { rows } = await db.query<{ idx: number; entry: Buffer; decision: Buffer | null; own: boolean }>(
      `SELECT i.idx::float8 AS idx, e.entry, e.decision, e.agency = $2 AS own
       FROM log_index i JOIN log_entry e USING (entry_id) WHERE i.idx < $1::float8::bigint ORDER BY i.idx DESC LIMIT ${PAGE}`,
      [below, agency],
    );
    for (const { entry: bytes, decision, own } of rows) {
      const entry = fromBinary(EntrySchema, bytes);
      if (Number(entry.timeMs) < sinceMs) return;
      if (own && decision !== null) yield { entry, decision };
    }
    if (rows.length < PAGE) return;
    below = rows.at(-1)?.idx ?? 0;
  }
}

export interface Change {
  readonly method: string;
  decisions: number;
  rows: number;
  readonly was: string;
  readonly becomes: string;
  readonly gained: readonly string[];
  readonly lost: readonly string[];
  readonly grantsGained: readonly string[];
  readonly grantsLost: readonly string[];
}

export interface Replay {
  readonly replayed: number;
  readonly same: number;
  readonly unknown: number;
  readonly complete: boolean;
  /** The most frequent first. */
  readonly changes: readonly Change[];
}

export interface ReplayOptions {
  readonly agency: string;
  readonly legalEntity: string;
  readonly purpose: string;
  /** Unix seconds at which the agreement is judged. */
  readonly now: number;
  readonly key: KeyObject;
  readonly decide: (input: PolicyInput) => Decision;
  readonly pathOf: (id: number) => string;
}

export async function replay(recorded: AsyncIterable<Recorded>, options: ReplayOptions): Promise<Replay> {
  const decided = new Map<string, Decision>();
  const changes = new Map<string, Change>();
  const count = { replayed: 0, same: 0, unknown: 0 };
  for await (const { entry, decision: sealed } of recorded) {
    if (entry.context?.purpose !== options.purpose) continue;
    if (count.replayed + count.unknown >= MOST_REPLAYED) return { ...count, complete: false, changes: sorted(changes) };
    const before = openDecision(options.key, sealed, entry.decisionDigest);
    const input = before && inputOf(entry, before, options);
    if (before === undefined || input === undefined) {
      count.unknown += 1;
      continue;
    }
    count.replayed += 1;
    // Few different questions stand behind many entries; and the calls that are being served go first.
    const asked = JSON.stringify(input);
    const after = decided.get(asked) ?? options.decide(input);
    if (!decided.has(asked)) await breathe();
    decided.set(asked, after);
    const change = changeOf(entry.method, before, after, options.pathOf);
    if (change === undefined) count.same += 1;
    else {
      const name = JSON.stringify(change);
      const known = changes.get(name) ?? change;
      known.decisions += 1;
      known.rows += entry.rows;
      changes.set(name, known);
    }
  }
  return { ...count, complete: true, changes: sorted(changes) };
}

const sorted = (changes: ReadonlyMap<string, Change>) =>
  [...changes.values()].sort((a, b) => b.decisions - a.decisions);

/** The question as it was put. Undefined where it does not stand beside the answer: a gate before the fields had refused. */
function inputOf(
  { method, context, officerPseudonym }: Entry,
  { allow, fields, refused, reason }: Decision,
  { agency, legalEntity, purpose, now }: ReplayOptions,
): PolicyInput | undefined {
  if (!allow && reason !== 'FIELD_NOT_GRANTED') return undefined;
  const asked = (use: 'match' | 'release') =>
    [...new Set([...fields, ...refused].filter((field) => field.use === use).map(({ id }) => id))].sort(
      (a, b) => a - b,
    );
  return {
    now,
    // Which certificate it was is not recorded, and no rule asks.
    caller: { agency, legal_entity: legalEntity, certificate: '0'.repeat(64) },
    context: {
      purpose,
      service_code: context?.serviceCode ?? '',
      unit_code: context?.unitCode ?? '',
      case_ref: context?.caseRef ?? '',
      // The officer stands in the log under a pseudonym: that one was named is known.
      officer_code: officerPseudonym.length === 0 ? '' : 'recorded',
    },
    method,
    release: asked('release'),
    match: asked('match'),
    // It was trimmed once, so trimming was asked for.
    allow_partial: allow && refused.length > 0,
  };
}

function changeOf(
  method: string,
  before: Decision,
  after: Decision,
  pathOf: (id: number) => string,
): Change | undefined {
  const fieldsOf = ({ fields }: Decision) => fields.map(({ id, use }) => `${pathOf(id)} ${use}`);
  const grantsOf = ({ allow, grants, strictness }: Decision) => [
    ...Object.entries(grants).flatMap(([name, given]) => (given ? [name] : [])),
    ...(allow ? [`strictness ${strictness}`] : []),
  ];
  const without = (all: readonly string[], those: readonly string[]) => all.filter((one) => !those.includes(one));
  const [was, becomes] = [before.reason, after.reason];
  const change = {
    ...{ method, decisions: 0, rows: 0, was, becomes },
    gained: without(fieldsOf(after), fieldsOf(before)),
    lost: without(fieldsOf(before), fieldsOf(after)),
    grantsGained: without(grantsOf(after), grantsOf(before)),
    grantsLost: without(grantsOf(before), grantsOf(after)),
  };
  const lists = [change.gained, change.lost, change.grantsGained, change.grantsLost];
  return was === becomes && lists.every((list) => list.length === 0) ? undefined : change;
}
