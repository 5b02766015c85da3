import { type Judgement, OUTCOMES, VERDICTS } from '../matching/index.ts';
import { guardedNames } from './guard-names.ts';
import { GUARD_FIELDS, type GuardFindings, type GuardHint, type GuardRules } from './guard-port.ts';
import { type GuardUnits, PERSON_BYTES, UNIT_BYTES } from './guard-units.ts';
import type { RowBatch } from './judge-rows.ts';
import type { MatchSet } from './lookup-port.ts';
import { readNear } from './near-table.ts';

/** Fields of a row whose budget is spent: they are judged as if the register had no value. */
export const SPENT = { name: 1, birth: 2 } as const;
const BOTH = SPENT.name | SPENT.birth;

/** A row as it was judged. */
export interface GuardedRow {
  readonly judgement: Judgement;
  readonly verdict: number;
  /** NOT_CONFIRMED was told: everything that it may stand for is counted alike. */
  readonly silent: boolean;
  readonly spent: number;
  /** False where nobody may look at those whom the row names. */
  readonly compared: boolean;
}

/** Units of a row's people, or of its number: where they stand. */
interface Guarded {
  readonly source: Buffer;
  /** A byte for each unit of `source`, 1 where its budget is spent; undefined where none is. */
  readonly reached: Uint8Array | undefined;
  readonly from: number;
  readonly to: number;
}

/** A wrong value, to be named with all others of the batch. */
interface Miss {
  readonly row: number;
  readonly field: number;
  /** Where the unit stands; a name with a date is named at the end. */
  readonly source?: Buffer;
  readonly at: number;
  /** Of a number: the name that it was tried for. A row with notes beside its name may stand for several. */
  readonly name?: string;
}

/** In the place of a legal entity in what all of them have in common; no number of one has this form. */
const EVERYBODY = '*';

interface Hints {
  readonly hints: ReadonlyMap<bigint, Set<bigint>>;
  /** How the units of hints begin: of nearly all rows this is enough to know that they are others. */
  readonly hintHeads: ReadonlySet<number>;
  readonly hintTags: ReadonlySet<number>;
}

/** Nearly always. */
const NO_HINTS: Hints = { hints: new Map(), hintHeads: new Set(), hintTags: new Set() };

function readHints(known: readonly GuardHint[]): Hints {
  const hints = new Map(known.map(({ unit, values }) => [unit, new Set(values)]));
  const hintHeads = new Set(known.map(({ unit }) => Number(BigInt.asUintN(64, unit) >> 32n)));
  return { hints, hintHeads, hintTags: new Set(Array.from(hintHeads, (head) => head >>> 16)) };
}

const NOTHING = new Uint8Array(0);
/** What a batch without a wrong value adds. */
const NO_MISSES = {
  missUnits: NOTHING,
  missValues: NOTHING,
  missFields: NOTHING,
  missCounts: NOTHING,
  missCrossings: NOTHING,
};

/**
 * The guard over one batch of rows, in their order. A row that agrees costs two looks into memory; what is named is named in
 * a few calls of the cipher for all rows.
 *
 * @param alike whether the caller may not know that people exist: rows without people are then guarded as those with
 */
export function createRowGuard(
  rules: GuardRules,
  names: GuardUnits,
  rows: RowBatch,
  matches: MatchSet,
  alike: boolean,
) {
  const { legalEntity, bounds, revision } = rules;
  const units = names.ofPeople(legalEntity, matches.personNo);
  const strangers = alike ? names.ofNumbers(legalEntity, rows.identifiers) : undefined;
  const tags = names.dateTags(legalEntity, rows.birthDates);
  const near = rules.table === undefined ? undefined : readNear(rules.table);
  const { hints, hintHeads, hintTags } = rules.hints.length === 0 ? NO_HINTS : readHints(rules.hints);
  const misses: Miss[] = [];

  /** By the table, all of the batch at once: hardly ever anybody. */
  const [ofUnits, ofStrangers] = [units, strangers].map((all) => all && near?.reached(all, bounds.perField));
  const nobodySpent = ofUnits === undefined && ofStrangers === undefined && hints.size === 0;

  function spentByHint(source: Buffer, at: number, bound: number): boolean {
    return hintHeads.has(source.readUInt32BE(at)) && (hints.get(source.readBigInt64BE(at))?.size ?? 0) >= bound;
  }

  function isSpent({ source, reached }: Guarded, at: number): boolean {
    return reached?.[at / UNIT_BYTES] === 1 || (hints.size > 0 && spentByHint(source, at, bounds.perField));
  }

  const tagOf = (row: number) => ((tags[row * 2] ?? 0) << 8) | (tags[row * 2 + 1] ?? 0);
  const namesOf = (of: readonly number[]) => of.map((row) => rows.names[row] ?? '');
  const datesOf = (of: readonly number[]) => of.map((row) => rows.birthDates[row] ?? 0);
  const unitsOfNames = (of: readonly number[], as: readonly string[]) =>
    names.ofNamesAndDates(legalEntity, as, datesOf(of), of.map(tagOf));

  function nameIsSpent(row: number): boolean {
    if (near?.hasTags !== true && hints.size === 0) return false;
    const tag = tagOf(row);
    if (!hintTags.has(tag) && near?.hasTag(tag) !== true) return false;
    const as = guardedNames(rows.names[row] ?? '');
    const all = unitsOfNames(Array<number>(as.length).fill(row), as);
    return (
      near?.reached(all, bounds.perName) !== undefined ||
      as.some((_, i) => spentByHint(all, i * UNIT_BYTES, bounds.perName))
    );
  }

  /** Undefined where nobody is guarded in this row. */
  function guarded(row: number, compared: boolean): Guarded | undefined {
    const from = matches.starts[row] ?? 0;
    const to = matches.starts[row + 1] ?? from;
    if (compared && to > from) {
      return { source: units, reached: ofUnits, from: from * PERSON_BYTES, to: to * PERSON_BYTES };
    }
    if (strangers === undefined) return undefined;
    const at = row * PERSON_BYTES;
    return { source: strangers, reached: ofStrangers, from: at, to: at + PERSON_BYTES };
  }

  function valuesOf(field: number, of: readonly number[]): Buffer {
    if (field === GUARD_FIELDS.name) return names.valuesOfNames(namesOf(of));
    if (field === GUARD_FIELDS.birth) return names.valuesOfDates(datesOf(of));
    return names.valuesOfNumbers(of.map((row) => rows.identifiers[row] ?? 0));
  }

  function add(miss: Miss): void {
    if (hints.size > 0 && (miss.source !== undefined || hintTags.has(tagOf(miss.row)))) {
      // Where all values are known, the rows behind this one are judged by it as well.
      const unit = miss.source?.readBigInt64BE(miss.at) ?? unitsOfNames([miss.row], [miss.name ?? '']).readBigInt64BE();
      const known = hints.get(unit);
      const value = known === undefined ? 0n : valuesOf(miss.field, [miss.row]).readBigInt64BE();
      if (known?.has(value)) return;
      known?.add(value);
    }
    misses.push(miss);
  }

  /** Of those whom a unit is of: the same field under a name that all legal entities have in common. */
  function crossings(): Buffer {
    const people = misses.map(({ source, at }) =>
      source === units ? (matches.personNo[Math.floor(at / PERSON_BYTES)] ?? 0) : 0,
    );
    return names.ofPeople(EVERYBODY, people);
  }

  /** The wrong values, each with its names: what is alike is named in one call of the cipher. */
  function named(): typeof NO_MISSES {
    const count = misses.length;
    const [missUnits, missValues] = [Buffer.allocUnsafe(count * UNIT_BYTES), Buffer.allocUnsafe(count * UNIT_BYTES)];
    const missCrossings = Buffer.alloc(count * UNIT_BYTES);
    const [missFields, missCounts] = [new Uint8Array(count), new Uint8Array(count)];
    const everybody = crossings();
    const places: Record<number, number[]> = {};
    for (const field of Object.values(GUARD_FIELDS)) places[field] = [];
    for (const [i, { field, source, at }] of misses.entries()) {
      missFields[i] = field;
      places[field]?.push(i);
      if (source === undefined) continue;
      copyWord(source, at, missUnits, i * UNIT_BYTES);
      if (source === units) copyWord(everybody, i * PERSON_BYTES + (at % PERSON_BYTES), missCrossings, i * UNIT_BYTES);
    }
    for (const field of Object.values(GUARD_FIELDS)) {
      const of = places[field] ?? [];
      const ofRows = of.map((i) => misses[i]?.row ?? 0);
      spread(valuesOf(field, ofRows), missValues, of);
      if (field !== GUARD_FIELDS.number) continue;
      spread(
        unitsOfNames(
          ofRows,
          of.map((i) => misses[i]?.name ?? ''),
        ),
        missUnits,
        of,
      );
    }
    if (hints.size > 0) {
      for (let i = 0; i < count; i++) {
        missCounts[i] = Math.min(hints.get(missUnits.readBigInt64BE(i * UNIT_BYTES))?.size ?? 0, 255);
      }
    }
    return { missUnits, missValues, missFields, missCounts, missCrossings };
  }

  return {
    /** What of the row must not be answered any more: 0 of nearly all. */
    spentOf(row: number, compared: boolean): number {
      let spent = 0;
      const who = nobodySpent ? undefined : guarded(row, compared);
      if (who !== undefined) {
        for (let at = who.from; at < who.to; at += PERSON_BYTES) {
          if (isSpent(who, at)) spent |= SPENT.name;
          if (isSpent(who, at + UNIT_BYTES)) spent |= SPENT.birth;
        }
      }
      return spent !== BOTH && nameIsSpent(row) ? BOTH : spent;
    },

    /** Counts what of the row did not match. */
    note(row: number, { judgement, verdict, silent, spent, compared }: GuardedRow): void {
      if (verdict === VERDICTS.INVALID || verdict === VERDICTS.VERIFIED) return;
      const several = (matches.starts[row + 1] ?? 0) - (matches.starts[row] ?? 0) > 1;
      const whole = silent || (several && compared);
      const name = (whole || judgement.nameOutcome === OUTCOMES.FALSE) && (spent & SPENT.name) === 0;
      const birth = (whole || judgement.birthOutcome === OUTCOMES.FALSE) && (spent & SPENT.birth) === 0;
      const missed =
        silent || verdict === VERDICTS.NOT_FOUND || (verdict === VERDICTS.MISMATCH && agreesNowhere(judgement));
      const who = name || birth ? guarded(row, compared) : undefined;
      if (who !== undefined) {
        const { source } = who;
        for (let at = who.from; at < who.to; at += PERSON_BYTES) {
          if (name) add({ row, field: GUARD_FIELDS.name, source, at });
          if (birth) add({ row, field: GUARD_FIELDS.birth, source, at: at + UNIT_BYTES });
        }
      }
      if (!missed || spent === BOTH) return;
      for (const name of guardedNames(rows.names[row] ?? '')) add({ row, field: GUARD_FIELDS.number, at: 0, name });
    },

    finish(): GuardFindings {
      const found = { legalEntity, bounds, revision, units, tags, ...(misses.length === 0 ? NO_MISSES : named()) };
      if (rules.subjectScope === undefined) return found;
      // Who may not know that people exist must not see in what is left that two numbers are one person's.
      return { ...found, subjects: names.subjects(rules.subjectScope, alike ? rows.identifiers : matches.personNo) };
    },
  };
}

/**
 * Whoever tries numbers for a name and a date meets others, of whom hardly one has the same name or the same date: a row in which
 * either agrees is somebody's other value, and counted there alone.
 */
function agreesNowhere({ nameOutcome, birthOutcome }: Judgement): boolean {
  return nameOutcome !== OUTCOMES.TRUE && birthOutcome !== OUTCOMES.TRUE;
}

/** By hand: eight bytes are copied before a call that copies them has begun. */
function copyWord(from: Uint8Array, at: number, into: Uint8Array, to: number): void {
  for (let b = 0; b < UNIT_BYTES; b++) into[to + b] = from[at + b] ?? 0;
}

/** Word i to the place i. */
function spread(from: Uint8Array, into: Uint8Array, places: readonly number[]): void {
  for (const [i, to] of places.entries()) copyWord(from, i * UNIT_BYTES, into, to * UNIT_BYTES);
}
