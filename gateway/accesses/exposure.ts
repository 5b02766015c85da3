/**
 * Whose data was told to whoever held a key: counted, from the log. Without bounds on the log's length or on how many people are in it
 * the memory is a bit a person of the register, three times.
 */
import type { KeyObject } from 'node:crypto';
import type { Entry } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { positionOf } from '../audit/position-of.ts';
import type { Transaction } from '../exchange/log-port.ts';
import { outcomeOfLeaf } from '../proof/browser/as-line.ts';
import { toldFrom } from '../proof/lawful-delay.ts';
import { decodePersonBody } from '../proof/person-body.ts';
import { type ExposedEntry, type Exposing, exposedEntries } from './exposed-entries.ts';
import { createNumberSet, type NumberSet } from './number-set.ts';

export interface ExposedField {
  readonly id: number;
  /** Answers that it stands in. */
  readonly answers: number;
}

export interface Exposure {
  /** Positions in the log of the first entry of the key, and after the last; both 0 where there is none. */
  readonly range: { readonly from: number; readonly to: number };
  /** Calls, chunks and whatever else was signed with the key. */
  readonly entries: number;
  /** Of these, refused: nothing left. */
  readonly refused: number;
  /** Entries whose people cannot be opened: somebody changed what stands beside them. */
  readonly unreadable: number;
  /** Whose the key was. */
  readonly agencies: readonly string[];
  /** Unix milliseconds; undefined where there is no entry. */
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
  /** Times that somebody's data was told or compared. */
  readonly uses: number;
  /** Places in answers that name nobody: rows without a person, and people who were unlinked from the log since. */
  readonly nameless: number;
  /** People whose data was told or compared, each once. */
  readonly people: NumberSet;
  /** Of these, those of whom values left. */
  readonly told: NumberSet;
  /** People who were only looked up, for what was then refused. */
  readonly onlyRefused: number;
  /** Uses that a law does not let the person be told of yet. */
  readonly delayed: number;
  readonly released: readonly ExposedField[];
  readonly compared: readonly ExposedField[];
  /** What was answered, the most frequent first. */
  readonly methods: readonly { readonly method: string; readonly purpose: string; readonly answers: number }[];
}

export interface ExposureDeps {
  readonly db: Transaction;
  /** The key that seals who the people of an entry are. */
  readonly evidence: KeyObject;
  /** Unix seconds: which delays still run. */
  readonly now: number;
}

/** One pass over the entries since that time. @param onPart may end it by throwing. @throws {StorageError} */
export async function readExposure(
  { db, evidence, now }: ExposureDeps,
  exposing: Exposing,
  onPart: (done: number, total: number) => void,
): Promise<Exposure> {
  const { rows } = await db.query('SELECT size::float8 AS size FROM log_head');
  const to = (rows[0]?.size as number | undefined) ?? 0;
  const from = await positionOf(db, exposing.sinceMs, to);
  const [people, told, lookedUp] = [createNumberSet(), createNumberSet(), createNumberSet()];
  const [released, compared] = [new Map<number, number>(), new Map<number, number>()];
  const methods = new Map<string, { method: string; purpose: string; answers: number }>();
  const agencies = new Set<string>();
  const times = { first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY };
  const range = { from: 0, to: 0 };
  const counts = { entries: 0, refused: 0, unreadable: 0, uses: 0, nameless: 0, delayed: 0 };

  for await (const exposed of exposedEntries(db, evidence, exposing, { from, to }, onPart)) {
    const { entry, position } = exposed;
    if (counts.entries === 0) range.from = position;
    range.to = position + 1;
    counts.entries += 1;
    agencies.add(entry.agency);
    times.first = Math.min(times.first, Number(entry.timeMs));
    times.last = Math.max(times.last, Number(entry.timeMs));
    if (entry.refusalReason !== 0) counts.refused += 1;
    else tally(entry);
    if (exposed.people === 'unreadable') counts.unreadable += 1;
    else if (exposed.people === 'forgotten') counts.nameless += entry.people;
    for (const use of usesOf(exposed, now)) {
      if (use.outcome === 'refused') {
        if (use.personNo !== 0) lookedUp.add(use.personNo);
      } else if (use.personNo === 0) {
        counts.nameless += 1;
      } else {
        counts.uses += 1;
        if (use.toldFrom !== 0) counts.delayed += 1;
        people.add(use.personNo);
        if (use.outcome === 'told') told.add(use.personNo);
      }
    }
  }

  function tally(entry: Entry): void {
    for (const id of entry.releasedFields) released.set(id, (released.get(id) ?? 0) + 1);
    for (const id of entry.matchedFields) compared.set(id, (compared.get(id) ?? 0) + 1);
    // Answered, so that both are of the contract and of an agreement: there are few of them.
    const { method } = entry;
    const purpose = entry.context?.purpose ?? '';
    const known = methods.get(`${method} ${purpose}`) ?? { method, purpose, answers: 0 };
    methods.set(`${method} ${purpose}`, { ...known, answers: known.answers + 1 });
  }

  let onlyRefused = 0;
  for (const personNo of lookedUp) if (!people.has(personNo)) onlyRefused += 1;
  return {
    ...{ ...counts, range, people, told, onlyRefused, agencies: [...agencies] },
    firstMs: counts.entries === 0 ? undefined : times.first,
    lastMs: counts.entries === 0 ? undefined : times.last,
    released: inOrder(released),
    compared: inOrder(compared),
    methods: [...methods.values()].sort((one, other) => other.answers - one.answers),
  };
}

const inOrder = (fields: ReadonlyMap<number, number>): ExposedField[] =>
  [...fields].map(([id, answers]) => ({ id, answers })).sort((one, other) => one.id - other.id);

export interface Use {
  /** 0 for nobody. */
  readonly personNo: number;
  readonly outcome: 'told' | 'compared' | 'refused';
  /** Unix seconds before which a law does not let the person be told; 0 where nothing is in the way by now. */
  readonly toldFrom: number;
}

const OUTCOMES = { 1: 'told', 2: 'compared', 3: 'refused' } as const;

/** Each leaf of an entry; none where its people cannot be opened. @param now unix seconds */
export function* usesOf({ entry, people }: ExposedEntry, now: number): Generator<Use> {
  if (people === 'unreadable' || people === 'forgotten') return;
  let last: { readonly bytes: Uint8Array; readonly said: Omit<Use, 'personNo'> } | undefined;
  for (const [leaf, bytes] of people.bodies.entries()) {
    // Most leaves of a chunk say what the one before said.
    if (last === undefined || Buffer.compare(last.bytes, bytes) !== 0) {
      const body = decodePersonBody(bytes);
      const outcome = entry.refusalReason === 0 ? OUTCOMES[outcomeOfLeaf(body.outcome, body.released)] : 'refused';
      const from = toldFrom(body, Number(entry.timeMs));
      last = { bytes, said: { outcome, toldFrom: from > now ? from : 0 } };
    }
    yield { personNo: people.personNos[leaf] ?? 0, ...last.said };
  }
}
